"""What happened: every event that opps stores, as a frozen value with a stable name."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, get_args
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Facet
from opps.domain.describe import Code, Count, Share, Text, Title, doc
from opps.domain.facts import AnyFact
from opps.domain.money import Currency, Money
from opps.domain.personal import Personal
from opps.domain.provenance import Channel, Provenance
from opps.domain.times import Learned


class CustomerKind(StrEnum):
    """Whether the account had bought before the opportunity opened."""

    NEW = "NEW"
    EXISTING = "EXISTING"


class TeamFunction(StrEnum):
    """What a member does on our team."""

    SELLER = "SELLER"
    MANAGER = "MANAGER"
    PRODUCT = "PRODUCT"
    ENGINEERING = "ENGINEERING"
    FINANCE = "FINANCE"
    ANALYST = "ANALYST"
    EXECUTIVE = "EXECUTIVE"


class ForecastCategory(StrEnum):
    """What the seller promises of an opportunity."""

    PIPELINE = "PIPELINE"
    BEST_CASE = "BEST_CASE"
    COMMIT = "COMMIT"
    OMITTED = "OMITTED"


class CommitBasis(StrEnum):
    """What a commit date rests on."""

    BUYER_STATED = "BUYER_STATED"
    OURS = "OURS"


class LossKind(StrEnum):
    """To whom an opportunity was lost."""

    RIVAL = "RIVAL"
    UNSPECIFIED = "UNSPECIFIED"


class NoDecisionReason(StrEnum):
    """Why a customer decided nothing."""

    STATUS_QUO = "STATUS_QUO"
    INDECISION = "INDECISION"
    FUNDING = "FUNDING"
    CANCELLED = "CANCELLED"
    DEFERRED = "DEFERRED"


class Outcome(StrEnum):
    """How an opportunity ended."""

    WON = "WON"
    LOST = "LOST"
    NO_DECISION = "NO_DECISION"
    DISQUALIFIED = "DISQUALIFIED"


class Supersession(StrEnum):
    """Why one fact replaces another: the world changed, or we learned better."""

    WORLD_CHANGED = "WORLD_CHANGED"
    WE_LEARNED_BETTER = "WE_LEARNED_BETTER"


class RetractionReason(StrEnum):
    """Why a fact never was knowledge."""

    MISHEARD = "MISHEARD"
    SOURCE_WITHDREW = "SOURCE_WITHDREW"
    WRONG_OPPORTUNITY = "WRONG_OPPORTUNITY"
    DUPLICATE = "DUPLICATE"
    ENTRY_ERROR = "ENTRY_ERROR"


class DecisionKind(StrEnum):
    """What our side decided."""

    GATE = "GATE"
    DISCOUNT = "DISCOUNT"
    FORECAST = "FORECAST"


class Supersedes(Struct, frozen=True):
    """The fact that another replaces, and why."""

    fact_id: Annotated[UUID, doc("The fact that is replaced.")]
    because: Annotated[Supersession, doc("Why it is replaced.")]


class Event(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Something that happened. Its class name is its stored tag."""

    schema: ClassVar[int] = 1


