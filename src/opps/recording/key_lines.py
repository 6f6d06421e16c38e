"""The lines that keys are kept and backed up in, and how they come to the disk."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.recording.keyring import KEY_BYTES

END_OF_LINE = b"\n"
TENANT = UUID(int=2)  # the line of the tenant key, which wraps all others


class WrappedKey(Struct, frozen=True):
    """The key of a tenant, as a root key wrapped it."""

    root: str
    wrapped: bytes


Value = bytes | WrappedKey | None
_LINE = msgspec.json.Decoder(tuple[UUID, Value])


class Held(Struct):
    """The keys of one tenant, wrapped by the tenant key; which were destroyed.

    A line is `[id, key]`; the first of an id counts. `[id, null]` says that the key was destroyed:
    whatever came before or comes after it does not count.
    """

    tenant_key: WrappedKey | None = None
    keys: dict[UUID, bytes] = msgspec.field(default_factory=dict)
    destroyed: set[UUID] = msgspec.field(default_factory=set)
    bare: set[UUID] = msgspec.field(default_factory=set)
    """Keys that are not wrapped: written before there were tenant keys."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file holds."""
        held = cls()
        with path.open("rb") as lines:
            for line in lines:
                held.take(line)
        return held

    def take(self, line: bytes) -> None:
        """Take a line in."""
        try:
            id_, value = _LINE.decode(line)
        except msgspec.DecodeError:
            return  # torn by a crash in the middle of a write: the key was never used
        if isinstance(value, WrappedKey):
            self.tenant_key = self.tenant_key or value
        elif value is None:
            self.remove(id_)
        elif id_ not in self.destroyed and id_ not in self.keys:
            self.keys[id_] = value
            if len(value) == KEY_BYTES:
                self.bare.add(id_)

    def remove(self, id_: UUID) -> bool:
        """Hold a key no more, and never again; return whether it was there."""
        self.destroyed.add(id_)
        self.bare.discard(id_)
        return self.keys.pop(id_, None) is not None

    def lines(self) -> bytes:
        """Return all of it as lines."""
        return b"".join(self._each())

    def _each(self) -> Iterator[bytes]:
        if self.tenant_key is not None:
            yield line_of(TENANT, self.tenant_key)
        for id_, key in self.keys.items():
            yield line_of(id_, key)
        for id_ in sorted(self.destroyed):
            yield line_of(id_, None)


def line_of(id_: UUID, value: Value) -> bytes:
    """Return a line with its end."""
    return msgspec.json.encode((id_, value)) + END_OF_LINE


def write(path: Path, content: bytes, how: int = os.O_APPEND) -> None:
    """Write to a file that only its owner can read, and to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)


def write_anew(path: Path, content: bytes) -> None:
    """Put a file in the place of another at once, whatever breaks off."""
    beside = path.with_suffix(".unfinished")
    write(beside, content, os.O_TRUNC)
    beside.replace(path)
    flush_directory(path.parent)


def make_directory(path: Path) -> None:
    """Make a directory that only its owner can read, and those above it."""
    for made in reversed([one for one in (path, *path.parents) if not one.exists()]):
        made.mkdir(mode=0o700, exist_ok=True)
        flush_directory(made.parent)


def flush_directory(path: Path) -> None:
    """Make the names in a directory outlive a crash."""
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
