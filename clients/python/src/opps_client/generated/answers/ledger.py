"""What was signed of the log; the proof that one event is in it, and that the log only grew since a smaller size.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime

from ...operation import Operation
from ...parts import Answer


class LedgerCheckpoint(Answer, frozen=True, kw_only=True):
    """How long the log is and the hash over all of it, signed."""

    origin: str
    size: int
    root: str
    signed_at: datetime


class LedgerInclusionProof(Answer, frozen=True, kw_only=True):
    """That an event is in the log of the newest checkpoint."""

    position: int
    index: int
    size: int
    leaf: str
    hashes: list[str]


class LedgerConsistencyProof(Answer, frozen=True, kw_only=True):
    """That the log of one size is that of another, grown."""

    from_: int
    to: int
    from_root: str
    to_root: str
    hashes: list[str]


class Ledger(Answer, frozen=True, kw_only=True):
    """What was signed of the log, so that anybody can check that nothing was altered."""

    checkpoint: LedgerCheckpoint | None
    inclusion_proof: LedgerInclusionProof
    consistency_proof: LedgerConsistencyProof
    public_keys: list[str]
    statements: list[str]


class LedgerQuery(Answer, frozen=True, kw_only=True):
    """What was signed of the log; the proof that one event is in it, and that the log only grew
    since a smaller size.
    """

    ledger: Ledger


LEDGER = Operation(
    "Ledger",
    """# What was signed of the log; the proof that one event is in it, and that the log only grew since a smaller size.
query Ledger($position: Position!, $since: Position!) {
  ledger {
    checkpoint { origin size root signedAt }
    inclusionProof(position: $position) { position index size leaf hashes }
    consistencyProof(from: $since) { from to fromRoot toRoot hashes }
    publicKeys
    statements
  }
}
""",
    LedgerQuery,
)
