"""Operations that are awaited.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime
from uuid import UUID

from msgspec import UNSET, UnsetType

from ..carriers import AsyncCarrier
from .answers.account_map import ACCOUNT_MAP, AccountMapQuery
from .answers.account_timeline import ACCOUNT_TIMELINE, AccountTimelineQuery
from .answers.acknowledge_exception import ACKNOWLEDGE_EXCEPTION, AcknowledgeExceptionMutation
from .answers.activate_scoring_model import ACTIVATE_SCORING_MODEL, ActivateScoringModelMutation
from .answers.answer_question import ANSWER_QUESTION, AnswerQuestionMutation
from .answers.ask_question import ASK_QUESTION, AskQuestionMutation
from .answers.blind_spots import BLIND_SPOTS, BlindSpotsQuery
from .answers.board import BOARD, BoardQuery
from .answers.board_as_of import BOARD_AS_OF, BoardAsOfQuery
from .answers.calibration import CALIBRATION, CalibrationQuery
from .answers.coaching import COACHING, CoachingQuery
from .answers.contradictions import CONTRADICTIONS, ContradictionsQuery
from .answers.danger_zone_rules import DANGER_ZONE_RULES, DangerZoneRulesQuery
from .answers.danger_zones import DANGER_ZONES, DangerZonesQuery
from .answers.diff import DIFF, DiffQuery
from .answers.evaluator_timelines import EVALUATOR_TIMELINES, EvaluatorTimelinesQuery
from .answers.events import EVENTS, EventsQuery
from .answers.events_live import EVENTS_LIVE, EventsLiveSubscription
from .answers.exceptions import EXCEPTIONS, ExceptionsQuery
from .answers.facts import FACTS, FactsQuery
from .answers.five_questions import FIVE_QUESTIONS, FiveQuestionsQuery
from .answers.forecast import FORECAST, ForecastQuery
from .answers.form_team import FORM_TEAM, FormTeamMutation
from .answers.handover_brief import HANDOVER_BRIEF, HandoverBriefQuery
from .answers.identify_gap import IDENTIFY_GAP, IdentifyGapMutation
from .answers.imports import IMPORTS, ImportsQuery
from .answers.information_objectives import INFORMATION_OBJECTIVES, InformationObjectivesQuery
from .answers.largest_opportunities import LARGEST_OPPORTUNITIES, LargestOpportunitiesQuery
from .answers.learn_fact import LEARN_FACT, LearnFactMutation
from .answers.ledger import LEDGER, LedgerQuery
from .answers.lenses import LENSES, LensesQuery
from .answers.lose_opportunity import LOSE_OPPORTUNITY, LoseOpportunityMutation
from .answers.next_best_questions import NEXT_BEST_QUESTIONS, NextBestQuestionsQuery
from .answers.offer_learning_activity import OFFER_LEARNING_ACTIVITY, OfferLearningActivityMutation
from .answers.open_opportunity import OPEN_OPPORTUNITY, OpenOpportunityMutation
from .answers.opinions import OPINIONS, OpinionsQuery
from .answers.pass_gate import PASS_GATE, PassGateMutation
from .answers.pipeline import PIPELINE, PipelineQuery
from .answers.portfolio_trend import PORTFOLIO_TREND, PortfolioTrendQuery
from .answers.proposal_draft import PROPOSAL_DRAFT, ProposalDraftQuery
from .answers.publish_sales_process import PUBLISH_SALES_PROCESS, PublishSalesProcessMutation
from .answers.raise_exception import RAISE_EXCEPTION, RaiseExceptionMutation
from .answers.raise_question import RAISE_QUESTION, RaiseQuestionMutation
from .answers.record_facts import RECORD_FACTS, RecordFactsMutation
from .answers.register_account import REGISTER_ACCOUNT, RegisterAccountMutation
from .answers.register_person import REGISTER_PERSON, RegisterPersonMutation
from .answers.reopen_opportunity import REOPEN_OPPORTUNITY, ReopenOpportunityMutation
from .answers.resolve_contradiction import RESOLVE_CONTRADICTION, ResolveContradictionMutation
from .answers.retract_fact import RETRACT_FACT, RetractFactMutation
from .answers.revert_import import REVERT_IMPORT, RevertImportMutation
from .answers.score import SCORE, ScoreQuery
from .answers.score_changed import SCORE_CHANGED, ScoreChangedSubscription
from .answers.score_explanation import SCORE_EXPLANATION, ScoreExplanationQuery
from .answers.score_ledger import SCORE_LEDGER, ScoreLedgerQuery
from .answers.score_trend import SCORE_TREND, ScoreTrendQuery
from .answers.scoring_models import SCORING_MODELS, ScoringModelsQuery
from .answers.seller_timeline import SELLER_TIMELINE, SellerTimelineQuery
from .answers.simulate import SIMULATE, SimulateQuery
from .answers.start_sales_process import START_SALES_PROCESS, StartSalesProcessMutation
from .answers.state_desired_outcome import STATE_DESIRED_OUTCOME, StateDesiredOutcomeMutation
from .answers.timeline import TIMELINE, TimelineQuery
from .answers.what_is_known import WHAT_IS_KNOWN, WhatIsKnownQuery
from .answers.win_loss_review import WIN_LOSS_REVIEW, WinLossReviewQuery
from .answers.win_opportunity import WIN_OPPORTUNITY, WinOpportunityMutation
from .answers.wrong_beliefs import WRONG_BELIEFS, WrongBeliefsQuery
from .enums import Axis, ForecastBy, GroupBy, ScoreCurve, Suspicion
from .inputs import (
    AcknowledgeExceptionInput,
    ActivateScoringModelInput,
    AnswerQuestionInput,
    AskQuestionInput,
    AsOf,
    EventFilter,
    EventNewsFilter,
    ExceptionFilter,
    ExchangeRate,
    FactFilter,
    FactStatedInput,
    FormTeamInput,
    IdentifyGapInput,
    LearnFactInput,
    LoseOpportunityInput,
    OfferLearningActivityInput,
    OpenOpportunityInput,
    OpportunityFilter,
    OpportunityOrder,
    PassGateInput,
    PublishSalesProcessInput,
    RaiseExceptionInput,
    RaiseQuestionInput,
    RecordFactsInput,
    RegisterAccountInput,
    RegisterPersonInput,
    ReopenOpportunityInput,
    ResolveContradictionInput,
    RetractFactInput,
    RevertImportInput,
    ScoreFilter,
    StartSalesProcessInput,
    StateDesiredOutcomeInput,
    WinOpportunityInput,
)


class AsyncOperations(AsyncCarrier):
    """A method for each of operations/*.graphql, typed by the schema."""

    async def account_map(self, id: str) -> AccountMapQuery:
        """Everything on the account map of a deal: outcome, knowledge, gates, milestones,
        actions, team.
        """
        return await self.ask(ACCOUNT_MAP, {"id": id})

    async def account_timeline(
        self, id: str, axis: Axis, by: GroupBy, *, after: str | UnsetType | None = UNSET
    ) -> AccountTimelineQuery:
        """What happened to an account and what we learned of all its opportunities, put
        together by objective.
        """
        return await self.ask(ACCOUNT_TIMELINE, {"id": id, "axis": axis, "by": by, "after": after})

    async def acknowledge_exception(
        self, input: AcknowledgeExceptionInput
    ) -> AcknowledgeExceptionMutation:
        """Take an exception on, with a plan."""
        return await self.ask(ACKNOWLEDGE_EXCEPTION, {"input": input})

    async def activate_scoring_model(
        self, input: ActivateScoringModelInput
    ) -> ActivateScoringModelMutation:
        """Bring a version of the score into force, for managers: every open opportunity is
        scored by it.
        """
        return await self.ask(ACTIVATE_SCORING_MODEL, {"input": input})

    async def answer_question(self, input: AnswerQuestionInput) -> AnswerQuestionMutation:
        """Close a question. What counts is the facts that it brought: learn them first, and
        name them here.
        """
        return await self.ask(ANSWER_QUESTION, {"input": input})

    async def ask_question(self, input: AskQuestionInput) -> AskQuestionMutation:
        """Note that a question was put to somebody of the buyer."""
        return await self.ask(ASK_QUESTION, {"input": input})

    async def blind_spots(
        self, id: str, *, suspicions: list[Suspicion] | UnsetType | None = UNSET
    ) -> BlindSpotsQuery:
        """What nobody has looked at, and the reason to look: what is known calls for it, others
        had it, or it came out late.
        """
        return await self.ask(BLIND_SPOTS, {"id": id, "suspicions": suspicions})

    async def board_as_of(
        self,
        as_of: AsOf,
        *,
        filter: OpportunityFilter | UnsetType | None = UNSET,
        order_by: OpportunityOrder | UnsetType | None = UNSET,
        after: str | UnsetType | None = UNSET,
    ) -> BoardAsOfQuery:
        """The board as it was, in pages, and what it was worth: as a screen showed it, or as
        was known.
        """
        return await self.ask(
            BOARD_AS_OF, {"asOf": as_of, "filter": filter, "orderBy": order_by, "after": after}
        )

    async def board(
        self,
        *,
        filter: OpportunityFilter | UnsetType | None = UNSET,
        order_by: OpportunityOrder | UnsetType | None = UNSET,
        after: str | UnsetType | None = UNSET,
    ) -> BoardQuery:
        """A page of the board, for any filter and in any order."""
        return await self.ask(BOARD, {"filter": filter, "orderBy": order_by, "after": after})

    async def calibration(self) -> CalibrationQuery:
        """How well opinions of closed opportunities came true, as they stood before the end."""
        return await self.ask(CALIBRATION, {})

    async def coaching(
        self, seller: str, *, at_least: int | UnsetType | None = UNSET
    ) -> CoachingQuery:
        """The coaching of one seller, on one screen: for the seller, and for those who lead the
        seller.
        """
        return await self.ask(COACHING, {"seller": seller, "atLeast": at_least})

    async def contradictions(self, id: str) -> ContradictionsQuery:
        """Where two of the buyer do not say the same, who said what when; and which facts do
        not fit together.
        """
        return await self.ask(CONTRADICTIONS, {"id": id})

    async def danger_zone_rules(self) -> DangerZoneRulesQuery:
        """The rules that find danger zones: when each fires, its numbers and their limits, and
        how often it helped.
        """
        return await self.ask(DANGER_ZONE_RULES, {})

    async def danger_zones(self, id: str) -> DangerZonesQuery:
        """The danger zones that an opportunity is in: why, what to do first, and when each
        opened or closed and by what.
        """
        return await self.ask(DANGER_ZONES, {"id": id})

    async def diff(self, id: str, from_: AsOf, *, to: AsOf | UnsetType | None = UNSET) -> DiffQuery:
        """What changed between two looks at a deal: each fact with its events and what it did
        to the score.
        """
        return await self.ask(DIFF, {"id": id, "from": from_, "to": to})

    async def evaluator_timelines(self, id: str) -> EvaluatorTimelinesQuery:
        """What each evaluator said, what was said of them, and what became of their words."""
        return await self.ask(EVALUATOR_TIMELINES, {"id": id})

    def events_live(
        self,
        *,
        filter: EventNewsFilter | UnsetType | None = UNSET,
        after: int | UnsetType | None = UNSET,
    ) -> AsyncIterator[EventsLiveSubscription]:
        """Every event from a position on, with no gap: keep the last position, and go on after
        it.
        """
        return self.follow(EVENTS_LIVE, {"filter": filter, "after": after})

    async def events(
        self,
        *,
        filter: EventFilter | UnsetType | None = UNSET,
        first: int | UnsetType | None = UNSET,
        after: str | UnsetType | None = UNSET,
    ) -> EventsQuery:
        """The log itself: what happened, in order, from behind a position on."""
        return await self.ask(EVENTS, {"filter": filter, "first": first, "after": after})

    async def exceptions(
        self,
        *,
        filter: ExceptionFilter | UnsetType | None = UNSET,
        after: str | UnsetType | None = UNSET,
        at_least: int | UnsetType | None = UNSET,
    ) -> ExceptionsQuery:
        """The inbox: what deviates and deserves time, the most urgent first, with why it stands
        where it stands.
        """
        return await self.ask(EXCEPTIONS, {"filter": filter, "after": after, "atLeast": at_least})

    async def facts(self, id: str, *, filter: FactFilter | UnsetType | None = UNSET) -> FactsQuery:
        """Every fact of an opportunity: who said it, with what evidence, and what became of it."""
        return await self.ask(FACTS, {"id": id, "filter": filter})

    async def five_questions(self, id: str) -> FiveQuestionsQuery:
        """The five-question test in one query: the win probability and what it rests on, the
        evaluators with their influence, the alternatives and who favours which, the business
        issues that we can affect, and the decision criteria; each with who said so and when
        we learned it, and how much is unknown.
        """
        return await self.ask(FIVE_QUESTIONS, {"id": id})

    async def forecast(
        self,
        from_: date,
        to: date,
        *,
        by: ForecastBy | UnsetType | None = UNSET,
        owner_ids: list[str] | UnsetType | None = UNSET,
        currency: str | UnsetType | None = UNSET,
        rates: list[ExchangeRate] | UnsetType | None = UNSET,
        since: AsOf | UnsetType | None = UNSET,
    ) -> ForecastQuery:
        """What a period may bring by three opinions, what they rest on, and what changed since
        a lens, in steps that add up.
        """
        return await self.ask(
            FORECAST,
            {
                "from": from_,
                "to": to,
                "by": by,
                "ownerIds": owner_ids,
                "currency": currency,
                "rates": rates,
                "since": since,
            },
        )

    async def form_team(self, input: FormTeamInput) -> FormTeamMutation:
        """Form a team: who leads it leads those in it, and in the teams below."""
        return await self.ask(FORM_TEAM, {"input": input})

    async def handover_brief(
        self, id: str, *, as_of: AsOf | UnsetType | None = UNSET
    ) -> HandoverBriefQuery:
        """All that somebody needs who takes a deal over: known, unknown, promised, deviating
        and dangerous.
        """
        return await self.ask(HANDOVER_BRIEF, {"id": id, "asOf": as_of})

    async def identify_gap(self, input: IdentifyGapInput) -> IdentifyGapMutation:
        """Name a performance gap of a seller, with what to ask first; its words belong to the
        seller.
        """
        return await self.ask(IDENTIFY_GAP, {"input": input})

    async def imports(
        self, *, after: str | UnsetType | None = UNSET, at_least: int | UnsetType | None = UNSET
    ) -> ImportsQuery:
        """The imports, the latest first: how far each came, what it counted, and which were
        taken back.
        """
        return await self.ask(IMPORTS, {"after": after, "atLeast": at_least})

    async def information_objectives(self) -> InformationObjectivesQuery:
        """The nine things a sales team must know: the static list that anyone can recite."""
        return await self.ask(INFORMATION_OBJECTIVES, {})

    async def largest_opportunities(self) -> LargestOpportunitiesQuery:
        """The five-question test in one query, of the 20 largest open opportunities: the win
        probability and what it rests on, the evaluators with their influence, the
        alternatives and who favours which, the business issues that we can affect, and the
        decision criteria; each with who said so and when we learned it, and how much of it
        nobody knows.
        """
        return await self.ask(LARGEST_OPPORTUNITIES, {})

    async def learn_fact(self, input: LearnFactInput) -> LearnFactMutation:
        """Record one fact with who said it and in which words, and see at once what it did to
        the score.
        """
        return await self.ask(LEARN_FACT, {"input": input})

    async def ledger(self, position: int, since: int) -> LedgerQuery:
        """What was signed of the log; the proof that one event is in it, and that the log only
        grew since a smaller size.
        """
        return await self.ask(LEDGER, {"position": position, "since": since})

    async def lenses(self, id: str, screen: AsOf, known: AsOf, hindsight: AsOf) -> LensesQuery:
        """What the system showed, what our side knew and what was true: each at its own
        instant.
        """
        return await self.ask(
            LENSES, {"id": id, "screen": screen, "known": known, "hindsight": hindsight}
        )

    async def lose_opportunity(self, input: LoseOpportunityInput) -> LoseOpportunityMutation:
        """Close an opportunity as lost, and say to which alternative if we know."""
        return await self.ask(LOSE_OPPORTUNITY, {"input": input})

    async def next_best_questions(self, id: str) -> NextBestQuestionsQuery:
        """What to ask next, of whom, and in which words: by what an answer would settle, the
        chance to get one, and the effort.
        """
        return await self.ask(NEXT_BEST_QUESTIONS, {"id": id})

    async def offer_learning_activity(
        self, input: OfferLearningActivityInput
    ) -> OfferLearningActivityMutation:
        """Offer something to learn: about which objectives, and for want of knowledge or of
        skill.
        """
        return await self.ask(OFFER_LEARNING_ACTIVITY, {"input": input})

    async def open_opportunity(self, input: OpenOpportunityInput) -> OpenOpportunityMutation:
        """Open an opportunity. The same command id again gives the same answer and opens
        nothing twice.
        """
        return await self.ask(OPEN_OPPORTUNITY, {"input": input})

    async def opinions(self, id: str) -> OpinionsQuery:
        """What is known, the seller and the stage side by side, and what to ask where they
        disagree.
        """
        return await self.ask(OPINIONS, {"id": id})

    async def pass_gate(self, input: PassGateInput) -> PassGateMutation:
        """Pass a gate: opps looks for its exit evidence, and says what is missing."""
        return await self.ask(PASS_GATE, {"input": input})

    async def pipeline(
        self,
        *,
        filter: OpportunityFilter | UnsetType | None = UNSET,
        order_by: OpportunityOrder | UnsetType | None = UNSET,
        first: int | UnsetType | None = UNSET,
        after: str | UnsetType | None = UNSET,
        at_least: int | UnsetType | None = UNSET,
    ) -> PipelineQuery:
        """A page of the deals with their scores and nothing personal: for programs, in the role
        INTEGRATOR too.
        """
        return await self.ask(
            PIPELINE,
            {
                "filter": filter,
                "orderBy": order_by,
                "first": first,
                "after": after,
                "atLeast": at_least,
            },
        )

    async def portfolio_trend(
        self,
        from_: date,
        to: date,
        *,
        step: int | UnsetType = UNSET,
        filter: OpportunityFilter | UnsetType | None = UNSET,
    ) -> PortfolioTrendQuery:
        """What was open at the end of each day, how many of it to expect as won, and what that
        is worth by currency.
        """
        return await self.ask(
            PORTFOLIO_TREND, {"from": from_, "to": to, "step": step, "filter": filter}
        )

    async def proposal_draft(
        self, id: str, *, as_of: AsOf | UnsetType | None = UNSET
    ) -> ProposalDraftQuery:
        """What a proposal can say of the customer's matter: evidenced, traceable, and nothing
        about people.
        """
        return await self.ask(PROPOSAL_DRAFT, {"id": id, "asOf": as_of})

    async def publish_sales_process(
        self, input: PublishSalesProcessInput
    ) -> PublishSalesProcessMutation:
        """Publish a sales process: deals that start from here on take a copy of its gates."""
        return await self.ask(PUBLISH_SALES_PROCESS, {"input": input})

    async def raise_exception(self, input: RaiseExceptionInput) -> RaiseExceptionMutation:
        """Raise an exception by hand: what deviates from what, and the facts that it rests on."""
        return await self.ask(RAISE_EXCEPTION, {"input": input})

    async def raise_question(self, input: RaiseQuestionInput) -> RaiseQuestionMutation:
        """Write down what we do not know: it never changes the probability, it narrows the
        interval.
        """
        return await self.ask(RAISE_QUESTION, {"input": input})

    async def record_facts(self, input: RecordFactsInput) -> RecordFactsMutation:
        """Record all that one meeting taught us, in one command: every fact is stored, or none."""
        return await self.ask(RECORD_FACTS, {"input": input})

    async def register_account(self, input: RegisterAccountInput) -> RegisterAccountMutation:
        """Register a buying organisation. Without an accountId it gets a new one."""
        return await self.ask(REGISTER_ACCOUNT, {"input": input})

    async def register_person(self, input: RegisterPersonInput) -> RegisterPersonMutation:
        """Register a person, ours or the buyer's: what names or quotes them is sealed under
        their own key.
        """
        return await self.ask(REGISTER_PERSON, {"input": input})

    async def reopen_opportunity(self, input: ReopenOpportunityInput) -> ReopenOpportunityMutation:
        """Go on with an opportunity that had been closed; that it was stays in the history."""
        return await self.ask(REOPEN_OPPORTUNITY, {"input": input})

    async def resolve_contradiction(
        self, input: ResolveContradictionInput
    ) -> ResolveContradictionMutation:
        """Choose among facts that cannot all hold, and say why; the others stay to be seen."""
        return await self.ask(RESOLVE_CONTRADICTION, {"input": input})

    async def retract_fact(self, input: RetractFactInput) -> RetractFactMutation:
        """Take a fact back that was never so. When the world has changed, learn a fact that
        supersedes it.
        """
        return await self.ask(RETRACT_FACT, {"input": input})

    async def revert_import(self, input: RevertImportInput) -> RevertImportMutation:
        """Take an import back: what it opened is withdrawn, what it added to opportunities of
        ours is put back.
        """
        return await self.ask(REVERT_IMPORT, {"input": input})

    def score_changed(
        self,
        *,
        filter: ScoreFilter | UnsetType | None = UNSET,
        after: str | UnsetType | None = UNSET,
    ) -> AsyncIterator[ScoreChangedSubscription]:
        """Every change of a score from a cursor on, with no gap: keep the last cursor, and go
        on after it.
        """
        return self.follow(SCORE_CHANGED, {"filter": filter, "after": after})

    async def score_explanation(
        self, id: str, *, as_of: AsOf | UnsetType | None = UNSET
    ) -> ScoreExplanationQuery:
        """The score in words: what speaks for it, what against, and what is unknown, now or at
        a place of the past.
        """
        return await self.ask(SCORE_EXPLANATION, {"id": id, "asOf": as_of})

    async def score_ledger(
        self, id: str, *, after: str | UnsetType | None = UNSET
    ) -> ScoreLedgerQuery:
        """The ledger of a score, line by line in words: the points of all lines add up exactly."""
        return await self.ask(SCORE_LEDGER, {"id": id, "after": after})

    async def score_trend(
        self,
        id: str,
        *,
        curve: ScoreCurve | UnsetType = UNSET,
        after: str | UnsetType | None = UNSET,
    ) -> ScoreTrendQuery:
        """How the score of an opportunity developed: as believed then, or as it should have
        been by learned time.
        """
        return await self.ask(SCORE_TREND, {"id": id, "curve": curve, "after": after})

    async def score(self, id: str) -> ScoreQuery:
        """The score, and what it rests on: what each objective adds to each of the two
        questions, in nats.
        """
        return await self.ask(SCORE, {"id": id})

    async def scoring_models(self) -> ScoringModelsQuery:
        """Every version of the score: what each objective and signal weighs, and which one is
        in force.
        """
        return await self.ask(SCORING_MODELS, {})

    async def seller_timeline(
        self,
        id: str,
        *,
        since: datetime | UnsetType | None = UNSET,
        until: datetime | UnsetType | None = UNSET,
        after: str | UnsetType | None = UNSET,
    ) -> SellerTimelineQuery:
        """What one seller learned, did and recorded over all opportunities, with the lags, for
        coaching.
        """
        return await self.ask(
            SELLER_TIMELINE, {"id": id, "since": since, "until": until, "after": after}
        )

    async def simulate(
        self,
        opportunity_id: str,
        *,
        facts: list[FactStatedInput] | UnsetType | None = UNSET,
        questions_answered: list[UUID] | UnsetType | None = UNSET,
        as_of: datetime | UnsetType | None = UNSET,
    ) -> SimulateQuery:
        """What would it bring to learn this, and to wait until then? Answered by the real
        rules, without writing anything.
        """
        return await self.ask(
            SIMULATE,
            {
                "opportunityId": opportunity_id,
                "facts": facts,
                "questionsAnswered": questions_answered,
                "asOf": as_of,
            },
        )

    async def start_sales_process(self, input: StartSalesProcessInput) -> StartSalesProcessMutation:
        """Let a deal go by a sales process as it is published now."""
        return await self.ask(START_SALES_PROCESS, {"input": input})

    async def state_desired_outcome(
        self, input: StateDesiredOutcomeInput
    ) -> StateDesiredOutcomeMutation:
        """Write down what a deal is to come to; the map says what it lacks before it is
        measurable.
        """
        return await self.ask(STATE_DESIRED_OUTCOME, {"input": input})

    async def timeline(
        self, id: str, axis: Axis, *, after: str | UnsetType | None = UNSET
    ) -> TimelineQuery:
        """What happened when, by the time of learning or of recording, with what each event did
        to the score.
        """
        return await self.ask(TIMELINE, {"id": id, "axis": axis, "after": after})

    async def what_is_known(self, id: str) -> WhatIsKnownQuery:
        """What is known, what we know that we do not know, and what nobody has looked at yet."""
        return await self.ask(WHAT_IS_KNOWN, {"id": id})

    async def win_loss_review(
        self, id: str, *, as_of: AsOf | UnsetType | None = UNSET
    ) -> WinLossReviewQuery:
        """What the end of a deal teaches: what came late, what was wrong, and by when it was
        needed.
        """
        return await self.ask(WIN_LOSS_REVIEW, {"id": id, "asOf": as_of})

    async def win_opportunity(self, input: WinOpportunityInput) -> WinOpportunityMutation:
        """Close an opportunity as won."""
        return await self.ask(WIN_OPPORTUNITY, {"input": input})

    async def wrong_beliefs(
        self, id: str, *, after: str | UnsetType | None = UNSET
    ) -> WrongBeliefsQuery:
        """What we had believed and turned out wrong, how long we held it, and which decisions
        rested on it.
        """
        return await self.ask(WRONG_BELIEFS, {"id": id, "after": after})
