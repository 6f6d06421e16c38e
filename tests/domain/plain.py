"""What the domain works out fast, once more in the plainest way: slow, and easy to believe."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from opps.domain.beliefs import (
    NOTHING,
    NOW,
    Belief,
    Histories,
    History,
    Note,
    Standing,
    Verdict,
    View,
)
from opps.domain.events import Event
from opps.domain.knowledge import Known
from opps.domain.opportunity.evolve import evolve, fold
from opps.domain.opportunity.lenses import AsKnown
from opps.domain.opportunity.placing import clock_at, models, placed, zone_in
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Recorded
from opps.domain.setting import Setting, setting_after, surround


def stand(history: History, view: View = NOW) -> Standing:
    """Return what stands, each condition looked at for each fact, two facts or one."""
    believed = [one for one in history.beliefs if one.reached(view) and not one.withdrawn(view)]
    superseded = {one.supersedes for one in believed}
    held = [one for one in believed if one.fact_id not in superseded and not one.passed_on(view)]
    if not held:
        return NOTHING
    rejected: set[UUID] = set()
    for resolution in history.resolutions:
        if resolution.note.held(view) and any(one.fact_id == resolution.chosen for one in held):
            rejected = (rejected | set(resolution.rejected)) - {resolution.chosen}
    said_last = [one for one in held if one == max(_of(one.person, held), key=_rank(view))]
    chosen = [one for one in said_last if one.fact_id not in rejected] or said_last
    newest_first = sorted(chosen, key=_rank(view), reverse=True)
    contested = any(
        one.fact.contradicts(other.fact) for one in newest_first for other in newest_first
    )
    verdict = Verdict.CONTRADICTED if contested else Verdict.STANDS
    return Standing(verdict, tuple(newest_first))


def _of(person: UUID | None, beliefs: Sequence[Belief]) -> list[Belief]:
    return [one for one in beliefs if one.person == person]


def _rank(view: View) -> Callable[[Belief], tuple[datetime, int]]:
    return lambda one: one.rank(view)


def annotated(history: History, fact_id: object, field: str, note: Note) -> History:
    """Return a history in which each fact was looked at, and one got a note."""
    return replace(
        history,
        beliefs=tuple(
            replace(one, **{field: (*getattr(one, field), note)}) if one.fact_id == fact_id else one
            for one in history.beliefs
        ),
    )


def as_known(lens: AsKnown, history: Sequence[Recorded[Event]]) -> Opportunity | None:
    """Return what was known: every event by then is told again, in the order it was learned in."""
    whole = fold(history)
    assert whole is not None
    every = placed(history, whole, lens.reading)
    before = [one for one in models(history) if one.recorded_at <= every[0][0]]
    setting, state = setting_after(before), None
    closing: tuple[datetime, Opportunity] | None = None
    for at, recorded in every:
        if at > lens.at:
            break
        setting = surround(setting, recorded.event)
        was_open = state is None or state.open
        state = evolve(state, recorded, setting)
        assert state is not None
        if not state.open and (was_open or (closing and closing[0] == at)):
            closing = (at, state)
    if state is None:
        return None
    state = replace(state, version=whole.version, position=whole.position)
    shown = _seen(state, whole, lens, lens.at, setting, history)
    if state.open or closing is None:
        return shown
    at, then = closing
    return replace(shown, frozen=_frozen(then, whole, lens, at, history))


def _frozen(
    then: Opportunity,
    whole: Opportunity,
    lens: AsKnown,
    at: datetime,
    history: Sequence[Recorded[Event]],
) -> Known:
    return known(_seen(replace(then, frozen=None), whole, lens, at, then.setting, history))


def _seen(
    state: Opportunity,
    whole: Opportunity,
    lens: AsKnown,
    at: datetime,
    setting: Setting,
    history: Sequence[Recorded[Event]],
) -> Opportunity:
    """Return the state with what each key's whole history says in the view, and only that."""
    view = View(known_at=at, reading=lens.reading)
    seen = {key: _visible(one, view) for key, one in whole.histories.items()}
    told = {key: one for key, one in seen.items() if one.beliefs}
    return replace(
        state,
        setting=replace(setting, clock=clock_at(at, zone_in(history))),
        histories=Histories(told),
        fact_keys={belief.fact_id: key for key, one in told.items() for belief in one.beliefs},
    )


def _visible(history: History, view: View) -> History:
    """Return a history with every note that the view does not see taken out of every fact."""
    fields = ("retracted", "reconfirmed", "corroborated")
    return History(
        beliefs=tuple(
            replace(
                one,
                redated=tuple(note for note in one.redated if note.position <= view.position),
                **{
                    field: tuple(note for note in getattr(one, field) if note.held(view))
                    for field in fields
                },
            )
            for one in history.beliefs
            if one.reached(view)
        ),
        resolutions=tuple(one for one in history.resolutions if one.note.held(view)),
    )
