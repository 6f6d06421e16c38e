"""One example of every command on an opportunity, about the things of the other examples."""

from datetime import date

from opps.domain.catalogue import Facet
from opps.domain.events import (
    CommitBasis,
    DecisionKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
    Outcome,
    RetractionReason,
    TeamFunction,
)
from opps.domain.facts import BusinessIssue, Funding
from opps.domain.facts.customer import IssueKind
from opps.domain.facts.purchase import FundingStatus
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
    FactStated,
    ImportSourceEvent,
    JudgeDangerZone,
    LearnFact,
    LoseOpportunity,
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
from tests.examples.facts import (
    ACCOUNT,
    CFO,
    COLLEAGUE,
    DAY,
    ON_MARCH_1,
    QUESTION,
    RIVAL,
    SEEN,
    STREAM,
    euros,
    named,
)
from tests.examples.map_commands import MAP_COMMANDS, MAP_SETTLING

FUNDING = named("funding")
_issue = BusinessIssue(
    issue_id=named("late issue"), text="Night shift stops", issue_kind=IssueKind.RISK
)

# What says where something stands: saying it again changes nothing.
SETTLING: tuple[AnyOpportunityCommand, ...] = (
    *MAP_SETTLING,
    RenameOpportunity(opportunity_id=STREAM, title="Line 4 widgets"),
    TransferOwnership(opportunity_id=STREAM, to_owner=COLLEAGUE),
    AddTeamMember(opportunity_id=STREAM, member=COLLEAGUE, function=TeamFunction.FINANCE),
    SetCommitDate(opportunity_id=STREAM, commit_date=DAY, basis=CommitBasis.OURS),
    SetStage(opportunity_id=STREAM, stage="Offer"),
    SetForecastCategory(opportunity_id=STREAM, category=ForecastCategory.COMMIT),
    MarkFacetNotApplicable(opportunity_id=STREAM, facet=Facet.WANT, rationale="None"),
    RetractFact(opportunity_id=STREAM, fact_id=FUNDING, reason=RetractionReason.MISHEARD),
    RedateFact(opportunity_id=STREAM, fact_id=FUNDING, learned_on=ON_MARCH_1),
    CorrectOutcome(opportunity_id=STREAM, outcome=Outcome.WON, reason="Misread"),
    CorrectOutcome(
        opportunity_id=STREAM,
        outcome=Outcome.LOST,
        reason="Misread",
        loss_kind=LossKind.UNSPECIFIED,
    ),
)

# What asks: it never moves the probability.
ASKING: tuple[AnyOpportunityCommand, ...] = (
    *(
        RaiseQuestion(opportunity_id=STREAM, facet=facet, text="Who knows?")
        for facet in (Facet.ISSUE, Facet.LEANING, Facet.FUNDING_AMOUNT, Facet.STEPS)
    ),
    AskQuestion(opportunity_id=STREAM, question_id=QUESTION, evaluator_id=CFO),
    AnswerQuestion(opportunity_id=STREAM, question_id=QUESTION, answer="The CFO"),
    DropQuestion(opportunity_id=STREAM, question_id=QUESTION, reason="Moot"),
)

COMMANDS: tuple[AnyOpportunityCommand, ...] = (
    *SETTLING,
    *ASKING,
    *MAP_COMMANDS,
    OpenOpportunity(opportunity_id=STREAM, account_id=ACCOUNT, title="T", currency="EUR"),
    RemoveTeamMember(opportunity_id=STREAM, member=COLLEAGUE),
    EstimateAmount(opportunity_id=STREAM, amount=euros("1")),
    PrepareProposal(opportunity_id=STREAM, proposal="P-7"),
    RecordProposalSent(opportunity_id=STREAM, proposal="P-7", amount=euros("9")),
    WithdrawProposal(opportunity_id=STREAM, proposal="P-7"),
    RecordBuyerResponse(opportunity_id=STREAM, response="Yes", evaluator_id=CFO),
    RecordSellerActivity(opportunity_id=STREAM, activity="Call"),
    ImportSourceEvent(opportunity_id=STREAM, name="X"),
    RecordSellerEstimate(opportunity_id=STREAM, probability=0.5),
    WinOpportunity(opportunity_id=STREAM),
    LoseOpportunity(opportunity_id=STREAM, loss_kind=LossKind.RIVAL, alternative_id=RIVAL),
    CloseWithoutDecision(opportunity_id=STREAM, reason=NoDecisionReason.FUNDING),
    DisqualifyOpportunity(opportunity_id=STREAM, reason="No budget"),
    MergeOpportunities(opportunity_id=STREAM, into=named("other deal"), reason="Twin"),
    ReopenOpportunity(opportunity_id=STREAM, reason="They called"),
    ReviewWinLoss(opportunity_id=STREAM, summary="Price"),
    LearnFact(opportunity_id=STREAM, stated=FactStated(fact=_issue, provenance=SEEN)),
    RecordFacts(
        opportunity_id=STREAM,
        facts=(
            FactStated(fact=_issue, provenance=SEEN),
            FactStated(fact=Funding(status=FundingStatus.REQUESTED), provenance=SEEN),
        ),
    ),
    CorroborateFact(opportunity_id=STREAM, fact_id=FUNDING, provenance=SEEN, repeats_first=False),
    ReconfirmFact(opportunity_id=STREAM, fact_id=FUNDING, provenance=SEEN),
    ResolveContradiction(opportunity_id=STREAM, chosen=FUNDING, rationale="The CFO signs"),
    TakeDecision(
        opportunity_id=STREAM, decision=DecisionKind.GATE, summary="Go", based_on=(FUNDING,)
    ),
    SuppressDangerZone(
        opportunity_id=STREAM, zone="DZ14", until=date(2026, 4, 1), reason="A framework contract"
    ),
    JudgeDangerZone(opportunity_id=STREAM, zone="DZ09", useful=True, note="We asked"),
)
