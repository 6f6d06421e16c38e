"""What can be asked: nodes, opportunities, accounts, persons, the catalogue and the log."""

from asyncio import gather
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from opps.api.account_map import AccountMap, sales_process
from opps.api.board import (
    AtLeast,
    OpportunityConnection,
    OpportunityFilter,
    OpportunityOrder,
    account_page,
    board_page,
    person_page,
    seen,
)
from opps.api.connections import After, Connection, First
from opps.api.context import Info
from opps.api.errors import NotAcceptable, node_argument
from opps.api.events import EventFilter, EventType, read_events
from opps.api.exception_thresholds import ThresholdsAsked
from opps.api.exceptions import (
    ExceptionConnection,
    ExceptionType,
    inbox_page,
    read_exception,
)
from opps.api.exceptions import Wanted as ExceptionsWanted
from opps.api.forecast import ForecastAsked
from opps.api.ids import NodeType, UnreadableId, from_global
from opps.api.knowledge import InformationObjective, information_objectives
from opps.api.lag import Before, LagReportType, Since, lag_report_of
from opps.api.ledger import LedgerType, bundle_of
from opps.api.models import ScoringModelType, scoring_models
from opps.api.moments import At, moment_of, told_by_then
from opps.api.named import NamedText, OfOpportunity, Texts, named_texts
from opps.api.opinions import Calibration, calibration
from opps.api.opportunity import Opportunity, opportunity_of
from opps.api.parties import Account, Node, Person, node_id, read_account, read_person
from opps.api.portfolio import Days, From, PortfolioTrend, To, Zone, portfolio_trend
from opps.api.privacy import PrivacyAsked
from opps.api.reading import HEAD, Key, Moment
from opps.api.reads import Reads, SavedReadType, reads_page
from opps.api.replay import ScreenReplay, screen_replay
from opps.api.rules import RulesAsked
from opps.api.scalars import Position
from opps.api.seller import Seller
from opps.api.simulation import ClockAt, FactsSupposed, QuestionsAnswered, Simulation, simulation
from opps.api.subject_exports import PersonId, SubjectExportType, exported
from opps.api.timelines import Told, told_until

MOST_NODES = 100

T = TypeVar("T")

_GlobalId = Annotated[strawberry.ID, strawberry.argument(description="The global id.")]
_Id = Annotated[
    strawberry.ID,
    strawberry.argument(description="The global id, or the UUID of what you gave an id of yours."),
]


@strawberry.type(description="Who asks, as the server sees it.")
class Viewer:
    person_id: strawberry.ID = strawberry.field(description="The person or program that asks.")
    principal: UUID = strawberry.field(description="The same, as events and saved reads name it.")
    role: str = strawberry.field(description="In which role.")
    organisation: str = strawberry.field(description="Short name of the organisation.")

    @strawberry.field(description="The one who asks, if registered as a person.")
    async def person(self, info: Info) -> Person | None:
        return await read_person(info, self.principal)


@strawberry.type(description="The end of the log.")
class LogHead:
    position: Position = strawberry.field(description="Place of the last event; 0 when empty.")
    recorded_at: datetime | None = strawberry.field(description="When it was recorded.")


