"""Facts about the purchase: the solution required, the money, and the timing."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import Code, Count, EvaluatorId, IssueId, NeedId, Text, Title, doc
from opps.domain.facts.base import Fact, apart, facets
from opps.domain.money import Money


class Criticality(StrEnum):
    """Whether the customer can do without a need."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class FitLevel(StrEnum):
    """How well we meet a need."""

    MEETS = "MEETS"
    PARTIAL = "PARTIAL"
    GAP = "GAP"


class Proof(StrEnum):
    """What our fit or standing has been shown with."""

    NONE = "NONE"
    CLAIM = "CLAIM"
    DEMO = "DEMO"
    REFERENCE = "REFERENCE"
    PILOT = "PILOT"


class FundingStatus(StrEnum):
    """How far the money is."""

    NONE = "NONE"
    IDENTIFIED = "IDENTIFIED"
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"


class DateBasis(StrEnum):
    """What a decision date rests on."""

    BUYER_STATED = "BUYER_STATED"
    DERIVED_FROM_PROCESS = "DERIVED_FROM_PROCESS"
    OUR_GUESS = "OUR_GUESS"


class LeadTime(StrEnum):
    """How our lead time compares with that of the alternatives."""

    BETTER = "BETTER"
    SAME = "SAME"
    WORSE = "WORSE"


class Need(Fact, tag="need", kw_only=True, frozen=True):
    """A capability that is required because of a business issue."""

    group: ClassVar = Objective.REQUIRED_SOLUTION
    horizon_days: ClassVar = 90

    need_id: Annotated[UUID, doc("The need; the same id for each later statement about it.")]
    text: Annotated[Text, doc("The capability, in the customer's words.")]
    issue_id: Annotated[IssueId, doc("The business issue it serves.")]
    criticality: Annotated[Criticality, doc("Must or should.")]
    met_by_status_quo: Annotated[bool | None, doc("What they have today already meets it.")] = None
    rejected: Annotated[bool, doc("The source says that it is not needed.")] = False

    @property
    def key(self) -> str:
        """One need."""
        return f"need:{self.need_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Need."""
        return facets(NEED=True)

    def contradicts(self, other: Self) -> bool:
        """A must for one, rejected by another."""
        return self.rejected != other.rejected and Criticality.MUST in (
            self.criticality,
            other.criticality,
        )

    def introduces(self) -> tuple[str, UUID]:
        """The need."""
        return ("need", self.need_id)


class Want(Fact, tag="want", kw_only=True, frozen=True):
    """A stated wish that no business issue asks for yet."""

    group: ClassVar = Objective.REQUIRED_SOLUTION
    horizon_days: ClassVar = 90

    want_id: Annotated[UUID, doc("The want; the same id for each later statement about it.")]
    text: Annotated[Text, doc("The wish, in the customer's words.")]

    @property
    def key(self) -> str:
        """One want."""
        return f"want:{self.want_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Want."""
        return facets(WANT=True)

    def introduces(self) -> tuple[str, UUID]:
        """The want."""
        return ("want", self.want_id)


class Fit(Fact, tag="fit", kw_only=True, frozen=True):
    """How well we meet one need, and what shows it."""

    group: ClassVar = Objective.REQUIRED_SOLUTION
    horizon_days: ClassVar = 90

    need_id: Annotated[NeedId, doc("The need that is met or not.")]
    level: Annotated[FitLevel, doc("How well we meet it.")]
    proof: Annotated[Proof, doc("What it has been shown with.")]
    gap_plan: Annotated[Text | None, doc("How a gap will be closed.")] = None

    @property
    def key(self) -> str:
        """Our fit on one need."""
        return f"fit:{self.need_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Fit."""
        return facets(FIT=True)

    def contradicts(self, other: Self) -> bool:
        """One sees it met, the other a gap."""
        return {self.level, other.level} == {FitLevel.MEETS, FitLevel.GAP}


class Scope(Fact, tag="scope", kw_only=True, frozen=True):
    """What is to be bought: product, quantity, sites, start."""

    group: ClassVar = Objective.REQUIRED_SOLUTION
    horizon_days: ClassVar = 90

    product: Annotated[Title, doc("Product or service.")]
    quantity: Annotated[Count | None, doc("How many.")] = None
    sites: Annotated[Count | None, doc("At how many sites.")] = None
    start_date: Annotated[date | None, doc("When use begins.")] = None

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Scope."""
        return facets(SCOPE=True)

    def contradicts(self, other: Self) -> bool:
        """The quantities of one product differ by more than 20 %."""
        if self.quantity is None or other.quantity is None or self.product != other.product:
            return False
        return apart(self.quantity, other.quantity, 0.20)


class Funding(Fact, tag="funding", kw_only=True, frozen=True):
    """Where the money comes from, how much it is, and who can release it."""

    group: ClassVar = Objective.FUNDING
    horizon_days: ClassVar = 60

    status: Annotated[FundingStatus, doc("How far the money is.")]
    amount: Annotated[Money | None, doc("How much is funded, in the opportunity's currency.")] = (
        None
    )
    origin: Annotated[Title | None, doc("Which budget it comes from.")] = None
    fiscal_period: Annotated[Code | None, doc("Budget year or quarter, such as FY2027.")] = None
    authority_id: Annotated[EvaluatorId | None, doc("The evaluator who can release it.")] = None
    competing_uses: Annotated[tuple[Title, ...], doc("What else the money could be spent on.")] = ()

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Each part that was told."""
        return facets(
            FUNDING_STATUS=True, FUNDING_AMOUNT=self.amount, FUNDING_AUTHORITY=self.authority_id
        )

    def contradicts(self, other: Self) -> bool:
        """The sources disagree on the status, or the amounts differ by more than 20 %."""
        if self.status is not other.status:
            return True
        if self.amount is None or other.amount is None:
            return False
        return self.amount.currency != other.amount.currency or apart(
            float(self.amount.amount), float(other.amount.amount), 0.20
        )


