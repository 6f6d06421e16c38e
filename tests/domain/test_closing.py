"""What a closed opportunity leaves for the next ones: what was there, and what came out late."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.closing import late_facets, present_at_close
from opps.domain.events import (
    Event,
    FactRetracted,
    OpportunityReopened,
    OpportunityWon,
    RetractionReason,
)
from opps.domain.facts import AnyFact
from opps.domain.facts.decision import AlternativeKind, StepKind, StepStatus
from opps.domain.facts.evaluators import Role
from opps.domain.times import UNKNOWN
from tests.domain.build import RIVAL, US, USER, a_step, an_alternative, an_evaluator
from tests.domain.given import (
    CFO,
    CTO,
    MONDAY,
    at,
    budget,
    cfo_known,
    given,
    learned,
    named,
    opened,
    said_by,
)

security_step = a_step(step_kind=StepKind.SECURITY, name="Audit", owner_id=CTO)
LONG_AFTER = MONDAY + timedelta(days=100)


def closed_on(day: int) -> OpportunityWon:
    return OpportunityWon(learned=at(MONDAY + timedelta(days=day)))


def told_on(day: int, fact: AnyFact, name: str = "fact") -> Event:
    return learned(fact, name, on=MONDAY + timedelta(days=day), source=said_by(CFO))


def late(*events: Event) -> tuple[Facet, ...] | None:
    return late_facets(given(opened, cfo_known, *events).state)


MONEY = (Facet.FUNDING_STATUS, Facet.FUNDING_AMOUNT)


@pytest.mark.parametrize(("day", "expected"), [(70, ()), (71, MONEY), (100, MONEY)])
def test_late_is_what_was_first_learned_within_the_last_thirty_days(
    day: int, expected: tuple[Facet, ...]
) -> None:
    assert late(told_on(day, budget(80)), closed_on(100)) == expected


def test_what_was_known_before_and_came_up_again_is_not_late() -> None:
    assert late(told_on(1, budget(80), "one"), told_on(99, budget(70)), closed_on(100)) == ()


def test_what_was_taken_back_or_came_after_the_end_or_at_an_unknown_time_is_not_late() -> None:
    retracted = FactRetracted(
        learned=at(LONG_AFTER), fact_id=named("fact"), reason=RetractionReason.MISHEARD
    )

    assert late(told_on(99, budget(80)), retracted, closed_on(100)) == ()
    assert late(closed_on(100), told_on(101, budget(80))) == ()
    hindsight = replace(learned(budget(80), on=LONG_AFTER - timedelta(days=1)), after_close=True)
    assert late(closed_on(100), hindsight) == ()
    untold = replace(learned(budget(80)), learned=UNKNOWN)
    assert late(untold, closed_on(100)) == ()


@pytest.mark.parametrize(("day", "told"), [(30, None), (31, ())])
def test_of_a_deal_that_was_open_for_thirty_days_nothing_can_be_told(
    day: int, told: tuple[Facet, ...] | None
) -> None:
    assert late(closed_on(day)) == told


def test_what_was_there_at_the_close_is_kept_whatever_is_learned_later() -> None:
    lawyer = an_evaluator(USER, roles=(Role.LEGAL, Role.APPROVER))
    before = (told_on(1, security_step, "step"), told_on(1, an_alternative(RIVAL), "rival"))
    state = given(opened, cfo_known, *before, closed_on(100), told_on(101, lawyer, "x")).state
    kept = present_at_close(state)

    assert kept.roles == (Role.ECONOMIC,)
    assert kept.alternative_kinds == (AlternativeKind.COMPETITOR,)
    assert kept.step_kinds == (StepKind.SECURITY,)
    assert set(kept.facets) == {
        Facet.ECONOMIC_AUTHORITY,
        Facet.CONSIDERED_SET,
        Facet.STEPS,
        Facet.STEP_OWNER,
        Facet.PAPER_PROCESS,
    }


def test_us_and_dropped_steps_are_not_what_a_deal_had() -> None:
    ours = an_alternative(US, AlternativeKind.US)
    dropped = replace(security_step, status=StepStatus.DROPPED)
    told = (told_on(1, ours, "us"), told_on(1, dropped, "step"))
    kept = present_at_close(given(opened, cfo_known, *told).state)

    assert (kept.alternative_kinds, kept.step_kinds) == ((), ())


def test_an_open_deal_has_nothing_late() -> None:
    reopened = OpportunityReopened(learned=at(LONG_AFTER), reason="They called back")

    assert late() is None
    assert late(told_on(99, budget(80)), closed_on(100), reopened) is None
