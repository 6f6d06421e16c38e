"""One example of every event, each with every field filled."""

from datetime import date
from decimal import Decimal

from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    AccountAbsorbed,
    AccountMerged,
    AccountMergeUndone,
    AccountRegistered,
    AccountRenamed,
    AmountEstimated,
    Backtest,
    BuyerResponded,
    CommitBasis,
    CommitDateSet,
    ContradictionResolved,
    CustomerKind,
    DangerZoneJudged,
    DangerZoneSuppressed,
    DayTurned,
    DecisionKind,
    DecisionTaken,
    ErasureApproved,
    ErasureBasis,
    ErasureCarriedOut,
    ErasureRequested,
    ErasureWithdrawn,
    Event,
    ExceptionAcknowledged,
    ExceptionCause,
    ExceptionDismissed,
    ExceptionRaised,
    ExceptionResolved,
    ExceptionResourced,
    ExceptionRiskAccepted,
    ExceptionThresholdsSet,
    FacetMarkedNotApplicable,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    ForecastCategory,
    ForecastCategorySet,
    Gate,
    ImportCompleted,
    ImportStarted,
    Interval,
    LegalHoldLifted,
    LegalHoldPlaced,
    LogRestored,
    LossKind,
    NoDecisionReason,
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
    PersonAbsorbed,
    PersonCorrected,
    PersonErased,
    PersonMerged,
    PersonMergeUndone,
    PersonMoved,
    PersonRegistered,
    ProposalPrepared,
    ProposalSent,
    ProposalWithdrawn,
    QuestionAnswered,
    QuestionAsked,
    QuestionDropped,
    QuestionRaised,
    RetentionRule,
    RetentionSet,
    RetractionReason,
    RuleSetPublished,
    RuleSetting,
    RuleSuppressed,
    ScoringModelActivated,
    ScoringModelBacktested,
    ScoringModelDefined,
    SellerActed,
    SellerEstimateRecorded,
    SourceEventImported,
    StageSet,
    Supersedes,
    Supersession,
    TeamDissolved,
    TeamFormed,
    TeamFunction,
    TeamMemberAssigned,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamMemberUnassigned,
    TeamRenamed,
    WinLossReviewed,
)
from opps.domain.facts import (
    AnyFact,
    Funding,
)
from opps.domain.facts.purchase import (
    FundingStatus,
)
from opps.domain.model import UNANSWERED, Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.personal import ErasureLevel
from opps.domain.precedents import NOT_TOLD, Compared, Precedent, Precedents
from opps.domain.provenance import Channel
from tests.examples.account_map import MAP_EVENTS, PUBLISHED
from tests.examples.facts import (
    ACCOUNT,
    AT_ONCE,
    CFO,
    COLLEAGUE,
    DAY,
    FACTS,
    ON_MARCH_1,
    QUESTION,
    RIVAL,
    SAID_BY_CFO,
    SEEN,
    SELLER,
    euros,
    named,
    sealed,
)


def learned(fact: AnyFact) -> FactLearned:
    """Return that a fact was learned; its id is made from its kind."""
    return FactLearned(
        learned=ON_MARCH_1,
        fact_id=named(fact.kind()),
        fact=fact,
        provenance=SAID_BY_CFO,
        true_from=DAY,
        true_until=date(2026, 12, 31),
    )


FUNDING = named("funding")
FACT_EVENTS: tuple[FactLearned, ...] = tuple(learned(fact) for fact in FACTS)
REPLACEMENT = FactLearned(
    learned=AT_ONCE,
    fact_id=named("replacement"),
    fact=Funding(status=FundingStatus.NONE),
    provenance=SEEN,
    supersedes=Supersedes(FUNDING, Supersession.WE_LEARNED_BETTER),
    after_close=True,
)

OPENED = OpportunityOpened(
    learned=ON_MARCH_1,
    account_id=ACCOUNT,
    title="Line 3 widgets",
    currency="EUR",
    owner=SELLER,
    customer_kind=CustomerKind.NEW,
    origin="REFERRAL",
    context={"region": "north"},
)

