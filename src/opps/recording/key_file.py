"""Wrapped keys of one tenant in one file, for every process of one machine."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from uuid import UUID

from opps.recording.key_lines import (
    END_OF_LINE,
    TENANT,
    Held,
    WrappedKey,
    flush_directory,
    line_of,
    make_directory,
    write,
    write_anew,
)
from opps.recording.root_key import LocalRootKey, RootKey
from opps.recording.stored_keyring import KeyStore, Rewrap, StoredKeyring

ROOT_KEY = "root.key"


class FileKeys(KeyStore):
    """Wrapped keys in one file of a directory that only its owner can read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = 0
        self._kept_open: int | None = None
        self._read = 0
        self._held = Held()

    def find(self, id_: UUID) -> bytes | None:
        """Return a key as it is stored."""
        return self._refreshed().keys.get(id_)

    def generation(self, *, now: bool = False) -> object:
        """Return which file it is: keys are destroyed by writing it anew."""
        self._refreshed()
        return self._file

    def held(self) -> Held:
        """Return all that is stored."""
        return self._refreshed()

    def destroyed(self) -> frozenset[UUID]:
        """Return the ids of the keys that were destroyed."""
        return frozenset(self._refreshed().destroyed)

    def add(self, keys: Mapping[UUID, bytes], under: WrappedKey) -> int | None:
        """Store keys that are neither there nor destroyed, unless another tenant key stands."""
        with self._alone() as held:
            if held.tenant_key != under:
                return None
            known = held.keys.keys() | held.destroyed
            new = {id_: key for id_, key in keys.items() if id_ not in known}
            self._append(b"".join(line_of(id_, key) for id_, key in new.items()))
            return len(new)

    def destroy(self, ids: Iterable[UUID]) -> int:
        """Write the file anew without keys, and return how many there were."""
        with self._alone() as held:
            there = sum(held.remove(one) for one in set(ids))
            write_anew(self._path, held.lines())
            return there

    def tenant_key(self) -> WrappedKey | None:
        """Return the tenant key."""
        return self._refreshed().tenant_key

    def set_tenant_key(
        self, key: WrappedKey, instead_of: WrappedKey | None, rewrap: Rewrap | None = None
    ) -> WrappedKey:
        """Put a tenant key in the place of another, if that one stands; return what stands now."""
        with self._alone() as held:
            if held.tenant_key is not None and held.tenant_key != instead_of:
                return held.tenant_key
            if instead_of is None:
                self._append(line_of(TENANT, key))
                return key
            if rewrap is not None:
                held.keys = {id_: rewrap(id_, stored) for id_, stored in held.keys.items()}
            held.tenant_key = key
            write_anew(self._path, held.lines())
            return key

    def wrap_bare(self, wrap: Rewrap) -> None:
        """Wrap what was stored before there were tenant keys, in a new file."""
        if not self._refreshed().bare:
            return
        bare = {id_: self._held.keys[id_] for id_ in self._held.bare}
        wrapped = {id_: wrap(id_, key) for id_, key in bare.items()}
        under = self._refreshed().tenant_key
        with self._alone() as held:
            if held.tenant_key == under:  # else it was rotated, and with it all was wrapped
                for id_ in held.bare & wrapped.keys():
                    held.keys[id_] = wrapped[id_]
                write_anew(self._path, held.lines())

    @contextmanager
    def _alone(self) -> Iterator[Held]:
        """Keep other processes from changing the file, and yield what it holds."""
        make_directory(self._path.parent)
        with self._path.with_suffix(".lock").open("a") as lock:
            flock(lock, LOCK_EX)
            try:
                yield self._refreshed()
            except BaseException:
                self._begin_anew(None)  # what was not written is not known either
                raise

    def _append(self, lines: bytes) -> None:
        created = not self._path.exists()
        write(self._path, lines if created or self._ends_whole() else END_OF_LINE + lines)
        if created:
            flush_directory(self._path.parent)

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            return file.read(1) in (b"", END_OF_LINE)

    def _refreshed(self) -> Held:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._begin_anew(None)
            return self._held
        if found.st_ino != self._file:
            # While it is open no later file gets its number: another file is told by another one.
            self._begin_anew(os.open(self._path, os.O_RDONLY))
        if found.st_size > self._read:
            with self._path.open("rb") as lines:
                lines.seek(self._read)
                for line in lines:
                    if not line.endswith(END_OF_LINE):
                        break
                    self._held.take(line)
                    self._read += len(line)
        return self._held

    def _begin_anew(self, opened: int | None) -> None:
        if self._kept_open is not None:
            os.close(self._kept_open)
        self._kept_open = opened
        self._file = 0 if opened is None else os.fstat(opened).st_ino
        self._read, self._held = 0, Held()

    def __del__(self) -> None:
        if self._kept_open is not None:
            os.close(self._kept_open)


class FileKeyring(StoredKeyring):
    """Keys in one file; the root key is in the same directory unless another is given."""

    def __init__(self, path: Path, root: RootKey | None = None) -> None:
        super().__init__(FileKeys(path), root or LocalRootKey(path.parent / ROOT_KEY))
