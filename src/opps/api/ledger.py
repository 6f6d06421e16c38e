"""The ledger in the schema: what was signed, and proofs that stand on it."""

import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
import strawberry
from strawberry.scalars import JSON

from opps.api.context import Info
from opps.api.errors import NotAcceptable, node_argument
from opps.api.ids import NodeType, UnreadableId, node_uuid
from opps.api.scalars import Position
from opps.application.auditing import audit_bundle
from opps.ledger.errors import LedgerRefused, NothingSealed, StateAltered, TreeAltered
from opps.ledger.keys import Keys
from opps.ledger.ledger import ConsistencyProof, InclusionProof, Ledger, Signed

logger = logging.getLogger("opps.api")

Answer = TypeVar("Answer")


@strawberry.input(description="An event by its id, and what it is an event of.")
class EventOf:
    event_id: UUID = strawberry.field(description="The event.")
    of: strawberry.ID = strawberry.field(description="The opportunity, account or person.")


At = Annotated[
    Position | None,
    strawberry.argument(description="The event's place in the log; or give `event`."),
]
Which = Annotated[EventOf | None, strawberry.argument(description="The event; or give `position`.")]
From = Annotated[Position, strawberry.argument(name="from", description="The smaller size.")]
To = Annotated[
    Position | None,
    strawberry.argument(description="The larger size; that of the checkpoint when absent."),
]


@strawberry.type(description="How long the log is and the hash over all of it, signed.")
class Checkpoint:
    origin: str = strawberry.field(description="Which log: the name of the key that signs.")
    size: Position = strawberry.field(description="How many events: the last position.")
    root: str = strawberry.field(description="Root of the Merkle tree (RFC 6962), in base64.")
    note: str = strawberry.field(
        description="The signed note (C2SP tlog-checkpoint): keep it where nobody can change it."
    )
    signed_at: datetime = strawberry.field(
        description="When it was signed, as the server says: the time itself is not signed."
    )


@strawberry.type(
    name="InclusionProof", description="That an event is in the log of the newest checkpoint."
)
class InclusionProofType:
    position: Position = strawberry.field(description="The event's place in the log.")
    index: int = strawberry.field(description="The number of its leaf, from 0 on.")
    size: Position = strawberry.field(description="The size of the log that it is in.")
    leaf: str = strawberry.field(description="SHA-256 of a zero byte and its header, in base64.")
    hashes: list[str] = strawberry.field(description="The way to the root, in base64.")
    text: str = strawberry.field(
        description="The proof with its checkpoint, as a file of its own (C2SP tlog-proof)."
    )


@strawberry.type(
    name="ConsistencyProof", description="That the log of one size is that of another, grown."
)
class ConsistencyProofType:
    from_: Position = strawberry.field(name="from", description="The smaller size.")
    to: Position = strawberry.field(description="The larger size.")
    from_root: str = strawberry.field(description="The root at the smaller size, in base64.")
    to_root: str = strawberry.field(description="The root at the larger size, in base64.")
    hashes: list[str] = strawberry.field(
        description="The proof (RFC 6962), in base64; none from 0 on, nor between equal sizes."
    )


@strawberry.type(
    name="Ledger",
    description="What was signed of the log, so that anybody can check that nothing was altered.",
)
class LedgerType:
    @strawberry.field(description="The newest checkpoint; null before the first one.")
    async def checkpoint(self, info: Info) -> Checkpoint | None:
        return await read_ledger(info, _newest)

    @strawberry.field(description="The proof that an event is in the log of the checkpoint.")
    async def inclusion_proof(
        self, info: Info, position: At = None, event: Which = None
    ) -> InclusionProofType:
        place = await _place(info, position, event)
        return await read_ledger(info, lambda ledger: _inclusion(ledger.inclusion_proof(place)))

    @strawberry.field(description="The proof that the log did nothing but grow.")
    async def consistency_proof(
        self, info: Info, from_: From, to: To = None
    ) -> ConsistencyProofType:
        return await read_ledger(info, lambda ledger: _grown(ledger.consistency_proof(from_, to)))

    @strawberry.field(
        description="The keys to check checkpoints with, as name+hash+base64, oldest first. Get "
        "them by another way too: who could alter the log could alter this answer."
    )
    async def public_keys(self, info: Info) -> list[str]:
        return await read_ledger(info, lambda ledger: [str(one) for one in ledger.public_keys()])

    @strawberry.field(
        description="What each key said of the next one, as signed notes, oldest first."
    )
    async def statements(self, info: Info) -> list[str]:
        return await read_ledger(info, lambda ledger: _statements(ledger.keys()))


