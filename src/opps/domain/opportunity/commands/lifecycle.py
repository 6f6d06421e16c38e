"""Commands on an opportunity's way from its opening to its end."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import field

from opps.domain.describe import AlternativeId, Code, Count, EvaluatorId, Share, Text, Title, doc
from opps.domain.events import (
    CommitBasis,
    CustomerKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
    Outcome,
    TeamFunction,
)
from opps.domain.money import Currency, Money
from opps.domain.opportunity.commands.base import OpportunityCommand
from opps.domain.personal import Personal
from opps.domain.provenance import Channel


class OpenOpportunity(OpportunityCommand, frozen=True, kw_only=True):
    """Open an opportunity: one potential decision of one customer."""

    account_id: Annotated[UUID, doc("The buying organisation.")]
    title: Annotated[Title, doc("What is to be decided, in a few words.")]
    currency: Annotated[Currency, doc("ISO 4217 code of every amount in it, such as EUR.")]
    owner: Annotated[UUID | None, doc("The seller who owns it; you, when absent.")] = None
    customer_kind: Annotated[CustomerKind | None, doc("New or existing customer.")] = None
    origin: Annotated[Code | None, doc("Where it came from, such as REFERRAL.")] = None
    context: Annotated[dict[str, str], doc("Labelled context known at opening.")] = field(
        default_factory=dict
    )


class RenameOpportunity(OpportunityCommand, frozen=True, kw_only=True):
    """Give an opportunity another title."""

    title: Annotated[Title, doc("The new title.")]


class TransferOwnership(OpportunityCommand, frozen=True, kw_only=True):
    """Hand an opportunity over to another seller."""

    to_owner: Annotated[UUID, doc("The seller who takes over.")]
    handover_note: Annotated[Text | None, doc("What the successor must know.")] = None


class AddTeamMember(OpportunityCommand, frozen=True, kw_only=True):
    """Add somebody to our team on an opportunity."""

    member: Annotated[UUID, doc("Who joins.")]
    function: Annotated[TeamFunction, doc("What they do on the team.")]


class RemoveTeamMember(OpportunityCommand, frozen=True, kw_only=True):
    """Take somebody off our team on an opportunity."""

    member: Annotated[UUID, doc("Who leaves.")]


class EstimateAmount(OpportunityCommand, frozen=True, kw_only=True):
    """Estimate what an opportunity is worth."""

    amount: Annotated[Money, doc("The amount, in the opportunity's currency.")]
    quantity: Annotated[Count | None, doc("How many, when the amount is a product.")] = None
    unit_price: Annotated[Decimal | None, doc("Price of one, in the same currency.")] = None
    basis: Annotated[Text | None, doc("What the estimate rests on.")] = None


class SetCommitDate(OpportunityCommand, frozen=True, kw_only=True):
    """Promise a date for the decision; a later one is a push, an earlier one a pull-in."""

    commit_date: Annotated[date, doc("The date promised.")]
    basis: Annotated[CommitBasis, doc("Stated by the buyer, or ours.")]
    reason: Annotated[Text | None, doc("Why it moved.")] = None


class SetStage(OpportunityCommand, frozen=True, kw_only=True):
    """Note the stage of the source system; it is never a score input."""

    stage: Annotated[Title, doc("Name of the stage.")]
    stage_default: Annotated[Share | None, doc("The stage's own win probability, 0 to 1.")] = None


class SetForecastCategory(OpportunityCommand, frozen=True, kw_only=True):
    """Put an opportunity into a forecast category."""

    category: Annotated[ForecastCategory, doc("What the seller promises.")]


class PrepareProposal(OpportunityCommand, frozen=True, kw_only=True):
    """Note that a proposal was prepared."""

    proposal: Annotated[Code, doc("Reference of the proposal.")]
    amount: Annotated[Money | None, doc("What it offers, in the opportunity's currency.")] = None


class RecordProposalSent(OpportunityCommand, frozen=True, kw_only=True):
    """Note that a proposal was sent: an answer of the buyer is expected from then on."""

    proposal: Annotated[Code, doc("Reference of the proposal.")]
    amount: Annotated[Money | None, doc("What it offers, in the opportunity's currency.")] = None


class WithdrawProposal(OpportunityCommand, frozen=True, kw_only=True):
    """Note that a proposal was taken back."""

    proposal: Annotated[Code, doc("Reference of the proposal.")]
    reason: Annotated[Text | None, doc("Why it was taken back.")] = None


class RecordBuyerResponse(OpportunityCommand, frozen=True, kw_only=True):
    """Note what the buyer did in answer to us."""

    response: Annotated[Title, doc("What the buyer did, in a few words that name nobody.")]
    channel: Annotated[Channel | None, doc("How it reached us.")] = None
    evaluator_id: Annotated[EvaluatorId | None, doc("Who of the buyer.")] = None
    quote: Annotated[
        Personal | None, doc("The buyer's own words, stored under that person's key.")
    ] = None


class RecordSellerActivity(OpportunityCommand, frozen=True, kw_only=True):
    """Note what our side did, such as a follow-up call; it is never a score input."""

    activity: Annotated[Title, doc("What was done.")]
    channel: Annotated[Channel | None, doc("How.")] = None


class ImportSourceEvent(OpportunityCommand, frozen=True, kw_only=True):
    """Keep something that the source system recorded and no mapping names."""

    name: Annotated[Title, doc("The source system's name of it.")]
    detail: Annotated[dict[str, str], doc("What the source system said of it.")] = field(
        default_factory=dict
    )


class RecordSellerEstimate(OpportunityCommand, frozen=True, kw_only=True):
    """Record the seller's own estimate of the win probability."""

    probability: Annotated[Share, doc("From 0 to 1.")]
    rationale: Annotated[Text | None, doc("Why.")] = None


