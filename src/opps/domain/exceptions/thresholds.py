"""From which deviation of a score on somebody has to look: what an organisation sets."""

from typing import Annotated
from uuid import UUID, uuid5

from msgspec import Meta, Struct

from opps.domain.describe import Text, doc
from opps.domain.events import Event, ExceptionThresholdsSet
from opps.domain.exceptions.lifecycle import MANAGERS
from opps.domain.recorded import Context, Recorded
from opps.domain.roles import needs
from opps.domain.words import not_blank

Chance = Annotated[float, Meta(gt=0, lt=1)]
Days = Annotated[int, Meta(ge=0, le=365)]


class ExceptionThresholds(Struct, frozen=True, kw_only=True):
    """The thresholds in force; these before anybody sets others."""

    score_move: float = 0.15
    decision_threshold: float = 0.35
    walk_away_below: float = 0.15
    walk_away_days: int = 7
    version: int = -1
    position: int = 0


DAY_ONE = ExceptionThresholds()


class SetExceptionThresholds(Struct, frozen=True, kw_only=True):
    """Set which deviations of a score are exceptions from here on."""

    score_move: Annotated[
        Chance, doc("One event that moves the probability this far raises one; 0.15 at first.")
    ]
    decision_threshold: Annotated[
        Chance,
        doc("The high end of the interval falling below this raises one; 0.35 at first."),
    ]
    walk_away_below: Annotated[
        Chance,
        doc("The high end staying below this, after the second gate, asks whether to walk away."),
    ]
    walk_away_days: Annotated[Days, doc("For how many days it has to stay below; 7 at first.")]
    reason: Annotated[Text, doc("Why.")]


def thresholds_stream(tenant: UUID) -> UUID:
    """Return the stream of a tenant's thresholds."""
    return uuid5(tenant, "exception thresholds")


def decide(
    state: ExceptionThresholds | None, command: SetExceptionThresholds, context: Context
) -> list[ExceptionThresholdsSet]:
    """Return the event that a command leads to; none when nothing changes.

    Raises:
        RoleNeeded: only managers and administrators set thresholds.
        Blank: the reason says nothing.
    """
    needs(context.actor, *MANAGERS)
    not_blank("reason", command.reason)
    held = state or DAY_ONE
    names = ("score_move", "decision_threshold", "walk_away_below", "walk_away_days")
    if all(getattr(command, name) == getattr(held, name) for name in names):
        return []
    return [
        ExceptionThresholdsSet(
            score_move=command.score_move,
            decision_threshold=command.decision_threshold,
            walk_away_below=command.walk_away_below,
            walk_away_days=command.walk_away_days,
            reason=command.reason,
        )
    ]


def evolve(
    state: ExceptionThresholds | None, recorded: Recorded[Event]
) -> ExceptionThresholds | None:
    """Return the thresholds after one more event of their stream."""
    event = recorded.event
    if not isinstance(event, ExceptionThresholdsSet):
        return state
    return ExceptionThresholds(
        score_move=event.score_move,
        decision_threshold=event.decision_threshold,
        walk_away_below=event.walk_away_below,
        walk_away_days=event.walk_away_days,
        version=recorded.version,
        position=recorded.position,
    )
