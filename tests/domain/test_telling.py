"""What each kind of fact says in a few words, and how days and amounts are written."""

from datetime import date

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.cause import cause
from opps.domain.events import OpportunityEvent
from opps.domain.facts import (
    KINDS,
    Alternative,
    AnyFact,
    Attribute,
    BusinessIssue,
    CompellingEvent,
    Evaluator,
    Funding,
    Impact,
    Need,
    Preference,
    Relation,
    Standing,
)
from opps.domain.facts.customer import ImpactMethod, IssueKind
from opps.domain.facts.decision import AlternativeKind, AlternativeStatus
from opps.domain.facts.evaluators import RelationKind, Role
from opps.domain.facts.purchase import Criticality, FundingStatus
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity, do_nothing, us
from opps.domain.setting import SURROUNDING
from opps.domain.telling.facts import in_words
from opps.domain.telling.forms import LONGEST, counted, day, quoted
from opps.domain.telling.names import Names
from tests.domain.given import (
    CFO,
    CTO,
    DEAL,
    ISSUE,
    NOBODY,
    RIVAL,
    cfo_known,
    cto_known,
    given,
    learned,
    named,
    opened,
    recorded,
    rival_known,
)
from tests.examples.events import ALL_EVENTS
from tests.examples.facts import FACTS, STREAM

SAID = {
    "evaluator": ["the CFO evaluates (economic, approver)"],
    "business_issue": ['a problem, critical, "Scrap on line 3 eats the margin"'],
    "impact": ['"Scrap rate" from 7.5 to 3 percent'],
    "influence": ["the CFO has decisive influence, with a veto"],
    "leaning": ["the CFO champions us"],
    "stance": ["the CFO is against changing", "the CFO is for changing"],
    "relation": ["the CFO influences an evaluator, no longer"],
    "engagement": ["the CFO worked with us"],
    "evaluator_left": ["an evaluator left"],
    "need": ['a must, "Fewer stops a shift"'],
    "want": ['a wish, "A dashboard in green"'],
    "fit": ['we lack "Fewer stops a shift" (demo)'],
    "scope": ['scope 40 of "Model 7"'],
    "funding": ["funding approved, 300,000.50 EUR"],
    "price_expectation": ["they expect to pay 250,000 EUR to 300,000 EUR"],
    "compelling_event": ['compelling event "Audit by the retailer" on 30 Jun 2026'],
    "decision_date": ["they decide by 30 Jun 2026 (as the buyer says)"],
    "alternative": ["Nordwind is shortlisted"],
    "preference": ["the CFO favours Nordwind"],
    "criterion": ['a criterion, "Total cost over five years", mandatory'],
    "criterion_weight": ['"Total cost over five years" weighs 40 %'],
    "standing": ['we are rated -1 on "Total cost over five years"'],
    "decision_step": ['step "Security review" running'],
    "decision_rule": ["their rule is consensus"],
    "next_step": [
        'next step "The CFO presents to the board" by 30 Jun 2026, promised by the buyer'
    ],
    "attribute": ['economic authority as "Involved"'],
}
everybody = given(opened, cfo_known, cto_known, rival_known).state


def stated() -> Opportunity:
    """Return an opportunity with every example learned."""
    facts = [learned(fact, f"{number}") for number, fact in enumerate(FACTS)]
    state = given(opened, *facts).state
    return replace(state, opportunity_id=STREAM)


def words(fact: AnyFact, state: Opportunity = everybody) -> str:
    return in_words(fact, Names(state))


def test_each_kind_of_fact_says_its_own_words() -> None:
    state = stated()
    said: dict[str, list[str]] = {}
    for fact in FACTS:
        said.setdefault(fact.kind(), []).append(words(fact, state))

    assert said == SAID
    assert said.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (Funding(status=FundingStatus.NONE), "no funding"),
        (Evaluator(evaluator_id=CFO, title="Head of IT"), "the Head of IT evaluates"),
        (
            Relation(from_id=CTO, to_id=CFO, relation=RelationKind.REPORTS_TO),
            "the CTO reports to the CFO",
        ),
        (
            BusinessIssue(
                issue_id=ISSUE, text="Churn", issue_kind=IssueKind.RISK, denied=True, severity=2
            ),
            '"Churn" is no problem to them',
        ),
        (
            Impact(
                impact_id=ISSUE, metric="Churn", method=ImpactMethod.OUR_ESTIMATE, rejected=True
            ),
            'no impact on "Churn" expected',
        ),
        (
            Need(
                need_id=ISSUE,
                text="Speed",
                issue_id=ISSUE,
                criticality=Criticality.MUST,
                rejected=True,
            ),
            '"Speed" is not needed',
        ),
        (
            Standing(criterion_id=named("?"), alternative_id=RIVAL, rating=0),
            "Nordwind is rated 0 on a criterion",
        ),
        (CompellingEvent(text="None", absent=True), "nothing compels them to act by a date"),
        (Preference(evaluator_id=CFO, alternative_id=us(DEAL)), "the CFO favours us"),
        (
            Preference(evaluator_id=CFO, alternative_id=do_nothing(DEAL)),
            "the CFO favours doing nothing",
        ),
        (Preference(evaluator_id=CFO), "the CFO favours nothing yet"),
        (Preference(evaluator_id=CFO, indecision=True), "the CFO cannot decide"),
        (
            Preference(evaluator_id=NOBODY, alternative_id=named("?")),
            "an evaluator favours an alternative",
        ),
        (
            Alternative(
                alternative_id=do_nothing(DEAL),
                alternative_kind=AlternativeKind.DO_NOTHING,
                name="Do nothing",
                status=AlternativeStatus.PREFERRED,
            ),
            "doing nothing is preferred",
        ),
    ],
)
def test_what_matters_in_a_fact_changes_its_words(fact: AnyFact, said: str) -> None:
    assert words(fact) == said


def test_an_attribute_speaks_of_its_facet_and_never_of_its_column() -> None:
    column = Attribute(attribute="Col_17", facet=Facet.FUNDING_STATUS, value="Yes")

    assert words(column) == 'funding status as "Yes"'
    assert words(replace(column, value=None)) == "asked about the funding status, and not told"


def test_an_evaluator_who_was_renamed_goes_by_the_present_title() -> None:
    promoted = Evaluator(evaluator_id=CFO, title="CEO", roles=(Role.DECISION_MAKER,))
    state = given(opened, cfo_known, learned(promoted, "promoted")).state

    assert Names(state).evaluator(CFO) == "the CEO"


def test_long_texts_are_cut_and_lines_joined() -> None:
    assert quoted("Late\n deliveries") == '"Late deliveries"'
    assert len(quoted("x" * 1000)) == LONGEST + 2
    assert quoted("x" * LONGEST) == f'"{"x" * LONGEST}"'
    assert quoted("x" * (LONGEST + 1)).endswith('…"')


def test_a_day_leaves_out_its_year_where_that_goes_without_saying() -> None:
    assert day(date(2026, 3, 12), 2026) == "12 Mar"
    assert day(date(2026, 3, 12), 2025) == day(date(2026, 3, 12)) == "12 Mar 2026"
    assert (counted(1, "day"), counted(0, "day"), counted(2, "day")) == (
        "1 day",
        "0 days",
        "2 days",
    )


def test_every_event_of_an_opportunity_has_words_without_anything_personal() -> None:
    state: Opportunity | None = None
    for one in recorded(ALL_EVENTS):
        before, state = state, evolve(state, one)
        if state is not None and isinstance(one.event, (OpportunityEvent, *SURROUNDING)):
            said = cause(one, before, state).words

            assert said
            assert "sealed" not in said
