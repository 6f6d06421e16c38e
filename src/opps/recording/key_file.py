"""Keys of one tenant in one file, for every process of one machine."""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Lock
from uuid import UUID

import msgspec

from opps.recording.keyring import (
    KEY_BYTES,
    Keyring,
    OtherKey,
    SubjectErased,
    SubjectKeyMissing,
)

END_OF_LINE = b"\n"


class FileKeyring(Keyring):
    """Keys in one file of a directory that only its owner can read.

    A line is `[id, key]`; the first of an id counts. `[id, null]` says that the key was destroyed:
    whatever came before or comes after it does not count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._file = 0
        self._read = 0
        self._keys: dict[UUID, bytes] = {}
        self._destroyed: set[UUID] = set()

    def key(self, id_: UUID) -> bytes:
        """Return a key."""
        with self._lock:
            found = self._refresh().get(id_)
        if found is None:
            raise SubjectKeyMissing(id_)
        return found

    def key_or_new(self, id_: UUID) -> bytes:
        """Return a key, made and flushed to disk first if there is none."""
        with self._lock:
            found = self._refresh().get(id_)
            if found is None and id_ not in self._destroyed:
                with self._alone():
                    # Another process may have been first: the earliest line counts for all.
                    if id_ not in self._refresh() and id_ not in self._destroyed:
                        self._append({id_: secrets.token_bytes(KEY_BYTES)})
                found = self._refresh().get(id_)
        if found is None:
            raise SubjectErased(id_)
        return found

    def keys(self) -> dict[UUID, bytes]:
        """Return every key, for a back-up of its own."""
        with self._lock:
            return dict(self._refresh())

    def destroyed(self) -> frozenset[UUID]:
        """Return the ids of the keys that were destroyed."""
        with self._lock:
            self._refresh()
            return frozenset(self._destroyed)

    def copy_to(self, path: Path) -> int:
        """Write every key, and which were destroyed, to a file of their own; return how many."""
        with self._lock:
            held: dict[UUID, bytes | None] = dict(self._refresh())
            path.unlink(missing_ok=True)  # whoever may read an older file may not read this one
            _write(path, _lines(held | dict.fromkeys(self._destroyed)), os.O_TRUNC)
            return len(held)

    def take_over(self, path: Path) -> int:
        """Take over what `copy_to` wrote, and return how many keys were new.

        A key that was destroyed on either side is destroyed here.

        Raises:
            OtherKey: a subject has another key already; then nothing is taken over.
        """
        source = FileKeyring(path)
        added = self.add(source.keys())
        if gone := source.destroyed() - self.destroyed():
            self.destroy_keys(gone)
        return added

    def add(self, keys: Mapping[UUID, bytes]) -> int:
        """Take over keys of a back-up, flushed to disk, and return how many were new.

        A key that was destroyed here stays so.

        Raises:
            OtherKey: a subject has another key already; then none is taken over.
        """
        with self._lock, self._alone():
            own = self._refresh()
            if other := [one for one, key in keys.items() if own.get(one, key) != key]:
                raise OtherKey(other[0])
            known = own.keys() | self._destroyed
            new = {subject: key for subject, key in keys.items() if subject not in known}
            self._append(new)
            self._refresh()
            return len(new)

    def destroy_keys(self, ids: Iterable[UUID]) -> int:
        """Destroy keys: the file is written anew without them, for every process."""
        with self._lock, self._alone():
            self._refresh()
            wanted = set(ids)
            there = sum(self._keys.pop(one, None) is not None for one in wanted)
            self._destroyed |= wanted
            kept: dict[UUID, bytes | None] = {**self._keys, **dict.fromkeys(self._destroyed)}
            beside = self._path.with_suffix(".unfinished")
            _write(beside, _lines(kept), os.O_TRUNC)
            beside.replace(self._path)
            _flush_directory(self._path.parent)
            return there

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from changing the file."""
        for made in reversed([one for one in self._path.parents if not one.exists()]):
            made.mkdir(mode=0o700)
            _flush_directory(made.parent)
        with self._path.with_suffix(".lock").open("a") as lock:
            flock(lock, LOCK_EX)
            yield

    def _append(self, keys: Mapping[UUID, bytes | None]) -> None:
        created = not self._path.exists()
        lines = _lines(keys)
        _write(self._path, lines if created or self._ends_whole() else END_OF_LINE + lines)
        if created:
            _flush_directory(self._path.parent)

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            return file.read(1) in (b"", END_OF_LINE)

    def _refresh(self) -> dict[UUID, bytes]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._forget()
            return self._keys
        if found.st_ino != self._file:
            self._forget()
            self._file = found.st_ino
        if found.st_size > self._read:
            with self._path.open("rb") as lines:
                lines.seek(self._read)
                for line in lines:
                    if not line.endswith(END_OF_LINE):
                        break
                    self._take(line)
                    self._read += len(line)
        return self._keys

    def _forget(self) -> None:
        self._file, self._read = 0, 0
        self._keys, self._destroyed = {}, set()

    def _take(self, line: bytes) -> None:
        try:
            subject, key = msgspec.json.decode(line, type=tuple[UUID, bytes | None])
        except msgspec.DecodeError:
            return  # torn by a crash in the middle of a write: the key was never used
        if key is None:
            self._destroyed.add(subject)
            self._keys.pop(subject, None)
        elif subject not in self._destroyed:
            self._keys.setdefault(subject, key)


def _lines(keys: Mapping[UUID, bytes | None]) -> bytes:
    return b"".join(msgspec.json.encode(pair) + END_OF_LINE for pair in keys.items())


def _write(path: Path, lines: bytes, how: int = os.O_APPEND) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        rest = memoryview(lines)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)


def _flush_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
