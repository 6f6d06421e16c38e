"""What proves to anybody that a person was erased: who decided it, what was done, and where."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from opps.domain.events import ErasureBasis, PersonErased
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.decide import erasure_of
from opps.domain.privacy.errors import ErasureNotThrough
from opps.domain.privacy.state import ErasureStatus, Privacy
from opps.eventstore import Log
from opps.eventstore.appends import SealedEvent
from opps.ledger.errors import NothingSealed, NotSealed
from opps.ledger.ledger import Ledger
from opps.recording import codec


class Proof(Struct, frozen=True, kw_only=True):
    """That `PersonErased` is in the signed log; `text` is a file for `opps-verify proof`."""

    checkpoint: str
    text: str


class AlsoErased(Struct, frozen=True, kw_only=True):
    """Another entry of the same human being, with its own place in the log and proof."""

    person_id: UUID
    erasure_id: UUID
    event_id: UUID
    position: int
    leaf: str
    header: str
    proof: Proof | None


class Certificate(Struct, frozen=True, kw_only=True):
    """The record of an erasure, without anything of the person but the id.

    `also` are the other entries of that human being, which it covers: `keys_destroyed` and `purged`
    count them in. Without `proof` the log is not sealed up to the erasure yet: ask again later.
    """

    format: Literal["opps-erasure-certificate/1"] = "opps-erasure-certificate/1"
    tenant: UUID
    erasure_id: UUID
    person_id: UUID
    level: ErasureLevel
    basis: ErasureBasis
    requested_by: UUID
    requested_at: datetime
    approved_by: UUID
    approved_at: datetime
    carried_out_at: datetime
    keys_destroyed: int
    purged: dict[str, int]
    event_id: UUID
    position: int
    leaf: str
    header: str
    proof: Proof | None
    also: list[AlsoErased] = []


def certificate(
    log: Log, ledger: Ledger, decided: Privacy, tenant: UUID, erasure_id: UUID
) -> Certificate:
    """Return the certificate of an erasure that is through.

    Raises:
        UnknownErasure: there is none of that id.
        ErasureNotThrough: it is not carried out.
        StateAltered, TreeAltered: what the sealer keeps is damaged.
        LogUnavailable: the database is away.
    """
    erasure = erasure_of(decided, erasure_id)
    if erasure.status is not ErasureStatus.CARRIED_OUT:
        raise ErasureNotThrough(erasure_id=erasure_id, status=erasure.status.value)
    sealed, event = _in_the_log(log, tenant, erasure.person_id, erasure_id)
    assert erasure.carried_out_at is not None
    return Certificate(
        tenant=tenant,
        erasure_id=erasure_id,
        person_id=erasure.person_id,
        level=event.level,
        basis=event.basis,
        requested_by=event.requested_by,
        requested_at=erasure.requested_at,
        approved_by=event.approved_by,
        approved_at=erasure.approved_at or sealed.recorded_at,
        carried_out_at=erasure.carried_out_at,
        keys_destroyed=erasure.keys_destroyed or 0,
        purged=dict(erasure.purged),
        event_id=sealed.event_id,
        position=sealed.position,
        leaf=sealed.leaf.hex(),
        header=sealed.header.hex(),
        proof=_proof(ledger, sealed.position),
        also=[
            _also(log, ledger, tenant, person, id_)
            for id_, person in erasure.parts.items()
            if id_ != erasure_id
        ],
    )


def _also(log: Log, ledger: Ledger, tenant: UUID, person_id: UUID, id_: UUID) -> AlsoErased:
    sealed, _ = _in_the_log(log, tenant, person_id, id_)
    return AlsoErased(
        person_id=person_id,
        erasure_id=id_,
        event_id=sealed.event_id,
        position=sealed.position,
        leaf=sealed.leaf.hex(),
        header=sealed.header.hex(),
        proof=_proof(ledger, sealed.position),
    )


def _in_the_log(
    log: Log, tenant: UUID, person_id: UUID, erasure_id: UUID
) -> tuple[SealedEvent, PersonErased]:
    for sealed in log.sealed_stream(tenant, person_id):
        event = codec.decode(sealed).event
        if isinstance(event, PersonErased) and event.erasure_id == erasure_id:
            return sealed, event
    raise AssertionError("an erasure that is through stands in the person's stream")


def _proof(ledger: Ledger, position: int) -> Proof | None:
    try:
        found = ledger.inclusion_proof(position)
    except (NothingSealed, NotSealed):
        return None
    return Proof(checkpoint=found.signed.note, text=found.text)
