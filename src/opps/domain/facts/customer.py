"""Facts about the customer: business issues, the impact desired, and the people who evaluate."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from msgspec import Meta

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import Code, EvaluatorId, IssueId, Text, Title, doc
from opps.domain.facts.base import Fact, apart, facets
from opps.domain.facts.evaluators import (
    Engagement,
    Evaluator,
    EvaluatorLeft,
    Influence,
    Leaning,
    Relation,
    StanceOnChange,
)
from opps.domain.money import Money
from opps.domain.personal import Personal


class IssueKind(StrEnum):
    """What a business issue is to its owner."""

    GOAL = "GOAL"
    PRESSURE = "PRESSURE"
    PROBLEM = "PROBLEM"
    RISK = "RISK"


class OurEffect(StrEnum):
    """What we can do about a business issue, compared with the others."""

    NO = "NO"
    AS_OTHERS = "AS_OTHERS"
    UNIQUELY = "UNIQUELY"


class ImpactMethod(StrEnum):
    """How an impact was worked out."""

    CUSTOMER_STATED = "CUSTOMER_STATED"
    JOINTLY_MODELLED = "JOINTLY_MODELLED"
    OUR_ESTIMATE = "OUR_ESTIMATE"


class BusinessIssue(Fact, tag="business_issue", kw_only=True, frozen=True):
    """A goal, pressure, problem or risk of the customer that this purchase could affect."""

    group: ClassVar = Objective.BUSINESS_ISSUES
    horizon_days: ClassVar = 90

    issue_id: Annotated[UUID, doc("The issue; the same id for each later statement about it.")]
    text: Annotated[Text, doc("The issue in the customer's words.")]
    issue_kind: Annotated[IssueKind, doc("Goal, pressure, problem or risk.")]
    owner_id: Annotated[EvaluatorId | None, doc("The evaluator who feels it.")] = None
    severity: Annotated[
        Annotated[int, Meta(ge=1, le=4)] | None, doc("From 1, minor, to 4, critical.")
    ] = None
    priority_rank: Annotated[
        Annotated[int, Meta(ge=1, le=100)] | None, doc("Rank among the owner's issues, 1 first.")
    ] = None
    consequence: Annotated[Text | None, doc("What happens to the business if nothing is done.")] = (
        None
    )
    our_effect: Annotated[OurEffect | None, doc("What we can do about it.")] = None
    root_of: Annotated[tuple[IssueId, ...], doc("Issues that this one causes.")] = ()
    denied: Annotated[bool, doc("The source says that this is no problem.")] = False

    @property
    def key(self) -> str:
        """One issue."""
        return f"business_issue:{self.issue_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Each part of the issue that was told."""
        return facets(
            ISSUE=True,
            ISSUE_OWNER=self.owner_id,
            ISSUE_SEVERITY=self.severity,
            ISSUE_CONSEQUENCE=self.consequence,
            ISSUE_OUR_EFFECT=self.our_effect,
        )

    def contradicts(self, other: Self) -> bool:
        """One denies it, or the severities lie two steps apart."""
        if self.denied != other.denied:
            return True
        if self.severity is None or other.severity is None:
            return False
        return abs(self.severity - other.severity) >= 2

    def flaw(self) -> str | None:
        """It causes itself."""
        return "an issue is not its own cause" if self.issue_id in self.root_of else None

    def introduces(self) -> tuple[str, UUID]:
        """The issue."""
        return ("business_issue", self.issue_id)


class Impact(Fact, tag="impact", kw_only=True, frozen=True):
    """A measurable change that the customer expects."""

    group: ClassVar = Objective.DESIRED_IMPACT
    horizon_days: ClassVar = 120

    impact_id: Annotated[UUID, doc("The impact; the same id for each later statement about it.")]
    issue_id: Annotated[IssueId | None, doc("The business issue it relieves.")] = None
    metric: Annotated[Title, doc("What is measured, such as churn.")]
    unit: Annotated[Code | None, doc("Unit of baseline and target, such as percent.")] = None
    baseline: Annotated[float | None, doc("The value today.")] = None
    target: Annotated[float | None, doc("The value wanted.")] = None
    by_date: Annotated[date | None, doc("When the target is to be reached.")] = None
    value_per_year: Annotated[Money | None, doc("What the change is worth a year.")] = None
    method: Annotated[ImpactMethod, doc("Whose numbers these are.")]
    agreed_by: Annotated[tuple[EvaluatorId, ...], doc("Evaluators who agreed to the numbers.")] = ()
    personal_win: Annotated[
        Personal | None, doc("What the owner gains personally; stored under that person's key.")
    ] = None
    rejected: Annotated[bool, doc("The customer says this impact will not happen.")] = False

    @property
    def key(self) -> str:
        """One impact."""
        return f"impact:{self.impact_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Each part that was told; agreement only where somebody of the buyer stands behind it."""
        return facets(
            IMPACT_METRIC=True,
            IMPACT_BASELINE=self.baseline,
            IMPACT_TARGET=self.target,
            IMPACT_AGREEMENT=bool(self.agreed_by) or self.method is ImpactMethod.CUSTOMER_STATED,
            IMPACT_VALUE=self.value_per_year,
            IMPACT_PERSONAL_WIN=self.personal_win,
        )

    def contradicts(self, other: Self) -> bool:
        """One rejects it, or the baselines differ by more than 20 %."""
        if self.rejected != other.rejected:
            return True
        if self.baseline is None or other.baseline is None:
            return False
        return apart(self.baseline, other.baseline, 0.20)

    def introduces(self) -> tuple[str, UUID]:
        """The impact."""
        return ("impact", self.impact_id)


CustomerFact = (
    BusinessIssue
    | Impact
    | Evaluator
    | Influence
    | Leaning
    | StanceOnChange
    | Relation
    | Engagement
    | EvaluatorLeft
)
