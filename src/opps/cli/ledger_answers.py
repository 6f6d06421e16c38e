"""What `opps ledger` prints as JSON."""

from base64 import b64encode
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from opps.ledger.ledger import Signed


class CheckpointAnswer(Struct, frozen=True, kw_only=True):
    """A signed checkpoint: which log, how long, and the root over it."""

    origin: str
    size: int
    root: str
    note: str
    signed_at: datetime


class ProofAnswer(Struct, frozen=True, kw_only=True):
    """That an event is in the sealed log."""

    position: int
    index: int
    size: int
    leaf: str
    hashes: list[str]
    checkpoint: str


class ConsistencyAnswer(Struct, frozen=True, kw_only=True, rename={"from_size": "from"}):
    """That the log of one size is the one of another size, grown."""

    from_size: int
    to: int
    from_root: str
    to_root: str
    hashes: list[str]


class BundleAnswer(Struct, frozen=True, kw_only=True):
    """What `opps ledger bundle` wrote."""

    file: str
    events: int
    as_of: int
    origin: str


class KeysAnswer(Struct, frozen=True, kw_only=True):
    """What to check checkpoints with, oldest first, and what each key said of its successor."""

    origin: str
    keys: list[str]
    statements: list[str]


class EpochAnswer(Struct, frozen=True, kw_only=True):
    """Where an epoch ended, if that is known, and how the next one began."""

    ended_at: int | None
    checkpoint: CheckpointAnswer


def checkpoint_answer(signed: "Signed") -> CheckpointAnswer:
    """Return a checkpoint as it is printed."""
    return CheckpointAnswer(
        origin=signed.checkpoint.origin,
        size=signed.checkpoint.size,
        root=base64_of(signed.checkpoint.root),
        note=signed.note,
        signed_at=signed.signed_at,
    )


def base64_of(hash_: bytes) -> str:
    """Return a hash as it is printed."""
    return b64encode(hash_).decode()
