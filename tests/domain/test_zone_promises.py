"""What danger zones promise on any deal: no score moves, and no change in time is missed."""

from datetime import timedelta
from typing import NamedTuple

from hypothesis import given as for_any
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.rule_set import Rules
from opps.domain.danger_zones.zones import CHECKS, look, zones
from opps.domain.events import (
    BuyerResponded,
    DangerZoneSuppressed,
    Event,
    ForecastCategory,
    ForecastCategorySet,
    RuleSetting,
)
from opps.domain.opportunity.evolve import under
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.score import score
from tests.domain import deals
from tests.domain.build import CFO, CTO, JUNE_1, USER, often
from tests.domain.danger import CALLED, WROTE, deal, promised_for, proposed, told
from tests.domain.deals import one_of
from tests.domain.everything import EVERYTHING_NAMED
from tests.domain.given import MONDAY, at, given, lost, raised
from tests.domain.test_zones_of_maps import GATES, by_process, through

days = st.integers(0, 130)
instants = days.map(lambda number: MONDAY + timedelta(days=number, hours=number % 7))
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        told,
        deals.facts,
        by=one_of(None, CFO, CTO, USER),
        when=instants,
        source=one_of(CALLED, WROTE),
        name=st.uuids().map(str),
    ),
    st.builds(promised_for, deals.near_june, instants),
    st.builds(proposed, instants),
    st.builds(BuyerResponded, learned=instants.map(at), response=one_of("Asked", "Signed")),
    st.builds(
        DangerZoneSuppressed,
        learned=instants.map(at),
        zone=st.sampled_from(sorted(RULES)),
        until=deals.near_june,
        reason=st.just("Known"),
    ),
    st.builds(
        ForecastCategorySet, learned=instants.map(at), category=st.just(ForecastCategory.COMMIT)
    ),
    st.builds(raised, st.sampled_from(Facet)),
    st.builds(by_process, deals.near_june),
    st.builds(through, one_of(*GATES), instants),
)
rule_sets = st.builds(
    Rules,
    settings=st.dictionaries(
        st.sampled_from(sorted(RULES)),
        st.builds(RuleSetting, rule=st.just("DZ01"), enabled=st.booleans()),
    ),
    suppressed=st.dictionaries(st.sampled_from(sorted(RULES)), deals.near_june),
)


class Moment(NamedTuple):
    """Any deal, as the clock shows it on a day, and that many days later."""

    state: Opportunity
    later: int


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    happened = draw(st.lists(events, max_size=12))
    today = MONDAY.date() + timedelta(days=draw(days))
    state = deal(*happened, today=today, rules=draw(rule_sets))
    return Moment(state, draw(st.integers(1, 60)))


@often
@for_any(moments())
def test_no_zone_opens_or_closes_before_the_instant_that_was_foretold(moment: Moment) -> None:
    state = moment.state
    seen = look(state)
    assert state.clock is not None
    then = state.clock + timedelta(days=moment.later)
    if seen.next_change_at is not None:
        assert seen.next_change_at > state.clock
        then = min(then, seen.next_change_at - timedelta(microseconds=1))

    after = look(under(state, replace(state.setting, clock=then)))

    assert (after.zones, after.suppressed) == (seen.zones, seen.suppressed)


@often
@for_any(moments(), rule_sets)
def test_no_rule_ever_moves_a_score(moment: Moment, rules: Rules) -> None:
    state = moment.state
    other = under(state, replace(state.setting, rules=rules))

    assert score(known(other)) == score(known(state))


@often
@for_any(moments())
def test_every_zone_names_facts_that_are_there_and_open_questions(moment: Moment) -> None:
    state = moment.state

    for one in (*look(state).zones, *look(state).suppressed):
        assert set(one.facts) <= set(state.fact_keys)
        assert all(state.questions[question].open for question in one.questions)
        assert one.because


def test_what_has_ended_is_in_no_danger_zone() -> None:
    assert zones(given(*EVERYTHING_NAMED, lost).state) == ()


def test_every_rule_has_a_check_and_its_numbers_lie_within_their_limits() -> None:
    assert list(CHECKS) == list(RULES)
    for rule in RULES.values():
        assert all(one.low <= one.default <= one.high for one in rule.thresholds)


def test_a_rule_that_is_switched_off_says_nothing() -> None:
    off = Rules(settings={"DZ15": RuleSetting(rule="DZ15", enabled=False)})

    assert "DZ15" in {one.zone for one in zones(deal(promised_for(JUNE_1)))}
    assert "DZ15" not in {one.zone for one in zones(deal(promised_for(JUNE_1), rules=off))}
