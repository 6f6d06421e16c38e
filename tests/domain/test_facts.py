"""When two people say things of which only one can be true, kind by kind."""

from datetime import timedelta
from typing import get_args

import pytest

from opps.domain.catalogue import FACETS, Facet, Objective
from opps.domain.facts import KINDS, AnyFact, Fact
from opps.domain.facts.decision import (
    AlternativeKind,
    AlternativeStatus,
    CriterionKind,
    Rule,
    StepKind,
)
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, RelationKind, Stance
from opps.domain.facts.purchase import Criticality, DateBasis, FitLevel, FundingStatus
from opps.domain.personal import Clear
from tests.domain.build import (
    CFO,
    CHURN,
    CTO,
    DO_NOTHING,
    HOSTING,
    JUNE_1,
    OTHER_PROJECT,
    RIVAL,
    SCRAP,
    SPEED,
    US,
    USER,
    a_criterion,
    a_need,
    a_scope,
    a_step,
    a_want,
    an_alternative,
    an_attribute,
    an_evaluator,
    an_event,
    an_impact,
    an_issue,
    budget,
    decided_by,
    decides_on,
    dollars,
    engaged,
    euros,
    expects,
    fits,
    funded,
    leans,
    left,
    next_step,
    no_event,
    prefers,
    rated,
    relates,
    weighed,
    weighs,
    would_change,
)


def days(count: int) -> timedelta:
    return timedelta(days=count)


CAN_BOTH_HOLD = {
    "severities one step apart": (an_issue(3), an_issue(4)),
    "a severity told and one not told": (an_issue(4), an_issue(None)),
    "both say it is no problem": (an_issue(1, denied=True), an_issue(2, denied=True)),
    "baselines a fifth apart": (an_impact(baseline=80.0), an_impact(baseline=100.0)),
    "a baseline told and one not told": (an_impact(baseline=80.0), an_impact()),
    "both reject the impact": (an_impact(rejected=True), an_impact(rejected=True)),
    "two titles of one evaluator": (an_evaluator(title="CFO"), an_evaluator(title="VP")),
    "influence one step apart": (
        weighs(CFO, InfluenceLevel.SIGNIFICANT),
        weighs(CFO, InfluenceLevel.DECISIVE),
    ),
    "leanings one step apart": (
        leans(CFO, LeaningLevel.SUPPORTER),
        leans(CFO, LeaningLevel.CHAMPION),
    ),
    "stances one step apart": (
        would_change(CFO, Stance.FOR),
        would_change(CFO, Stance.INDIFFERENT),
    ),
    "a strong and a weak relation": (relates(strength=0.1), relates(strength=0.9)),
    "two contacts": (engaged(), engaged()),
    "two departures": (left(CFO), left(CFO)),
    "a should for one, not needed for another": (
        a_need(Criticality.SHOULD),
        a_need(Criticality.SHOULD, rejected=True),
    ),
    "a must for one, a should for another": (a_need(), a_need(Criticality.SHOULD)),
    "two wordings of a want": (a_want(), a_want()),
    "met for one, partly for another": (fits(FitLevel.MEETS), fits(FitLevel.PARTIAL)),
    "partly for one, a gap for another": (fits(FitLevel.PARTIAL), fits(FitLevel.GAP)),
    "quantities a fifth apart": (a_scope(80), a_scope(100)),
    "a quantity told and one not told": (a_scope(80), a_scope(None)),
    "quantities of two products": (a_scope(1, product="Licence"), a_scope(100)),
    "amounts a fifth apart": (budget(80), budget(100)),
    "an amount told and one not told": (budget(80), funded()),
    "price ranges that touch": (
        expects(euros(80), euros(90)),
        expects(euros(90), euros(99)),
    ),
    "events thirty days apart": (an_event(), an_event(JUNE_1 + days(30))),
    "both say there is no event": (no_event(), no_event()),
    "an event with and one without a date": (an_event(), an_event(None)),
    "decisions thirty days apart": (decides_on(), decides_on(JUNE_1 + days(30))),
    "considered for one, preferred for another": (
        an_alternative(status=AlternativeStatus.CONSIDERED),
        an_alternative(status=AlternativeStatus.PREFERRED),
    ),
    "a favourite for one, none yet for another": (prefers(CFO, US), prefers(CFO, None)),
    "one favourite, more or less firmly": (
        prefers(CFO, US, strength=0.2),
        prefers(CFO, US, strength=0.9),
    ),
    "mandatory for one, not told by another": (a_criterion(mandatory=True), a_criterion()),
    "two wordings of a criterion": (a_criterion(text="Price"), a_criterion(text="Cost")),
    "weights three tenths apart": (weighed(0.1), weighed(0.4)),
    "ratings one step apart": (rated(US, 0), rated(US, 1)),
    "one owner of a step, told by one only": (a_step(owner_id=CFO), a_step()),
    "an order of steps, told by one only": (a_step(depends_on=(SPEED,)), a_step()),
    "steps before it in another order": (
        a_step(depends_on=(SPEED, CHURN)),
        a_step(depends_on=(CHURN, SPEED)),
    ),
    "one rule": (decided_by(Rule.VOTE), decided_by(Rule.VOTE)),
    "two next steps": (next_step(), next_step(JUNE_1 + days(90))),
    "told by one, withheld by another": (an_attribute("Yes"), an_attribute(None)),
}

