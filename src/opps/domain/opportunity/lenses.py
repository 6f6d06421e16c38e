"""Looking back: what was known at an instant, and what was true at one as we now believe.

Each answers an opportunity that holds nothing else, so that everybody reads it as if it were now.
Source: docs/knowledge.md; what it leaves open is decided in ADR 0014.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.beliefs import FOREVER, Belief, Histories, History, View, visible
from opps.domain.events import (
    ContradictionResolved,
    Event,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
)
from opps.domain.opportunity.evolve import evolve, fold
from opps.domain.opportunity.placing import clock_at, models, placed, zone_in
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Recorded
from opps.domain.setting import Setting, setting_after, surround
from opps.domain.times import Reading, midnight, zone_of

OF_FACTS = (
    FactLearned,
    FactCorroborated,
    FactReconfirmed,
    FactRetracted,
    FactRedated,
    ContradictionResolved,
)


class ModelOf(StrEnum):
    """By which scoring model to work a score out anew.

    AS_THEN: the one in force at the instant asked about. CURRENT: the one in force where the log
    is read up to.
    """

    AS_THEN = "AS_THEN"
    CURRENT = "CURRENT"


class AsKnown(Struct, frozen=True):
    """What our side knew at an instant, as told by the end of the history."""

    at: datetime
    reading: Reading = Reading.CERTAIN
    model: ModelOf = ModelOf.AS_THEN


class InHindsight(Struct, frozen=True):
    """What was true at an instant, as believed at the end of the history."""

    at: datetime


Lens = AsKnown | InHindsight


def through(
    lens: Lens, history: Sequence[Recorded[Event]], whole: Opportunity | None = None
) -> Opportunity | None:
    """Return the opportunity as a lens shows it; None where it had not been opened by then.

    The history holds the ticks and activations of the tenant too, up to where it is told; `whole`
    is what it folds to, for whoever has that already.
    """
    whole = whole or fold(history)
    if whole is None:
        return None
    if isinstance(lens, AsKnown):
        return _as_known(lens, history, whole)
    current = AsKnown(lens.at, model=ModelOf.CURRENT)
    then = _as_known(current, history, whole)
    return None if then is None else _with(replace(then, frozen=None), _true(whole, lens.at))


def _as_known(
    lens: AsKnown, history: Sequence[Recorded[Event]], whole: Opportunity
) -> Opportunity | None:
    zone = zone_in(history)
    # What was said of facts is seen through the whole: only what was done is told again.
    done = [one for one in history if not isinstance(one.event, OF_FACTS)]
    every = placed(done, whole, lens.reading)
    begin = every[0][0]
    setting = setting_after(one for one in models(history) if one.recorded_at <= begin)
    state: Opportunity | None = None
    closing: tuple[datetime, Opportunity] | None = None
    for at, recorded in every:
        if at > lens.at:
            break
        setting = surround(setting, recorded.event)
        was_open = state is None or state.open
        state = evolve(state, recorded, setting)
        assert state is not None, "the opening comes first"
        if not state.open and (was_open or (closing and closing[0] == at)):
            closing = (at, state)
    if state is None:
        return None
    state = replace(state, version=whole.version, position=whole.position)
    shown = _at(state, whole, lens, lens.at, _of(lens, setting, whole), zone)
    if state.open or closing is None:
        return shown
    # Closing froze the score: what was learned since serves hindsight.
    closed_at, then = closing
    before = replace(then, frozen=None)
    frozen = known(_at(before, whole, lens, closed_at, _of(lens, then.setting, whole), zone))
    return replace(shown, frozen=frozen)


def _of(lens: AsKnown, setting: Setting, whole: Opportunity) -> Setting:
    return whole.setting if lens.model is ModelOf.CURRENT else setting


def _at(
    state: Opportunity,
    whole: Opportunity,
    lens: AsKnown,
    at: datetime,
    setting: Setting,
    zone: ZoneInfo,
) -> Opportunity:
    view = View(known_at=at, reading=lens.reading)
    there = replace(setting, clock=clock_at(at, zone))
    shown = {key: visible(one, view) for key, one in whole.histories.items()}
    told = (one.fact.introduces() for of in shown.values() for one in of.beliefs)
    things = state.things.union(one for one in told if one is not None)
    return _with(replace(state, setting=there, things=things), shown)


def _with(state: Opportunity, histories: Mapping[str, History]) -> Opportunity:
    """Return an opportunity with other histories, and what follows from them."""
    told = {key: one for key, one in histories.items() if one.beliefs}
    return replace(
        state,
        histories=Histories(told),
        fact_keys={one.fact_id: key for key, of in told.items() for one in of.beliefs},
    )


def _true(whole: Opportunity, at: datetime) -> dict[str, History]:
    """Return of each key the facts that held in the world at an instant, as now believed."""
    return {key: _held_true(one, at) for key, one in whole.histories.items()}


def _held_true(history: History, at: datetime) -> History:
    believed = [one for one in history.beliefs if not one.retracted]
    by_id = {one.fact_id: one for one in believed}
    corrected = {one.supersedes for one in believed if one.corrects}
    true = [
        one
        for one in believed
        if one.fact_id not in corrected and _since(one, by_id) <= at < _until(one)
    ]
    return replace(history, beliefs=tuple(true))


def _since(belief: Belief, by_id: Mapping[UUID, Belief]) -> datetime:
    """Return since when a fact holds in the world, as far as it was said.

    Without a word about it: since we learned it, or since what it corrects was taken to hold.
    """
    since, before = _said_since(belief), belief
    met: set[UUID] = set()
    while before.true_from is None and before.corrects and before.fact_id not in met:
        met.add(before.fact_id)
        corrected = by_id.get(before.supersedes) if before.supersedes else None
        if corrected is None:
            break
        before = corrected
        since = min(since, _said_since(before))
    return since


def _said_since(belief: Belief) -> datetime:
    if belief.true_from is None:
        learned = belief.redated[-1].learned if belief.redated else belief.learned
        return learned.effective(belief.recorded_at)
    try:
        return midnight(belief.true_from, zone_of(belief.learned.zone))
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _until(belief: Belief) -> datetime:
    """Return from when on a fact holds no more; its last day is a whole one."""
    if belief.true_until is None:
        return FOREVER
    try:
        return midnight(belief.true_until + timedelta(days=1), zone_of(belief.learned.zone))
    except OverflowError:
        return FOREVER
