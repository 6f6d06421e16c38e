"""A bundle: the history of one object with all that it takes to check it, for auditors to keep."""

from base64 import b64encode
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from opps.ledger.errors import LogAltered
from opps.ledger.ledger import InclusionProof, Ledger
from opps.recording.chain import Sealed
from opps.recording.header import leaf_hash

FORMAT = "opps-audit-bundle-1"


class BundledProof(Struct, frozen=True, kw_only=True):
    """Where a leaf is in the tree of the checkpoint, and the way from there to its root."""

    index: int
    size: int
    hashes: list[str]


class BundledEvent(Struct, frozen=True, kw_only=True):
    """An event as it is stored: its header in hexadecimal, and the bytes it speaks for."""

    position: int
    version: int
    stream: UUID
    header: str
    payload: bytes
    metadata: bytes
    proof: BundledProof


class BundledStream(Struct, frozen=True, kw_only=True):
    """Which versions of a stream there are, and the leaf that the next one would name."""

    stream: UUID
    first_version: int
    last_version: int
    last_leaf: str


class Bundle(Struct, frozen=True, kw_only=True):
    """What is written down as JSON; stored by auditors for ever: fields are added, never changed.

    Bytes are base64 in JSON. The keys are there to be told apart, not to be trusted.
    """

    format: str
    origin: str
    tenant: UUID
    opportunity: UUID
    as_of: int
    checkpoint: str
    public_keys: list[str]
    statements: list[str]
    events: list[BundledEvent]
    streams: list[BundledStream]


def bundle(ledger: Ledger, opportunity: UUID, events: Sequence[Sealed], as_of: int) -> Bundle:
    """Return the bundle of an opportunity with its events up to a position, at least one.

    Raises:
        NothingSealed, NotSealed: not all of it is sealed.
        LogAltered: an event is not the one that was sealed.
        StateAltered, TreeAltered: what the sealer keeps is damaged.
    """
    keys, last = ledger.keys(), events[-1]
    signed, proofs = ledger.inclusion_proofs([one.position for one in events])
    assert keys is not None, "whoever signed has keys"
    return Bundle(
        format=FORMAT,
        origin=signed.checkpoint.origin,
        tenant=ledger.tenant,
        opportunity=opportunity,
        as_of=as_of,
        checkpoint=signed.note,
        public_keys=[str(one) for one in keys.verifiers],
        statements=list(keys.statements),
        events=[_bundled(event, proof) for event, proof in zip(events, proofs, strict=True)],
        streams=[
            BundledStream(
                stream=last.stream,
                first_version=events[0].version,
                last_version=last.version,
                last_leaf=last.leaf.hex(),
            )
        ],
    )


def _bundled(event: Sealed, proof: InclusionProof) -> BundledEvent:
    if not proof.leaf == event.leaf == leaf_hash(event.header):
        raise LogAltered(event.position)
    return BundledEvent(
        position=event.position,
        version=event.version,
        stream=event.stream,
        header=event.header.hex(),
        payload=event.payload,
        metadata=event.metadata,
        proof=BundledProof(
            index=proof.index,
            size=proof.signed.checkpoint.size,
            hashes=[b64encode(one).decode() for one in proof.hashes],
        ),
    )
