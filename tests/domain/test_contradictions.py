"""Contradictions and tensions: what cannot all hold, and what does not fit together."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from opps.domain.contradictions import contradictions, settled
from opps.domain.events import (
    AmountEstimated,
    ContradictionResolved,
    Event,
    FactRetracted,
    RetractionReason,
)
from opps.domain.facts import AnyFact
from opps.domain.facts.decision import AlternativeStatus, StepStatus
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.money import Money
from opps.domain.opportunity.state import known
from opps.domain.score import score
from opps.domain.tensions import TensionRule, tensions
from tests.domain.build import (
    DO_NOTHING,
    JUNE_1,
    RIVAL,
    SPEED,
    US,
    a_step,
    an_alternative,
    an_event,
    an_impact,
    decides_on,
    leans,
    left,
    prefers,
    rated,
)
from tests.domain.given import (
    CFO,
    CTO,
    DEAL,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    cto_known,
    euros,
    given,
    learned,
    named,
    opened,
    said_by,
)

both = (opened, cfo_known, cto_known)
champion = learned(leans(CFO, LeaningLevel.CHAMPION), "one", on=TUESDAY, source=said_by(CFO))
sceptic = learned(leans(CFO, LeaningLevel.SCEPTIC), "other", on=WEDNESDAY, source=said_by(CTO))
chosen = ContradictionResolved(
    learned=at(THURSDAY),
    chosen=named("one"),
    rejected=(named("other"),),
    rationale="The CTO had not spoken with him for a year",
)


def test_two_of_the_buyer_who_cannot_both_be_right_are_listed_with_both_and_since_when() -> None:
    [found] = contradictions(given(*both, champion, sceptic).state)

    assert found.key == f"leaning:{CFO}"
    assert [one.provenance.told_by for one in found.beliefs] == [CFO, CTO]
    assert found.since == WEDNESDAY
    assert found.resolution is None


def test_a_contradiction_begins_when_the_second_word_was_learned_not_when_it_was_told_us() -> None:
    late = replace(champion, learned=at(MONDAY))
    [found] = contradictions(given(*both, sceptic, late).state)

    assert found.since == WEDNESDAY


def test_what_agrees_or_is_one_step_apart_is_no_contradiction() -> None:
    supporter = learned(leans(CFO, LeaningLevel.SUPPORTER), "other", source=said_by(CTO))

    assert contradictions(given(*both, champion, supporter).state) == ()


def test_a_choice_of_the_team_settles_it_and_stays_visible() -> None:
    state = given(*both, champion, sceptic, chosen).state

    [found] = settled(state)
    assert contradictions(state) == ()
    assert found.resolution is not None
    assert found.resolution.chosen == named("one")
    assert found.resolution.rationale == "The CTO had not spoken with him for a year"
    assert [one.fact_id for one in found.beliefs] == [named("one"), named("other")]


def test_a_choice_falls_with_the_fact_that_was_chosen() -> None:
    retracted = FactRetracted(
        learned=at(FRIDAY), fact_id=named("one"), reason=RetractionReason.MISHEARD
    )

    assert settled(given(*both, champion, sceptic, chosen, retracted).state) == ()


def test_a_new_word_against_what_was_chosen_opens_it_again() -> None:
    again = learned(leans(CFO, LeaningLevel.OPPONENT), "third", on=FRIDAY, source=said_by(CTO))
    state = given(*both, champion, sceptic, chosen, again).state

    assert [one.key for one in contradictions(state)] == [f"leaning:{CFO}"]
    assert settled(state) == ()


def priced(amount: int) -> AmountEstimated:
    return AmountEstimated(learned=at(MONDAY), amount=euros(amount))


def found(*told: AnyFact, price: int | None = None) -> list[TensionRule]:
    """Return the tensions between facts that the CFO states on Tuesday."""
    facts = (learned(fact, str(number), source=said_by(CFO)) for number, fact in enumerate(told))
    before: tuple[Event, ...] = both if price is None else (*both, priced(price))
    return [one.rule for one in tensions(given(*before, *facts).state)]


def rating(ours: int, theirs: int, of: UUID = US, other: UUID = US) -> list[TensionRule]:
    return found(rated(of, ours), rated(other, theirs, viewer=CFO))


def test_our_own_rating_may_lie_one_step_above_the_evaluators_not_two() -> None:
    assert rating(1, 0) == []
    assert rating(1, -1) == [TensionRule.RATED_TOO_WELL]
    assert rating(-1, 1) == [], "they see us better than we do"


def test_ratings_of_others_or_by_others_criteria_are_not_compared() -> None:
    assert rating(2, -2, of=RIVAL, other=RIVAL) == []
    assert found(rated(US, 2), rated(US, -2, which=SPEED, viewer=CFO)) == []


@pytest.mark.parametrize(("days", "expected"), [(0, []), (1, [TensionRule.DECIDED_TOO_LATE])])
def test_a_decision_after_the_day_it_is_needed_for_is_too_late(
    days: int, expected: list[TensionRule]
) -> None:
    assert found(decides_on(JUNE_1 + timedelta(days=days)), an_event(JUNE_1)) == expected


@pytest.mark.parametrize(("amount", "expected"), [(80, []), (79, [TensionRule.FUNDED_TOO_LITTLE])])
def test_eight_tenths_of_the_price_can_be_talked_about_less_cannot(
    amount: int, expected: list[TensionRule]
) -> None:
    assert found(budget(amount), price=100) == expected
    assert found(budget(amount)) == [], "without a price there is nothing to compare"


@pytest.mark.parametrize(
    ("days", "expected"), [(0, []), (1, [TensionRule.DECIDED_BEFORE_THE_LAST_STEP])]
)
def test_a_step_planned_after_the_decision_does_not_fit(
    days: int, expected: list[TensionRule]
) -> None:
    step = a_step(planned_on=JUNE_1 + timedelta(days=days))

    assert found(decides_on(JUNE_1), step) == expected
    assert found(decides_on(JUNE_1), replace(step, status=StepStatus.DROPPED)) == []
    assert found(decides_on(JUNE_1), replace(step, planned_on=None)) == []


@pytest.mark.parametrize(("worth", "expected"), [(101, []), (100, [TensionRule.WORTH_TOO_LITTLE])])
def test_what_is_worth_no_more_than_it_costs_does_not_fit(
    worth: int, expected: list[TensionRule]
) -> None:
    impact = an_impact(value_per_year=euros(worth))

    assert found(impact, price=100) == expected
    assert found(replace(impact, rejected=True), price=100) == []
    dollars = Money(Decimal(1), "USD")
    assert found(replace(impact, value_per_year=dollars), price=100) == []


def test_somebody_who_favours_what_is_out_does_not_fit_unless_they_have_left() -> None:
    out = an_alternative(RIVAL, status=AlternativeStatus.ELIMINATED)

    assert found(out, prefers(CFO, RIVAL)) == [TensionRule.PREFERRED_THOUGH_ELIMINATED]
    assert found(out, prefers(CFO, DO_NOTHING)) == []
    assert found(out, prefers(CFO, RIVAL), left(CFO)) == []


def test_a_tension_names_its_facts_and_leaves_the_score_alone() -> None:
    decision = learned(decides_on(JUNE_1), "decision", on=TUESDAY, source=said_by(CFO))
    step = learned(
        a_step(planned_on=JUNE_1 + timedelta(days=9), name="Board"),
        "step",
        on=WEDNESDAY,
        source=said_by(CTO),
    )
    state = given(*both, decision, step).state

    [found] = tensions(state)
    assert found.because == "they decide on 2026-06-01, Board comes on 2026-06-10"
    assert [one.fact_id for one in found.beliefs] == [named("decision"), named("step")]
    assert found.since == WEDNESDAY
    moved = replace(step, fact=a_step(planned_on=JUNE_1, name="Board"))
    assert score(known(state)) == score(known(given(*both, decision, moved).state))
    assert state.opportunity_id == DEAL
