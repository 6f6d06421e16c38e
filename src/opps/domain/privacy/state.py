"""The erasures, legal holds and retention rules of a tenant, as its stream tells them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import Event
from opps.domain.events.privacy import (
    ErasureApproved,
    ErasureBasis,
    ErasureCarriedOut,
    ErasureRequested,
    ErasureWithdrawn,
    LegalHoldLifted,
    LegalHoldPlaced,
    RetentionRule,
    RetentionSet,
)
from opps.domain.personal import ErasureLevel
from opps.domain.recorded import Actor, Recorded

NEW = -1


def erasure_of_entry(erasure_id: UUID, person_id: UUID) -> UUID:
    """Return the id under which a further entry of a human being is erased."""
    return uuid5(erasure_id, str(person_id))


class ErasureStatus(StrEnum):
    """Where an erasure stands.

    REQUESTED: it waits for a second person. WITHDRAWN: it was taken back. APPROVED: the person
    reads as erased, and the keys are about to go. CARRIED_OUT: it is through.
    """

    REQUESTED = "REQUESTED"
    WITHDRAWN = "WITHDRAWN"
    APPROVED = "APPROVED"
    CARRIED_OUT = "CARRIED_OUT"


class Erasure(Struct, frozen=True, kw_only=True):
    """The erasure of a person, from its request on.

    `also` are the other entries of that human being. `keys_destroyed` and `purged` count all of
    them, and it is carried out when all of them are through.
    """

    erasure_id: UUID
    person_id: UUID
    level: ErasureLevel
    basis: ErasureBasis
    note: str | None
    requested_by: UUID
    requested_at: datetime
    status: ErasureStatus = ErasureStatus.REQUESTED
    approved_by: UUID | None = None
    approved_at: datetime | None = None
    carried_out_at: datetime | None = None
    keys_destroyed: int | None = None
    purged: dict[str, int] = {}
    reason: str | None = None
    also: tuple[UUID, ...] = ()

    @property
    def parts(self) -> Mapping[UUID, UUID]:
        """The ids of the erasures that it is made of, one an entry, with whom each is about."""
        further = {erasure_of_entry(self.erasure_id, one): one for one in self.also}
        return {self.erasure_id: self.person_id, **further}


class LegalHold(Struct, frozen=True, kw_only=True):
    """What keeps persons from being erased, until it is lifted."""

    hold_id: UUID
    persons: tuple[UUID, ...]
    opportunities: tuple[UUID, ...]
    reason: str
    placed_by: UUID
    placed_at: datetime
    lifted_at: datetime | None = None
    lifted_because: str | None = None

    def keeps(self, person_id: UUID, opportunities: Iterable[UUID]) -> bool:
        """Tell whether it keeps a person of whom something is told in these opportunities."""
        if self.lifted_at is not None:
            return False
        return person_id in self.persons or not set(self.opportunities).isdisjoint(opportunities)


class Privacy(Struct, frozen=True, kw_only=True):
    """What was decided about the personal data of a tenant.

    `carried_out` names all erasures that are through, even those whose request an older copy of the
    log does not hold.
    """

    erasures: Mapping[UUID, Erasure] = MappingProxyType({})
    holds: Mapping[UUID, LegalHold] = MappingProxyType({})
    retention: tuple[RetentionRule, ...] = ()
    carried_out: frozenset[UUID] = frozenset()
    version: int = NEW
    position: int = 0

    def of(self, status: ErasureStatus) -> list[Erasure]:
        """Return the erasures that stand somewhere."""
        return [one for one in self.erasures.values() if one.status is status]

    def holding(self, person_id: UUID, opportunities: Iterable[UUID]) -> list[UUID]:
        """Return the legal holds that keep a person."""
        told_in = frozenset(opportunities)
        return [one.hold_id for one in self.holds.values() if one.keeps(person_id, told_in)]


NOTHING_DECIDED = Privacy()


def privacy_stream(tenant: UUID) -> UUID:
    """Return the stream of what a tenant decides about personal data."""
    return uuid5(tenant, "privacy")


def whoever(actor: Actor) -> UUID:
    """Return the person who answers for what an actor does."""
    return actor.on_behalf_of or actor.principal


def fold(history: Iterable[Recorded[Event]]) -> Privacy:
    """Return what a history comes to."""
    state = NOTHING_DECIDED
    for recorded in history:
        state = evolve(state, recorded)
    return state


def evolve(state: Privacy, recorded: Recorded[Event]) -> Privacy:
    """Return the state after one more event of the stream."""
    after = replace(state, version=recorded.version, position=recorded.position)
    match recorded.event:
        case ErasureRequested() as event:
            return _with_erasure(after, _requested(event, recorded))
        case ErasureWithdrawn() as event:
            withdrawn = {"status": ErasureStatus.WITHDRAWN, "reason": event.reason}
            return _changed(after, event.erasure_id, withdrawn)
        case ErasureApproved() as event:
            approved = {
                "status": ErasureStatus.APPROVED,
                "approved_by": whoever(recorded.metadata.actor),
                "approved_at": recorded.recorded_at,
                "also": event.also,
            }
            return _changed(after, event.erasure_id, approved)
        case ErasureCarriedOut() as event:
            after = replace(after, carried_out=after.carried_out | {event.erasure_id})
            return _through(after, event, recorded.recorded_at)
        case LegalHoldPlaced() as event:
            held = LegalHold(
                hold_id=event.hold_id,
                persons=event.persons,
                opportunities=event.opportunities,
                reason=event.reason,
                placed_by=whoever(recorded.metadata.actor),
                placed_at=recorded.recorded_at,
            )
            return _with_hold(after, held)
        case LegalHoldLifted() as event if event.hold_id in state.holds:
            held = state.holds[event.hold_id]
            lifted_at, because = recorded.recorded_at, event.reason
            return _with_hold(after, replace(held, lifted_at=lifted_at, lifted_because=because))
        case RetentionSet() as event:
            return replace(after, retention=event.rules)
        case _:
            return after


def _requested(event: ErasureRequested, recorded: Recorded[Event]) -> Erasure:
    return Erasure(
        erasure_id=event.erasure_id,
        person_id=event.person_id,
        level=event.level,
        basis=event.basis,
        note=event.note,
        requested_by=whoever(recorded.metadata.actor),
        requested_at=recorded.recorded_at,
    )


def _through(state: Privacy, event: ErasureCarriedOut, at: datetime) -> Privacy:
    """Return the state with one more part of an erasure done."""
    for erasure in state.erasures.values():
        if event.erasure_id in erasure.parts:
            break
    else:  # an older log lost its request
        return state
    purged = Counter(erasure.purged)
    purged.update(event.purged)
    counted = replace(
        erasure,
        keys_destroyed=(erasure.keys_destroyed or 0) + event.keys_destroyed,
        purged=dict(purged),
    )
    if state.carried_out.issuperset(erasure.parts):
        counted = replace(counted, status=ErasureStatus.CARRIED_OUT, carried_out_at=at)
    return _with_erasure(state, counted)


def _changed(state: Privacy, erasure_id: UUID, changes: Mapping[str, object]) -> Privacy:
    """Return the state with an erasure changed; one that an older log lost is left out."""
    erasure = state.erasures.get(erasure_id)
    return state if erasure is None else _with_erasure(state, replace(erasure, **changes))


def _with_erasure(state: Privacy, erasure: Erasure) -> Privacy:
    return replace(state, erasures={**state.erasures, erasure.erasure_id: erasure})


def _with_hold(state: Privacy, hold: LegalHold) -> Privacy:
    return replace(state, holds={**state.holds, hold.hold_id: hold})
