"""What each command leads to: events, nothing when nothing changes, or a refusal."""

from collections.abc import Sequence
from typing import assert_never

from opps.domain.account_map.decide import decide_map
from opps.domain.errors import (
    AlreadyExists,
    MergedIntoItself,
    NotOnTheTeam,
    OpportunityIsWithdrawn,
    OwnerCannotWaive,
    UnknownOpportunity,
)
from opps.domain.events import (
    AmountEstimated,
    AnyOpportunityEvent,
    BuyerResponded,
    CommitDateSet,
    DecisionTaken,
    FacetMarkedNotApplicable,
    FactRetracted,
    ForecastCategorySet,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityLost,
    OpportunityOpened,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityWon,
    Outcome,
    OutcomeCorrected,
    OwnershipTransferred,
    ProposalPrepared,
    ProposalSent,
    ProposalWithdrawn,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    SellerActed,
    SellerEstimateRecorded,
    SourceEventImported,
    StageSet,
    TeamMemberJoined,
    TeamMemberLeft,
    WinLossReviewed,
)
from opps.domain.opportunity.believing import (
    confirm,
    raise_question,
    redate,
    resolve,
    retract_again,
)
from opps.domain.opportunity.commands import (
    AddTeamMember,
    AnswerQuestion,
    AnyOpportunityCommand,
    AskQuestion,
    CloseWithoutDecision,
    CorrectOutcome,
    CorroborateFact,
    DisqualifyOpportunity,
    DropQuestion,
    EstimateAmount,
    ImportSourceEvent,
    JudgeDangerZone,
    LearnFact,
    LoseOpportunity,
    MapCommand,
    MarkFacetNotApplicable,
    MergeOpportunities,
    OpenOpportunity,
    PrepareProposal,
    RaiseQuestion,
    ReconfirmFact,
    RecordBuyerResponse,
    RecordFacts,
    RecordProposalSent,
    RecordSellerActivity,
    RecordSellerEstimate,
    RedateFact,
    RemoveTeamMember,
    RenameOpportunity,
    ReopenOpportunity,
    ResolveContradiction,
    RetractFact,
    ReviewWinLoss,
    SetCommitDate,
    SetForecastCategory,
    SetStage,
    SuppressDangerZone,
    TakeDecision,
    TransferOwnership,
    WinOpportunity,
    WithdrawProposal,
)
from opps.domain.opportunity.dangers import judge, put_aside
from opps.domain.opportunity.learning import (
    check_currency,
    check_quotes,
    check_references,
    learn,
    resolved_learned,
)
from opps.domain.opportunity.rules import (
    copy,
    known_fact,
    must_be_a_rival,
    must_be_closed,
    must_be_complete,
    must_be_labels,
    must_be_open,
    open_question,
)
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.recorded import Context
from opps.domain.times import Learned
from opps.domain.words import not_blank

Events = Sequence[AnyOpportunityEvent]


