"""What a caller can ask of an opportunity: each command is a mutation of the same name."""

from typing import get_args

from opps.domain.opportunity.commands.account_map import (
    AgreeDesiredOutcome,
    AnyMapCommand,
    AssessOutcomeProgress,
    CompleteAction,
    DropAction,
    DropMilestone,
    GateDue,
    MapCommand,
    MeetMilestone,
    PassGate,
    PlanAction,
    PlanMilestone,
    ReclassifyWant,
    ReviseDesiredOutcome,
    SlipGate,
    SlipMilestone,
    StartSalesProcess,
    StateDesiredOutcome,
    WaiverStated,
)
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
    | AnyMapCommand
)

COMMANDS: tuple[type[OpportunityCommand], ...] = get_args(AnyOpportunityCommand)

__all__ = [
    "COMMANDS",
    "AddTeamMember",
    "AgreeDesiredOutcome",
    "AnswerQuestion",
    "AnyMapCommand",
    "AnyOpportunityCommand",
    "AskQuestion",
    "AssessOutcomeProgress",
    "CloseWithoutDecision",
    "CompleteAction",
    "CorrectOutcome",
    "CorroborateFact",
    "DisqualifyOpportunity",
    "DropAction",
    "DropMilestone",
    "DropQuestion",
    "EstimateAmount",
    "FactStated",
    "GateDue",
    "ImportSourceEvent",
    "JudgeDangerZone",
    "LearnFact",
    "LoseOpportunity",
    "MapCommand",
    "MarkFacetNotApplicable",
    "MeetMilestone",
    "MergeOpportunities",
    "OpenOpportunity",
    "OpportunityCommand",
    "PassGate",
    "PlanAction",
    "PlanMilestone",
    "PrepareProposal",
    "RaiseQuestion",
    "ReclassifyWant",
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
    "ReviseDesiredOutcome",
    "SetCommitDate",
    "SetForecastCategory",
    "SetStage",
    "SlipGate",
    "SlipMilestone",
    "StartSalesProcess",
    "StateDesiredOutcome",
    "SuppressDangerZone",
    "TakeDecision",
    "TransferOwnership",
    "WaiverStated",
    "WinOpportunity",
    "WithdrawProposal",
]
