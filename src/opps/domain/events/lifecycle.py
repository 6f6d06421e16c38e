"""What happens to an opportunity from its opening to its end."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import field

from opps.domain.describe import Code, Count, Share, Text, Title
from opps.domain.events.base import OpportunityEvent
from opps.domain.events.vocabulary import (
    CommitBasis,
    CustomerKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
    Outcome,
    TeamFunction,
)
from opps.domain.money import Currency, Money
from opps.domain.personal import Personal
from opps.domain.provenance import Channel


class OpportunityOpened(OpportunityEvent, frozen=True, kw_only=True):
    """An opportunity was opened; its alternatives US and DO_NOTHING exist from here on."""

    account_id: UUID
    title: Title
    currency: Currency
    owner: UUID
    customer_kind: CustomerKind | None = None
    origin: Code | None = None
    context: dict[str, str] = field(default_factory=dict)


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
    detail: dict[str, str] = field(default_factory=dict)


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
    """We walked away; `exception_id` is the exception that asked for it."""

    reason: Text
    exception_id: UUID | None = None


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
