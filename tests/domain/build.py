"""Beliefs, histories and facts in a few words, for the tests of what is known and scored."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from hypothesis import settings

from opps.domain.beliefs import NO_HISTORIES, Belief, Histories, History, Note, stand
from opps.domain.catalogue import Facet
from opps.domain.facts import (
    Alternative,
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
    Fact,
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
from opps.domain.facts.customer import ImpactMethod, IssueKind
from opps.domain.facts.decision import (
    AlternativeKind,
    AlternativeStatus,
    CriterionKind,
    Rule,
    StepKind,
)
from opps.domain.facts.evaluators import (
    EngagementDepth,
    InfluenceLevel,
    LeaningLevel,
    RelationKind,
    Stance,
)
from opps.domain.facts.purchase import (
    Criticality,
    DateBasis,
    FitLevel,
    FundingStatus,
    Proof,
)
from opps.domain.knowledge import Known
from opps.domain.money import Money
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.times import Learned

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=day) for day in range(1, 5))
JUNE_1 = date(2026, 6, 1)

DEAL = UUID("00000000-0000-4000-8000-00000000dea1")
US, DO_NOTHING, RIVAL, OTHER_RIVAL, OTHER_PROJECT = (
    uuid5(DEAL, name) for name in ("US", "DO_NOTHING", "rival", "other rival", "other project")
)
CFO, CTO, USER, SELLER, COLLEAGUE = (
    uuid5(DEAL, name) for name in ("cfo", "cto", "user", "seller", "colleague")
)
CHURN, SCRAP, HOSTING, PRICE, SPEED = (
    uuid5(DEAL, name) for name in ("churn", "scrap", "hosting", "price", "speed")
)

# Properties are tried on enough examples to mean something, and fast enough to run always.
often = settings(max_examples=50, deadline=None)


def euros(amount: float) -> Money:
    return Money(Decimal(str(amount)), "EUR")


def dollars(amount: float) -> Money:
    return Money(Decimal(str(amount)), "USD")


def told(
    source: SourceKind = SourceKind.BUYER_SAID, by: UUID | None = CFO, to: UUID | None = SELLER
) -> Provenance:
    return Provenance(source=source, channel=Channel.CALL, told_by=by, learned_by=to)


def belief(
    fact: Fact,
    *,
    by: UUID | None = CFO,
    source: SourceKind = SourceKind.BUYER_SAID,
    learned: datetime | Learned = MONDAY,
    recorded: datetime | None = None,
    position: int = 1,
    **more: Any,
) -> Belief:
    """Return a fact as the history of its key holds it; its id is made from the position."""
    when = learned if isinstance(learned, Learned) else Learned(latest=learned)
    return Belief(
        fact_id=fact_id(position),
        fact=fact,
        provenance=told(source, by),
        learned=when,
        recorded_at=recorded or when.latest or MONDAY,
        position=position,
        person=by or SELLER,
        **more,
    )


def fact_id(position: int) -> UUID:
    return uuid5(DEAL, f"fact {position}")


def note(
    learned: datetime | Learned,
    position: int,
    recorded: datetime | None = None,
    provenance: Provenance | None = None,
    independent: bool = False,
) -> Note:
    when = learned if isinstance(learned, Learned) else Learned(latest=learned)
    return Note(
        learned=when,
        recorded_at=recorded or when.latest or MONDAY,
        position=position,
        provenance=provenance,
        independent=independent,
    )


def agreed_by(
    person: UUID,
    source: SourceKind = SourceKind.BUYER_SAID,
    *,
    learned: datetime = TUESDAY,
    position: int = 90,
    independent: bool = True,
) -> Note:
    """Return that another person said the same."""
    return note(learned, position, provenance=told(source, person), independent=independent)


def known(
    *facts: Fact | Belief,
    questions: Iterable[Facet] = (),
    not_applicable: Iterable[Facet] = (),
    amount: Money | None = None,
    clock: datetime | None = None,
) -> Known:
    """Return what is known; a bare fact was said by the CFO on Monday."""
    told = [
        one if isinstance(one, Belief) else belief(one, position=place)
        for place, one in enumerate(facts, start=1)
    ]
    return Known(
        us=US,
        do_nothing=DO_NOTHING,
        standings={key: stand(history) for key, history in histories_of(told).items()},
        asked_about=frozenset(questions),
        not_applicable=frozenset(not_applicable),
        amount=amount,
        clock=clock,
    )


def histories_of(beliefs: Iterable[Belief]) -> Histories:
    """Return what was recorded under each key."""
    histories = NO_HISTORIES
    for one in beliefs:
        key = one.fact.key
        histories = histories.revised(key, histories.get(key, History()).learn(one))
    return histories


def an_issue(severity: int | None = 3, **more: Any) -> BusinessIssue:
    given = {"issue_id": CHURN, "text": "Churn", "issue_kind": IssueKind.PROBLEM}
    return BusinessIssue(**{**given, "severity": severity, **more})


def an_impact(**more: Any) -> Impact:
    given = {"impact_id": CHURN, "metric": "Churn", "method": ImpactMethod.CUSTOMER_STATED}
    return Impact(**{**given, **more})


def an_evaluator(who: UUID = CFO, **more: Any) -> Evaluator:
    return Evaluator(**{"evaluator_id": who, "title": "Chief", **more})


def an_attribute(value: str | None = "Yes", **more: Any) -> Attribute:
    given = {"attribute": "Purchasing department", "facet": Facet.ECONOMIC_AUTHORITY}
    return Attribute(**{**given, "value": value, **more})


def weighs(who: UUID, level: InfluenceLevel) -> Influence:
    return Influence(evaluator_id=who, level=level)


def leans(who: UUID, level: LeaningLevel, **more: Any) -> Leaning:
    return Leaning(evaluator_id=who, level=level, **more)


def would_change(who: UUID, stance: Stance) -> StanceOnChange:
    return StanceOnChange(evaluator_id=who, stance=stance)


def left(who: UUID) -> EvaluatorLeft:
    return EvaluatorLeft(evaluator_id=who)


def relates(
    one: UUID = CTO,
    other: UUID = CFO,
    relation: RelationKind = RelationKind.REPORTS_TO,
    **more: Any,
) -> Relation:
    return Relation(from_id=one, to_id=other, relation=relation, **more)


def engaged(who: UUID = CFO) -> Engagement:
    return Engagement(evaluator_id=who, engaged_on=JUNE_1, depth=EngagementDepth.TALKED)


def a_need(criticality: Criticality = Criticality.MUST, **more: Any) -> Need:
    given = {"need_id": HOSTING, "text": "On premises", "issue_id": CHURN}
    return Need(**{**given, "criticality": criticality, **more})


def a_want() -> Want:
    return Want(want_id=SPEED, text="A blue one")


def fits(level: FitLevel, need: UUID = HOSTING) -> Fit:
    return Fit(need_id=need, level=level, proof=Proof.DEMO)


def a_scope(quantity: int | None = 100, product: str = "Widgets") -> Scope:
    return Scope(product=product, quantity=quantity)


def funded(status: FundingStatus = FundingStatus.APPROVED, **more: Any) -> Funding:
    return Funding(status=status, **more)


def budget(amount: float) -> Funding:
    return funded(amount=euros(amount))


def expects(low: Money, high: Money) -> PriceExpectation:
    return PriceExpectation(low=low, high=high)


def an_event(on_date: date | None = JUNE_1, **more: Any) -> CompellingEvent:
    return CompellingEvent(**{"event_id": CHURN, "text": "Audit", "on_date": on_date, **more})


def no_event() -> CompellingEvent:
    return CompellingEvent(text="They can wait", absent=True)


def decides_on(on_date: date = JUNE_1, **more: Any) -> DecisionDate:
    return DecisionDate(on_date=on_date, basis=more.pop("basis", DateBasis.BUYER_STATED), **more)


def an_alternative(
    which: UUID = RIVAL, kind: AlternativeKind = AlternativeKind.COMPETITOR, **more: Any
) -> Alternative:
    given = {"name": "Nordwind", "status": AlternativeStatus.CONSIDERED}
    return Alternative(alternative_id=which, alternative_kind=kind, **{**given, **more})


def prefers(who: UUID, which: UUID | None, **more: Any) -> Preference:
    return Preference(evaluator_id=who, alternative_id=which, **more)


def a_criterion(which: UUID = PRICE, **more: Any) -> Criterion:
    given = {"text": "Price", "criterion_kind": CriterionKind.FORMAL}
    return Criterion(criterion_id=which, **{**given, **more})


def weighed(weight: float, which: UUID = PRICE) -> CriterionWeight:
    return CriterionWeight(criterion_id=which, weight=weight)


def rated(
    alternative: UUID, rating: int, which: UUID = PRICE, viewer: UUID | None = None
) -> Standing:
    return Standing(
        criterion_id=which, alternative_id=alternative, rating=rating, evaluator_id=viewer
    )


def a_step(which: UUID = HOSTING, **more: Any) -> DecisionStep:
    given = {"name": "Trial", "step_kind": StepKind.EVALUATION}
    return DecisionStep(step_id=which, **{**given, **more})


def decided_by(rule: Rule, **more: Any) -> DecisionRule:
    return DecisionRule(rule=rule, **more)


def next_step(on_date: date = JUNE_1, **more: Any) -> NextStep:
    return NextStep(text="Send the contract", on_date=on_date, **more)
