"""Keys of data subjects: what seals personal data, kept apart from the events."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Protocol
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class SubjectKeyMissing(Exception):
    """The subject has no key: it was erased, or the keyring is not the one of this log."""


class OtherKey(Exception):
    """A subject has another key already: what it sealed would be lost."""


class Keyring(Protocol):
    """Where the keys of one tenant's data subjects are kept."""

    def key(self, subject: UUID) -> bytes:
        """Return the subject's key of 32 bytes.

        Raises:
            SubjectKeyMissing: there is none.
        """
        ...

    def key_or_new(self, subject: UUID) -> bytes:
        """Return the subject's key, made and stored durably first if there is none."""
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


class FileKeyring:
    """Keys in one append-only file of a directory that only its owner can read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._read = 0
        self._keys: dict[UUID, bytes] = {}

    def key(self, subject: UUID) -> bytes:
        """Return the subject's key."""
        with self._lock:
            found = self._keys.get(subject) or self._refresh().get(subject)
        if found is None:
            raise SubjectKeyMissing(subject)
        return found

    def key_or_new(self, subject: UUID) -> bytes:
        """Return the subject's key, made and flushed to disk first if there is none."""
        with self._lock:
            return self._keys.get(subject) or self._refresh().get(subject) or self._new(subject)

    def keys(self) -> dict[UUID, bytes]:
        """Return every key, for a back-up of its own."""
        with self._lock:
            return dict(self._refresh())

    def add(self, keys: Mapping[UUID, bytes]) -> int:
        """Take over keys of a back-up, flushed to disk, and return how many were new.

        Raises:
            OtherKey: a subject has another key already; then none is taken over.
        """
        with self._lock:
            own = self._refresh()
            if other := [one for one, key in keys.items() if own.get(one, key) != key]:
                raise OtherKey(other[0])
            new = {subject: key for subject, key in keys.items() if subject not in own}
            self._append(new)
            self._refresh()
            return len(new)

    def _new(self, subject: UUID) -> bytes:
        self._append({subject: secrets.token_bytes(KEY_BYTES)})
        # Another process may have made one first: the earliest line of a subject counts for all.
        return self._refresh()[subject]

    def _append(self, keys: Mapping[UUID, bytes]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = b"".join(msgspec.json.encode(pair) + b"\n" for pair in keys.items())
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, lines)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _refresh(self) -> dict[UUID, bytes]:
        if self._path.exists():
            with self._path.open("rb") as lines:
                lines.seek(self._read)
                for line in lines:
                    if not line.endswith(b"\n"):
                        break
                    subject, key = msgspec.json.decode(line, type=tuple[UUID, bytes])
                    self._keys.setdefault(subject, key)
                    self._read += len(line)
        return self._keys


def seal(keyring: Keyring, subject: UUID, associated: bytes, text: str) -> bytes:
    """Return nonce and ciphertext (AES-256-GCM) of a text under the subject's key."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    key = AESGCM(keyring.key_or_new(subject))
    return nonce + key.encrypt(nonce, text.encode(), associated)


def unseal(keyring: Keyring, subject: UUID, associated: bytes, sealed: bytes) -> str:
    """Return the text that was sealed.

    Raises:
        SubjectKeyMissing: the subject's key is gone.
        cryptography.exceptions.InvalidTag: the bytes or their place are not those sealed.
    """
    key = AESGCM(keyring.key(subject))
    return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated).decode()