@strawberry.type(description="What can be asked.")
class Query(RulesAsked, ThresholdsAsked, PrivacyAsked, ForecastAsked):
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
        id: _Id,
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
        self, info: Info, opportunity_id: _Id, as_of: At = None, at_least: AtLeast = None
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
        opportunity_id: _Id,
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

    @strawberry.field(description="A buying organisation; null when there is none of that id.")
    async def account(self, info: Info, id: _Id) -> Account | None:
        return await read_account(info, node_argument(NodeType.ACCOUNT, id))

    @strawberry.field(description="Buying organisations by name, in pages.")
    async def accounts(
        self,
        info: Info,
        search: Annotated[
            str | None, strawberry.argument(description="Only those with this in their name.")
        ] = None,
        first: First = None,
        after: After = None,
        at_least: AtLeast = None,
    ) -> Connection[Account]:
        await seen(info, at_least)
        return await account_page(info, search, first, after)

    @strawberry.field(description="A person; null when there is none of that id.")
    async def person(self, info: Info, id: _Id) -> Person | None:
        return await read_person(info, node_argument(NodeType.PERSON, id))

    @strawberry.field(description="Persons, of the buyers and on our side, in pages.")
    async def persons(
        self,
        info: Info,
        account_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only those who work for this organisation."),
        ] = None,
        first: First = None,
        after: After = None,
        at_least: AtLeast = None,
    ) -> Connection[Person]:
        await seen(info, at_least)
        return await person_page(info, account_id, first, after)

    @strawberry.field(description="Somebody on our side, by the global id of the person.")
    async def seller(self, info: Info, id: _Id, at_least: AtLeast = None) -> Seller:
        await seen(info, at_least)
        return Seller(seller_id=node_argument(NodeType.PERSON, id))

    @strawberry.field(
        description="How long one seller takes from learning to recording: for coaching, with its "
        "n, and never beside others."
    )
    async def lag_report(
        self,
        info: Info,
        seller: _Id,
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
        description="The exceptions that deserve time, the most urgent first, in pages: value at "
        "stake, times the width of the interval, times the time left."
    )
    async def exceptions(
        self,
        info: Info,
        filter: ExceptionsWanted = None,
        first: First = None,
        after: After = None,
        at_least: AtLeast = None,
    ) -> ExceptionConnection:
        await seen(info, at_least)
        return await inbox_page(info, filter, first, after)

    @strawberry.field(description="An exception; null when there is none of that id.")
    async def exception(
        self,
        info: Info,
        id: Annotated[UUID, strawberry.argument(description="Its id.")],
        at_least: AtLeast = None,
    ) -> ExceptionType | None:
        await seen(info, at_least)
        return await read_exception(info, id)

    @strawberry.field(description="Everything that happened, in the order of the log, in pages.")
    async def events(
        self,
        info: Info,
        filter: Annotated[
            EventFilter | None, strawberry.argument(description="Which events to show.")
        ] = None,
        first: First = None,
        after: Annotated[
            str | None,
            strawberry.argument(description="Show what comes behind this position of the log."),
        ] = None,
    ) -> Connection[EventType]:
        return await read_events(info, after, filter, first)

    @strawberry.field(description="What was signed of the log, and proofs that stand on it.")
    def ledger(self) -> LedgerType:
        return LedgerType()

    @strawberry.field(
        description="All events of an opportunity as they are stored, each with its proof: a file "
        "for auditors, to be checked without this server. Null when there is none of that id."
    )
    async def audit_bundle(
        self,
        info: Info,
        opportunity_id: _Id,
        as_of: Annotated[
            Position | None,
            strawberry.argument(
                description="Up to this position; up to the checkpoint when absent."
            ),
        ] = None,
    ) -> JSON | None:
        return await bundle_of(info, opportunity_id, as_of)

    @strawberry.field(
        description="Who looked at what, of reads that were marked for audit, the latest first. It "
        "takes the role AUDITOR, DPO or ADMIN."
    )
    async def reads(
        self, info: Info, filter: Reads = None, first: First = None, after: After = None
    ) -> Connection[SavedReadType]:
        return await reads_page(info, filter, first, after)

    @strawberry.field(
        description="Exactly what somebody saw when a read was saved. It takes the role AUDITOR, "
        "DPO or ADMIN, and is saved as a read itself."
    )
    async def screen_replay(
        self,
        info: Info,
        read_id: Annotated[UUID, strawberry.argument(description="The saved read.")],
    ) -> ScreenReplay:
        return await screen_replay(info, read_id)

    @strawberry.field(
        description="Everything that is held of a person or seller, erased or not, from the whole "
        "log. For data protection officers and administrators."
    )
    async def subject_export(self, info: Info, person_id: PersonId) -> SubjectExportType:
        return await exported(info, person_id)

    @strawberry.field(
        description="Texts in their parts: where they name people by {person:UUID} or "
        "{evaluator:UUID}, the parts tell who that is, as far as it can be read."
    )
    async def named_texts(
        self, info: Info, texts: Texts, opportunity_id: OfOpportunity = None
    ) -> list[NamedText]:
        return await named_texts(info, texts, opportunity_id)

    @strawberry.field(description="The end of the log.")
    async def log_head(self, info: Info) -> LogHead:
        log = info.context.services.application.log
        head = await log.aside(log.head, info.context.viewer.tenant)
        if head is None or head.size == 0:
            return LogHead(position=Position(0), recorded_at=None)
        return LogHead(position=Position(head.size), recorded_at=head.recorded_at)


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
