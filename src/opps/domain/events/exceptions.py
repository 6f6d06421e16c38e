"""What happens to an exception: a deviation that somebody manages, in a stream of its own."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from opps.domain.describe import Code, Count, Position, Share, Text
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

    `about` is the danger zone; `since` is the position of the log at which the cause began, 0 where
    somebody raised it by hand; `facts` are what it rests on; `again` is the exception that was
    closed before the same cause came back.
    """

    opportunity_id: UUID
    cause: ExceptionCause
    summary: Text
    about: Code | None = None
    since: Position = 0
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


class ExceptionThresholdsSet(Event, frozen=True, kw_only=True):
    """From here on other deviations of a score are exceptions.

    `score_move` is by how much one event has to move the probability, `decision_threshold` what the
    high end of the interval has to fall below, `walk_away_below` what it has to stay below for
    `walk_away_days` before walking away is a question.
    """

    score_move: Share
    decision_threshold: Share
    walk_away_below: Share
    walk_away_days: Count
    reason: Text
