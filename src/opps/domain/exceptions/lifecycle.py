"""How an exception comes to be, is worked on, and ends."""

from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.errors import AlreadyExists
from opps.domain.events import Event, ExceptionEvent
from opps.domain.events.exceptions import (
    ExceptionAcknowledged,
    ExceptionCause,
    ExceptionDismissed,
    ExceptionRaised,
    ExceptionResolved,
    ExceptionResourced,
    ExceptionRiskAccepted,
)
from opps.domain.exceptions.commands import (
    AcceptExceptionRisk,
    AcknowledgeException,
    AnyExceptionCommand,
    DismissException,
    RaiseByRule,
    RaiseException,
    ResolveException,
    ResourceException,
)
from opps.domain.exceptions.errors import (
    ExceptionIsClosed,
    NotAcknowledged,
    NothingGiven,
    OtherMoney,
    TooMuchMoney,
    UnknownException,
)
from opps.domain.money import Money
from opps.domain.recorded import Context, Recorded, Via
from opps.domain.roles import ActorRole, needs
from opps.domain.words import not_blank


class ExceptionStatus(StrEnum):
    """How far an exception has come."""

    RAISED = "RAISED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RESOURCED = "RESOURCED"
    RESOLVED = "RESOLVED"
    ACCEPTED_RISK = "ACCEPTED_RISK"
    DISMISSED = "DISMISSED"


OPEN = (ExceptionStatus.RAISED, ExceptionStatus.ACKNOWLEDGED, ExceptionStatus.RESOURCED)
# Who works on opportunities, and who answers for those who do.
WORKERS = (ActorRole.SELLER, ActorRole.MANAGER, ActorRole.ADMIN)
MANAGERS = (ActorRole.MANAGER, ActorRole.ADMIN)


class ManagedException(Struct, frozen=True, kw_only=True):
    """A deviation of an opportunity, and what is done about it."""

    exception_id: UUID
    opportunity_id: UUID
    cause: ExceptionCause
    summary: str
    raised_at: datetime
    raised_by: UUID
    version: int
    position: int
    about: str | None = None
    since: int = 0
    facts: tuple[UUID, ...] = ()
    again: UUID | None = None
    status: ExceptionStatus = ExceptionStatus.RAISED
    plan: str | None = None
    acknowledged_by: UUID | None = None
    people: tuple[UUID, ...] = ()
    hours: float = 0.0
    money: Money | None = None
    conclusion: str | None = None
    closed_at: datetime | None = None
    closed_by: UUID | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN


