"""What happened: every event that opps stores, as a frozen value with a stable name."""

from typing import get_args

from opps.domain.events.access import (
    ApiKeyIssued,
    ApiKeyRevoked,
    PrincipalLinked,
    PrincipalUnlinked,
    RoleGranted,
    RoleRevoked,
)
from opps.domain.events.account_map import (
    ActionCompleted,
    ActionDropped,
    ActionPlanned,
    AnyMapEvent,
    DesiredOutcomeAgreed,
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    GatePassed,
    GateSlipped,
    MapEvent,
    MilestoneDropped,
    MilestoneMet,
    MilestonePlanned,
    MilestoneSlipped,
    OutcomeProgressAssessed,
    SalesProcessPublished,
    SalesProcessStarted,
    WantReclassified,
)
from opps.domain.events.base import (
    Event,
    OpportunityEvent,
)
from opps.domain.events.beliefs import (
    ContradictionResolved,
    DecisionTaken,
    FacetMarkedNotApplicable,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    QuestionRaised,
    Supersedes,
)
from opps.domain.events.coaching import (
    Answer,
    AppliedFact,
    CoachingImpactMeasured,
    CorrectiveActionAgreed,
    DiagnosisRecorded,
    GapClosed,
    GapEnd,
    GapShared,
    GapSource,
    LearningActivityOffered,
    LearningActivityWithdrawn,
    LearningApplied,
    LearningAssigned,
    LearningCompleted,
    PerformanceGapIdentified,
)
from opps.domain.events.control import (
    DayTurned,
    ImportCompleted,
    ImportStarted,
    LogRestored,
)
from opps.domain.events.exceptions import (
    ExceptionAcknowledged,
    ExceptionCause,
    ExceptionDismissed,
    ExceptionRaised,
    ExceptionResolved,
    ExceptionResourced,
    ExceptionRiskAccepted,
    ExceptionThresholdsSet,
)
from opps.domain.events.lifecycle import (
    AmountEstimated,
    BuyerResponded,
    CommitDateSet,
    ForecastCategorySet,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityLost,
    OpportunityOpened,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityWon,
    OutcomeCorrected,
    OwnershipTransferred,
    ProposalPrepared,
    ProposalSent,
    ProposalWithdrawn,
    SellerActed,
    SellerEstimateRecorded,
    SourceEventImported,
    StageSet,
    TeamMemberJoined,
    TeamMemberLeft,
    WinLossReviewed,
)
from opps.domain.events.map_vocabulary import (
    DesiredOutcome,
    EvidenceMet,
    ExitEvidence,
    GateTemplate,
    Metric,
    OutcomeDimension,
    PlannedGate,
    SaleTarget,
    Side,
    Tolerance,
    Waiver,
)
from opps.domain.events.mending import ImportCorrectionApplied
from opps.domain.events.parties import (
    AccountAbsorbed,
    AccountMerged,
    AccountMergeUndone,
    AccountRegistered,
    AccountRenamed,
    PersonAbsorbed,
    PersonCorrected,
    PersonMerged,
    PersonMergeUndone,
    PersonMoved,
    PersonRegistered,
)
from opps.domain.events.privacy import (
    ErasureApproved,
    ErasureBasis,
    ErasureCarriedOut,
    ErasureRequested,
    ErasureWithdrawn,
    LegalHoldLifted,
    LegalHoldPlaced,
    PersonErased,
    RetentionRule,
    RetentionSet,
)
from opps.domain.events.reverting import (
    EstimateBefore,
    ImportReverted,
    ImportTakenBack,
    OpportunityWithdrawn,
    ProposalBefore,
    ValuesBefore,
)
from opps.domain.events.rules import (
    DangerZoneJudged,
    DangerZoneSuppressed,
    RuleSetPublished,
    RuleSetting,
    RuleSuppressed,
)
from opps.domain.events.scoring import (
    Backtest,
    Gate,
    Interval,
    ScoringModelActivated,
    ScoringModelBacktested,
    ScoringModelDefined,
)
from opps.domain.events.teams import (
    TeamDissolved,
    TeamFormed,
    TeamMemberAssigned,
    TeamMemberUnassigned,
    TeamRenamed,
)
from opps.domain.events.vocabulary import (
    CommitBasis,
    CustomerKind,
    DecisionKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
    Outcome,
    RetractionReason,
    Supersession,
    TeamFunction,
)
from opps.domain.events.webhooks import (
    WebhookEnd,
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointRegistered,
    WebhookEndpointRemoved,
    WebhookSecretRotated,
)

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
    | ImportTakenBack
    | OpportunityWithdrawn
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
    | DangerZoneSuppressed
    | DangerZoneJudged
    | AnyMapEvent
)