async def bundle_of(
    info: Info, opportunity_id: strawberry.ID, as_of: Position | None
) -> JSON | None:
    """Return an audit bundle as JSON, None where there is no such opportunity by then."""
    log = info.context.services.application.log
    wanted = node_argument(NodeType.OPPORTUNITY, opportunity_id)
    found = await read_ledger(info, lambda ledger: audit_bundle(log, ledger, wanted, as_of))
    written: JSON | None = msgspec.to_builtins(found)
    return written


async def read_ledger(info: Info, read: Callable[[Ledger], Answer]) -> Answer:
    """Read the ledger beside the event loop; a refusal is told by its code."""
    services, tenant = info.context.services, info.context.viewer.tenant
    answering: Awaitable[Answer] = services.application.log.aside(read, services.ledger_of(tenant))
    try:
        return await answering
    except (StateAltered, TreeAltered) as damaged:
        logger.error("the ledger of tenant %s: %s", tenant, damaged)
        raise NotAcceptable(
            "What the sealer keeps is damaged: whoever runs opps has to look at it.", damaged.code
        ) from None
    except LedgerRefused as refused:
        raise NotAcceptable(str(refused), refused.code) from None


async def _place(info: Info, position: Position | None, event: EventOf | None) -> int:
    """Return the position of the event that is meant.

    Raises:
        NotAcceptable: it is not said which, or this organisation has no such event there.
    """
    if (position is None) is (event is None):
        raise NotAcceptable("Say which event you mean: give either `position` or `event`.")
    if event is None:
        assert position is not None, "one of them is given"
        return position
    log, stream = info.context.services.application.log, _stream(event.of)
    events = await log.aside(log.stream, info.context.viewer.tenant, stream)
    found = [one.position for one in events if one.event_id == event.event_id]
    if not found:
        raise NotAcceptable(f"There is no event {event.event_id} of {event.of}.", "UNKNOWN_EVENT")
    return found[0]


def _stream(id_: str) -> UUID:
    """Return the stream of an opportunity, an account or a person."""
    for node in NodeType:
        try:
            return node_uuid(node, id_)
        except UnreadableId:
            continue
    raise NotAcceptable(f"{id_!r} is no id.")


def _newest(ledger: Ledger) -> Checkpoint | None:
    try:
        return _checkpoint(ledger.signed())
    except NothingSealed:
        return None


def _checkpoint(signed: Signed) -> Checkpoint:
    return Checkpoint(
        origin=signed.checkpoint.origin,
        size=Position(signed.checkpoint.size),
        root=_base64(signed.checkpoint.root),
        note=signed.note,
        signed_at=signed.signed_at,
    )


def _inclusion(proof: InclusionProof) -> InclusionProofType:
    return InclusionProofType(
        position=Position(proof.position),
        index=proof.index,
        size=Position(proof.signed.checkpoint.size),
        leaf=_base64(proof.leaf),
        hashes=[_base64(one) for one in proof.hashes],
        text=proof.text,
    )


def _grown(proof: ConsistencyProof) -> ConsistencyProofType:
    return ConsistencyProofType(
        from_=Position(proof.old),
        to=Position(proof.new),
        from_root=_base64(proof.old_root),
        to_root=_base64(proof.new_root),
        hashes=[_base64(one) for one in proof.hashes],
    )


def _statements(keys: Keys | None) -> list[str]:
    return [] if keys is None else list(keys.statements)


def _base64(hash_: bytes) -> str:
    return b64encode(hash_).decode()
