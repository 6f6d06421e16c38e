"""Which way the solution, the money and the timing speak, and how far they are believed."""

from datetime import timedelta

import pytest

from opps.domain.beliefs import Belief
from opps.domain.catalogue import Objective
from opps.domain.facts import Fact
from opps.domain.facts.purchase import Criticality, FitLevel, FundingStatus, LeadTime
from opps.domain.valence import SILENT, Spoken, Voice
from tests.domain.build import (
    CFO,
    CTO,
    JUNE_1,
    SCRAP,
    SPEED,
    a_need,
    a_scope,
    a_want,
    an_event,
    belief,
    budget,
    decides_on,
    dollars,
    euros,
    expects,
    fits,
    funded,
    known,
    no_event,
)
from tests.domain.hearing import Q, hears, midnight_after, near, spoken

# Required solution.

SOLUTION = Objective.REQUIRED_SOLUTION


@pytest.mark.parametrize(
    ("level", "valence"), [(FitLevel.MEETS, 1.0), (FitLevel.PARTIAL, -0.2), (FitLevel.GAP, -1.0)]
)
def test_meeting_what_they_must_have_speaks_for_us(level: FitLevel, valence: float) -> None:
    assert hears(SOLUTION, a_need(), fits(level)) == (SILENT, near(valence))


def test_a_must_whose_fit_nobody_knows_leaves_that_part_in_doubt() -> None:
    unfitted = a_need(need_id=SPEED)

    assert hears(SOLUTION, a_need(), fits(FitLevel.MEETS), unfitted)[1] == near(1.0, Q / 2)


@pytest.mark.parametrize(
    "need", [a_need(Criticality.SHOULD), a_need(rejected=True), a_want(), a_scope()]
)
def test_only_a_must_counts(need: Fact) -> None:
    assert hears(SOLUTION, need, fits(FitLevel.GAP)) == (SILENT, SILENT)


def test_one_must_that_what_they_have_cannot_meet_is_a_reason_to_buy() -> None:
    met = a_need(met_by_status_quo=True)
    unmet = a_need(need_id=SPEED, met_by_status_quo=False)

    assert hears(SOLUTION, met)[0] == near(0.0)
    assert hears(SOLUTION, met, unmet)[0] == near(0.5)
    assert hears(SOLUTION, a_need())[0] == SILENT


# Funding.


@pytest.mark.parametrize(
    ("status", "valence"),
    [
        (FundingStatus.APPROVED, 1.0),
        (FundingStatus.REQUESTED, 0.4),
        (FundingStatus.IDENTIFIED, 0.1),
        (FundingStatus.NONE, -1.0),
    ],
)
def test_the_further_the_money_the_more_likely_it_happens(
    status: FundingStatus, valence: float
) -> None:
    assert hears(Objective.FUNDING, funded(status)) == (near(valence), SILENT)


@pytest.mark.parametrize(("price", "valence"), [(79, 1.0), (80, 0.0), (100, 0.0), (101, -1.0)])
def test_a_price_below_what_they_expect_speaks_for_us(price: int, valence: float) -> None:
    expected = expects(euros(80), euros(100))

    assert hears(Objective.FUNDING, expected, price=price) == (SILENT, near(valence))


def test_a_price_in_another_currency_or_none_is_not_compared() -> None:
    expected = expects(dollars(80), dollars(100))

    assert hears(Objective.FUNDING, expected, price=90) == (SILENT, SILENT)
    assert hears(Objective.FUNDING, expected) == (SILENT, SILENT)


def test_two_sources_that_disagree_on_the_money_leave_it_unknown() -> None:
    disputed = known(
        belief(budget(100), by=CFO, position=1), belief(budget(60), by=CTO, position=2)
    )

    assert spoken(disputed, Objective.FUNDING) == Spoken(Objective.FUNDING, examined=True)


# Timing.

TIMING = Objective.TIMING


@pytest.mark.parametrize(
    ("event", "valence"),
    [
        (an_event(consequence="A fine"), 1.0),
        (an_event(), 0.0),
        (an_event(consequence="A fine", movable=True), 0.0),
        (an_event(None, consequence="A fine"), 0.0),
        (no_event(), -1.0),
    ],
)
def test_a_hard_date_with_a_consequence_is_a_reason_to_act(event: Fact, valence: float) -> None:
    assert hears(TIMING, event) == (near(valence), SILENT)


def test_a_date_that_has_passed_speaks_against_it_until_there_is_another() -> None:
    hard = belief(an_event(consequence="A fine"), learned=midnight_after(-1))
    new = belief(
        an_event(JUNE_1 + timedelta(days=60), event_id=SCRAP, consequence="A bigger fine"),
        learned=midnight_after(-1),
        position=2,
    )

    def happens(*events: Belief, after: int) -> Voice:
        looked_at = known(*events, clock=midnight_after(after))
        return spoken(looked_at, TIMING).happen

    assert happens(hard, after=0) == near(1.0)
    assert happens(hard, after=1) == near(-1.0)
    assert happens(hard, new, after=1) == near(1.0)


def test_the_last_word_counts_whether_there_is_any_date() -> None:
    hard, soft = an_event(consequence="A fine"), an_event(event_id=SPEED)
    none = no_event()

    assert hears(TIMING, hard, none)[0] == near(-1.0)
    assert hears(TIMING, none, hard)[0] == near(1.0)
    assert hears(TIMING, none, soft)[0] == near(0.0)


def test_a_hard_date_speaks_before_a_soft_one() -> None:
    assert hears(TIMING, an_event(consequence="A fine"), an_event(event_id=SPEED))[0] == near(1.0)


@pytest.mark.parametrize(
    ("lead_time", "valence"),
    [(LeadTime.BETTER, 0.3), (LeadTime.SAME, 0.0), (LeadTime.WORSE, -0.3)],
)
def test_a_lead_time_that_suits_their_date_speaks_for_us(
    lead_time: LeadTime, valence: float
) -> None:
    assert hears(TIMING, decides_on(our_lead_time=lead_time)) == (SILENT, near(valence))
    assert hears(TIMING, decides_on()) == (SILENT, SILENT)
