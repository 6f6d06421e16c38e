"""A score as it should have been: each thing counts from when it was learned, late entries too."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.beliefs import NOW, Standing, View
from opps.domain.cause import Cause, cause, cause_in_time, together
from opps.domain.events import (
    DayTurned,
    Event,
    FactLearned,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
    OutcomeCorrected,
    ScoringModelActivated,
)
from opps.domain.knowledge import next_step_at
from opps.domain.opportunity.evolve import evolve, fold
from opps.domain.opportunity.state import Opportunity, known_at
from opps.domain.recorded import Recorded
from opps.domain.score import Score, score
from opps.domain.setting import setting_after, surround, turned_at
from opps.domain.telling.ticks import Moment
from opps.domain.times import midnight, zone_of

UTC_ZONE = ZoneInfo("UTC")
ENDS_OR_BEGINS = (
    OpportunityWon,
    OpportunityLost,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunitiesMerged,
    OpportunityReopened,
    OutcomeCorrected,
)


class CurvePoint(Struct, frozen=True, kw_only=True):
    """A score from an instant on, and why; `recorded` are the events that count from here on.

    It has none where time alone moved the score.
    """

    at: datetime
    score: Score
    cause: Cause
    recorded: tuple[Recorded[Event], ...] = ()


def as_learned(history: Sequence[Recorded[Event]]) -> list[CurvePoint]:
    """Return the scores of an opportunity by learned time, wherever they differ from the last.

    What was recorded late counts from when it was learned, what was taken back until that was
    learned. The model is the one in force at each instant. The clock is the calendar's: days begin
    in the zone of the ticks. The history holds the ticks and activations of the tenant too.
    """
    whole = fold(history)
    if whole is None:
        return []
    zone = _zone(history)
    points: list[CurvePoint] = []
    standings: dict[str, Standing] = {}
    for at, until, happened, state in _instants(history, whole):
        # What stands under a key changes only where something about it counts from.
        touched = {key: whole.histories[key] for key in _keys(happened, whole)}
        there = replace(state, histories=touched)
        looked_at = known_at(there, View(known_at=at), _clock(at, zone))
        standings = {**standings, **looked_at.standings}
        looked_at = replace(looked_at, standings=standings)
        because = together([cause(one, None, whole) for one in happened])
        now = CurvePoint(at=at, score=score(looked_at), cause=because, recorded=tuple(happened))
        _add(points, now)
        if state.open:
            then = Moment(looked_at, now.score)
            for later in _by_time_alone(then, at, until, zone, whole):
                _add(points, later)
    return points


def _add(points: list[CurvePoint], point: CurvePoint) -> None:
    if not points or points[-1].score != point.score:
        points.append(point)


def _keys(happened: Iterable[Recorded[Event]], whole: Opportunity) -> set[str]:
    """Return the keys that some events are about."""
    ids = (getattr(one.event, "fact_id", getattr(one.event, "chosen", None)) for one in happened)
    keys = (whole.fact_keys.get(one) for one in ids if one is not None)
    return {key for key in keys if key is not None}


class Instant(NamedTuple):
    """What counts from an instant on, until the next one, and what the opportunity is then."""

    at: datetime
    until: datetime
    happened: list[Recorded[Event]]
    state: Opportunity


def _instants(history: Sequence[Recorded[Event]], whole: Opportunity) -> Iterator[Instant]:
    """Yield the instants while the opportunity is open, in order, the one of its end too.

    What was learned while it was closed counts from the instant at which it is opened again.
    """
    placed = _placed(history, whole)
    grouped = [(at, [one for _, one in some]) for at, some in groupby(placed, itemgetter(0))]
    ends = [*(at for at, _ in grouped[1:]), _end(history, placed[-1][0])]
    state: Opportunity | None = None
    setting = setting_after(one for one in _models(history) if one.recorded_at <= placed[0][0])
    waiting: list[Recorded[Event]] = []
    for (at, happened), until in zip(grouped, ends, strict=True):
        was_open = state is None or state.open
        for one in happened:
            setting = surround(setting, one.event)
            state = evolve(state, one, setting)
        assert state is not None, "the opening comes first"
        waiting += happened
        if was_open or state.open:
            yield Instant(at, until, waiting, state)
            waiting = []


def _placed(
    history: Sequence[Recorded[Event]], whole: Opportunity
) -> list[tuple[datetime, Recorded[Event]]]:
    """Return each event with the instant from which it counts: nothing before the opening."""
    own = [one for one in history if one.stream == whole.opportunity_id]
    [opening, *later] = sorted(own, key=lambda one: not isinstance(one.event, OpportunityOpened))
    begin = _learned_at(opening, whole)
    placed: list[tuple[datetime, Recorded[Event]]] = []
    next_at: dict[object, datetime] = {}
    for one in reversed(later):
        at = max(begin, _learned_at(one, whole))
        if (thread := _thread(one.event)) is not None:
            at = next_at[thread] = min(at, next_at.get(thread, at))
        placed.append((at, one))
    placed.reverse()
    placed += [(one.recorded_at, one) for one in _models(history) if one.recorded_at > begin]
    return [(begin, opening), *sorted(placed, key=itemgetter(0))]


def _thread(event: Event) -> object:
    """Return what an event goes on with: there, what came first in the log also counts first.

    A question put to the buyer before it was written down had been there by then.
    """
    if isinstance(event, ENDS_OR_BEGINS):
        return ENDS_OR_BEGINS
    return getattr(event, "question_id", None)


def _models(history: Iterable[Recorded[Event]]) -> list[Recorded[Event]]:
    return [one for one in history if isinstance(one.event, ScoringModelActivated)]


def _learned_at(recorded: Recorded[Event], whole: Opportunity) -> datetime:
    event = recorded.event
    assert isinstance(event, OpportunityEvent)
    belief = whole.belief(event.fact_id) if isinstance(event, FactLearned) else None
    if belief is not None:
        return belief.learned_for(NOW).effective(recorded.recorded_at)
    return event.learned.effective(recorded.recorded_at)


def _end(history: Iterable[Recorded[Event]], last: datetime) -> datetime:
    """Return up to when time alone may move the score: the last tick, or what was learned last."""
    ticks = (turned_at(one.event) for one in history if isinstance(one.event, DayTurned))
    return max(last, *ticks, last) + timedelta(microseconds=1)


def _by_time_alone(
    then: Moment, at: datetime, until: datetime, zone: ZoneInfo, whole: Opportunity
) -> Iterator[CurvePoint]:
    """Yield the scores at each beginning of a day that changes what is known, before an instant."""
    while (turn := next_step_at(then.known)) is not None:
        begun = _day_from(max(turn, at), zone)
        if begun >= until:
            return
        looked_at = replace(then.known, clock=begun)
        later = Moment(looked_at, score(looked_at))
        because = cause_in_time(begun.astimezone(zone).date(), then, later, whole)
        yield CurvePoint(at=begun, score=later.score, cause=because)
        then = later


def _clock(at: datetime, zone: ZoneInfo) -> datetime:
    return midnight(at.astimezone(zone).date(), zone)


def _day_from(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the first beginning of a day at an instant or after it."""
    begun = _clock(instant, zone)
    if begun == instant:
        return begun
    return midnight(instant.astimezone(zone).date() + timedelta(days=1), zone)


def _zone(history: Iterable[Recorded[Event]]) -> ZoneInfo:
    """Return the zone in which the tenant's days begin, by its last tick."""
    zones = [one.event.zone for one in history if isinstance(one.event, DayTurned)]
    return zone_of(zones[-1]) if zones else UTC_ZONE
