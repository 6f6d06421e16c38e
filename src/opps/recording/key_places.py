"""Where the keys of all tenants are: files or tables, under one root key."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol
from uuid import UUID

from opps.recording.key_file import ROOT_KEY, FileKeyring
from opps.recording.key_table import KeyTables, TableKeys
from opps.recording.register import (
    REGISTER,
    FileRegister,
    MemoryRegister,
    Register,
    TableRegister,
)
from opps.recording.root_key import CommandRootKey, LocalRootKey, RootKey
from opps.recording.stored_keyring import StoredKeyring


class KeyPlace(Protocol):
    """Where the keys of all tenants are."""

    root: RootKey
    register: Register

    @abstractmethod
    def keyring(self, tenant: UUID) -> StoredKeyring:
        """Return the keys of a tenant."""

    @abstractmethod
    def tenants(self) -> list[UUID]:
        """Return every tenant that has keys."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what was opened."""

    def rotate_root(self) -> int:
        """Wrap every tenant key by a new root key and forget the old one; return how many.

        Where it breaks off, both root keys are kept, and a second call goes on.

        Raises:
            RootKeyFault: a root key cannot be had; then the old ones are kept.
        """
        self.root.renew()
        done: set[UUID] = set()
        # Who came while the others were wrapped may have had the old root key in hand.
        while new := set(self.tenants()) - done:
            for tenant in sorted(new):
                self.keyring(tenant).rewrap()
            done |= new
        self.root.retire()
        return len(done)


class KeyDirectory(KeyPlace):
    """Wrapped keys in a directory, one file a tenant."""

    def __init__(self, directory: Path, root: RootKey) -> None:
        self.root = root
        self.register = FileRegister(directory / REGISTER)
        self._directory = directory

    def keyring(self, tenant: UUID) -> StoredKeyring:
        """Return the keys of a tenant."""
        return FileKeyring(self._directory / f"{tenant}.jsonl", self.root)

    def tenants(self) -> list[UUID]:
        """Return every tenant that has keys."""
        return sorted(UUID(file.stem) for file in self._directory.glob(f"{'[0-9a-f]' * 8}-*.jsonl"))

    def close(self) -> None:
        """Do nothing: files are opened as they are read."""


class KeyDatabase(KeyPlace):
    """Wrapped keys in tables of PostgreSQL; `before` is the register of when they were files."""

    def __init__(self, url: str, root: RootKey, before: Register | None = None) -> None:
        self.root = root
        self._tables = KeyTables(url)
        self.register = TableRegister(self._tables, before or MemoryRegister())

    def keyring(self, tenant: UUID) -> StoredKeyring:
        """Return the keys of a tenant."""
        return StoredKeyring(TableKeys(self._tables, tenant), self.root)

    def tenants(self) -> list[UUID]:
        """Return every tenant that has keys."""
        return self._tables.tenants()

    def close(self) -> None:
        """Close the connection."""
        self._tables.close()


def key_place(directory: Path, url: str | None = None, command: str | None = None) -> KeyPlace:
    """Return where keys are: in a directory, unless tables are named; wrapped by a root key there.

    `command` is a program that wraps tenant keys instead of the root key in the directory.
    """
    root = LocalRootKey(directory / ROOT_KEY) if command is None else CommandRootKey(command)
    if url is None:
        return KeyDirectory(directory, root)
    return KeyDatabase(url, root, FileRegister(directory / REGISTER))
