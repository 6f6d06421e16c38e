"""Facts about the decision: the alternatives, the criteria, and the way to a signature."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from msgspec import Meta

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import (
    AlternativeId,
    CriterionId,
    EvaluatorId,
    IssueId,
    Share,
    StepId,
    Text,
    Title,
    doc,
)
from opps.domain.facts.base import ROUNDING, Fact, facets
from opps.domain.facts.purchase import Proof


class AlternativeKind(StrEnum):
    """What sort of course is open to the customer."""

    US = "US"
    COMPETITOR = "COMPETITOR"
    INCUMBENT = "INCUMBENT"
    IN_HOUSE = "IN_HOUSE"
    DO_NOTHING = "DO_NOTHING"
    OTHER_PROJECT = "OTHER_PROJECT"


class AlternativeStatus(StrEnum):
    """Where an alternative stands with the customer."""

    CONSIDERED = "CONSIDERED"
    SHORTLISTED = "SHORTLISTED"
    PREFERRED = "PREFERRED"
    ELIMINATED = "ELIMINATED"


class CriterionKind(StrEnum):
    """Whether a criterion is written down."""

    FORMAL = "FORMAL"
    INFORMAL = "INFORMAL"


class CriterionOrigin(StrEnum):
    """Whose idea a criterion was."""

    CUSTOMER = "CUSTOMER"
    US = "US"
    RIVAL = "RIVAL"


class StepKind(StrEnum):
    """What a decision step is for."""

    EVALUATION = "EVALUATION"
    APPROVAL = "APPROVAL"
    LEGAL = "LEGAL"
    SECURITY = "SECURITY"
    PROCUREMENT = "PROCUREMENT"
    SIGNATURE = "SIGNATURE"


class StepStatus(StrEnum):
    """How far a decision step is."""

    PLANNED = "PLANNED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    SLIPPED = "SLIPPED"
    DROPPED = "DROPPED"


class Rule(StrEnum):
    """How the evaluators come to one decision."""

    CONSENSUS = "CONSENSUS"
    AUTOCRATIC = "AUTOCRATIC"
    VOTE = "VOTE"
    WEIGHTED = "WEIGHTED"


PAPER_STEPS = frozenset({StepKind.LEGAL, StepKind.SECURITY, StepKind.PROCUREMENT})


class Alternative(Fact, tag="alternative", kw_only=True, frozen=True):
    """A course open to the customer, doing nothing included."""

    group: ClassVar = Objective.ALTERNATIVES
    horizon_days: ClassVar = 45

    alternative_id: Annotated[UUID, doc("The alternative; US and DO_NOTHING exist from the start.")]
    alternative_kind: Annotated[AlternativeKind, doc("What sort of course it is.")]
    name: Annotated[Title, doc("Name of the course or the company behind it.")]
    status: Annotated[AlternativeStatus, doc("Where it stands with the customer.")]
    strengths: Annotated[Text | None, doc("What speaks for it, in the customer's eyes.")] = None
    weaknesses: Annotated[Text | None, doc("What speaks against it, in the customer's eyes.")] = (
        None
    )
    their_strategy: Annotated[Text | None, doc("How its supporters try to win.")] = None

    @property
    def key(self) -> str:
        """One alternative."""
        return f"alternative:{self.alternative_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """The considered set by a real alternative, do-nothing by an assessment of it."""
        return facets(
            CONSIDERED_SET=self.alternative_kind
            not in (AlternativeKind.US, AlternativeKind.DO_NOTHING),
            DO_NOTHING=self.alternative_kind is AlternativeKind.DO_NOTHING,
            ALTERNATIVE_STRATEGY=self.their_strategy,
        )

    def contradicts(self, other: Self) -> bool:
        """Eliminated for one source, still in for another."""
        return (self.status is AlternativeStatus.ELIMINATED) != (
            other.status is AlternativeStatus.ELIMINATED
        )

    def introduces(self) -> tuple[str, UUID]:
        """The alternative."""
        return ("alternative", self.alternative_id)


class Preference(Fact, tag="preference", kw_only=True, frozen=True):
    """Which alternative one evaluator favours."""

    group: ClassVar = Objective.ALTERNATIVES
    horizon_days: ClassVar = 45

    evaluator_id: Annotated[EvaluatorId, doc("Who favours it.")]
    alternative_id: Annotated[
        AlternativeId | None, doc("What is favoured; absent for somebody who favours nothing yet.")
    ] = None
    strength: Annotated[Share | None, doc("From 0, hardly, to 1, firmly.")] = None
    indecision: Annotated[
        bool | None, doc("Signs that this evaluator cannot make up their mind.")
    ] = None

    @property
    def key(self) -> str:
        """The preference of one evaluator."""
        return f"preference:{self.evaluator_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Preference."""
        return facets(PREFERENCE=True)

    def contradicts(self, other: Self) -> bool:
        """Two different favourites."""
        return len({self.alternative_id, other.alternative_id} - {None}) > 1


class Criterion(Fact, tag="criterion", kw_only=True, frozen=True):
    """A standard by which the customer will choose."""

    group: ClassVar = Objective.DECISION_CRITERIA
    horizon_days: ClassVar = 60

    criterion_id: Annotated[UUID, doc("The criterion; the same id for each later statement.")]
    text: Annotated[Text, doc("The standard, in the customer's words.")]
    criterion_kind: Annotated[CriterionKind, doc("Formal or informal.")]
    mandatory: Annotated[bool | None, doc("Failing it rules an alternative out.")] = None
    owner_ids: Annotated[tuple[EvaluatorId, ...], doc("Evaluators who hold it.")] = ()
    origin: Annotated[CriterionOrigin | None, doc("Whose idea it was.")] = None
    issue_id: Annotated[IssueId | None, doc("The business issue behind it.")] = None

    @property
    def key(self) -> str:
        """One criterion."""
        return f"criterion:{self.criterion_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Criterion, and that an informal one was found."""
        return facets(
            CRITERION=True, INFORMAL_CRITERION=self.criterion_kind is CriterionKind.INFORMAL
        )

    def contradicts(self, other: Self) -> bool:
        """Mandatory for one, optional for another."""
        return {self.mandatory, other.mandatory} == {True, False}

    def introduces(self) -> tuple[str, UUID]:
        """The criterion."""
        return ("criterion", self.criterion_id)


