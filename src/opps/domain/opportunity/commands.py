"""What a caller can ask of an opportunity: each command is a mutation of the same name."""

from datetime import date
from decimal import Decimal
from typing import Annotated, get_args
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Facet
from opps.domain.describe import AlternativeId, Code, Count, EvaluatorId, Share, Text, Title, doc
from opps.domain.events import (
    CommitBasis,
    CustomerKind,
    DecisionKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
    Outcome,
    RetractionReason,
    Supersedes,
    TeamFunction,
)
from opps.domain.facts import AnyFact
from opps.domain.money import Currency, Money
from opps.domain.personal import Personal
from opps.domain.provenance import Channel, Provenance
from opps.domain.times import Learned


class OpportunityCommand(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something asked of one opportunity."""

    opportunity_id: Annotated[UUID, doc("The opportunity.")]
    learned: Annotated[Learned | None, doc("When our side came to know; now when absent.")] = None


class OpenOpportunity(OpportunityCommand, frozen=True, kw_only=True):
    """Open an opportunity: one potential decision of one customer."""

    account_id: Annotated[UUID, doc("The buying organisation.")]
    title: Annotated[Title, doc("What is to be decided, in a few words.")]
    currency: Annotated[Currency, doc("ISO 4217 code of every amount in it, such as EUR.")]
    owner: Annotated[UUID | None, doc("The seller who owns it; you, when absent.")] = None
    customer_kind: Annotated[CustomerKind | None, doc("New or existing customer.")] = None
    origin: Annotated[Code | None, doc("Where it came from, such as REFERRAL.")] = None
    context: Annotated[dict[str, str], doc("Labelled context known at opening.")] = {}


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
    detail: Annotated[dict[str, str], doc("What the source system said of it.")] = {}


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


class FactStated(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact with where it comes from."""

    fact: Annotated[AnyFact, doc("What is stated.")]
    provenance: Annotated[Provenance, doc("Where it comes from.")]
    fact_id: Annotated[UUID | None, doc("Its id; made from the command's id when absent.")] = None
    supersedes: Annotated[Supersedes | None, doc("The fact that it replaces, and why.")] = None
    true_from: Annotated[date | None, doc("Since when it holds in the world.")] = None
    true_until: Annotated[date | None, doc("Until when it holds in the world.")] = None
    learned: Annotated[Learned | None, doc("When we came to know; the command's when absent.")] = (
        None
    )


class LearnFact(OpportunityCommand, frozen=True, kw_only=True):
    """Record one fact that somebody told us or that we observed."""

    stated: Annotated[FactStated, doc("The fact and its provenance.")]


class RecordFacts(OpportunityCommand, frozen=True, kw_only=True):
    """Record many facts in one command: all of them, or none."""

    facts: Annotated[tuple[FactStated, ...], doc("At most 200 facts, in order.")]


class CorroborateFact(OpportunityCommand, frozen=True, kw_only=True):
    """Record that another source says the same."""

    fact_id: Annotated[UUID, doc("The fact.")]
    provenance: Annotated[Provenance, doc("The other source.")]
    repeats_first: Annotated[bool, doc("It merely repeats the first source.")]


class ReconfirmFact(OpportunityCommand, frozen=True, kw_only=True):
    """Record that the same source says it again: the fact is fresh once more."""

    fact_id: Annotated[UUID, doc("The fact.")]
    provenance: Annotated[Provenance, doc("How it was said again.")]


class RetractFact(OpportunityCommand, frozen=True, kw_only=True):
    """Take a fact back that never was knowledge; views of the past keep it."""

    fact_id: Annotated[UUID, doc("The fact.")]
    reason: Annotated[RetractionReason, doc("Why it never was knowledge.")]
    note: Annotated[Text | None, doc("More about it.")] = None


class RedateFact(OpportunityCommand, frozen=True, kw_only=True):
    """Put right when we came to know a fact; its content stays."""

    fact_id: Annotated[UUID, doc("The fact.")]
    learned_on: Annotated[Learned, doc("When we really came to know it.")]
    reason: Annotated[Text | None, doc("How the mistake came about.")] = None


class ResolveContradiction(OpportunityCommand, frozen=True, kw_only=True):
    """Choose between facts that cannot both hold; the others stay visible."""

    chosen: Annotated[UUID, doc("The fact that the team believes.")]
    rationale: Annotated[Text, doc("Why.")]


class RaiseQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Write down what we do not know; it never changes the probability."""

    facet: Annotated[Facet, doc("Which facet it would fill.")]
    text: Annotated[Text, doc("The question, in the words to ask it with.")]
    question_id: Annotated[UUID | None, doc("Its id; made from the command's when absent.")] = None
    subject_id: Annotated[UUID | None, doc("The issue, evaluator or other thing it is about.")] = (
        None
    )
    why: Annotated[Text | None, doc("Why the answer matters.")] = None
    whom_to_ask: Annotated[EvaluatorId | None, doc("The evaluator who would know.")] = None
    due: Annotated[date | None, doc("By when it should be answered.")] = None


class AskQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Note that a question was put to somebody of the buyer."""

    question_id: Annotated[UUID, doc("The question.")]
    evaluator_id: Annotated[EvaluatorId, doc("Whom we asked.")]
    asked_on: Annotated[date | None, doc("Day it was asked.")] = None
    channel: Annotated[Channel | None, doc("How it was asked.")] = None


class AnswerQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Close a question with its answer, naming the facts that it brought."""

    question_id: Annotated[UUID, doc("The question.")]
    fact_ids: Annotated[tuple[UUID, ...], doc("The facts that answer it.")] = ()
    answer: Annotated[Text | None, doc("The answer in words.")] = None


class DropQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Close a question that no longer matters."""

    question_id: Annotated[UUID, doc("The question.")]
    reason: Annotated[Text, doc("Why it no longer matters.")]


class MarkFacetNotApplicable(OpportunityCommand, frozen=True, kw_only=True):
    """Say that a facet does not apply here; the owner cannot do this alone."""

    facet: Annotated[Facet, doc("The facet.")]
    rationale: Annotated[Text, doc("Why it does not apply.")]


class TakeDecision(OpportunityCommand, frozen=True, kw_only=True):
    """Record a decision of our side with the facts that it was based on."""

    decision: Annotated[DecisionKind, doc("A gate passed, a discount given, a forecast made.")]
    summary: Annotated[Text, doc("What was decided.")]
    based_on: Annotated[tuple[UUID, ...], doc("The facts that it rests on.")] = ()


AnyOpportunityCommand = (
    OpenOpportunity
    | RenameOpportunity
    | TransferOwnership
    | AddTeamMember
    | RemoveTeamMember
    | EstimateAmount
    | SetCommitDate
    | SetStage
    | SetForecastCategory
    | PrepareProposal
    | RecordProposalSent
    | WithdrawProposal
    | RecordBuyerResponse
    | RecordSellerActivity
    | ImportSourceEvent
    | RecordSellerEstimate
    | WinOpportunity
    | LoseOpportunity
    | CloseWithoutDecision
    | DisqualifyOpportunity
    | ReopenOpportunity
    | CorrectOutcome
    | MergeOpportunities
    | ReviewWinLoss
    | LearnFact
    | RecordFacts
    | CorroborateFact
    | ReconfirmFact
    | RetractFact
    | RedateFact
    | ResolveContradiction
    | RaiseQuestion
    | AskQuestion
    | AnswerQuestion
    | DropQuestion
    | MarkFacetNotApplicable
    | TakeDecision
)

COMMANDS: tuple[type[OpportunityCommand], ...] = get_args(AnyOpportunityCommand)