def decide(
    state: ManagedException | None, command: AnyExceptionCommand, context: Context
) -> list[ExceptionEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        RoleNeeded: the role of the actor does not work on exceptions, or does not decide them.
        AlreadyExists: it is raised already.
        UnknownException: it is not raised yet.
        ExceptionIsClosed: it was resolved, accepted or dismissed before.
        NotAcknowledged: nobody has taken it on.
        NothingGiven: it would get neither people nor hours nor money.
        OtherMoney: it has money in another currency.
        TooMuchMoney: it would have more than an amount can say.
        Blank: a text says nothing.
    """
    if context.actor.via != Via.SYSTEM:
        needs(context.actor, *WORKERS)
    if isinstance(command, RaiseException | RaiseByRule):
        return [_raised(state, command)]
    held = _open(state, command)
    match command:
        case AcknowledgeException(plan=plan):
            not_blank("plan", plan)
            return [] if held.plan == plan else [ExceptionAcknowledged(plan=plan)]
        case ResourceException():
            needs(context.actor, *MANAGERS)
            return [_resourced(held, command)]
        case ResolveException(how=how):
            not_blank("how", how)
            if held.status is ExceptionStatus.RAISED and context.actor.via != Via.SYSTEM:
                raise NotAcknowledged(exception_id=held.exception_id)
            return [ExceptionResolved(how=how)]
        case AcceptExceptionRisk(reason=reason):
            needs(context.actor, *MANAGERS)
            not_blank("reason", reason)
            return [ExceptionRiskAccepted(reason=reason)]
        case DismissException(reason=reason):
            needs(context.actor, *MANAGERS)
            not_blank("reason", reason)
            return [ExceptionDismissed(reason=reason)]
        case _:
            assert_never(command)


def _raised(
    state: ManagedException | None, command: RaiseException | RaiseByRule
) -> ExceptionRaised:
    if state is not None:
        raise AlreadyExists(id=command.exception_id)
    not_blank("summary", command.summary)
    if isinstance(command, RaiseException):
        return ExceptionRaised(
            opportunity_id=command.opportunity_id,
            cause=ExceptionCause.BY_HAND,
            summary=command.summary,
            facts=command.facts,
        )
    return ExceptionRaised(
        opportunity_id=command.opportunity_id,
        cause=command.cause,
        summary=command.summary,
        about=command.about,
        since=command.since,
        facts=command.facts,
        again=command.again,
    )


def _open(state: ManagedException | None, command: AnyExceptionCommand) -> ManagedException:
    if state is None:
        raise UnknownException(exception_id=command.exception_id)
    if not state.open:
        raise ExceptionIsClosed(exception_id=state.exception_id, status=state.status.value)
    return state


def _resourced(held: ManagedException, command: ResourceException) -> ExceptionResourced:
    if held.status is ExceptionStatus.RAISED:
        raise NotAcknowledged(exception_id=held.exception_id)
    money = command.money
    if money is not None and money.amount <= 0:
        money = None
    if not command.people and command.hours is None and money is None:
        raise NothingGiven(exception_id=held.exception_id)
    if money and held.money and money.currency != held.money.currency:
        raise OtherMoney(
            exception_id=held.exception_id,
            given=held.money.currency,
            currency=money.currency,
        )
    try:
        _sum(held.money, money)
    except ValueError:
        assert money is not None
        raise TooMuchMoney(exception_id=held.exception_id, currency=money.currency) from None
    return ExceptionResourced(people=command.people, hours=command.hours, money=money)


def evolve(state: ManagedException | None, recorded: Recorded[Event]) -> ManagedException | None:
    """Return the exception after one more event of its stream."""
    event = recorded.event
    if isinstance(event, ExceptionRaised):
        return ManagedException(
            exception_id=recorded.stream,
            opportunity_id=event.opportunity_id,
            cause=event.cause,
            summary=event.summary,
            about=event.about,
            since=event.since,
            facts=event.facts,
            again=event.again,
            raised_at=recorded.recorded_at,
            raised_by=recorded.metadata.actor.principal,
            version=recorded.version,
            position=recorded.position,
        )
    if state is None or not isinstance(event, ExceptionEvent):
        return state
    return replace(_after(state, recorded), version=recorded.version, position=recorded.position)


def _after(state: ManagedException, recorded: Recorded[Event]) -> ManagedException:
    match recorded.event:
        case ExceptionAcknowledged(plan=plan):
            resourced = state.status is ExceptionStatus.RESOURCED
            return replace(
                state,
                status=state.status if resourced else ExceptionStatus.ACKNOWLEDGED,
                plan=plan,
                acknowledged_by=recorded.metadata.actor.principal,
            )
        case ExceptionResourced() as given:
            return replace(
                state,
                status=ExceptionStatus.RESOURCED,
                people=(*state.people, *(one for one in given.people if one not in state.people)),
                hours=state.hours + (given.hours or 0.0),
                money=_sum(state.money, given.money),
            )
        case ExceptionResolved(how=how):
            return _closed(state, recorded, ExceptionStatus.RESOLVED, how)
        case ExceptionRiskAccepted(reason=reason):
            return _closed(state, recorded, ExceptionStatus.ACCEPTED_RISK, reason)
        case ExceptionDismissed(reason=reason):
            return _closed(state, recorded, ExceptionStatus.DISMISSED, reason)
        case _:
            return state


def _closed(
    state: ManagedException, recorded: Recorded[Event], status: ExceptionStatus, conclusion: str
) -> ManagedException:
    return replace(
        state,
        status=status,
        conclusion=conclusion,
        closed_at=recorded.recorded_at,
        closed_by=recorded.metadata.actor.principal,
    )


def _sum(held: Money | None, given: Money | None) -> Money | None:
    if held is None or given is None:
        return held or given
    return Money(held.amount + given.amount, held.currency)
