"""A score as it should have been: each thing counts from when it was learned, late entries too."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.beliefs import Histories, Standing, View
from opps.domain.cause import Cause, cause, cause_in_time, together
from opps.domain.events import DayTurned, Event, OpportunityReopened
from opps.domain.knowledge import next_step_at
from opps.domain.opportunity.evolve import evolve, fold
from opps.domain.opportunity.placing import clock_at, models, placed, zone_in
from opps.domain.opportunity.state import Opportunity, known_at
from opps.domain.recorded import Recorded
from opps.domain.score import Score, score
from opps.domain.setting import setting_after, surround, turned_at
from opps.domain.telling.ticks import Moment
from opps.domain.times import midnight


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
    zone = zone_in(history)
    points: list[CurvePoint] = []
    standings: dict[str, Standing] = {}
    for at, until, happened, state in _instants(history, whole):
        # What stands under a key changes only where something about it counts from.
        touched = Histories({key: whole.histories[key] for key in _keys(happened, whole)})
        there = replace(state, histories=touched)
        looked_at = known_at(there, View(known_at=at), clock_at(at, zone))
        standings = {**standings, **looked_at.standings}
        looked_at = replace(looked_at, standings=standings)
        # What was learned while it was closed counts from here on, and did not open it again.
        causes = sorted(happened, key=lambda one: not isinstance(one.event, OpportunityReopened))
        because = together([cause(one, None, whole) for one in causes])
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
    every = placed(history, whole)
    grouped = [(at, [one for _, one in some]) for at, some in groupby(every, itemgetter(0))]
    ends = [*(at for at, _ in grouped[1:]), _end(history, every[-1][0])]
    state: Opportunity | None = None
    setting = setting_after(one for one in models(history) if one.recorded_at <= every[0][0])
    waiting: list[Recorded[Event]] = []
    for (at, happened), until in zip(grouped, ends, strict=True):
        was_open = state is None or state.open
        for one in happened:
            setting = surround(setting, one.event)
            state = evolve(state, one, setting)
            # It may be opened and closed again at one instant.
            was_open = was_open or (state is not None and state.open)
        assert state is not None, "the opening comes first"
        waiting += happened
        if was_open:
            yield Instant(at, until, waiting, state)
            waiting = []


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


def _day_from(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the first beginning of a day at an instant or after it."""
    begun = clock_at(instant, zone)
    if begun == instant:
        return begun
    return midnight(instant.astimezone(zone).date() + timedelta(days=1), zone)
