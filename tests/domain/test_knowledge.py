"""What state a facet and an objective are in."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from opps.domain.beliefs import History, Resolution, stand
from opps.domain.catalogue import FACETS, Facet, Objective
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.knowledge import (
    FacetState,
    Known,
    facet_state,
    facet_states,
    objective_states,
)
from opps.domain.provenance import SourceKind
from tests.domain.build import (
    CFO,
    CTO,
    MONDAY,
    US,
    WEDNESDAY,
    a_step,
    agreed_by,
    belief,
    budget,
    euros,
    fact_id,
    funded,
    known,
    leans,
    left,
    note,
)

MONEY = Facet.FUNDING_STATUS


def test_a_facet_nobody_touched_is_an_unknown_unknown() -> None:
    assert set(facet_states(known()).values()) == {FacetState.UNEXAMINED}


def test_a_facet_with_a_question_is_a_known_unknown() -> None:
    assert facet_state(known(questions=[MONEY]), MONEY) is FacetState.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("source", "state"),
    [
        (SourceKind.SELLER_OBSERVATION, FacetState.CLAIMED),
        (SourceKind.THIRD_PARTY, FacetState.CLAIMED),
        (SourceKind.PUBLIC_DOCUMENT, FacetState.EVIDENCED),
        (SourceKind.BUYER_IN_WRITING, FacetState.EVIDENCED),
    ],
)
def test_a_facet_is_claimed_or_evidenced_by_how_far_it_is_believed(
    source: SourceKind, state: FacetState
) -> None:
    assert facet_state(known(belief(funded(), source=source)), MONEY) is state


def test_a_facet_is_corroborated_by_two_sources_that_together_reach_80_percent() -> None:
    observed, third = SourceKind.SELLER_OBSERVATION, SourceKind.THIRD_PARTY
    inside = belief(funded(), source=SourceKind.INSIDE_PERSON)
    seconded = replace(inside, corroborated=(agreed_by(CTO, third),))
    weakly = replace(belief(funded(), source=observed), corroborated=(agreed_by(CTO, third),))

    assert facet_state(known(seconded), MONEY) is FacetState.CORROBORATED
    assert facet_state(known(weakly), MONEY) is FacetState.EVIDENCED


def test_an_answered_facet_stays_known_while_more_is_asked_about_it() -> None:
    assert facet_state(known(funded(), questions=[MONEY]), MONEY) is FacetState.EVIDENCED


def test_a_facet_is_stale_when_its_best_fact_is() -> None:
    spring, stale = date(2026, 4, 1), MONDAY + timedelta(days=30)
    old = belief(a_step(planned_on=spring), position=1)
    new = belief(a_step(US, planned_on=spring), learned=stale, position=2)

    assert facet_state(known(old, clock=stale), Facet.STEPS) is FacetState.STALE
    assert facet_state(known(old, new, clock=stale), Facet.STEPS) is FacetState.EVIDENCED


def test_the_leaning_of_somebody_who_left_leaves_the_facet_stale() -> None:
    leaning = leans(CFO, LeaningLevel.SUPPORTER)

    assert facet_state(known(leaning, left(CFO)), Facet.LEANING) is FacetState.STALE


def test_a_contradicted_facet_says_so_until_the_team_chooses() -> None:
    disputed = History((belief(budget(100), by=CFO), belief(budget(60), by=CTO, position=2)))
    chosen = disputed.resolve(
        Resolution(note(WEDNESDAY, 3), chosen=fact_id(1), rejected=(fact_id(2),))
    )

    def state(history: History) -> FacetState:
        looked_at = replace(known(), standings={"funding": stand(history)})
        return facet_state(looked_at, MONEY)

    assert state(disputed) is FacetState.CONTRADICTED
    assert state(chosen) is FacetState.EVIDENCED


def test_a_facet_that_does_not_apply_stays_so_whatever_else_is_known() -> None:
    disputed = known(
        belief(budget(100), by=CFO, position=1),
        belief(budget(60), by=CTO, position=2),
        not_applicable=[MONEY],
    )

    assert facet_state(disputed, MONEY) is FacetState.NOT_APPLICABLE


# What state an objective is in.


def funding(looked_at: Known) -> tuple[FacetState, float]:
    state = next(one for one in objective_states(looked_at) if one.objective is Objective.FUNDING)
    return state.state, state.coverage


def test_the_nine_objectives_come_in_their_order_with_all_their_facets() -> None:
    states = objective_states(known())

    assert [one.objective for one in states] == list(Objective)
    assert [tuple(facet for facet, _ in one.facets) for one in states] == [
        FACETS[objective] for objective in Objective
    ]


def test_an_objective_is_as_well_known_as_its_worst_required_facet() -> None:
    full = funded(amount=euros(80), authority_id=CFO)

    assert funding(known()) == (FacetState.UNEXAMINED, 0.0)
    assert funding(known(full)) == (FacetState.EVIDENCED, 1.0)
    assert funding(known(budget(80))) == (FacetState.UNEXAMINED, 2 / 3)


def test_a_question_about_the_last_gap_makes_the_objective_acknowledged() -> None:
    asked = known(budget(80), questions=[Facet.FUNDING_AUTHORITY])

    assert funding(asked) == (FacetState.ACKNOWLEDGED, 2 / 3)


def test_a_facet_that_does_not_apply_is_neither_a_gap_nor_coverage() -> None:
    apart = known(budget(80), not_applicable=[Facet.FUNDING_AUTHORITY])

    assert funding(apart) == (FacetState.EVIDENCED, 1.0)


def test_an_objective_that_does_not_apply_at_all_is_covered() -> None:
    nothing = known(not_applicable=FACETS[Objective.FUNDING])

    assert funding(nothing) == (FacetState.NOT_APPLICABLE, 1.0)


def test_an_optional_facet_never_holds_an_objective_back() -> None:
    full = known(funded(amount=euros(80), authority_id=CFO))

    assert facet_state(full, Facet.PRICE_EXPECTATION) is FacetState.UNEXAMINED
    assert funding(full) == (FacetState.EVIDENCED, 1.0)
