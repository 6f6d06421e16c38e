"""What can be asked: nodes, opportunities, accounts, persons, the catalogue and the log."""

from asyncio import gather
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry

from opps.api.account_map import AccountMap, sales_process
from opps.api.api_keys import ApiKeysAsked
from opps.api.board import (
    AtLeast,
    OpportunityConnection,
    OpportunityFilter,
    OpportunityOrder,
    board_page,
    seen,
)
from opps.api.coaching_asked import CoachingAsked
from opps.api.connections import After, Connection, First
from opps.api.context import Info
from opps.api.errors import NotAcceptable, node_argument
from opps.api.exception_thresholds import ThresholdsAsked
from opps.api.forecast import ForecastAsked
from opps.api.ids import NodeType, UnreadableId, from_global
from opps.api.imports import ImportsAsked
from opps.api.inbox import InboxAsked
from opps.api.knowledge import InformationObjective, information_objectives
from opps.api.lag import Before, LagReportType, Since, lag_report_of
from opps.api.learning_activities import LearningAsked
from opps.api.log_asked import LogAsked
from opps.api.models import ScoringModelType, scoring_models
from opps.api.moments import At, moment_of, told_by_then
from opps.api.named import NamedText, OfOpportunity, Texts, named_texts
from opps.api.opinions import Calibration, calibration
from opps.api.opportunity import Opportunity, opportunity_of
from opps.api.parties import Account, Node, NodeId, Person, node_id, read_account, read_person
from opps.api.party_pages import SearchedAccount, SearchedPerson, account_page, person_page
from opps.api.portfolio import Days, From, PortfolioTrend, To, Zone, portfolio_trend
from opps.api.principal_links import PrincipalLinksAsked
from opps.api.privacy import PrivacyAsked
from opps.api.reading import HEAD, Key, Moment
from opps.api.rules import RulesAsked
from opps.api.seller import Seller
from opps.api.simulation import ClockAt, FactsSupposed, QuestionsAnswered, Simulation, simulation
from opps.api.teams import TeamsAsked
from opps.api.timelines import Told, told_until
from opps.api.webhooks import WebhooksAsked

MOST_NODES = 100

T = TypeVar("T")

_GlobalId = Annotated[strawberry.ID, strawberry.argument(description="The global id.")]


@strawberry.type(description="Who asks, as the server sees it.")
class Viewer:
    person_id: strawberry.ID = strawberry.field(description="The person or program that asks.")
    principal: UUID = strawberry.field(description="The same, as events and saved reads name it.")
    role: str = strawberry.field(description="In which role.")
    organisation: str = strawberry.field(description="Short name of the organisation.")

    @strawberry.field(description="The one who asks, if registered as a person.")
    async def person(self, info: Info) -> Person | None:
        return await read_person(info, self.principal)


