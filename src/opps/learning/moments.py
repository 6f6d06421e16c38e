"""What a closed opportunity teaches: what was known of it at fixed moments, and how it ended.

Nothing that was recorded after a moment is seen at it, whenever it is said to have been learned.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import (
    Event,
    LossKind,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityWon,
)
from opps.domain.knowledge import Known
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.state import Opportunity, Status, known
from opps.domain.recorded import Recorded
from opps.domain.setting import Setting
from opps.domain.times import Precision, Reading

DAYS_BEFORE = (90, 60, 30, 14)
MID_LIFE = "MID_LIFE"
AT_THE_END = "AT_THE_END"

CLOSES = (
    OpportunityWon,
    OpportunityLost,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunitiesMerged,
)
_ENDED = {Status.WON: True, Status.LOST: False, Status.NO_DECISION: False}


class TrainingRow(Struct, frozen=True, kw_only=True):
    """What was known of a closed opportunity at one moment, and how it ended.

    `decided` is None where nobody says whether the customer decided at all. The weights of the
    rows of one opportunity add up to 1. The model of `known` is that of day one, and means
    nothing here. Without `closed_at` nobody knows when it ended.
    """

    known: Known
    won: bool
    decided: bool | None
    opportunity_id: UUID
    weight: float = 1.0
    closed_at: datetime | None = None
    moment: str = ""


class Silent(StrEnum):
    """Why an opportunity teaches nothing."""

    OPEN = "OPEN"
    DISQUALIFIED = "DISQUALIFIED"
    MERGED = "MERGED"
    WITHDRAWN = "WITHDRAWN"
    KNOWN_ONLY_AFTERWARDS = "KNOWN_ONLY_AFTERWARDS"


def rows(history: Iterable[Recorded[Event]]) -> list[TrainingRow]:
    """Return what the history of one opportunity teaches, oldest moment first; or nothing."""
    taught = lesson(history)
    return [] if isinstance(taught, Silent) else taught


def lesson(history: Iterable[Recorded[Event]]) -> list[TrainingRow] | Silent:
    """Return what the history of one opportunity teaches, or why it teaches nothing.

    An opportunity that was reopened counts by its last close, and a corrected outcome as it was
    corrected. Where nobody says when it was opened or closed, there is one moment: just before the
    close.
    """
    own = [one for one in history if isinstance(one.event, OpportunityEvent)]
    ended = fold(own)
    if ended is None or ended.open:
        return Silent.OPEN
    if ended.status not in _ENDED:
        return Silent(ended.status.value)
    closing = next(one for one in reversed(own) if isinstance(one.event, CLOSES))
    before = [one for one in own if one.position < closing.position]
    untimed = _nobody_says_when(before[0]) or _nobody_says_when(closing)
    seen = list(_untimed(before) if untimed else _timed(before, closing))
    return [
        TrainingRow(
            known=one,
            won=ended.status is Status.WON,
            decided=_decided(ended),
            opportunity_id=ended.opportunity_id,
            weight=1 / len(seen),
            closed_at=None if _nobody_says_when(closing) else ended.closed_at,
            moment=moment,
        )
        for moment, one in seen
    ] or Silent.KNOWN_ONLY_AFTERWARDS


def as_it_ended(ended: Opportunity) -> TrainingRow | None:
    """Return what was known when an opportunity ended; None for one that teaches nothing.

    For a table that says what was known in the end, and not when.
    """
    if ended.status not in _ENDED:
        return None
    return TrainingRow(
        known=known(ended),
        won=ended.status is Status.WON,
        decided=_decided(ended),
        opportunity_id=ended.opportunity_id,
        moment=AT_THE_END,
    )


def recorded_by(one: Recorded[Event]) -> datetime:
    """Return when an event had been recorded, here or in the system it was imported from."""
    return one.metadata.source_recorded_at or one.recorded_at


def _untimed(before: Sequence[Recorded[Event]]) -> Iterator[tuple[str, Known]]:
    state = fold(before)
    if state is not None and state.open:
        yield AT_THE_END, known(state)


def _timed(
    before: Sequence[Recorded[Event]], closing: Recorded[Event]
) -> Iterator[tuple[str, Known]]:
    """Yield what was known at each moment at which the opportunity was open."""
    opened_at = next(recorded_by(one) for one in before if isinstance(one.event, OpportunityOpened))
    decided_at = _earliest(closing)
    life = decided_at - opened_at
    if life <= timedelta():
        return
    left = {f"{days}_DAYS_BEFORE": timedelta(days=days) for days in DAYS_BEFORE}
    left[MID_LIFE] = life / 2
    for name, ahead in sorted(left.items(), key=lambda one: one[1], reverse=True):
        if ahead <= life and (seen := _known_at(before, decided_at - ahead)) is not None:
            yield name, seen


def _known_at(before: Sequence[Recorded[Event]], moment: datetime) -> Known | None:
    """Return what was known when only what follows had been recorded; None where it was closed."""
    then = [_as_then(one) for one in before if recorded_by(one) <= moment]
    state = _fold_by(moment, then)
    return known(state) if state is not None and state.open else None


def _fold_by(moment: datetime, history: Sequence[Recorded[Event]]) -> Opportunity | None:
    state = fold(history)
    return None if state is None else replace(state, setting=Setting(clock=moment))


def _as_then(one: Recorded[Event]) -> Recorded[Event]:
    """Return an imported event as the system that it comes from recorded it."""
    return replace(one, recorded_at=recorded_by(one))


def _earliest(closing: Recorded[Event]) -> datetime:
    """Return the first instant at which the decision can have been taken, as far as it is told."""
    assert isinstance(closing.event, OpportunityEvent)
    return closing.event.learned.read(Reading.POSSIBLE, recorded_by(closing))


def _nobody_says_when(one: Recorded[Event]) -> bool:
    assert isinstance(one.event, OpportunityEvent)
    return (
        one.event.learned.precision is Precision.UNKNOWN and one.metadata.source_recorded_at is None
    )


def _decided(ended: Opportunity) -> bool | None:
    if ended.status is Status.LOST:
        return True if ended.loss_kind is LossKind.RIVAL else None
    return ended.status is Status.WON
