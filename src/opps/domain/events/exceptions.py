"""What happens to an exception: a deviation that somebody manages, in a stream of its own."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from opps.domain.describe import Code, Text
from opps.domain.events.base import Event
from opps.domain.money import Money

Hours = Annotated[float, Meta(gt=0, le=100_000)]


class ExceptionCause(StrEnum):
    """Why an exception was raised.

    DANGER_ZONE: a high-severity danger zone older than its grace time. DRIFT: an outcome that is
    projected off its target. GATE_OVERDUE: a gate whose day has passed. SCORE_MOVE: one event
    moved the win probability far. BAND_CROSSING: the probability crossed a decision threshold.
    WALK_AWAY: even the high end of the interval is too low to go on. BY_HAND: somebody raised it.
    """

    DANGER_ZONE = "DANGER_ZONE"
    DRIFT = "DRIFT"
    GATE_OVERDUE = "GATE_OVERDUE"
    SCORE_MOVE = "SCORE_MOVE"
    BAND_CROSSING = "BAND_CROSSING"
    WALK_AWAY = "WALK_AWAY"
    BY_HAND = "BY_HAND"


class ExceptionRaised(Event, frozen=True, kw_only=True):
    """A deviation of an opportunity calls for time or resources.

    `about` is the danger zone or gate; `facts` are what it rests on; `again` is the exception that
    was closed before the same cause came back.
    """

    opportunity_id: UUID
    cause: ExceptionCause
    summary: Text
    about: Code | None = None
    facts: tuple[UUID, ...] = ()
    again: UUID | None = None


class ExceptionAcknowledged(Event, frozen=True, kw_only=True):
    """Somebody took an exception on, with a plan."""

    plan: Text


class ExceptionResourced(Event, frozen=True, kw_only=True):
    """People, hours or money were given to an exception; they add to what it had."""

    people: tuple[UUID, ...] = ()
    hours: Hours | None = None
    money: Money | None = None


class ExceptionResolved(Event, frozen=True, kw_only=True):
    """The deviation is over."""

    how: Text


class ExceptionRiskAccepted(Event, frozen=True, kw_only=True):
    """The deviation stays, and somebody answers for it."""

    reason: Text


class ExceptionDismissed(Event, frozen=True, kw_only=True):
    """The deviation was none."""

    reason: Text
