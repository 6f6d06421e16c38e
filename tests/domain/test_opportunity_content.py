"""What a fact may say, whoever says it, and how much of somebody's words is kept."""

from datetime import timedelta
from typing import Any

import pytest

from opps.domain.catalogue import Facet
from opps.domain.errors import MalformedFact, OverlongQuote
from opps.domain.events import BuyerResponded, FactLearned
from opps.domain.facts import (
    AnyFact,
    Attribute,
    BusinessIssue,
    CompellingEvent,
    DecisionStep,
    EvaluatorLeft,
    Leaning,
    PriceExpectation,
    Relation,
)
from opps.domain.facts.customer import IssueKind
from opps.domain.facts.decision import StepKind
from opps.domain.facts.evaluators import LeaningLevel, RelationKind
from opps.domain.opportunity.commands import LearnFact, RecordBuyerResponse
from opps.domain.personal import Clear
from tests.domain.given import (
    CFO,
    CTO,
    DEAL,
    ISSUE,
    MARCH_31,
    cfo_known,
    cto_known,
    euros,
    given,
    learned,
    named,
    opened,
    stated,
    the_issue,
)

AUDIT, STEP, OTHER_STEP, OTHER_ISSUE = (
    named(name) for name in ("audit", "step", "other step", "other issue")
)
other_issue = BusinessIssue(issue_id=OTHER_ISSUE, text="T", issue_kind=IssueKind.GOAL)
other_step = DecisionStep(step_id=OTHER_STEP, name="Review", step_kind=StepKind.LEGAL)
known = (
    opened,
    cfo_known,
    cto_known,
    learned(other_issue, "other issue fact"),
    learned(other_step, "other step fact"),
)


def issue(**more: Any) -> BusinessIssue:
    return BusinessIssue(issue_id=ISSUE, text="T", issue_kind=IssueKind.GOAL, **more)


def step(**more: Any) -> DecisionStep:
    return DecisionStep(step_id=STEP, name="Board", step_kind=StepKind.APPROVAL, **more)


def conflict(one: Any, other: Any) -> Relation:
    return Relation(from_id=one, to_id=other, relation=RelationKind.CONFLICTS_WITH)


CASES: dict[str, tuple[AnyFact, AnyFact]] = {
    "an issue that causes itself": (
        issue(root_of=(ISSUE,)),
        issue(root_of=(OTHER_ISSUE,)),
    ),
    "a step before itself": (step(depends_on=(STEP,)), step(depends_on=(OTHER_STEP,))),
    "somebody related to themselves": (conflict(CFO, CFO), conflict(CFO, CTO)),
    "somebody who succeeds themselves": (
        EvaluatorLeft(evaluator_id=CFO, successor_id=CFO),
        EvaluatorLeft(evaluator_id=CFO, successor_id=CTO),
    ),
    "a lower end above the upper one": (
        PriceExpectation(low=euros(101), high=euros(100)),
        PriceExpectation(low=euros(100), high=euros(100)),
    ),
    "an event without an id": (
        CompellingEvent(text="The audit"),
        CompellingEvent(event_id=AUDIT, text="The audit"),
    ),
    "an attribute with the mark of what was not told": (
        Attribute(attribute="Budget", facet=Facet.FUNDING_STATUS, value="UNANSWERED"),
        Attribute(attribute="Budget", facet=Facet.FUNDING_STATUS),
    ),
    "an absent event with a date": (
        CompellingEvent(text="None", absent=True, on_date=MARCH_31),
        CompellingEvent(text="None", absent=True),
    ),
    "an absent event with an id": (
        CompellingEvent(text="None", absent=True, event_id=AUDIT),
        CompellingEvent(event_id=AUDIT, text="The audit", on_date=MARCH_31),
    ),
}


@pytest.mark.parametrize(("wrong", "right"), CASES.values(), ids=CASES)
def test_what_cannot_be_is_refused_whoever_says_it(wrong: AnyFact, right: AnyFact) -> None:
    asked = LearnFact(opportunity_id=DEAL, stated=stated(wrong))
    nearest = LearnFact(opportunity_id=DEAL, stated=stated(right))

    given(*known).when(asked).then_refused(MalformedFact)
    given(*known).when(nearest).then_one(FactLearned)


@pytest.mark.parametrize(("days", "accepted"), [(-1, False), (0, True), (1, True)])
def test_nothing_ends_before_it_begins(days: int, accepted: bool) -> None:
    period: dict[str, Any] = {"true_from": MARCH_31, "true_until": MARCH_31 + timedelta(days=days)}
    asked = LearnFact(opportunity_id=DEAL, stated=stated(the_issue, **period))
    outcome = given(opened).when(asked)

    if accepted:
        outcome.then_one(FactLearned)
    else:
        outcome.then_refused(MalformedFact, problem="it ends before it begins")


@pytest.mark.parametrize(("length", "accepted"), [(500, True), (501, False)])
def test_what_is_told_of_somebody_is_a_few_sentences(length: int, accepted: bool) -> None:
    shown = Clear(named("dana"), "x" * length)
    champion = Leaning(evaluator_id=CFO, level=LeaningLevel.CHAMPION, behaviour=shown)
    outcome = given(*known).when(LearnFact(opportunity_id=DEAL, stated=stated(champion)))

    if accepted:
        outcome.then_one(FactLearned)
    else:
        outcome.then_refused(OverlongQuote, length=501, limit=500)


@pytest.mark.parametrize(("length", "accepted"), [(500, True), (501, False)])
def test_so_is_what_the_buyer_answered(length: int, accepted: bool) -> None:
    quote = Clear(named("dana"), "x" * length)
    asked = RecordBuyerResponse(opportunity_id=DEAL, response="Answered", quote=quote)
    outcome = given(opened).when(asked)

    if accepted:
        outcome.then_one(BuyerResponded)
    else:
        outcome.then_refused(OverlongQuote, length=501, limit=500)