def decide(state: Opportunity | None, command: AnyOpportunityCommand, context: Context) -> Events:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        Refusal: a rule says no; the subclass tells which.
    """
    learned = resolved_learned(command.learned, context)
    if isinstance(command, OpenOpportunity):
        return _open(state, command, learned, context)
    if state is None:
        raise UnknownOpportunity(opportunity_id=command.opportunity_id)
    if state.status is Status.WITHDRAWN:
        raise OpportunityIsWithdrawn(opportunity_id=command.opportunity_id)
    check_references(command, state.things)
    check_currency(command, state.currency)
    check_quotes(command)
    match command:
        case LearnFact():
            return learn(state, (command.stated,), command.learned, context)
        case RecordFacts():
            return learn(state, command.facts, command.learned, context)
        case CorroborateFact() | ReconfirmFact():
            return [confirm(state, command, learned, context)]
        case RetractFact():
            known_fact(state, command.fact_id)
            if not state.stands(command.fact_id):
                return retract_again(state, command, learned)
            return [copy(FactRetracted, command, learned)]
        case RedateFact():
            return redate(state, command, learned, context)
        case ResolveContradiction():
            return [resolve(state, command, learned)]
        case RaiseQuestion():
            return [raise_question(state, command, learned, context)]
        case AskQuestion():
            open_question(state, command.question_id)
            return [copy(QuestionAsked, command, learned)]
        case AnswerQuestion():
            open_question(state, command.question_id)
            for fact_id in command.fact_ids:
                known_fact(state, fact_id)
            return [copy(QuestionAnswered, command, learned)]
        case DropQuestion():
            open_question(state, command.question_id)
            return [copy(QuestionDropped, command, learned)]
        case MarkFacetNotApplicable():
            if state.owner in (context.actor.principal, context.actor.on_behalf_of):
                raise OwnerCannotWaive(facet=command.facet.value)
            if command.facet in state.not_applicable:
                return []
            return [copy(FacetMarkedNotApplicable, command, learned)]
        case TakeDecision():
            must_be_open(state)
            for fact_id in command.based_on:
                known_fact(state, fact_id)
            return [copy(DecisionTaken, command, learned)]
        case SuppressDangerZone():
            return put_aside(state, command, learned, context)
        case JudgeDangerZone():
            return judge(state, command, learned)
        case RenameOpportunity():
            not_blank("title", command.title)
            return (
                [] if command.title == state.title else [copy(OpportunityRenamed, command, learned)]
            )
        case TransferOwnership():
            return _transfer(state, command, learned)
        case AddTeamMember():
            if state.team.get(command.member) is command.function:
                return []
            return [copy(TeamMemberJoined, command, learned)]
        case RemoveTeamMember():
            if command.member not in state.team:
                raise NotOnTheTeam(member=command.member)
            return [copy(TeamMemberLeft, command, learned)]
        case EstimateAmount():
            must_be_open(state)
            return [copy(AmountEstimated, command, learned)]
        case SetCommitDate():
            must_be_open(state)
            if (command.commit_date, command.basis) == (state.commit_date, state.commit_basis):
                return []
            return [copy(CommitDateSet, command, learned)]
        case SetStage():
            if (command.stage, command.stage_default) == (state.stage, state.stage_default):
                return []
            return [copy(StageSet, command, learned)]
        case SetForecastCategory():
            must_be_open(state)
            if command.category is state.category:
                return []
            return [copy(ForecastCategorySet, command, learned)]
        case RecordSellerEstimate():
            must_be_open(state)
            return [copy(SellerEstimateRecorded, command, learned)]
        case PrepareProposal():
            return [copy(ProposalPrepared, command, learned)]
        case RecordProposalSent():
            return [copy(ProposalSent, command, learned)]
        case WithdrawProposal():
            return [copy(ProposalWithdrawn, command, learned)]
        case RecordBuyerResponse():
            return [copy(BuyerResponded, command, learned)]
        case RecordSellerActivity():
            return [copy(SellerActed, command, learned)]
        case ImportSourceEvent():
            return [copy(SourceEventImported, command, learned)]
        case WinOpportunity():
            must_be_open(state)
            return [copy(OpportunityWon, command, learned)]
        case LoseOpportunity():
            must_be_open(state)
            must_be_complete(Outcome.LOST, command.loss_kind, command.alternative_id, None)
            must_be_a_rival(state, command.loss_kind, command.alternative_id)
            return [copy(OpportunityLost, command, learned)]
        case CloseWithoutDecision():
            must_be_open(state)
            return [copy(OpportunityClosedWithoutDecision, command, learned)]
        case DisqualifyOpportunity():
            must_be_open(state)
            return [copy(OpportunityDisqualified, command, learned)]
        case MergeOpportunities():
            must_be_open(state)
            if command.into == command.opportunity_id:
                raise MergedIntoItself
            return [copy(OpportunitiesMerged, command, learned)]
        case ReopenOpportunity():
            must_be_closed(state)
            return [copy(OpportunityReopened, command, learned)]
        case CorrectOutcome():
            return _correct(state, command, learned)
        case ReviewWinLoss():
            must_be_closed(state)
            return [copy(WinLossReviewed, command, learned)]
        case MapCommand():
            return decide_map(state, command, learned, context)
        case _:
            assert_never(command)


def _open(
    state: Opportunity | None, command: OpenOpportunity, learned: Learned, context: Context
) -> Events:
    if state is not None:
        raise AlreadyExists(id=command.opportunity_id)
    not_blank("title", command.title)
    must_be_labels(command.context)
    owner = command.owner or context.actor.principal
    return [copy(OpportunityOpened, command, learned, owner=owner)]


def _transfer(state: Opportunity, command: TransferOwnership, learned: Learned) -> Events:
    if command.to_owner == state.owner:
        return []
    return [copy(OwnershipTransferred, command, learned, from_owner=state.owner)]


def _correct(state: Opportunity, command: CorrectOutcome, learned: Learned) -> Events:
    must_be_closed(state)
    must_be_complete(
        command.outcome, command.loss_kind, command.alternative_id, command.no_decision
    )
    must_be_a_rival(state, command.loss_kind, command.alternative_id)
    ended = (state.status.value, state.loss_kind, state.lost_to, state.no_decision)
    meant = (command.outcome, command.loss_kind, command.alternative_id, command.no_decision)
    if ended == meant:
        return []
    return [copy(OutcomeCorrected, command, learned)]