CANNOT_BOTH_HOLD = {
    "severities two steps apart": (an_issue(2), an_issue(4)),
    "a problem for one, none for another": (an_issue(3), an_issue(3, denied=True)),
    "baselines more than a fifth apart": (an_impact(baseline=79.0), an_impact(baseline=100.0)),
    "expected by one, rejected by another": (an_impact(), an_impact(rejected=True)),
    "influence two steps apart": (
        weighs(CFO, InfluenceLevel.MINOR),
        weighs(CFO, InfluenceLevel.DECISIVE),
    ),
    "leanings two steps apart": (
        leans(CFO, LeaningLevel.NEUTRAL),
        leans(CFO, LeaningLevel.CHAMPION),
    ),
    "for changing, against changing": (
        would_change(CFO, Stance.FOR),
        would_change(CFO, Stance.AGAINST),
    ),
    "a must for one, not needed for another": (a_need(), a_need(rejected=True)),
    "met for one, a gap for another": (fits(FitLevel.MEETS), fits(FitLevel.GAP)),
    "quantities more than a fifth apart": (a_scope(79), a_scope(100)),
    "two states of the money": (funded(), funded(FundingStatus.REQUESTED)),
    "amounts more than a fifth apart": (budget(79), budget(100)),
    "amounts in two currencies": (budget(80), funded(amount=dollars(80))),
    "price ranges that do not meet": (
        expects(euros(80), euros(90)),
        expects(euros(91), euros(99)),
    ),
    "events thirty-one days apart": (an_event(), an_event(JUNE_1 + days(31))),
    "decisions thirty-one days apart": (decides_on(), decides_on(JUNE_1 + days(31))),
    "eliminated for one, still in for another": (
        an_alternative(status=AlternativeStatus.ELIMINATED),
        an_alternative(status=AlternativeStatus.CONSIDERED),
    ),
    "two favourites": (prefers(CFO, US), prefers(CFO, RIVAL)),
    "mandatory for one, optional for another": (
        a_criterion(mandatory=True),
        a_criterion(mandatory=False),
    ),
    "weights more than three tenths apart": (weighed(0.1), weighed(0.41)),
    "ratings two steps apart": (rated(US, 0), rated(US, 2)),
    "two owners of a step": (a_step(owner_id=CFO), a_step(owner_id=CTO)),
    "two orders of the steps": (a_step(depends_on=(SPEED,)), a_step(depends_on=(CHURN,))),
    "two rules": (decided_by(Rule.VOTE), decided_by(Rule.CONSENSUS)),
    "two values of an attribute": (an_attribute("Yes"), an_attribute("No")),
}


@pytest.mark.parametrize(("one", "other"), CAN_BOTH_HOLD.values(), ids=CAN_BOTH_HOLD)
def test_these_two_statements_can_both_hold(one: Fact, other: Fact) -> None:
    assert one.key == other.key
    assert not one.contradicts(other)
    assert not other.contradicts(one)


@pytest.mark.parametrize(("one", "other"), CANNOT_BOTH_HOLD.values(), ids=CANNOT_BOTH_HOLD)
def test_these_two_statements_cannot_both_hold(one: Fact, other: Fact) -> None:
    assert one.key == other.key
    assert one.contradicts(other)
    assert other.contradicts(one)


def test_every_kind_of_fact_has_its_rule_tried() -> None:
    tried = {type(one) for one, _ in [*CAN_BOTH_HOLD.values(), *CANNOT_BOTH_HOLD.values()]}

    assert tried == set(KINDS.values()) == set(get_args(AnyFact))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (an_issue(), an_issue(issue_id=SCRAP)),
        (an_impact(), an_impact(impact_id=SCRAP)),
        (an_evaluator(CFO), an_evaluator(CTO)),
        (leans(CFO, LeaningLevel.OPPONENT), leans(CTO, LeaningLevel.CHAMPION)),
        (fits(FitLevel.MEETS, HOSTING), fits(FitLevel.GAP, SPEED)),
        (prefers(CFO, US), prefers(CTO, RIVAL)),
        (rated(US, 2), rated(RIVAL, -2)),
        (rated(US, 2, viewer=CFO), rated(US, -2)),
        (a_step(HOSTING), a_step(SPEED)),
        (an_event(), no_event()),
        (relates(), relates(relation=RelationKind.INFLUENCES)),
        (relates(relation=RelationKind.INFLUENCES), relates(CFO, CTO, RelationKind.INFLUENCES)),
    ],
)
def test_statements_about_different_things_never_compete(one: Fact, other: Fact) -> None:
    assert one.key != other.key