@strawberry.type(description="What can be asked.")
class Query(
    RulesAsked,
    ThresholdsAsked,
    InboxAsked,
    TeamsAsked,
    CoachingAsked,
    LearningAsked,
    ApiKeysAsked,
    WebhooksAsked,
    PrincipalLinksAsked,
    LogAsked,
    PrivacyAsked,
    ForecastAsked,
    ImportsAsked,
):
    @strawberry.field(description="Who asks.")
    def viewer(self, info: Info) -> Viewer:
        viewer = info.context.viewer
        principal = viewer.actor.principal
        return Viewer(
            person_id=node_id(NodeType.PERSON, principal),
            role=viewer.actor.role,
            organisation=viewer.slug,
            principal=principal,
        )

    @strawberry.field(description="Anything by its global id; null when there is no such thing.")
    async def node(self, info: Info, id: _GlobalId) -> Node | None:
        return await _node(info, id)

    @strawberry.field(description="Many things by their global ids, in the same order.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="At most 100 global ids.")
        ],
    ) -> list[Node | None]:
        if len(ids) > MOST_NODES:
            raise NotAcceptable(f"{len(ids)} ids are more than {MOST_NODES}: ask in portions")
        return await gather(*(_node(info, one) for one in ids))

    @strawberry.field(description="An opportunity; null when there is none of that id.")
    async def opportunity(
        self,
        info: Info,
        id: NodeId,
        as_of: At = None,
        at_least: AtLeast = None,
    ) -> Opportunity | None:
        await seen(info, at_least)
        opportunity_id = node_argument(NodeType.OPPORTUNITY, id)
        return await _opportunity(info, opportunity_id, await moment_of(info, as_of))

    @strawberry.field(
        description="The tactical account map of an opportunity, everything on it in one query; "
        "null when there is no opportunity of that id."
    )
    async def account_map(
        self, info: Info, opportunity_id: NodeId, as_of: At = None, at_least: AtLeast = None
    ) -> AccountMap | None:
        await seen(info, at_least)
        id_ = node_argument(NodeType.OPPORTUNITY, opportunity_id)
        found = await _opportunity(info, id_, await moment_of(info, as_of))
        return None if found is None else await found.account_map(info)

    sales_process = sales_process

    @strawberry.field(description="What facts, answers and time would do; nothing is written.")
    async def simulate(
        self,
        info: Info,
        opportunity_id: NodeId,
        facts: FactsSupposed = None,
        questions_answered: QuestionsAnswered = None,
        as_of: ClockAt = None,
    ) -> Simulation:
        return await simulation(info, opportunity_id, facts, questions_answered, as_of)

    @strawberry.field(description="Opportunities as they stand now, or stood, in pages.")
    async def opportunities(
        self,
        info: Info,
        filter: Annotated[
            OpportunityFilter | None, strawberry.argument(description="Which to show.")
        ] = None,
        order_by: Annotated[
            OpportunityOrder | None,
            strawberry.argument(description="In which order; last changed first when absent."),
        ] = None,
        first: First = None,
        after: After = None,
        as_of: At = None,
        at_least: AtLeast = None,
    ) -> OpportunityConnection:
        await seen(info, at_least)
        return await board_page(info, filter, order_by, first, after, as_of)

    @strawberry.field(
        description="How the opportunities that are wanted now developed, day by day, as was "
        "believed then."
    )
    async def portfolio_trend(
        self,
        info: Info,
        from_: From,
        to: To,
        filter: Annotated[
            OpportunityFilter | None,
            strawberry.argument(description="Which to count, as they stand now."),
        ] = None,
        step: Days = 1,
        zone: Zone = "UTC",
        at_least: AtLeast = None,
    ) -> PortfolioTrend:
        await seen(info, at_least)
        return await portfolio_trend(info, filter, from_, to, step, zone)

    @strawberry.field(
        description="A buying organisation, or the one that goes on for it; null when there is "
        "none of that id."
    )
    async def account(self, info: Info, id: NodeId, at_least: AtLeast = None) -> Account | None:
        await seen(info, at_least)
        return await read_account(info, node_argument(NodeType.ACCOUNT, id))

    @strawberry.field(description="Buying organisations by name, in pages.")
    async def accounts(
        self,
        info: Info,
        search: SearchedAccount = None,
        first: First = None,
        after: After = None,
        at_least: AtLeast = None,
    ) -> Connection[Account]:
        await seen(info, at_least)
        return await account_page(info, search, first, after)

    @strawberry.field(
        description="A person, or the one who goes on for them; null when there is none of that id."
    )
    async def person(self, info: Info, id: NodeId) -> Person | None:
        return await read_person(info, node_argument(NodeType.PERSON, id))

    @strawberry.field(description="Persons, of the buyers and on our side, in pages.")
    async def persons(
        self,
        info: Info,
        account_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only those who work for this organisation."),
        ] = None,
        search: SearchedPerson = None,
        first: First = None,
        after: After = None,
        at_least: AtLeast = None,
    ) -> Connection[Person]:
        await seen(info, at_least)
        return await person_page(info, account_id, search, first, after)

    @strawberry.field(description="Somebody on our side, by the global id of the person.")
    async def seller(self, info: Info, id: NodeId, at_least: AtLeast = None) -> Seller:
        await seen(info, at_least)
        return Seller(seller_id=node_argument(NodeType.PERSON, id))

    @strawberry.field(
        description="How long one seller takes from learning to recording: for coaching, with its "
        "n, and never beside others."
    )
    async def lag_report(
        self,
        info: Info,
        seller: NodeId,
        since: Since = None,
        until: Before = None,
        told_by: Told = None,
        at_least: AtLeast = None,
    ) -> LagReportType:
        await seen(info, at_least)
        position = await told_until(info, told_by)
        person = node_argument(NodeType.PERSON, seller)
        return await lag_report_of(info, person, position, since, until)

    @strawberry.field(description="The nine information objectives, in their order.")
    def information_objectives(self) -> list[InformationObjective]:
        return information_objectives()

    @strawberry.field(
        description="Every version of the score, with its weights and grades: the one in force "
        "first, then the latest.",
    )
    async def scoring_models(self, info: Info) -> list[ScoringModelType]:
        return await scoring_models(info)

    @strawberry.field(
        description="How well what was known, sellers and stages foresaw how opportunities ended."
    )
    async def calibration(self, info: Info, at_least: AtLeast = None) -> Calibration:
        await seen(info, at_least)
        return await calibration(info)

    @strawberry.field(
        description="Texts in their parts: where they name people by {person:UUID} or "
        "{evaluator:UUID}, the parts tell who that is, as far as it can be read."
    )
    async def named_texts(
        self, info: Info, texts: Texts, opportunity_id: OfOpportunity = None
    ) -> list[NamedText]:
        return await named_texts(info, texts, opportunity_id)


async def _opportunity(info: Info, id_: UUID, moment: Moment = HEAD) -> Opportunity | None:
    pictures = info.context.reading.pictures
    picture = await pictures.load(Key(id_, moment))
    if picture is not None:
        return opportunity_of(picture.state, moment)
    if moment.lens is not None:
        await told_by_then(info, id_, moment)
    return None


async def _node(info: Info, id_: strawberry.ID) -> Node | None:
    try:
        node, uuid = from_global(id_)
    except UnreadableId as error:
        raise NotAcceptable(str(error)) from None
    match node:
        case NodeType.OPPORTUNITY:
            return await _opportunity(info, uuid)
        case NodeType.ACCOUNT:
            return await read_account(info, uuid)
        case NodeType.PERSON:
            return await read_person(info, uuid)
