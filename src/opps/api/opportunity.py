"""The opportunity in the schema: its headline at once, and all that is known about it on demand."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Optional
from uuid import UUID

import strawberry

from opps.api import sides
from opps.api.account_map import AccountMap, account_map_of
from opps.api.briefs import Briefed
from opps.api.connections import After, Connection, First
from opps.api.context import Context, Info
from opps.api.decided import DecisionType, decisions_of
from opps.api.derive import enum_of
from opps.api.events import EventFilter, EventType, read_events
from opps.api.facts import FactFilter, FactType, chosen, facts_of
from opps.api.ids import NodeType
from opps.api.knowledge import ObjectiveKnowledge, QuestionType, knowledge_of
from opps.api.lensed import Lensed
from opps.api.loaders import NOT_LOADED, NotLoaded, ahead, at_once
from opps.api.opinions import Opinions, opinions_of
from opps.api.outputs import Label, labels, output_of
from opps.api.parties import (
    Account,
    Node,
    Person,
    account_shown,
    account_there,
    node_id,
    person_shown,
    person_there,
)
from opps.api.picture import Stated
from opps.api.reading import HEAD, Moment
from opps.api.scalars import Position
from opps.api.score_history import ScoreHistory
from opps.api.scores import ScoreType, score_of
from opps.api.shown import shown
from opps.api.stated import stated
from opps.api.team import TeamMember, team_of
from opps.api.timelines import Along, TimelineConnection, Wanted, timeline_of, until_of
from opps.api.unknowns import UnknownsType
from opps.api.wrong_beliefs import WrongBeliefType, wrong_beliefs_of
from opps.domain.events import (
    CommitBasis,
    CustomerKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
)
from opps.domain.facts import Impact
from opps.domain.money import Money
from opps.domain.opportunity.state import Opportunity as State
from opps.domain.opportunity.state import Status
from opps.domain.score import Score
from opps.projections.board import BoardRow
from opps.projections.board_history import PastRow
from opps.projections.listing import Listed
from opps.projections.scopes import of_opportunity
from opps.projections.score_trend import ScoreRow
from opps.projections.views import Axis

for _enum in (
    Axis,
    Status,
    CommitBasis,
    CustomerKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
):
    enum_of(_enum)

_Money: Any = Optional[output_of(Money)]  # noqa: UP045 - a derived type
_Impacts: Any = list[stated(Impact)]  # type: ignore[misc]  # a derived type


Facts = Annotated[FactFilter | None, strawberry.argument(description="Which facts to show.")]
Open = Annotated[
    bool | None,
    strawberry.argument(description="Only those that wait for an answer, or that no longer do."),
]


@strawberry.type(
    description="One potential decision of one customer, with what is known about it, what is "
    "not, and what that makes of our chances."
)
class Opportunity(Briefed, Lensed, ScoreHistory, Node):
    worked_out: strawberry.Private[Score | ScoreRow | None]

    title: str = shown("headline.title", "What is to be decided.")
    status: Status = shown("headline.status", "Open, or how it ended.")
    currency: str = shown("headline.currency", "ISO 4217 code of every amount in it.")
    version: int = shown(
        "headline.version", "How often it has changed, from 0 on: give it as `expectedVersion`."
    )
    position: Position = shown("headline.position", "Place in the log of its last change.")
    opened_at: datetime = shown("headline.opened_at", "When our side came to know of it.")
    recorded_at: datetime = shown("headline.recorded_at", "When its opening was recorded.")
    closed_at: datetime | None = shown("headline.closed_at", "When it ended.")
    commit_date: date | None = shown("headline.commit_date", "The date promised for the decision.")
    commit_basis: CommitBasis | None = shown("headline.commit_basis", "What that date rests on.")
    pushes: int = shown("headline.pushes", "How often that date was moved to a later one.")
    category: ForecastCategory | None = shown("headline.category", "What the seller promises.")
    stage: str | None = shown("headline.stage", "Stage in the source system; never a score input.")
    stage_default: float | None = shown(
        "headline.stage_default", "The stage's own win probability; never a score input."
    )
    seller_estimate: float | None = shown(
        "headline.seller_estimate",
        "The seller's own estimate of the win probability; never a score input.",
    )
    customer_kind: CustomerKind | None = shown(
        "headline.customer_kind", "New or existing customer."
    )
    origin: str | None = shown("headline.origin", "Where it came from, such as REFERRAL.")
    proposal_sent_at: datetime | None = shown("headline.proposal_sent_at", "When we last proposed.")
    buyer_responded_at: datetime | None = shown(
        "headline.buyer_responded_at", "When the buyer last did something in answer to us."
    )
    loss_kind: LossKind | None = shown("headline.loss_kind", "To whom it was lost.")
    lost_to: UUID | None = shown("headline.lost_to", "The alternative it was lost to.")
    no_decision: NoDecisionReason | None = shown(
        "headline.no_decision", "Why the customer decided nothing."
    )

    @strawberry.field(description="The buying organisation.")
    def account_id(self) -> strawberry.ID:
        return node_id(NodeType.ACCOUNT, self.headline.account_id)

    @strawberry.field(description="The seller who owns it.")
    def owner_id(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.headline.owner)

    @strawberry.field(description="What it is worth.", graphql_type=_Money)
    def amount(self) -> Any:
        amount = self.headline.amount
        return Money(amount, self.headline.currency) if isinstance(amount, Decimal) else amount

    @strawberry.field(description="The opportunity that goes on in its place.")
    def merged_into_id(self) -> strawberry.ID | None:
        into = self.headline.merged_into
        return node_id(NodeType.OPPORTUNITY, into) if into else None

    @strawberry.field(description="The buying organisation.", graphql_type=Account | None)
    @ahead(
        lambda of, context: context.reading.accounts.ahead(one.headline.account_id for one in of)
    )
    @at_once(lambda of, context: account_there(context, of.headline.account_id))
    def account(self, info: Info) -> Any:
        return account_shown(info, self.headline.account_id)

    @strawberry.field(
        description="The seller who owns it, if registered as a person.", graphql_type=Person | None
    )
    @ahead(lambda of, asked: asked.reading.persons.ahead(one.headline.owner for one in of))
    @at_once(lambda of, context: person_there(context, of.headline.owner))
    def owner(self, info: Info) -> Any:
        return person_shown(info, self.headline.owner)

    @strawberry.field(description="Our team.")
    async def team(self, info: Info) -> list[TeamMember]:
        return team_of((await self.picture(info)).state)

    @strawberry.field(description="Labelled context known at opening.")
    async def context(self, info: Info) -> list[Label]:
        return labels((await self.picture(info)).state.context)

    @strawberry.field(
        description="The win probability; it stays as it was once closed.", graphql_type=ScoreType
    )
    @at_once(lambda of, context: of.score_there(context))
    async def score(self, info: Info) -> Any:
        there = self.score_there(info.context)
        return score_of((await self.picture(info)).score) if there is NOT_LOADED else there

    def score_there(self, context: Context) -> ScoreType | NotLoaded:
        """Return the score, as far as nothing is to be read for it: a row of a list has it."""

        async def whole() -> Score:
            return (await self.picture_in(context)).score

        return NOT_LOADED if self.worked_out is None else score_of(self.worked_out, whole)

    @strawberry.field(
        description="What is known, the seller and the stage, side by side, and where they "
        "disagree."
    )
    async def opinions(self, info: Info) -> Opinions:
        return opinions_of((await self.picture(info)).state)

    @strawberry.field(description="How well each of the nine objectives is known, in their order.")
    async def objectives(self, info: Info) -> list[ObjectiveKnowledge]:
        return knowledge_of(await self.picture(info))

    @strawberry.field(
        description="What nobody has said of evaluators, alternatives, issues and criteria, "
        "counted.",
        graphql_type=UnknownsType,
    )
    async def unknowns(self, info: Info) -> Any:
        return (await self.picture(info)).unknowns

    @strawberry.field(description="Every fact ever learned, in the order of the log.")
    async def facts(self, info: Info, filter: Facts = None) -> list[FactType]:
        return facts_of(chosen(await self.picture(info), filter))

    @strawberry.field(description="What we know we do not know.", graphql_type=list[QuestionType])
    async def questions(self, info: Info, open: Open = None) -> Any:
        questions = (await self.picture(info)).state.questions.values()
        return [one for one in questions if open is None or one.open is open]

    @strawberry.field(description="Everyone who evaluates, approves, signs, uses or can stop it.")
    async def evaluators(self, info: Info) -> list[sides.Evaluator]:
        return sides.evaluators(await self.picture(info))

    @strawberry.field(description="Every course open to the customer, doing nothing included.")
    async def alternatives(self, info: Info) -> list[sides.Alternative]:
        return sides.alternatives(await self.picture(info))

    @strawberry.field(description="The standards by which the customer will choose.")
    async def criteria(self, info: Info) -> list[sides.Criterion]:
        return sides.criteria(await self.picture(info))

    @strawberry.field(description="Goals, pressures, problems and risks that it could affect.")
    async def issues(self, info: Info) -> list[sides.BusinessIssue]:
        return sides.issues(await self.picture(info))

    @strawberry.field(
        description="What better looks like, in their numbers.", graphql_type=_Impacts
    )
    async def impacts(self, info: Info) -> list[Stated]:
        return (await self.picture(info)).of(Impact)

    @strawberry.field(description="What is required because of an issue, with our fit.")
    async def needs(self, info: Info) -> list[sides.Need]:
        return sides.needs(await self.picture(info))

    @strawberry.field(description="Scope and wants.")
    async def solution(self, info: Info) -> sides.Solution:
        return sides.Solution(picture=await self.picture(info))

    @strawberry.field(description="With whose money.")
    async def funding(self, info: Info) -> sides.Funding:
        return sides.Funding(picture=await self.picture(info))

    @strawberry.field(description="Why now, by when, and what if not.")
    async def timing(self, info: Info) -> sides.Timing:
        return sides.Timing(picture=await self.picture(info))

    @strawberry.field(description="How the customer comes to a signature.")
    async def process(self, info: Info) -> sides.Process:
        return sides.Process(picture=await self.picture(info))

    @strawberry.field(
        description="What we learned when, oldest first, as far as the lens shows it; also in "
        "groups."
    )
    async def timeline(
        self,
        info: Info,
        axis: Along = Axis.RECORDED,
        filter: Wanted = None,
        first: First = None,
        after: After = None,
    ) -> TimelineConnection:
        opportunity_id = self.headline.opportunity_id
        until = await until_of(info, opportunity_id, self.moment)
        scope = of_opportunity(opportunity_id)
        return await timeline_of(info, scope, axis, filter, until, first, after)

    @strawberry.field(
        description="What we had believed and turned out wrong, by when it was found: how long we "
        "held it, what it did to the score, and which decisions rested on it."
    )
    async def wrong_beliefs(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[WrongBeliefType]:
        of = self.headline.opportunity_id
        return await wrong_beliefs_of(info, of, self.moment, first, after)

    @strawberry.field(
        description="What our side decided on facts, and what became of these since, in the order "
        "of the log."
    )
    async def decisions(self, info: Info) -> list[DecisionType]:
        return await decisions_of(info, await self.picture(info))

    @strawberry.field(description="Its tactical account map, with everything on it.")
    async def account_map(self, info: Info) -> AccountMap:
        return account_map_of(await self.picture(info))

    @strawberry.field(description="Its events as recorded, oldest first, up to now.")
    async def events(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[EventType]:
        return await read_events(info, after, EventFilter(opportunity_id=self.id), first)


def opportunity_of(
    headline: State | BoardRow, moment: Moment = HEAD, score: Score | ScoreRow | None = None
) -> Opportunity:
    """Return an opportunity for the schema, from its state or its row of the board."""
    return Opportunity(
        id=node_id(NodeType.OPPORTUNITY, headline.opportunity_id),
        headline=headline,
        moment=moment,
        worked_out=score,
    )


def listed_opportunity(listed: Listed) -> Opportunity:
    """Return an opportunity of a list for the schema."""
    return opportunity_of(listed.board, HEAD, listed.score)


def past_opportunity(row: PastRow, moment: Moment) -> Opportunity:
    """Return an opportunity of a list of the past for the schema."""
    score = ScoreRow(
        opportunity_id=row.opportunity_id,
        position=row.position,
        ordinal=0,
        model=row.model,
        p=row.p,
        low=row.low,
        high=row.high,
        milli_points=row.milli_points,
        open=row.status is Status.OPEN,
        next_step_at=None,
    )
    return opportunity_of(row, moment, score)
