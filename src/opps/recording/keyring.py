"""Keys of data subjects: what seals personal data, kept apart from the events."""

import secrets
from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid5

from opps.domain.personal import ErasureLevel

KEY_BYTES = 32
SUBJECTS = UUID(int=0)  # whose key seals which subject a value belongs to
OWN = UUID(int=1)  # whose key the tenant itself signs requests and makes ids with
RESERVED = frozenset({SUBJECTS, OWN})


class SubjectKeyMissing(Exception):
    """The subject has no key: it was erased, or the keyring is not the one of this log."""


class OtherKey(Exception):
    """A subject has another key already: what it sealed would be lost."""


class NoKeysInFile(Exception):
    """A file that should hold keys holds none; the message says what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds no keys: give the file that `opps backup --keys` or `opps keys backup` "
            "wrote. Nothing was changed."
        )


class SubjectErased(Exception):
    """The subject's key was destroyed: nothing can be sealed for this subject again."""


class SubjectReserved(Exception):
    """The id stands for a key of the keyring itself: no data subject can have it."""


def identity_of(subject: UUID) -> UUID:
    """Return the id of the key that seals who a subject is; its own id is that of all else."""
    return uuid5(subject, "identity")


def keys_of(subject: UUID, level: ErasureLevel) -> frozenset[UUID]:
    """Return the ids of the keys of a subject that an erasure of a level destroys."""
    whole = level is ErasureLevel.FULL
    return frozenset({identity_of(subject), *([subject] if whole else ())})


class Keyring(Protocol):
    """Where the keys of one tenant's data subjects are kept: two of each, by their ids."""

    @abstractmethod
    def key(self, id_: UUID) -> bytes:
        """Return a key of 32 bytes.

        Raises:
            SubjectKeyMissing: there is none.
        """

    @abstractmethod
    def key_or_new(self, id_: UUID) -> bytes:
        """Return a key, made and stored durably first if there is none.

        Raises:
            SubjectErased: the key was destroyed.
        """

    @abstractmethod
    def destroyed(self) -> frozenset[UUID]:
        """Return the ids of the keys that were destroyed."""

    @abstractmethod
    def destroy_keys(self, ids: Iterable[UUID]) -> int:
        """Destroy keys for ever, those that were never made too, and return how many there were."""

    def destroy(self, subject: UUID, level: ErasureLevel = ErasureLevel.FULL) -> int:
        """Destroy the keys of a subject that a level names, and return how many there were.

        Raises:
            SubjectReserved: the key is the keyring's own.
        """
        if subject in RESERVED:
            raise SubjectReserved(subject)
        return self.destroy_keys(keys_of(subject, level))

    def erased(self, subject: UUID) -> ErasureLevel | None:
        """Return how far the keys of a subject were destroyed; None if they were not."""
        destroyed = self.destroyed()
        if subject in destroyed:
            return ErasureLevel.FULL
        return ErasureLevel.IDENTITY if identity_of(subject) in destroyed else None


class MemoryKeyring(Keyring):
    """Keys that live as long as the process: for tests and generated samples."""

    def __init__(self, keys: dict[UUID, bytes] | None = None) -> None:
        self.keys = keys if keys is not None else {}
        self._destroyed: set[UUID] = set()

    def key(self, id_: UUID) -> bytes:
        """Return a key."""
        try:
            return self.keys[id_]
        except KeyError:
            raise SubjectKeyMissing(id_) from None

    def key_or_new(self, id_: UUID) -> bytes:
        """Return a key, made if there is none."""
        if id_ in self._destroyed:
            raise SubjectErased(id_)
        return self.keys.setdefault(id_, secrets.token_bytes(KEY_BYTES))

    def destroyed(self) -> frozenset[UUID]:
        """Return the ids of the keys that were destroyed."""
        return frozenset(self._destroyed)

    def destroy_keys(self, ids: Iterable[UUID]) -> int:
        """Forget keys."""
        wanted = set(ids)
        self._destroyed |= wanted
        return sum(self.keys.pop(one, None) is not None for one in wanted)