class OpportunityEvent(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to an opportunity, and when our side came to know of it."""

    learned: Learned


class OpportunityOpened(OpportunityEvent, frozen=True, kw_only=True):
    """An opportunity was opened; its alternatives US and DO_NOTHING exist from here on."""

    account_id: UUID
    title: Title
    currency: Currency
    owner: UUID
    customer_kind: CustomerKind | None = None
    origin: Code | None = None
    context: dict[str, str] = {}


class OpportunityRenamed(OpportunityEvent, frozen=True, kw_only=True):
    """An opportunity got another title."""

    title: Title


class OwnershipTransferred(OpportunityEvent, frozen=True, kw_only=True):
    """Another seller took over."""

    from_owner: UUID
    to_owner: UUID
    handover_note: Text | None = None


class TeamMemberJoined(OpportunityEvent, frozen=True, kw_only=True):
    """Somebody joined our team on this opportunity."""

    member: UUID
    function: TeamFunction


class TeamMemberLeft(OpportunityEvent, frozen=True, kw_only=True):
    """Somebody left our team on this opportunity."""

    member: UUID


class AmountEstimated(OpportunityEvent, frozen=True, kw_only=True):
    """We estimated what the opportunity is worth."""

    amount: Money
    quantity: Count | None = None
    unit_price: Decimal | None = None
    basis: Text | None = None


class CommitDateSet(OpportunityEvent, frozen=True, kw_only=True):
    """We promised a date for the decision; push or pull-in follows from the one before."""

    commit_date: date
    basis: CommitBasis
    reason: Text | None = None


class StageSet(OpportunityEvent, frozen=True, kw_only=True):
    """A stage was set in the source system; a stage is never a score input."""

    stage: Title
    stage_default: Share | None = None


class ForecastCategorySet(OpportunityEvent, frozen=True, kw_only=True):
    """The seller put the opportunity into a forecast category."""

    category: ForecastCategory


class ProposalPrepared(OpportunityEvent, frozen=True, kw_only=True):
    """We prepared a proposal."""

    proposal: Code
    amount: Money | None = None


class ProposalSent(OpportunityEvent, frozen=True, kw_only=True):
    """We sent a proposal: an answer of the buyer is expected."""

    proposal: Code
    amount: Money | None = None


class ProposalWithdrawn(OpportunityEvent, frozen=True, kw_only=True):
    """We took a proposal back."""

    proposal: Code
    reason: Text | None = None


class BuyerResponded(OpportunityEvent, frozen=True, kw_only=True):
    """The buyer did something in answer to us."""

    response: Title
    channel: Channel | None = None
    evaluator_id: UUID | None = None
    quote: Personal | None = None


class SellerActed(OpportunityEvent, frozen=True, kw_only=True):
    """Our side did something, such as a follow-up call; activity is never a score input."""

    activity: Title
    channel: Channel | None = None


class SourceEventImported(OpportunityEvent, frozen=True, kw_only=True):
    """Something the source system recorded and no mapping names."""

    name: Title
    detail: dict[str, str] = {}


class SellerEstimateRecorded(OpportunityEvent, frozen=True, kw_only=True):
    """The seller gave an own estimate of the win probability."""

    probability: Share
    rationale: Text | None = None


class OpportunityWon(OpportunityEvent, frozen=True, kw_only=True):
    """The customer chose us."""

    amount: Money | None = None
    reasons: tuple[Text, ...] = ()


class OpportunityLost(OpportunityEvent, frozen=True, kw_only=True):
    """The customer chose another alternative."""

    loss_kind: LossKind
    alternative_id: UUID | None = None
    reasons: tuple[Text, ...] = ()


class OpportunityClosedWithoutDecision(OpportunityEvent, frozen=True, kw_only=True):
    """The customer decided nothing."""

    reason: NoDecisionReason
    note: Text | None = None


class OpportunityDisqualified(OpportunityEvent, frozen=True, kw_only=True):
    """We walked away."""

    reason: Text


class OpportunityReopened(OpportunityEvent, frozen=True, kw_only=True):
    """A closed opportunity was opened again."""

    reason: Text


class OutcomeCorrected(OpportunityEvent, frozen=True, kw_only=True):
    """The outcome had been recorded wrongly."""

    outcome: Outcome
    reason: Text
    loss_kind: LossKind | None = None
    alternative_id: UUID | None = None
    no_decision: NoDecisionReason | None = None


class OpportunitiesMerged(OpportunityEvent, frozen=True, kw_only=True):
    """This opportunity is a duplicate and goes on in another one."""

    into: UUID
    reason: Text


class WinLossReviewed(OpportunityEvent, frozen=True, kw_only=True):
    """We looked back at a closed opportunity."""

    summary: Text
    surprises: tuple[Text, ...] = ()


class FactLearned(OpportunityEvent, frozen=True, kw_only=True):
    """Somebody told us something, or we observed it."""

    fact_id: UUID
    fact: AnyFact
    provenance: Provenance
    supersedes: Supersedes | None = None
    true_from: date | None = None
    true_until: date | None = None
    after_close: bool = False


class FactCorroborated(OpportunityEvent, frozen=True, kw_only=True):
    """Another source said the same."""

    fact_id: UUID
    provenance: Provenance
    repeats_first: bool


class FactReconfirmed(OpportunityEvent, frozen=True, kw_only=True):
    """The same source said it again: it is fresh once more."""

    fact_id: UUID
    provenance: Provenance


class FactRetracted(OpportunityEvent, frozen=True, kw_only=True):
    """A fact never was knowledge; it leaves beliefs from here on, never from the past."""

    fact_id: UUID
    reason: RetractionReason
    note: Text | None = None


class FactRedated(OpportunityEvent, frozen=True, kw_only=True):
    """A fact is right, but we had come to know it at another time."""

    fact_id: UUID
    learned_on: Learned
    reason: Text | None = None


class ContradictionResolved(OpportunityEvent, frozen=True, kw_only=True):
    """The team chose between facts that cannot both hold."""

    chosen: UUID
    rejected: tuple[UUID, ...]
    rationale: Text


class QuestionRaised(OpportunityEvent, frozen=True, kw_only=True):
    """We wrote down what we do not know."""

    question_id: UUID
    facet: Facet
    text: Text
    subject_id: UUID | None = None
    why: Text | None = None
    whom_to_ask: UUID | None = None
    due: date | None = None


class QuestionAsked(OpportunityEvent, frozen=True, kw_only=True):
    """A question was put to somebody of the buyer."""

    question_id: UUID
    evaluator_id: UUID
    asked_on: date | None = None
    channel: Channel | None = None


class QuestionAnswered(OpportunityEvent, frozen=True, kw_only=True):
    """A question got its answer."""

    question_id: UUID
    fact_ids: tuple[UUID, ...] = ()
    answer: Text | None = None


class QuestionDropped(OpportunityEvent, frozen=True, kw_only=True):
    """A question no longer matters."""

    question_id: UUID
    reason: Text


class FacetMarkedNotApplicable(OpportunityEvent, frozen=True, kw_only=True):
    """A facet does not apply to this opportunity."""

    facet: Facet
    rationale: Text


class DecisionTaken(OpportunityEvent, frozen=True, kw_only=True):
    """Our side decided something, on the facts named."""

    decision: DecisionKind
    summary: Text
    based_on: tuple[UUID, ...] = ()


class AccountRegistered(Event, frozen=True, kw_only=True):
    """A buying organisation became known."""

    name: Title
    external_id: Code | None = None


class AccountRenamed(Event, frozen=True, kw_only=True):
    """A buying organisation got another name."""

    name: Title


class PersonRegistered(Event, frozen=True, kw_only=True):
    """A person became known; the data is stored under that person's key."""

    name: Personal
    email: Personal | None = None
    phone: Personal | None = None
    account_id: UUID | None = None


class PersonCorrected(Event, frozen=True, kw_only=True):
    """Data of a person was put right; absent fields stay as they were."""

    name: Personal | None = None
    email: Personal | None = None
    phone: Personal | None = None


class DayTurned(Event, frozen=True, kw_only=True):
    """A day began in the tenant's zone: time is an event, so staleness follows from the log."""

    day: date
    zone: str


class ImportStarted(Event, frozen=True, kw_only=True):
    """An import of another system's history began."""

    source: Code
    mapping: str
    file_digest: str


class ImportCompleted(Event, frozen=True, kw_only=True):
    """An import ended, with its counts."""

    counts: dict[str, int]


class LogRestored(Event, frozen=True, kw_only=True):
    """This log was restored from a backup."""

    source_hash: str
    head: int


AnyOpportunityEvent = (
    OpportunityOpened
    | OpportunityRenamed
    | OwnershipTransferred
    | TeamMemberJoined
    | TeamMemberLeft
    | AmountEstimated
    | CommitDateSet
    | StageSet
    | ForecastCategorySet
    | ProposalPrepared
    | ProposalSent
    | ProposalWithdrawn
    | BuyerResponded
    | SellerActed
    | SourceEventImported
    | SellerEstimateRecorded
    | OpportunityWon
    | OpportunityLost
    | OpportunityClosedWithoutDecision
    | OpportunityDisqualified
    | OpportunityReopened
    | OutcomeCorrected
    | OpportunitiesMerged
    | WinLossReviewed
    | FactLearned
    | FactCorroborated
    | FactReconfirmed
    | FactRetracted
    | FactRedated
    | ContradictionResolved
    | QuestionRaised
    | QuestionAsked
    | QuestionAnswered
    | QuestionDropped
    | FacetMarkedNotApplicable
    | DecisionTaken
)
AccountEvent = AccountRegistered | AccountRenamed
PersonEvent = PersonRegistered | PersonCorrected
ControlEvent = DayTurned | ImportStarted | ImportCompleted | LogRestored
AnyEvent = AnyOpportunityEvent | AccountEvent | PersonEvent | ControlEvent

TAGS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(AnyEvent)}