class WinOpportunity(OpportunityCommand, frozen=True, kw_only=True):
    """Close an opportunity as won."""

    amount: Annotated[Money | None, doc("What was signed, in the opportunity's currency.")] = None
    reasons: Annotated[tuple[Text, ...], doc("Why the customer chose us.")] = ()


class LoseOpportunity(OpportunityCommand, frozen=True, kw_only=True):
    """Close an opportunity as lost to another alternative."""

    loss_kind: Annotated[LossKind, doc("To a rival, or unspecified.")]
    alternative_id: Annotated[AlternativeId | None, doc("What the customer chose.")] = None
    reasons: Annotated[tuple[Text, ...], doc("Why.")] = ()


class CloseWithoutDecision(OpportunityCommand, frozen=True, kw_only=True):
    """Close an opportunity because the customer decided nothing."""

    reason: Annotated[NoDecisionReason, doc("Why nothing was decided.")]
    note: Annotated[Text | None, doc("More about it.")] = None


class DisqualifyOpportunity(OpportunityCommand, frozen=True, kw_only=True):
    """Walk away from an opportunity."""

    reason: Annotated[Text, doc("Why we walk away.")]
    exception_id: Annotated[UUID | None, doc("The exception that asked for it, if any.")] = None


class ReopenOpportunity(OpportunityCommand, frozen=True, kw_only=True):
    """Open a closed opportunity again."""

    reason: Annotated[Text, doc("What has changed.")]


class CorrectOutcome(OpportunityCommand, frozen=True, kw_only=True):
    """Correct the outcome of a closed opportunity; the wrong one stays in the history."""

    outcome: Annotated[Outcome, doc("How it really ended.")]
    reason: Annotated[Text, doc("Why the outcome was wrong.")]
    loss_kind: Annotated[LossKind | None, doc("To whom it was lost; needed for LOST.")] = None
    alternative_id: Annotated[AlternativeId | None, doc("What the customer chose.")] = None
    no_decision: Annotated[
        NoDecisionReason | None, doc("Why nothing was decided; needed for NO_DECISION.")
    ] = None


class MergeOpportunities(OpportunityCommand, frozen=True, kw_only=True):
    """Close a duplicate: the deal goes on in another opportunity."""

    into: Annotated[UUID, doc("The opportunity that goes on.")]
    reason: Annotated[Text, doc("Why they are one.")]


class ReviewWinLoss(OpportunityCommand, frozen=True, kw_only=True):
    """Look back at a closed opportunity."""

    summary: Annotated[Text, doc("What decided it.")]
    surprises: Annotated[tuple[Text, ...], doc("What we learned too late.")] = ()
