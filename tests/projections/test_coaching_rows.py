"""Given what happens to a gap, then rows: gaps and assignments, and no word about anybody."""

from datetime import date

from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.success import SuccessMeasure
from opps.domain.events import (
    AppliedFact,
    DiagnosisRecorded,
    GapClosed,
    GapEnd,
    GapSource,
    LearningApplied,
    LearningAssigned,
    LearningCompleted,
    PerformanceGapIdentified,
)
from opps.domain.personal import Clear
from tests.domain.given import DEAL, SELLER, named
from tests.projections.conftest import Show
from tests.projections.support import Teller

GAP, LEARNING = named("gap"), named("assignment")
named_by_rule = PerformanceGapIdentified(
    seller=SELLER, by=GapSource.RULE, indicator="CRITERIA_BEFORE_PROPOSAL"
)
diagnosed = DiagnosisRecorded(cause=GapCause.KNOWLEDGE, ruled_out=(GapCause.ENVIRONMENT,))
assigned = LearningAssigned(
    assignment_id=LEARNING,
    activity="TALK",
    due=date(2026, 4, 2),
    success=SuccessMeasure(indicator="CRITERIA_BEFORE_PROPOSAL", target=0.8),
)
completed = LearningCompleted(assignment_id=LEARNING)
applied = LearningApplied(
    assignment_id=LEARNING, facts=(AppliedFact(opportunity_id=DEAL, fact_id=named("fact")),)
)


def test_a_gap_shows_its_seller_its_cause_and_what_is_due(teller: Teller, show: Show) -> None:
    last = teller.tell(GAP, named_by_rule, diagnosed, assigned)

    [gap] = show("performance_gaps")
    [assignment] = show("learning_assignments")

    assert (gap["seller"], gap["status"], gap["cause"]) == (SELLER, "LEARNING", "KNOWLEDGE")
    assert (gap["due"], gap["open"], gap["position"]) == (date(2026, 4, 2), True, last)
    assert gap["shown_from"] > gap["identified_at"]
    assert (assignment["gap_id"], assignment["activity"]) == (GAP, "TALK")
    assert (assignment["completed_at"], assignment["applied_at"]) == (None, None)


def test_an_assignment_shows_how_far_it_came_and_that_its_gap_was_closed(
    teller: Teller, show: Show
) -> None:
    closed = GapClosed(reason=GapEnd.OVERTAKEN, note=Clear(SELLER, "Another team"))
    teller.tell(GAP, named_by_rule, diagnosed, assigned, completed, applied, closed)

    [gap] = show("performance_gaps")
    [assignment] = show("learning_assignments")

    assert (gap["status"], gap["open"], gap["due"]) == ("CLOSED", False, None)
    assert assignment["completed_at"] is not None
    assert assignment["applied_at"] is not None
    assert assignment["gap_open"] is False


def test_two_gaps_of_one_seller_are_two_rows(teller: Teller, show: Show) -> None:
    teller.tell(GAP, named_by_rule)
    teller.tell(named("another gap"), named_by_rule)

    assert {one["gap_id"] for one in show("performance_gaps")} == {GAP, named("another gap")}
    assert show("learning_assignments") == []