def test_a_person_reports_to_one_and_a_conflict_has_two_sides() -> None:
    conflict = RelationKind.CONFLICTS_WITH

    assert relates(CTO, CFO).key == relates(CTO, USER).key
    assert relates(CTO, CFO, conflict).key == relates(CFO, CTO, conflict).key


@pytest.mark.parametrize(
    ("fact", "facets"),
    [
        (an_issue(None), {Facet.ISSUE}),
        (
            an_issue(4, owner_id=CFO, consequence="Loss"),
            {Facet.ISSUE, Facet.ISSUE_OWNER, Facet.ISSUE_SEVERITY, Facet.ISSUE_CONSEQUENCE},
        ),
        (
            an_impact(baseline=0.0, target=3.0),
            {
                Facet.IMPACT_METRIC,
                Facet.IMPACT_BASELINE,
                Facet.IMPACT_TARGET,
                Facet.IMPACT_AGREEMENT,
            },
        ),
        (an_evaluator(), set()),
        (leans(CFO, LeaningLevel.NEUTRAL), {Facet.LEANING}),
        (
            leans(CFO, LeaningLevel.CHAMPION, behaviour=Clear(subject=CFO, text="Sold it inside")),
            {Facet.LEANING, Facet.CHAMPION_BEHAVIOUR},
        ),
        (would_change(CFO, Stance.FOR), {Facet.STANCE_ON_CHANGE}),
        (left(CFO), set()),
        (a_want(), {Facet.WANT}),
        (funded(FundingStatus.NONE), {Facet.FUNDING_STATUS}),
        (budget(80), {Facet.FUNDING_STATUS, Facet.FUNDING_AMOUNT}),
        (an_event(None), {Facet.COMPELLING_EVENT}),
        (
            no_event(),
            {Facet.COMPELLING_EVENT, Facet.EVENT_DATE, Facet.EVENT_CONSEQUENCE},
        ),
        (decides_on(basis=DateBasis.OUR_GUESS), set()),
        (decides_on(), {Facet.DECISION_DATE}),
        (an_alternative(), {Facet.CONSIDERED_SET}),
        (an_alternative(DO_NOTHING, AlternativeKind.DO_NOTHING), {Facet.DO_NOTHING}),
        (an_alternative(US, AlternativeKind.US), set()),
        (an_alternative(OTHER_PROJECT, AlternativeKind.OTHER_PROJECT), {Facet.CONSIDERED_SET}),
        (a_criterion(), {Facet.CRITERION}),
        (
            a_criterion(criterion_kind=CriterionKind.INFORMAL),
            {Facet.CRITERION, Facet.INFORMAL_CRITERION},
        ),
        (rated(US, 0), {Facet.STANDING_OF_US}),
        (rated(RIVAL, 0), {Facet.STANDING_OF_RIVAL}),
        (a_step(), {Facet.STEPS}),
        (a_step(step_kind=StepKind.LEGAL), {Facet.STEPS, Facet.PAPER_PROCESS}),
        (next_step(), set()),
        (an_attribute("Yes"), {Facet.ECONOMIC_AUTHORITY}),
        (an_attribute(None), set()),
        (next_step(buyer_committed=True), {Facet.NEXT_STEP}),
    ],
)
def test_a_fact_fills_what_it_says_and_nothing_more(fact: Fact, facets: set[Facet]) -> None:
    assert fact.fills(US) == facets


@pytest.mark.parametrize("objective", Objective)
def test_every_objective_can_be_known_and_every_facet_belongs_to_one(objective: Objective) -> None:
    assert any(facet.required for facet in FACETS[objective])
    assert all(facet.objective is objective for facet in FACETS[objective])
    assert any(kind.group is objective for kind in KINDS.values())


def test_an_attribute_belongs_to_the_objective_of_its_facet() -> None:
    assert an_attribute("Yes").objective is Objective.EVALUATORS


def test_no_facet_is_left_out_of_the_objectives() -> None:
    assert {facet for facets in FACETS.values() for facet in facets} == set(Facet)