class CriterionWeight(Fact, tag="criterion_weight", kw_only=True, frozen=True):
    """How much one criterion weighs in the choice."""

    group: ClassVar = Objective.DECISION_CRITERIA
    horizon_days: ClassVar = 60

    criterion_id: Annotated[CriterionId, doc("The criterion.")]
    weight: Annotated[Share, doc("Share of the decision, from 0 to 1.")]

    @property
    def key(self) -> str:
        """The weight of one criterion."""
        return f"criterion_weight:{self.criterion_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Weight."""
        return facets(CRITERION_WEIGHT=True)

    def contradicts(self, other: Self) -> bool:
        """The weights differ by more than 0.3."""
        return abs(self.weight - other.weight) > 0.3 + ROUNDING


class Standing(Fact, tag="standing", kw_only=True, frozen=True):
    """How one alternative does on one criterion, in an evaluator's eyes or as our team sees it."""

    group: ClassVar = Objective.DECISION_CRITERIA
    horizon_days: ClassVar = 60

    criterion_id: Annotated[CriterionId, doc("The criterion.")]
    alternative_id: Annotated[AlternativeId, doc("The alternative that is rated.")]
    rating: Annotated[Annotated[int, Meta(ge=-2, le=2)], doc("From -2, fails, to +2, excels.")]
    evaluator_id: Annotated[
        EvaluatorId | None, doc("In whose eyes; absent when it is our team's view.")
    ] = None
    proof: Annotated[Proof | None, doc("What it has been shown with.")] = None

    @property
    def key(self) -> str:
        """One rating: criterion, alternative and viewer."""
        viewer = self.evaluator_id or "TEAM"
        return f"standing:{self.criterion_id}:{self.alternative_id}:{viewer}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """The standing of us, or of a rival."""
        return facets(
            STANDING_OF_US=self.alternative_id == us, STANDING_OF_RIVAL=self.alternative_id != us
        )

    def contradicts(self, other: Self) -> bool:
        """Two steps apart."""
        return abs(self.rating - other.rating) >= 2


class DecisionStep(Fact, tag="decision_step", kw_only=True, frozen=True):
    """One step on the customer's way to a signature."""

    group: ClassVar = Objective.DECISION_PROCESS
    horizon_days: ClassVar = 30

    step_id: Annotated[UUID, doc("The step; the same id for each later statement about it.")]
    name: Annotated[Title, doc("What the customer calls it.")]
    step_kind: Annotated[StepKind, doc("What it is for.")]
    owner_id: Annotated[EvaluatorId | None, doc("The evaluator who runs it.")] = None
    planned_on: Annotated[date | None, doc("When it is to happen.")] = None
    depends_on: Annotated[tuple[StepId, ...], doc("Steps that come before.")] = ()
    status: Annotated[StepStatus | None, doc("How far it is.")] = None
    buyer_confirmed: Annotated[bool | None, doc("Confirmed by somebody of the buyer.")] = None

    @property
    def key(self) -> str:
        """One step."""
        return f"decision_step:{self.step_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Steps, their owner, and the paper process where the step is part of it."""
        return facets(
            STEPS=True, STEP_OWNER=self.owner_id, PAPER_PROCESS=self.step_kind in PAPER_STEPS
        )

    def contradicts(self, other: Self) -> bool:
        """The sources name different owners, or put different steps before it."""
        owners = {self.owner_id, other.owner_id} - {None}
        return len(owners) > 1 or bool(
            self.depends_on and other.depends_on and set(self.depends_on) != set(other.depends_on)
        )

    def flaw(self) -> str | None:
        """It comes before itself."""
        return "a step does not come before itself" if self.step_id in self.depends_on else None

    def introduces(self) -> tuple[str, UUID]:
        """The step."""
        return ("decision_step", self.step_id)


class DecisionRule(Fact, tag="decision_rule", kw_only=True, frozen=True):
    """How the evaluators come to one decision."""

    group: ClassVar = Objective.DECISION_PROCESS
    horizon_days: ClassVar = 90

    rule: Annotated[Rule, doc("Consensus, one person, a vote, or weighted votes.")]
    favours_us: Annotated[bool | None, doc("The way to the decision suits us.")] = None

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Decision rule."""
        return facets(DECISION_RULE=True)

    def contradicts(self, other: Self) -> bool:
        """Two different rules."""
        return self.rule is not other.rule


class NextStep(Fact, tag="next_step", kw_only=True, frozen=True):
    """What happens next, who does it, and by when."""

    group: ClassVar = Objective.DECISION_PROCESS
    horizon_days: ClassVar = 30

    text: Annotated[Text, doc("What happens next.")]
    on_date: Annotated[date, doc("By when.")]
    evaluator_id: Annotated[EvaluatorId | None, doc("Who of the buyer does it.")] = None
    buyer_committed: Annotated[bool | None, doc("The buyer has promised it.")] = None

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Next step, once the buyer has committed to it."""
        return facets(NEXT_STEP=self.buyer_committed)


DecisionFact = (
    Alternative
    | Preference
    | Criterion
    | CriterionWeight
    | Standing
    | DecisionStep
    | DecisionRule
    | NextStep
)
