"""The keys that sign a log, in a file of their own, and what each said of its successor."""

import re
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.ledger.checkpoint import Checkpoint
from opps.ledger.errors import StateAltered
from opps.ledger.files import replace_durably
from opps.ledger.note import (
    NoteRefused,
    SignerKey,
    VerifierKey,
    new_signer,
    read_verifier,
    signer_of,
)
from opps.ledger.tree import EMPTY_ROOT

_ORIGIN = re.compile(r"opps/(.{36})/([1-9][0-9]*)")


class _Key(Struct, frozen=True):
    public: str
    secret: bytes


class _Held(Struct, frozen=True):
    keys: tuple[_Key, ...]
    statements: tuple[str, ...] = ()


class Keys:
    """All keys that ever signed a tenant's log, oldest first; the newest one signs."""

    def __init__(self, signers: tuple[SignerKey, ...], statements: tuple[str, ...]) -> None:
        self.signers = signers
        self.statements = statements

    @property
    def newest(self) -> SignerKey:
        """The key that signs."""
        return self.signers[-1]

    @property
    def first(self) -> str:
        """What tells this ledger from every other one: its first key, whatever came after it."""
        return str(self.signers[0].verifier)

    @property
    def origin(self) -> str:
        """What the log is called in its checkpoints."""
        return self.newest.name

    @property
    def epoch(self) -> int:
        """How often the log began, 1 as long as nothing was lost."""
        return int(self.origin.rpartition("/")[2])

    @property
    def verifiers(self) -> list[VerifierKey]:
        """What to check checkpoints of this origin with, oldest first."""
        return [one.verifier for one in self.signers if one.name == self.origin]

    def rotated(self) -> "Keys":
        """Return these keys with a new one, for which the newest vouches."""
        fresh = new_signer(self.origin)
        said = f"opps key rotation\n{self.origin}\n{fresh.verifier}\n"
        return self._with(fresh, said)

    def begun_again(self, tenant: UUID, last: Checkpoint | None) -> "Keys":
        """Return these keys with one of a new epoch; the newest says where the old one ended.

        Without a last checkpoint it says that nothing is vouched for.
        """
        fresh = new_signer(_origin(tenant, self.epoch + 1))
        ended = last or Checkpoint(origin=self.origin, size=0, root=EMPTY_ROOT)
        assert ended.origin == self.origin, "an epoch ends with a checkpoint of its own"
        return self._with(fresh, f"opps new epoch\n{ended.text}{fresh.verifier}\n")

    def _with(self, fresh: SignerKey, said: str) -> "Keys":
        return Keys((*self.signers, fresh), (*self.statements, self.newest.sign(said)))


def first_keys(tenant: UUID, epoch: int = 1) -> Keys:
    """Return the first key of a tenant's log."""
    return Keys((new_signer(_origin(tenant, epoch)),), ())


def _origin(tenant: UUID, epoch: int) -> str:
    return f"opps/{tenant}/{epoch}"


def write_keys(path: Path, keys: Keys) -> None:
    """Write keys where only their owner reads them."""
    written = tuple(_Key(str(one.verifier), one.secret) for one in keys.signers)
    replace_durably(path, msgspec.json.format(msgspec.json.encode(_Held(written, keys.statements))))


def read_keys(path: Path, tenant: UUID) -> Keys | None:
    """Return the keys of a file, None if there is no file.

    Raises:
        StateAltered: the file is damaged, or of another tenant.
    """
    try:
        held = msgspec.json.decode(path.read_bytes(), type=_Held)
        signers = tuple(_signer(one) for one in held.keys)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, NoteRefused, ValueError):
        raise StateAltered(path, "it does not hold keys") from None
    named = [_ORIGIN.fullmatch(one.name) for one in signers]
    if not named or not all(one and one[1] == str(tenant) for one in named):
        raise StateAltered(path, "its keys are of another log")
    return Keys(signers, held.statements)


@lru_cache(maxsize=256)  # a proof reads the keys, and deriving one takes as long as the proof
def _signer(key: _Key) -> SignerKey:
    verifier = read_verifier(key.public)
    signer = signer_of(verifier.name, key.secret)
    if signer.verifier != verifier:
        raise ValueError("the secret belongs to another key")
    return signer
