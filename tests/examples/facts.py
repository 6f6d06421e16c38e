"""One example of every kind of fact, each with every field filled."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from opps.domain.catalogue import Facet
from opps.domain.facts import (
    Alternative,
    AnyFact,
    Attribute,
    BusinessIssue,
    CompellingEvent,
    Criterion,
    CriterionWeight,
    DecisionDate,
    DecisionRule,
    DecisionStep,
    Engagement,
    Evaluator,
    EvaluatorLeft,
    Fit,
    Funding,
    Impact,
    Influence,
    Leaning,
    Need,
    NextStep,
    Preference,
    PriceExpectation,
    Relation,
    Scope,
    StanceOnChange,
    Standing,
    Want,
)
from opps.domain.facts.customer import ImpactMethod, IssueKind, OurEffect
from opps.domain.facts.decision import (
    AlternativeKind,
    AlternativeStatus,
    CriterionKind,
    CriterionOrigin,
    Rule,
    StepKind,
    StepStatus,
)
from opps.domain.facts.evaluators import (
    EngagementDepth,
    InfluenceLevel,
    LeaningLevel,
    RelationKind,
    Role,
    Stance,
)
from opps.domain.facts.purchase import (
    Criticality,
    DateBasis,
    FitLevel,
    FundingStatus,
    LeadTime,
    Proof,
)
from opps.domain.money import Money
from opps.domain.opportunity.state import us
from opps.domain.personal import Personal, Sealed
from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from opps.domain.times import Learned, Precision

STREAM = UUID("00000000-0000-4000-8000-00000000dea1")
MARCH_1 = datetime(2026, 3, 1, tzinfo=UTC)
DAY = date(2026, 6, 30)


def named(name: str) -> UUID:
    """Return the id that the examples call by a name."""
    return uuid5(STREAM, name)


CFO, CTO, SELLER, COLLEAGUE = (named(name) for name in ("cfo", "cto", "seller", "colleague"))
ACCOUNT, ISSUE, NEED, RIVAL = (named(name) for name in ("account", "issue", "need", "rival"))
CRITERION, STEP, QUESTION = (named(name) for name in ("criterion", "step", "question"))
DANA = named("dana")

ON_MARCH_1 = Learned(
    earliest=MARCH_1 - timedelta(hours=1),
    latest=MARCH_1 + timedelta(hours=23),
    precision=Precision.DAY,
    zone="Europe/Madrid",
)
AT_ONCE = Learned(latest=MARCH_1 + timedelta(hours=9), defaulted=True)


def sealed(text: str) -> Personal:
    """Return personal data as it is stored; the bytes stand for any ciphertext."""
    return Sealed(f"slot of {text}", b"sealed:" + text.encode().hex().encode())


def euros(amount: str) -> Money:
    """Return an amount in euros."""
    return Money(Decimal(amount), "EUR")


SAID_BY_CFO = Provenance(
    source=SourceKind.BUYER_SAID,
    channel=Channel.CALL,
    told_by=CFO,
    learned_by=SELLER,
    evidence=Evidence(quote=sealed("quote"), link="https://crm.example/calls/7", document="C-7"),
)
SEEN = Provenance(
    source=SourceKind.PUBLIC_DOCUMENT,
    channel=Channel.DOCUMENT,
    source_id=named("annual report"),
    learned_by=COLLEAGUE,
)

FACTS: tuple[AnyFact, ...] = (
    Evaluator(
        evaluator_id=CFO, title="CFO", roles=(Role.ECONOMIC, Role.APPROVER), person=sealed("cfo")
    ),
    BusinessIssue(
        issue_id=ISSUE,
        text="Scrap on line 3 eats the margin",
        issue_kind=IssueKind.PROBLEM,
        owner_id=CFO,
        severity=4,
        priority_rank=1,
        consequence="The plant misses its year",
        our_effect=OurEffect.UNIQUELY,
        root_of=(named("other issue"),),
    ),
    Impact(
        impact_id=named("impact"),
        issue_id=ISSUE,
        metric="Scrap rate",
        unit="percent",
        baseline=7.5,
        target=3.0,
        by_date=DAY,
        value_per_year=euros("420000"),
        method=ImpactMethod.JOINTLY_MODELLED,
        agreed_by=(CFO,),
        personal_win=sealed("win"),
    ),
    Influence(evaluator_id=CFO, level=InfluenceLevel.DECISIVE, veto=True),
    Leaning(
        evaluator_id=CFO,
        level=LeaningLevel.CHAMPION,
        behaviour=sealed("behaviour"),
    ),
    StanceOnChange(evaluator_id=CFO, stance=Stance.AGAINST),
    StanceOnChange(evaluator_id=CFO, stance=Stance.FOR),
    Relation(from_id=CFO, to_id=CTO, relation=RelationKind.INFLUENCES, strength=0.75, ended=True),
    Engagement(evaluator_id=CFO, engaged_on=DAY, depth=EngagementDepth.WORKED_WITH_US),
    EvaluatorLeft(evaluator_id=CTO, left_on=DAY, successor_id=CFO),
    Need(
        need_id=NEED,
        text="Fewer stops a shift",
        issue_id=ISSUE,
        criticality=Criticality.MUST,
        met_by_status_quo=False,
    ),
    Want(want_id=named("want"), text="A dashboard in green"),
    Fit(need_id=NEED, level=FitLevel.GAP, proof=Proof.DEMO, gap_plan="New driver in May"),
    Scope(product="Model 7", quantity=40, sites=2, start_date=DAY),
    Funding(
        status=FundingStatus.APPROVED,
        amount=euros("300000.50"),
        origin="Plant budget",
        fiscal_period="FY2026",
        authority_id=CFO,
        competing_uses=("Roof",),
    ),
    PriceExpectation(low=euros("250000"), high=euros("300000"), basis="Last purchase"),
    CompellingEvent(
        event_id=named("event"),
        text="Audit by the retailer",
        on_date=DAY,
        consequence="Delisting",
        owner_id=CFO,
        movable=True,
    ),
    DecisionDate(
        on_date=DAY, basis=DateBasis.BUYER_STATED, needed_by=DAY, our_lead_time=LeadTime.BETTER
    ),
    Alternative(
        alternative_id=RIVAL,
        alternative_kind=AlternativeKind.COMPETITOR,
        name="Nordwind",
        status=AlternativeStatus.SHORTLISTED,
        strengths="Price",
        weaknesses="Service",
        their_strategy="Through procurement",
    ),
    Preference(evaluator_id=CFO, alternative_id=RIVAL, strength=0.5, indecision=True),
    Criterion(
        criterion_id=CRITERION,
        text="Total cost over five years",
        criterion_kind=CriterionKind.INFORMAL,
        mandatory=True,
        owner_ids=(CFO,),
        origin=CriterionOrigin.CUSTOMER,
        issue_id=ISSUE,
    ),
    CriterionWeight(criterion_id=CRITERION, weight=0.4),
    Standing(
        criterion_id=CRITERION,
        alternative_id=us(STREAM),
        rating=-1,
        evaluator_id=CFO,
        proof=Proof.PILOT,
    ),
    DecisionStep(
        step_id=STEP,
        name="Security review",
        step_kind=StepKind.SECURITY,
        owner_id=CTO,
        planned_on=DAY,
        depends_on=(named("earlier step"),),
        status=StepStatus.RUNNING,
        buyer_confirmed=True,
    ),
    Attribute(attribute="Purchasing department", facet=Facet.ECONOMIC_AUTHORITY, value="Involved"),
    DecisionRule(rule=Rule.CONSENSUS, favours_us=False),
    NextStep(
        text="The CFO presents to the board",
        on_date=DAY,
        evaluator_id=CFO,
        buyer_committed=True,
    ),
)
