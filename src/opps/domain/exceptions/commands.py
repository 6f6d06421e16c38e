"""What can be asked for of an exception."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.describe import Code, Position, Text, doc
from opps.domain.events.exceptions import ExceptionCause, Hours
from opps.domain.money import Money


class ExceptionCommand(Struct, frozen=True, kw_only=True):
    """Anything that can be asked for of an exception."""

    exception_id: Annotated[UUID, doc("The exception.")]


class RaiseException(ExceptionCommand, frozen=True, kw_only=True):
    """Say that a deviation of an opportunity calls for time or resources."""

    opportunity_id: Annotated[UUID, doc("The opportunity.")]
    summary: Annotated[Text, doc("What deviates from what, in a sentence.")]
    facts: Annotated[tuple[UUID, ...], Meta(max_length=100), doc("The facts it rests on.")] = ()


class RaiseByRule(ExceptionCommand, frozen=True, kw_only=True):
    """Raise what a rule found; only opps itself asks for it."""

    opportunity_id: UUID
    cause: ExceptionCause
    summary: Text
    about: Code | None = None
    since: Position = 0
    facts: tuple[UUID, ...] = ()
    again: UUID | None = None


class AcknowledgeException(ExceptionCommand, frozen=True, kw_only=True):
    """Take an exception on, with a plan; a later plan takes the place of an earlier one."""

    plan: Annotated[Text, doc("What will be done, by whom.")]


class ResourceException(ExceptionCommand, frozen=True, kw_only=True):
    """Give people, hours or money to an exception that somebody has taken on."""

    people: Annotated[tuple[UUID, ...], Meta(max_length=50), doc("Who helps.")] = ()
    hours: Annotated[Hours | None, doc("How many working hours it gets.")] = None
    money: Annotated[Money | None, doc("How much money it gets.")] = None


class ResolveException(ExceptionCommand, frozen=True, kw_only=True):
    """Say that the deviation is over."""

    how: Annotated[Text, doc("What put it right.")]


class AcceptExceptionRisk(ExceptionCommand, frozen=True, kw_only=True):
    """Live with the deviation, and answer for it."""

    reason: Annotated[Text, doc("Why it is worth it.")]


class DismissException(ExceptionCommand, frozen=True, kw_only=True):
    """Say that the deviation was none."""

    reason: Annotated[Text, doc("Why it deserves no time.")]


AnyExceptionCommand = (
    RaiseException
    | RaiseByRule
    | AcknowledgeException
    | ResourceException
    | ResolveException
    | AcceptExceptionRisk
    | DismissException
)
