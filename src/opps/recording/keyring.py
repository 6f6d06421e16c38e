"""Keys of data subjects: what seals personal data, kept apart from the events."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Lock
from typing import Protocol
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
OWNER_BYTES = NONCE_BYTES + 16 + 16
SUBJECTS = UUID(int=0)  # whose key seals which subject a value belongs to
OWN = UUID(int=1)  # whose key the tenant itself signs requests and makes ids with
RESERVED = frozenset({SUBJECTS, OWN})
END_OF_LINE = b"\n"


class SubjectKeyMissing(Exception):
    """The subject has no key: it was erased, or the keyring is not the one of this log."""


class OtherKey(Exception):
    """A subject has another key already: what it sealed would be lost."""


class SubjectErased(Exception):
    """The subject's key was destroyed: nothing can be sealed for this subject again."""


class SubjectReserved(Exception):
    """The id stands for a key of the keyring itself: no data subject can have it."""


class Keyring(Protocol):
    """Where the keys of one tenant's data subjects are kept."""

    def key(self, subject: UUID) -> bytes:
        """Return the subject's key of 32 bytes.

        Raises:
            SubjectKeyMissing: there is none.
        """
        ...

    def key_or_new(self, subject: UUID) -> bytes:
        """Return the subject's key, made and stored durably first if there is none.

        Raises:
            SubjectErased: the key was destroyed.
        """
        ...

    def destroyed(self) -> frozenset[UUID]:
        """Return the subjects whose keys were destroyed."""
        ...


class MemoryKeyring:
    """Keys that live as long as the process: for tests and generated samples."""

    def __init__(self, keys: dict[UUID, bytes] | None = None) -> None:
        self.keys = keys if keys is not None else {}

    def key(self, subject: UUID) -> bytes:
        """Return the subject's key."""
        try:
            return self.keys[subject]
        except KeyError:
            raise SubjectKeyMissing(subject) from None

    def key_or_new(self, subject: UUID) -> bytes:
        """Return the subject's key, made if there is none."""
        return self.keys.setdefault(subject, secrets.token_bytes(KEY_BYTES))

    def destroyed(self) -> frozenset[UUID]:
        """Return nobody: what is forgotten with the process is never destroyed."""
        return frozenset()


class FileKeyring:
    """Keys in one file of a directory that only its owner can read.

    A line is `[subject, key]`; the first of a subject counts. `[subject, null]` says that the key
    was destroyed: whatever came before or comes after it does not count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._file = 0
        self._read = 0
        self._keys: dict[UUID, bytes] = {}
        self._destroyed: set[UUID] = set()

    def key(self, subject: UUID) -> bytes:
        """Return the subject's key."""
        with self._lock:
            found = self._refresh().get(subject)
        if found is None:
            raise SubjectKeyMissing(subject)
        return found

    def key_or_new(self, subject: UUID) -> bytes:
        """Return the subject's key, made and flushed to disk first if there is none."""
        with self._lock:
            found = self._refresh().get(subject)
            if found is None and subject not in self._destroyed:
                with self._alone():
                    # Another process may have been first: the earliest line counts for all.
                    if subject not in self._refresh() and subject not in self._destroyed:
                        self._append({subject: secrets.token_bytes(KEY_BYTES)})
                found = self._refresh().get(subject)
        if found is None:
            raise SubjectErased(subject)
        return found

    def keys(self) -> dict[UUID, bytes]:
        """Return every key, for a back-up of its own."""
        with self._lock:
            return dict(self._refresh())

    def destroyed(self) -> frozenset[UUID]:
        """Return the subjects whose keys were destroyed."""
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
        for subject in source.destroyed() - self.destroyed():
            self.destroy(subject)
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

    def destroy(self, subject: UUID) -> None:
        """Destroy the subject's key: the file is written anew without it, for every process.

        Raises:
            SubjectReserved: the key is the keyring's own.
        """
        if subject in RESERVED:
            raise SubjectReserved(subject)
        with self._lock, self._alone():
            self._refresh()
            self._destroyed.add(subject)
            self._keys.pop(subject, None)
            kept: dict[UUID, bytes | None] = {**self._keys, **dict.fromkeys(self._destroyed)}
            beside = self._path.with_suffix(".unfinished")
            _write(beside, _lines(kept), os.O_TRUNC)
            beside.replace(self._path)
            _flush_directory(self._path.parent)

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


def seal(keyring: Keyring, subject: UUID, place: bytes, text: str) -> bytes:
    """Return a text under the subject's key, with the subject under the keyring's own.

    Format 1: 0x01, then the subject and the text, each as a 12-byte nonce and its AES-256-GCM
    ciphertext (32 bytes for the subject). The place is bound to both, the subject to the text.

    Raises:
        SubjectErased: the subject's key was destroyed.
        SubjectReserved: the id belongs to the keyring.
    """
    if subject in RESERVED:
        raise SubjectReserved(subject)
    owner = _close(keyring.key_or_new(SUBJECTS), place, subject.bytes)
    words = _close(keyring.key_or_new(subject), place + subject.bytes, text.encode())
    return FORMAT + owner + words


def unseal(keyring: Keyring, place: bytes, sealed: bytes) -> tuple[UUID, str | None]:
    """Return the subject and the text, None where the subject's key is gone.

    Raises:
        SubjectKeyMissing: the keyring is not the one of this log.
        cryptography.exceptions.InvalidTag: the bytes or their place are not those sealed.
    """
    if sealed[:1] != FORMAT or len(sealed) < len(FORMAT) + OWNER_BYTES:
        raise InvalidTag
    owner, words = sealed[1 : 1 + OWNER_BYTES], sealed[1 + OWNER_BYTES :]
    subject = UUID(bytes=_open(keyring.key(SUBJECTS), place, owner))
    try:
        key = keyring.key(subject)
    except SubjectKeyMissing:
        return subject, None
    return subject, _open(key, place + subject.bytes, words).decode()


def _close(key: bytes, associated: bytes, clear: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, clear, FORMAT + associated)


def _open(key: bytes, associated: bytes, closed: bytes) -> bytes:
    return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], FORMAT + associated)