AccountEvent = (
    AccountRegistered | AccountRenamed | AccountMerged | AccountAbsorbed | AccountMergeUndone
)

PersonEvent = (
    PersonRegistered
    | PersonCorrected
    | PersonMoved
    | PersonMerged
    | PersonAbsorbed
    | PersonMergeUndone
    | PersonErased
)

PrivacyEvent = (
    ErasureRequested
    | ErasureWithdrawn
    | ErasureApproved
    | ErasureCarriedOut
    | LegalHoldPlaced
    | LegalHoldLifted
    | RetentionSet
)

SalesProcessEvent = SalesProcessPublished

ScoringModelEvent = ScoringModelDefined | ScoringModelBacktested

ExceptionEvent = (
    ExceptionRaised
    | ExceptionAcknowledged
    | ExceptionResourced
    | ExceptionResolved
    | ExceptionRiskAccepted
    | ExceptionDismissed
)

CoachingEvent = (
    PerformanceGapIdentified
    | GapShared
    | DiagnosisRecorded
    | CorrectiveActionAgreed
    | LearningAssigned
    | LearningCompleted
    | LearningApplied
    | CoachingImpactMeasured
    | GapClosed
)

LearningCatalogueEvent = LearningActivityOffered | LearningActivityWithdrawn

TeamEvent = TeamFormed | TeamRenamed | TeamMemberAssigned | TeamMemberUnassigned | TeamDissolved

AccessEvent = (
    RoleGranted | RoleRevoked | ApiKeyIssued | ApiKeyRevoked | PrincipalLinked | PrincipalUnlinked
)

WebhookEvent = (
    WebhookEndpointRegistered
    | WebhookEndpointChanged
    | WebhookSecretRotated
    | WebhookEndpointDisabled
    | WebhookEndpointEnabled
    | WebhookEndpointRemoved
)

ImportEvent = ImportStarted | ImportCorrectionApplied | ImportCompleted | ImportReverted

ControlEvent = (
    DayTurned
    | ScoringModelActivated
    | RuleSetPublished
    | RuleSuppressed
    | ExceptionThresholdsSet
    | ImportEvent
    | LogRestored
)

AnyEvent = (
    AnyOpportunityEvent
    | SalesProcessPublished
    | AccountEvent
    | PersonEvent
    | ScoringModelEvent
    | ExceptionEvent
    | TeamEvent
    | CoachingEvent
    | LearningCatalogueEvent
    | AccessEvent
    | WebhookEvent
    | PrivacyEvent
    | ControlEvent
)

TAGS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(AnyEvent)}