A_MODEL = Model(
    name="halden-1",
    prior_happen=0.6,
    prior_win=0.5,
    weights=OKS_1.weights,
    unheard=(Objective.TIMING, Objective.FUNDING),
    signals=(
        Signal(
            name="Budget allocated",
            source=SignalSource.ATTRIBUTE,
            topic=Topic.FUNDING,
            weight=Nats(0.5, 0.25),
            values={
                "Yes": Graded(grade=0.8, because="Money is there", deviation=Nats(0.25, -0.125)),
                UNANSWERED: Graded(grade=-0.2),
            },
            mean=0.25,
            spread=Nats(0.375, 0.125),
        ),
        Signal(
            name="region",
            source=SignalSource.CONTEXT,
            topic=Topic.CONTEXT,
            weight=Nats(0.0, 0.5),
            values={"north": Graded(grade=0.5, because="They know us there")},
        ),
    ),
    doubt=1.5,
    precedents=Precedents(
        signals=(
            Compared(SignalSource.ATTRIBUTE, "Budget allocated", ("Yes", UNANSWERED)),
            Compared(SignalSource.CONTEXT, "region", ("north",)),
        ),
        deals=(
            Precedent((0, NOT_TOLD), 0.25, won=True, opportunity_id=named("a closed deal")),
            Precedent((1, 0), -0.5),
        ),
        reach=1.5,
    ),
)
EVENTS: tuple[Event, ...] = (
    OPENED,
    OpportunityRenamed(learned=AT_ONCE, title="Line 4 widgets"),
    OwnershipTransferred(
        learned=AT_ONCE, from_owner=SELLER, to_owner=COLLEAGUE, handover_note="The CFO decides."
    ),
    TeamMemberJoined(learned=AT_ONCE, member=COLLEAGUE, function=TeamFunction.ENGINEERING),
    TeamMemberLeft(learned=AT_ONCE, member=COLLEAGUE),
    AmountEstimated(
        learned=AT_ONCE,
        amount=euros("300000"),
        quantity=40,
        unit_price=Decimal("7500"),
        basis="List price",
    ),
    CommitDateSet(
        learned=AT_ONCE, commit_date=DAY, basis=CommitBasis.BUYER_STATED, reason="Board meets"
    ),
    StageSet(learned=AT_ONCE, stage="Offer", stage_default=0.4),
    ForecastCategorySet(learned=AT_ONCE, category=ForecastCategory.BEST_CASE),
    ProposalPrepared(learned=AT_ONCE, proposal="P-7", amount=euros("290000")),
    ProposalSent(learned=AT_ONCE, proposal="P-7", amount=euros("290000")),
    ProposalWithdrawn(learned=AT_ONCE, proposal="P-7", reason="Wrong price"),
    BuyerResponded(
        learned=AT_ONCE,
        response="Asks for references",
        channel=Channel.EMAIL,
        evaluator_id=CFO,
        quote=sealed("answer"),
    ),
    SellerActed(learned=AT_ONCE, activity="Follow-up call", channel=Channel.CALL),
    SourceEventImported(learned=AT_ONCE, name="W_Validate", detail={"lifecycle": "START"}),
    SellerEstimateRecorded(learned=AT_ONCE, probability=0.6, rationale="They called us."),
    OpportunityWon(learned=AT_ONCE, amount=euros("280000"), reasons=("The pilot",)),
    OpportunityLost(
        learned=AT_ONCE, loss_kind=LossKind.RIVAL, alternative_id=RIVAL, reasons=("Price",)
    ),
    OpportunityClosedWithoutDecision(
        learned=AT_ONCE, reason=NoDecisionReason.STATUS_QUO, note="Old line runs on"
    ),
    OpportunityDisqualified(learned=AT_ONCE, reason="No budget in sight"),
    OpportunityReopened(learned=AT_ONCE, reason="Nordwind withdrew"),
    OutcomeCorrected(
        learned=AT_ONCE,
        outcome=Outcome.LOST,
        reason="Misread",
        loss_kind=LossKind.RIVAL,
        alternative_id=RIVAL,
    ),
    OpportunitiesMerged(learned=AT_ONCE, into=named("other deal"), reason="Same tender"),
    WinLossReviewed(learned=AT_ONCE, summary="Price", surprises=("Procurement decided",)),
    REPLACEMENT,
    FactCorroborated(learned=AT_ONCE, fact_id=FUNDING, provenance=SAID_BY_CFO, repeats_first=True),
    FactReconfirmed(learned=AT_ONCE, fact_id=FUNDING, provenance=SEEN),
    FactRetracted(
        learned=AT_ONCE, fact_id=FUNDING, reason=RetractionReason.MISHEARD, note="Other plant"
    ),
    FactRedated(learned=AT_ONCE, fact_id=FUNDING, learned_on=ON_MARCH_1, reason="Typo"),
    ContradictionResolved(
        learned=AT_ONCE,
        chosen=FUNDING,
        rejected=(named("replacement"),),
        rationale="The CFO releases it",
    ),
    QuestionRaised(
        learned=AT_ONCE,
        question_id=QUESTION,
        facet=Facet.FUNDING_AUTHORITY,
        text="Who signs above 100 k?",
        subject_id=CFO,
        why="The board may have to meet",
        whom_to_ask=CFO,
        due=DAY,
    ),
    QuestionAsked(
        learned=AT_ONCE,
        question_id=QUESTION,
        evaluator_id=CFO,
        asked_on=DAY,
        channel=Channel.CALL,
    ),
    QuestionAnswered(
        learned=AT_ONCE, question_id=QUESTION, fact_ids=(FUNDING,), answer="The CFO alone"
    ),
    QuestionDropped(learned=AT_ONCE, question_id=QUESTION, reason="No longer open"),
    FacetMarkedNotApplicable(
        learned=AT_ONCE, facet=Facet.PAPER_PROCESS, rationale="Framework contract"
    ),
    DecisionTaken(
        learned=AT_ONCE,
        decision=DecisionKind.DISCOUNT,
        summary="Five percent",
        based_on=(FUNDING,),
    ),
    DangerZoneSuppressed(
        learned=AT_ONCE, zone="DZ14", until=date(2026, 4, 1), reason="A framework contract"
    ),
    DangerZoneJudged(learned=AT_ONCE, zone="DZ09", useful=True, note="We asked, and learned much"),
    AccountRegistered(name="Halden Foods", external_id="A-17"),
    AccountRenamed(name="Halden AG"),
    AccountMerged(into_account=named("survivor"), reason="One company, entered twice"),
    AccountAbsorbed(merged_account=named("duplicate"), reason="One company, entered twice"),
    AccountMergeUndone(
        merged_account=named("duplicate"),
        into_account=named("survivor"),
        reason="Two plants that buy by themselves",
    ),
    PersonRegistered(
        name=sealed("name"), email=sealed("email"), phone=sealed("phone"), account_id=ACCOUNT
    ),
    PersonCorrected(name=sealed("other name"), email=sealed("mail"), phone=sealed("call")),
    PersonMoved(account_id=ACCOUNT),
    PersonMerged(into_person=named("survivor"), reason=sealed("reason")),
    PersonAbsorbed(merged_person=named("duplicate"), reason=sealed("reason")),
    PersonMergeUndone(
        merged_person=named("duplicate"), into_person=named("survivor"), reason=sealed("reason")
    ),
    PersonErased(
        erasure_id=named("erasure"),
        level=ErasureLevel.FULL,
        basis=ErasureBasis.OBJECTION,
        requested_by=named("data protection officer"),
        approved_by=named("second person"),
    ),
    ErasureRequested(
        erasure_id=named("erasure"),
        person_id=named("person"),
        level=ErasureLevel.IDENTITY,
        basis=ErasureBasis.RETENTION,
        note="Asked for by letter",
    ),
    ErasureWithdrawn(erasure_id=named("erasure"), reason="Asked for by mistake"),
    ErasureApproved(erasure_id=named("erasure")),
    ErasureCarriedOut(erasure_id=named("erasure"), keys_destroyed=2, purged={"reads": 3}),
    LegalHoldPlaced(
        hold_id=named("hold"),
        persons=(named("person"),),
        opportunities=(named("opportunity"),),
        reason="File 12",
    ),
    LegalHoldLifted(hold_id=named("hold"), reason="Settled"),
    RetentionSet(
        rules=(RetentionRule(outcome=Outcome.LOST, keep_days=365, level=ErasureLevel.FULL),)
    ),
    ScoringModelDefined(
        model=A_MODEL,
        origin="Fitted to closed opportunities",
        prior="oks-1",
        learned_from=320,
        up_to=5_000_000_000,
    ),
    ScoringModelBacktested(
        against="oks-1",
        backtest=Backtest(
            opportunities=128,
            folds=4,
            base_rate=0.5,
            training_base_rate=0.52,
            brier=Interval(0.17, 0.15, 0.19),
            difference=Interval(-0.02, -0.03, -0.01),
            skill=0.32,
            passed=True,
        ),
    ),
    ExceptionRaised(
        opportunity_id=named("opportunity"),
        cause=ExceptionCause.DANGER_ZONE,
        about="DZ16",
        since=7,
        summary="The commit date was pushed twice",
        facts=(named("fact"),),
        again=named("exception before"),
    ),
    ExceptionAcknowledged(plan="Plan backwards with the buyer on Thursday"),
    ExceptionResourced(people=(named("engineer"),), hours=8.5, money=euros("500.5")),
    ExceptionResolved(how="The buyer confirmed the steps"),
    ExceptionRiskAccepted(reason="The reference is worth it"),
    ExceptionDismissed(reason="A typing error"),
    ExceptionThresholdsSet(
        score_move=0.2,
        decision_threshold=0.35,
        walk_away_below=0.1,
        walk_away_days=14,
        reason="Fewer, larger ones",
    ),
    TeamFormed(team_id=named("team"), name="Hamburg", parent=named("team above")),
    TeamRenamed(team_id=named("team"), name="Hamburg and Kiel"),
    TeamMemberAssigned(team_id=named("team"), member=named("seller"), lead=True),
    TeamMemberUnassigned(team_id=named("team"), member=named("seller")),
    TeamDissolved(team_id=named("team")),
    DayTurned(day=date(2026, 3, 2), zone="Europe/Madrid"),
    ScoringModelActivated(
        model=A_MODEL,
        approver=named("manager"),
        reason="Better on later deals",
        gate=Gate.PASSED,
        backtest_version=1,
    ),
    RuleSetPublished(
        number=2,
        rules=(
            RuleSetting(rule="DZ14", thresholds={"days": 60.0}, grace_days=3),
            RuleSetting(rule="DZ25", enabled=False),
        ),
        reason="Our lawyers are slow",
    ),
    RuleSuppressed(rule="DZ16", until=date(2026, 4, 1), reason="The year end moved every date"),
    ImportStarted(source="crm", mapping="[case]\nid = 'x'", file_digest="00ff"),
    ImportCompleted(counts={"OpportunityOpened": 3}),
    LogRestored(source_hash="ab12", head=42),
)
ALL_EVENTS: tuple[Event, ...] = (*EVENTS, *MAP_EVENTS, PUBLISHED, *FACT_EVENTS)
