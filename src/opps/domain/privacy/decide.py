"""What comes of a command on personal data: two persons for an erasure, none under a hold."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.errors import AlreadyExists, UnknownPerson
from opps.domain.events import Event
from opps.domain.events.privacy import (
    ErasureApproved,
    ErasureRequested,
    ErasureWithdrawn,
    LegalHoldLifted,
    LegalHoldPlaced,
    PersonErased,
    RetentionSet,
)
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.commands import (
    AnyPrivacyCommand,
    ApproveErasure,
    LiftLegalHold,
    PlaceLegalHold,
    RequestErasure,
    SetRetention,
    WithdrawErasure,
)
from opps.domain.privacy.errors import (
    AlreadyErased,
    ErasureNotWaiting,
    ErasureRequestedAlready,
    HoldsNobody,
    LegalHoldLiftedAlready,
    OnLegalHold,
    OnlyFullErasure,
    RetentionRuleTwice,
    SecondPersonNeeded,
    UnknownErasure,
    UnknownLegalHold,
)
from opps.domain.privacy.state import Erasure, ErasureStatus, Privacy, whoever
from opps.domain.recorded import Context
from opps.domain.roles import ActorRole, needs
from opps.domain.words import not_blank

DECIDING = (ActorRole.DPO, ActorRole.ADMIN)
# Auditors look at what was decided, and decide nothing.
LOOKING = (*DECIDING, ActorRole.AUDITOR)


class Concerned(Struct, frozen=True, kw_only=True):
    """The person of an erasure, as the rest of the log tells of them.

    `known` is whether anything is told of them at all. `only_fully` is whether something that
    tells who they are lies under their content key, as everything did once. `also` are the other
    entries of that human being, merged with this one.
    """

    person_id: UUID
    known: bool
    opportunities: frozenset[UUID] = frozenset()
    erased: ErasureLevel | None = None
    only_fully: bool = False
    also: tuple["Concerned", ...] = ()

    @property
    def entries(self) -> tuple["Concerned", ...]:
        """Every entry of that human being, this one first."""
        return (self, *self.also)

    def left(self, level: ErasureLevel) -> list["Concerned"]:
        """Return the entries that a level leaves something to erase of."""
        done = (level, ErasureLevel.FULL)
        return [one for one in self.entries if one.known and one.erased not in done]


def decide(
    state: Privacy, command: AnyPrivacyCommand, concerned: Concerned | None, context: Context
) -> Sequence[Event]:
    """Return the events that a command leads to; none when nothing changes.

    `concerned` is whom an erasure is about, where it is requested or approved. A `PersonErased`
    belongs into the stream of the entry that its id stands for (`Erasure.parts`), everything else
    into the tenant's own.

    Raises:
        RoleNeeded: whoever acts does not answer for personal data.
        UnknownErasure, UnknownLegalHold, UnknownPerson: there is none of that id.
        AlreadyExists: the id stands for another one.
        AlreadyErased: nothing is left to erase.
        OnlyFullErasure: who the person is cannot be erased by itself.
        OnLegalHold: something keeps the person.
        SecondPersonNeeded: it is requested and approved by the same person.
        ErasureRequestedAlready, ErasureNotWaiting, LegalHoldLiftedAlready: it stands elsewhere.
        HoldsNobody, RetentionRuleTwice, Blank: the command does not hold together.
    """
    needs(context.actor, *DECIDING)
    match command:
        case RequestErasure():
            return _request(state, command, _there(concerned))
        case WithdrawErasure():
            return _withdraw(state, command)
        case ApproveErasure():
            return _approve(state, command, _there(concerned), context)
        case PlaceLegalHold():
            return _place(state, command)
        case LiftLegalHold():
            return _lift(state, command)
        case SetRetention():
            return _retain(state, command)
        case _:
            assert_never(command)


def erasure_of(state: Privacy, erasure_id: UUID) -> Erasure:
    """Return an erasure.

    Raises:
        UnknownErasure: there is none of that id.
    """
    if erasure_id not in state.erasures:
        raise UnknownErasure(erasure_id=erasure_id)
    return state.erasures[erasure_id]


def _there(concerned: Concerned | None) -> Concerned:
    assert concerned is not None, "an erasure is about somebody"
    return concerned


def _request(state: Privacy, command: RequestErasure, person: Concerned) -> Sequence[Event]:
    if command.note is not None:
        not_blank("note", command.note)
    requested = ErasureRequested(
        erasure_id=command.erasure_id,
        person_id=command.person_id,
        level=command.level,
        basis=command.basis,
        note=command.note,
    )
    if command.erasure_id in state.erasures:
        known = state.erasures[command.erasure_id]
        # To take it up again needs another id: nobody is to believe that it waits.
        if _as_requested(known) == requested and known.status is not ErasureStatus.WITHDRAWN:
            return []
        raise AlreadyExists(id=command.erasure_id)
    _erasable(state, person, command.level)
    for waiting in state.of(ErasureStatus.REQUESTED):
        if waiting.person_id in {one.person_id for one in person.entries}:
            raise ErasureRequestedAlready(erasure_id=waiting.erasure_id)
    return [requested]


def _as_requested(erasure: Erasure) -> ErasureRequested:
    return ErasureRequested(
        erasure_id=erasure.erasure_id,
        person_id=erasure.person_id,
        level=erasure.level,
        basis=erasure.basis,
        note=erasure.note,
    )


def _erasable(state: Privacy, person: Concerned, level: ErasureLevel) -> None:
    """Refuse the erasure of a person whom it cannot, or must not, concern."""
    if not person.known:
        raise UnknownPerson(person_id=person.person_id)
    left = person.left(level)
    if not left:
        assert person.erased is not None
        raise AlreadyErased(person_id=person.person_id, level=person.erased.value)
    for one in left:
        if level is ErasureLevel.IDENTITY and one.only_fully:
            raise OnlyFullErasure(person_id=one.person_id)
    for one in person.entries:
        if holds := state.holding(one.person_id, one.opportunities):
            raise OnLegalHold(person_id=one.person_id, holds=holds)


def _withdraw(state: Privacy, command: WithdrawErasure) -> Sequence[Event]:
    erasure = erasure_of(state, command.erasure_id)
    not_blank("reason", command.reason)
    if erasure.status is ErasureStatus.WITHDRAWN:
        return []
    _waits(erasure)
    return [ErasureWithdrawn(erasure_id=command.erasure_id, reason=command.reason)]


def _approve(
    state: Privacy, command: ApproveErasure, person: Concerned, context: Context
) -> Sequence[Event]:
    erasure = erasure_of(state, command.erasure_id)
    if erasure.status in (ErasureStatus.APPROVED, ErasureStatus.CARRIED_OUT):
        return []
    _waits(erasure)
    approver = whoever(context.actor)
    if erasure.requested_by == approver:
        raise SecondPersonNeeded(requested_by=erasure.requested_by)
    _erasable(state, person, erasure.level)
    entries = [one.person_id for one in person.left(erasure.level)]
    also = tuple(one for one in entries if one != erasure.person_id)
    approved = ErasureApproved(erasure_id=erasure.erasure_id, also=also)
    return [
        approved,
        *(_erased(erasure, id_, approver) for id_ in replace(erasure, also=also).parts),
    ]


def _erased(erasure: Erasure, id_: UUID, approver: UUID) -> PersonErased:
    return PersonErased(
        erasure_id=id_,
        level=erasure.level,
        basis=erasure.basis,
        requested_by=erasure.requested_by,
        approved_by=approver,
    )


def _waits(erasure: Erasure) -> None:
    if erasure.status is not ErasureStatus.REQUESTED:
        raise ErasureNotWaiting(erasure_id=erasure.erasure_id, status=erasure.status.value)


def _place(state: Privacy, command: PlaceLegalHold) -> Sequence[Event]:
    not_blank("reason", command.reason)
    if not command.persons and not command.opportunities:
        raise HoldsNobody
    placed = LegalHoldPlaced(
        hold_id=command.hold_id,
        persons=command.persons,
        opportunities=command.opportunities,
        reason=command.reason,
    )
    known = state.holds.get(command.hold_id)
    if known is None:
        return [placed]
    same = (known.persons, known.opportunities, known.reason) == (
        placed.persons,
        placed.opportunities,
        placed.reason,
    )
    # One that was lifted keeps nobody: to place it again needs another id.
    if same and known.lifted_at is None:
        return []
    raise AlreadyExists(id=command.hold_id)


def _lift(state: Privacy, command: LiftLegalHold) -> Sequence[Event]:
    hold = state.holds.get(command.hold_id)
    if hold is None:
        raise UnknownLegalHold(hold_id=command.hold_id)
    not_blank("reason", command.reason)
    if hold.lifted_at is None:
        return [LegalHoldLifted(hold_id=command.hold_id, reason=command.reason)]
    if hold.lifted_because == command.reason:
        return []
    raise LegalHoldLiftedAlready(hold_id=command.hold_id)


def _retain(state: Privacy, command: SetRetention) -> Sequence[Event]:
    seen = set()
    for rule in command.rules:
        if rule.outcome in seen:
            raise RetentionRuleTwice(outcome=rule.outcome.value)
        seen.add(rule.outcome)
    return [] if command.rules == state.retention else [RetentionSet(rules=command.rules)]
