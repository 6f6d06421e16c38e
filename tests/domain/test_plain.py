"""What is worked out fast is what the plain definition says, whatever happened."""

from datetime import timedelta

from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.beliefs import NO_HISTORIES, Histories, History, View, stand
from opps.domain.events import Event
from opps.domain.opportunity.evolve import evolve, fold
from opps.domain.opportunity.lenses import AsKnown, InHindsight, through
from opps.domain.recorded import Recorded
from opps.domain.setting import DAY_ONE, surround
from opps.domain.times import Reading
from tests.domain import plain
from tests.domain.build import fact_id, note, often
from tests.domain.given import MONDAY, at, lost, opened, won
from tests.domain.histories import Record, earlier, records, views, write
from tests.domain.test_curves import happenings, on, tick, told
from tests.domain.test_lenses import again, as_learned_on

opening = replace(opened, learned=at(on(0)))
endings: st.SearchStrategy[Event] = st.sampled_from([won, lost, again(0)])


@st.composite
def stories(draw: st.DrawFn) -> list[Recorded[Event]]:
    """Return a deal with late entries, ends, new beginnings and ticks, in the order of the log."""
    happened = st.one_of(happenings, happenings, endings)
    story = draw(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9), happened), max_size=12))
    entries = [
        (day + lag + number / 100, as_learned_on(one, day + number // 2 / 50))
        for number, (day, lag, one) in enumerate(story)
    ]
    ticks = [tick(day) for day in range(1, 41, 3)]
    return told(*sorted([(0.0, opening), *ticks, *entries], key=lambda one: one[0]))


lenses = st.builds(
    AsKnown,
    st.integers(-1, 45).map(lambda day: on(day) + timedelta(minutes=1)),
    st.sampled_from(Reading),
)


@settings(max_examples=200, deadline=None)
@generated(records, views)
def test_what_stands_is_what_the_plain_definition_says(past: list[Record], view: View) -> None:
    assert stand(write(past), view) == plain.stand(write(past), view)


@often
@generated(stories(), lenses)
def test_what_was_known_is_what_telling_everything_again_in_order_shows(
    history: list[Recorded[Event]], lens: AsKnown
) -> None:
    assert through(lens, history) == plain.as_known(lens, history)


@often
@generated(stories(), lenses)
def test_who_has_folded_the_history_already_is_shown_the_same(
    history: list[Recorded[Event]], lens: AsKnown
) -> None:
    true = InHindsight(lens.at)

    assert through(lens, history, fold(history)) == through(lens, history)
    assert through(true, history, fold(history)) == through(true, history)


@often
@generated(stories())
def test_what_stands_is_the_same_whether_one_looked_at_every_step_or_never(
    history: list[Recorded[Event]],
) -> None:
    state, setting = None, DAY_ONE
    for recorded in history:
        setting = surround(setting, recorded.event)
        state = evolve(state, recorded, setting)
        assert state is not None
        expected = {key: stand(one) for key, one in state.histories.items()}
        assert list(state.standings.items()) == list(expected.items())

    never_looked = fold(history)
    assert never_looked is not None
    assert never_looked.standings == state.standings  # type: ignore[union-attr]  # it is opened


@often
@generated(st.lists(st.tuples(st.sampled_from("abc"), records), max_size=5), st.data())
def test_looking_in_between_changes_nothing_for_anybody(
    told: list[tuple[str, list[Record]]], data: st.DataObject
) -> None:
    kept: list[tuple[Histories, dict[str, History]]] = []
    histories = NO_HISTORIES
    for key, entries in told:
        histories = histories.revised(key, write(entries))
        kept.append((histories, dict(histories)))
        if data.draw(st.booleans()):
            assert histories.standings

    for then, plainly in kept:
        assert dict(then) == plainly
        assert then.standings == {key: stand(one) for key, one in plainly.items()}
    assert not NO_HISTORIES


@often
@generated(records, earlier, st.sampled_from(["retracted", "redated", "reconfirmed"]))
def test_a_note_goes_to_the_fact_it_is_about_and_to_no_other(
    past: list[Record], about: int, field: str
) -> None:
    history, said = write(past), note(MONDAY, 99)

    found = history.annotate(fact_id(about), field, said)

    assert found == plain.annotated(history, fact_id(about), field, said)