class PriceExpectation(Fact, tag="price_expectation", kw_only=True, frozen=True):
    """What the customer expects to pay."""

    group: ClassVar = Objective.FUNDING
    horizon_days: ClassVar = 60

    low: Annotated[Money, doc("Lower end, in the opportunity's currency.")]
    high: Annotated[Money, doc("Upper end, in the opportunity's currency.")]
    basis: Annotated[Text | None, doc("What the expectation rests on.")] = None

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Price expectation."""
        return facets(PRICE_EXPECTATION=True)

    def contradicts(self, other: Self) -> bool:
        """The ranges do not meet."""
        return self.low.amount > other.high.amount or other.low.amount > self.high.amount

    def flaw(self) -> str | None:
        """The lower end lies above the upper one."""
        above = self.low.amount > self.high.amount
        return "the lower end lies above the upper end" if above else None


class CompellingEvent(Fact, tag="compelling_event", kw_only=True, frozen=True):
    """A dated reason of the customer's to act, with what follows if it is missed."""

    group: ClassVar = Objective.TIMING
    horizon_days: ClassVar = 45

    event_id: Annotated[
        UUID | None, doc("The event, the same id each time; none when there is no such event.")
    ] = None
    text: Annotated[Text, doc("The event, or that there is none, in the customer's words.")]
    on_date: Annotated[date | None, doc("When it happens.")] = None
    consequence: Annotated[Text | None, doc("What breaks for them the day after.")] = None
    owner_id: Annotated[EvaluatorId | None, doc("The evaluator whose event it is.")] = None
    movable: Annotated[bool | None, doc("The customer can move the date at no cost.")] = None
    absent: Annotated[bool, doc("The source says that there is no such event.")] = False

    @property
    def key(self) -> str:
        """One compelling event, or that there is none."""
        return f"compelling_event:{'NONE' if self.absent else self.event_id}"

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Each part that was told; a plain 'there is none' answers all of it."""
        return facets(
            COMPELLING_EVENT=True,
            EVENT_DATE=self.absent or self.on_date,
            EVENT_CONSEQUENCE=self.absent or self.consequence,
        )

    def contradicts(self, other: Self) -> bool:
        """The dates lie more than 30 days apart."""
        return _days_apart(self.on_date, other.on_date) > 30

    def flaw(self) -> str | None:
        """An event without an id, or an absent one that is described all the same."""
        if not self.absent:
            return "an event needs an id" if self.event_id is None else None
        described = (self.event_id, self.on_date, self.consequence, self.owner_id, self.movable)
        return "an event that is absent has no more than a text" if any(described) else None

    def introduces(self) -> tuple[str, UUID] | None:
        """The event, unless there is none."""
        return None if self.event_id is None else ("compelling_event", self.event_id)


class DecisionDate(Fact, tag="decision_date", kw_only=True, frozen=True):
    """When the customer will decide."""

    group: ClassVar = Objective.TIMING
    horizon_days: ClassVar = 45

    on_date: Annotated[date, doc("Day of the decision.")]
    basis: Annotated[DateBasis, doc("What the date rests on.")]
    needed_by: Annotated[date | None, doc("When the solution must be in use.")] = None
    our_lead_time: Annotated[LeadTime | None, doc("Our lead time against the alternatives'.")] = (
        None
    )

    def fills(self, us: UUID) -> frozenset[Facet]:
        """Decision date, unless it is only our guess."""
        return facets(DECISION_DATE=self.basis is not DateBasis.OUR_GUESS)

    def contradicts(self, other: Self) -> bool:
        """The dates lie more than 30 days apart."""
        return _days_apart(self.on_date, other.on_date) > 30


def _days_apart(one: date | None, other: date | None) -> int:
    return 0 if one is None or other is None else abs((one - other).days)


PurchaseFact = (
    Need | Want | Fit | Scope | Funding | PriceExpectation | CompellingEvent | DecisionDate
)
