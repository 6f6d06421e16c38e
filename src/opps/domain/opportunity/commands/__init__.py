"""What a caller can ask of an opportunity: each command is a mutation of the same name."""

from typing import get_args

from opps.domain.opportunity.commands.base import (
    OpportunityCommand,
)
from opps.domain.opportunity.commands.beliefs import (
    AnswerQuestion,
    AskQuestion,
    CorroborateFact,
    DropQuestion,
    FactStated,
    LearnFact,
    MarkFacetNotApplicable,
    RaiseQuestion,
    ReconfirmFact,
    RecordFacts,
    RedateFact,
    ResolveContradiction,
    RetractFact,
    TakeDecision,
)
from opps.domain.opportunity.commands.danger_zones import JudgeDangerZone, SuppressDangerZone
from opps.domain.opportunity.commands.lifecycle import (
    AddTeamMember,
    CloseWithoutDecision,
    CorrectOutcome,
    DisqualifyOpportunity,
    EstimateAmount,
    ImportSourceEvent,
    LoseOpportunity,
    MergeOpportunities,
    OpenOpportunity,
    PrepareProposal,
    RecordBuyerResponse,
    RecordProposalSent,
    RecordSellerActivity,
    RecordSellerEstimate,
    RemoveTeamMember,
    RenameOpportunity,
    ReopenOpportunity,
    ReviewWinLoss,
    SetCommitDate,
    SetForecastCategory,
    SetStage,
    TransferOwnership,
    WinOpportunity,
    WithdrawProposal,
)

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
    | SuppressDangerZone
    | JudgeDangerZone
)

COMMANDS: tuple[type[OpportunityCommand], ...] = get_args(AnyOpportunityCommand)

__all__ = [
    "COMMANDS",
    "AddTeamMember",
    "AnswerQuestion",
    "AnyOpportunityCommand",
    "AskQuestion",
    "CloseWithoutDecision",
    "CorrectOutcome",
    "CorroborateFact",
    "DisqualifyOpportunity",
    "DropQuestion",
    "EstimateAmount",
    "FactStated",
    "ImportSourceEvent",
    "JudgeDangerZone",
    "LearnFact",
    "LoseOpportunity",
    "MarkFacetNotApplicable",
    "MergeOpportunities",
    "OpenOpportunity",
    "OpportunityCommand",
    "PrepareProposal",
    "RaiseQuestion",
    "ReconfirmFact",
    "RecordBuyerResponse",
    "RecordFacts",
    "RecordProposalSent",
    "RecordSellerActivity",
    "RecordSellerEstimate",
    "RedateFact",
    "RemoveTeamMember",
    "RenameOpportunity",
    "ReopenOpportunity",
    "ResolveContradiction",
    "RetractFact",
    "ReviewWinLoss",
    "SetCommitDate",
    "SetForecastCategory",
    "SetStage",
    "SuppressDangerZone",
    "TakeDecision",
    "TransferOwnership",
    "WinOpportunity",
    "WithdrawProposal",
]
