"""What holds of every account map, whatever happened to it."""

from datetime import timedelta
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from opps.domain.account_map.evidence import next_gate
from opps.domain.account_map.outcome import drift
from opps.domain.account_map.x_of_y import x_of_y
from opps.domain.events import AnyMapEvent, Event, WantReclassified
from opps.domain.facet_state import FacetState, MinimumState
from opps.domain.opportunity.commands import PassGate
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.lenses import AsKnown, through
from opps.domain.opportunity.state import known
from opps.domain.score import score
from tests.domain.test_properties import decided, histories, opened, recorded
from tests.examples.account_map import MAP_EVENTS
from tests.examples.events import OPENED
from tests.examples.facts import MARCH_1, STREAM

sometimes = settings(max_examples=60, deadline=None)
# A want that no longer stands takes its facet along: the need beside it fills another one.
OF_THE_MAP = tuple(one for one in MAP_EVENTS if not isinstance(one, WantReclassified))


@sometimes
@given(histories(), histories(of=MAP_EVENTS))
def test_nothing_on_the_map_moves_the_probability(
    history: list[Event], on_the_map: list[Event]
) -> None:
    before = opened(history)
    after = opened(history, *on_the_map)

    assert score(known(after)).p == score(known(before)).p


@sometimes
@given(histories(), histories(of=OF_THE_MAP))
def test_nothing_on_the_map_but_a_want_widens_or_narrows_it(
    history: list[Event], on_the_map: list[Event]
) -> None:
    before = opened(history)
    after = opened(history, *on_the_map)

    assert score(known(after)) == score(known(before))


@sometimes
@given(histories(of=(*MAP_EVENTS, OPENED)), st.integers(0, 200))
def test_the_map_has_a_state_through_every_lens(history: list[Event], day: int) -> None:
    events = recorded([OPENED, *history])
    seen = through(AsKnown(MARCH_1 + timedelta(days=day)), events)

    for state in (fold(events), seen):
        if state is not None:
            drift(state.map.outcome)
            x_of_y(state)


@sometimes
@given(histories(of=MAP_EVENTS))
def test_gates_are_passed_in_their_order_or_not_by_a_command(history: list[Event]) -> None:
    state = opened(history)
    following = next_gate(state.map.gates)
    events = decided(state, PassGate(opportunity_id=STREAM, gate="G1"))

    if events:
        assert following is not None
        assert following.gate == "G1"
    if following is None:
        assert not events


@given(st.sampled_from(list(FacetState)), st.sampled_from(list(MinimumState)))
def test_what_meets_a_minimum_meets_every_lower_one(
    state: FacetState, minimum: MinimumState
) -> None:
    lower = [one for one in MinimumState if one.met_by(FacetState(minimum.value))]

    assert not minimum.met_by(state) or all(one.met_by(state) for one in lower)


def test_every_event_of_the_map_is_among_the_examples() -> None:
    assert {type(one) for one in MAP_EVENTS} == set(get_args(AnyMapEvent))
