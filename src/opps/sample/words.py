"""Facts in a few words: the things of an opportunity by their names, scales by their values."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from opps.domain.facts import (
    Alternative,
    BusinessIssue,
    CompellingEvent,
    Criterion,
    CriterionWeight,
    DecisionDate,
    DecisionRule,
    DecisionStep,
    EvaluatorLeft,
    Fit,
    Funding,
    Impact,
    Influence,
    Leaning,
    Need,
    NextStep,
    Preference,
    StanceOnChange,
    Standing,
)
from opps.domain.facts.customer import ImpactMethod, IssueKind, OurEffect
from opps.domain.facts.decision import (
    AlternativeKind,
    AlternativeStatus,
    CriterionKind,
    Rule,
    StepKind,
    StepStatus,
)
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Stance
from opps.domain.facts.purchase import Criticality, DateBasis, FitLevel, FundingStatus, Proof
from opps.domain.money import Money
from opps.domain.opportunity.state import do_nothing, us
from opps.domain.personal import Clear
from opps.sample.book import Book


class Words:
    """What can be said of one opportunity."""

    def __init__(self, book: Book, name: str, currency: str) -> None:
        self.book = book
        self.currency = currency
        self.opportunity_id = book.id(f"opportunity {name}")
        self.us = us(self.opportunity_id)
        self.do_nothing = do_nothing(self.opportunity_id)
        self.people: dict[str, UUID] = {}

    def id(self, name: str) -> UUID:
        """Return the id of something in this opportunity."""
        return uuid5(self.opportunity_id, name)

    def day(self, ago: int) -> date:
        """Return a day by its working days before today; a negative number lies ahead."""
        return self.book.day(ago)

    def money(self, amount: int) -> Money:
        """Return an amount in the opportunity's currency."""
        return Money(Decimal(amount), self.currency)

    def issue(
        self, name: str, text: str, owner: str, kind: str = "PROBLEM", **more: Any
    ) -> BusinessIssue:
        """Return a business issue; `effect` is what we can do about it."""
        effect = more.pop("effect", None)
        return BusinessIssue(
            issue_id=self.id(name),
            text=text,
            issue_kind=IssueKind(kind),
            owner_id=self.id(owner),
            our_effect=effect and OurEffect(effect),
            **more,
        )

    def impact(
        self, name: str, issue: str, metric: str, method: str, *agreed: str, **more: Any
    ) -> Impact:
        """Return an impact; `worth` is its value a year."""
        worth = more.pop("worth", None)
        return Impact(
            impact_id=self.id(name),
            issue_id=self.id(issue),
            metric=metric,
            method=ImpactMethod(method),
            agreed_by=tuple(self.id(one) for one in agreed),
            value_per_year=worth and self.money(worth),
            **more,
        )

    def influence(self, name: str, level: str) -> Influence:
        """Return how much somebody weighs."""
        return Influence(evaluator_id=self.id(name), level=InfluenceLevel(level))

    def leaning(self, name: str, level: str, behaviour: str | None = None) -> Leaning:
        """Return where somebody leans; the behaviour belongs to that person."""
        shown = None if behaviour is None else Clear(self.people[name], behaviour)
        return Leaning(evaluator_id=self.id(name), level=LeaningLevel(level), behaviour=shown)

    def stance(self, name: str, stance: str) -> StanceOnChange:
        """Return where somebody stands on changing at all."""
        return StanceOnChange(evaluator_id=self.id(name), stance=Stance(stance))

    def left(self, name: str, on: int, successor: str | None = None) -> EvaluatorLeft:
        """Return that somebody left."""
        return EvaluatorLeft(
            evaluator_id=self.id(name),
            left_on=self.day(on),
            successor_id=self.id(successor) if successor else None,
        )

    def need(self, name: str, text: str, issue: str, kind: str = "MUST", **more: Any) -> Need:
        """Return a capability that an issue asks for."""
        return Need(
            need_id=self.id(name),
            text=text,
            issue_id=self.id(issue),
            criticality=Criticality(kind),
            **more,
        )

    def fit(self, need: str, level: str, proof: str, **more: Any) -> Fit:
        """Return how well we meet a need."""
        return Fit(need_id=self.id(need), level=FitLevel(level), proof=Proof(proof), **more)

    def funding(
        self, status: str, amount: int | None = None, authority: str | None = None, **more: Any
    ) -> Funding:
        """Return how far the money is."""
        return Funding(
            status=FundingStatus(status),
            amount=self.money(amount) if amount else None,
            authority_id=self.id(authority) if authority else None,
            **more,
        )

    def event(self, name: str, text: str, on: int, consequence: str, owner: str) -> CompellingEvent:
        """Return a dated reason to act."""
        return CompellingEvent(
            event_id=self.id(name),
            text=text,
            on_date=self.day(on),
            consequence=consequence,
            owner_id=self.id(owner),
        )

    def decides(self, on: int, basis: str = "BUYER_STATED") -> DecisionDate:
        """Return when the customer will decide."""
        return DecisionDate(on_date=self.day(on), basis=DateBasis(basis))

    def alternative(
        self, name: str, label: str, kind: str, status: str = "CONSIDERED", **more: Any
    ) -> Alternative:
        """Return a course that the customer could take."""
        return Alternative(
            alternative_id=self.id(name),
            alternative_kind=AlternativeKind(kind),
            name=label,
            status=AlternativeStatus(status),
            **more,
        )

    def prefers(self, name: str, alternative: UUID | None, **more: Any) -> Preference:
        """Return which alternative somebody favours."""
        return Preference(evaluator_id=self.id(name), alternative_id=alternative, **more)

    def criterion(self, name: str, text: str, kind: str = "FORMAL", **more: Any) -> Criterion:
        """Return a standard of choice."""
        return Criterion(
            criterion_id=self.id(name), text=text, criterion_kind=CriterionKind(kind), **more
        )

    def weight(self, name: str, weight: float) -> CriterionWeight:
        """Return how much a criterion weighs."""
        return CriterionWeight(criterion_id=self.id(name), weight=weight)

    def rated(self, criterion: str, alternative: UUID, rating: int, by: str) -> Standing:
        """Return how an alternative does in somebody's eyes."""
        return Standing(
            criterion_id=self.id(criterion),
            alternative_id=alternative,
            rating=rating,
            evaluator_id=self.id(by),
        )

    def step(
        self, name: str, text: str, kind: str, owner: str, on: int, **more: Any
    ) -> DecisionStep:
        """Return a step on the way to a signature."""
        status = more.pop("status", None)
        return DecisionStep(
            step_id=self.id(name),
            name=text,
            step_kind=StepKind(kind),
            owner_id=self.id(owner),
            planned_on=self.day(on),
            status=status and StepStatus(status),
            **more,
        )

    def rule(self, rule: str, **more: Any) -> DecisionRule:
        """Return how they come to one decision."""
        return DecisionRule(rule=Rule(rule), **more)

    def next(self, text: str, on: int, who: str) -> NextStep:
        """Return what somebody of the buyer has promised to do next."""
        return NextStep(
            text=text, on_date=self.day(on), evaluator_id=self.id(who), buyer_committed=True
        )