__all__ = [
    "TAGS",
    "AccessEvent",
    "AccountAbsorbed",
    "AccountEvent",
    "AccountMergeUndone",
    "AccountMerged",
    "AccountRegistered",
    "AccountRenamed",
    "ActionCompleted",
    "ActionDropped",
    "ActionPlanned",
    "AmountEstimated",
    "Answer",
    "AnyEvent",
    "AnyMapEvent",
    "AnyOpportunityEvent",
    "ApiKeyIssued",
    "ApiKeyRevoked",
    "AppliedFact",
    "Backtest",
    "BuyerResponded",
    "CoachingEvent",
    "CoachingImpactMeasured",
    "CommitBasis",
    "CommitDateSet",
    "ContradictionResolved",
    "ControlEvent",
    "CorrectiveActionAgreed",
    "CustomerKind",
    "DangerZoneJudged",
    "DangerZoneSuppressed",
    "DayTurned",
    "DecisionKind",
    "DecisionTaken",
    "DesiredOutcome",
    "DesiredOutcomeAgreed",
    "DesiredOutcomeRevised",
    "DesiredOutcomeStated",
    "DiagnosisRecorded",
    "ErasureApproved",
    "ErasureBasis",
    "ErasureCarriedOut",
    "ErasureRequested",
    "ErasureWithdrawn",
    "EstimateBefore",
    "Event",
    "EvidenceMet",
    "ExceptionAcknowledged",
    "ExceptionCause",
    "ExceptionDismissed",
    "ExceptionEvent",
    "ExceptionRaised",
    "ExceptionResolved",
    "ExceptionResourced",
    "ExceptionRiskAccepted",
    "ExceptionThresholdsSet",
    "ExitEvidence",
    "FacetMarkedNotApplicable",
    "FactCorroborated",
    "FactLearned",
    "FactReconfirmed",
    "FactRedated",
    "FactRetracted",
    "ForecastCategory",
    "ForecastCategorySet",
    "GapClosed",
    "GapEnd",
    "GapShared",
    "GapSource",
    "Gate",
    "GatePassed",
    "GateSlipped",
    "GateTemplate",
    "ImportCompleted",
    "ImportCorrectionApplied",
    "ImportEvent",
    "ImportReverted",
    "ImportStarted",
    "ImportTakenBack",
    "Interval",
    "LearningActivityOffered",
    "LearningActivityWithdrawn",
    "LearningApplied",
    "LearningAssigned",
    "LearningCatalogueEvent",
    "LearningCompleted",
    "LegalHoldLifted",
    "LegalHoldPlaced",
    "LogRestored",
    "LossKind",
    "MapEvent",
    "Metric",
    "MilestoneDropped",
    "MilestoneMet",
    "MilestonePlanned",
    "MilestoneSlipped",
    "NoDecisionReason",
    "OpportunitiesMerged",
    "OpportunityClosedWithoutDecision",
    "OpportunityDisqualified",
    "OpportunityEvent",
    "OpportunityLost",
    "OpportunityOpened",
    "OpportunityRenamed",
    "OpportunityReopened",
    "OpportunityWithdrawn",
    "OpportunityWon",
    "Outcome",
    "OutcomeCorrected",
    "OutcomeDimension",
    "OutcomeProgressAssessed",
    "OwnershipTransferred",
    "PerformanceGapIdentified",
    "PersonAbsorbed",
    "PersonCorrected",
    "PersonErased",
    "PersonEvent",
    "PersonMergeUndone",
    "PersonMerged",
    "PersonMoved",
    "PersonRegistered",
    "PlannedGate",
    "PrincipalLinked",
    "PrincipalUnlinked",
    "PrivacyEvent",
    "ProposalBefore",
    "ProposalPrepared",
    "ProposalSent",
    "ProposalWithdrawn",
    "QuestionAnswered",
    "QuestionAsked",
    "QuestionDropped",
    "QuestionRaised",
    "RetentionRule",
    "RetentionSet",
    "RetractionReason",
    "RoleGranted",
    "RoleRevoked",
    "RuleSetPublished",
    "RuleSetting",
    "RuleSuppressed",
    "SaleTarget",
    "SalesProcessEvent",
    "SalesProcessPublished",
    "SalesProcessStarted",
    "ScoringModelActivated",
    "ScoringModelBacktested",
    "ScoringModelDefined",
    "ScoringModelEvent",
    "SellerActed",
    "SellerEstimateRecorded",
    "Side",
    "SourceEventImported",
    "StageSet",
    "Supersedes",
    "Supersession",
    "TeamDissolved",
    "TeamEvent",
    "TeamFormed",
    "TeamFunction",
    "TeamMemberAssigned",
    "TeamMemberJoined",
    "TeamMemberLeft",
    "TeamMemberUnassigned",
    "TeamRenamed",
    "Tolerance",
    "ValuesBefore",
    "Waiver",
    "WantReclassified",
    "WebhookEnd",
    "WebhookEndpointChanged",
    "WebhookEndpointDisabled",
    "WebhookEndpointEnabled",
    "WebhookEndpointRegistered",
    "WebhookEndpointRemoved",
    "WebhookEvent",
    "WebhookSecretRotated",
    "WinLossReviewed",
]
