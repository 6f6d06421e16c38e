"""The account map in the schema: everything on it in one query, and as Markdown."""

from functools import cached_property
from typing import Annotated, Any, Optional
from uuid import UUID

import strawberry
from msgspec import Struct

from opps.api import sides
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.knowledge import ObjectiveKnowledge, knowledge_of
from opps.api.outputs import output_of
from opps.api.parties import node_id
from opps.api.picture import Picture
from opps.api.scalars import Position
from opps.api.team import TeamMember, team_of
from opps.application import PROCESS
from opps.domain.account_map.looks import (
    MapAction,
    MapEstimate,
    MapGate,
    MapMilestone,
    MapOutcome,
    MapProcess,
    MapView,
)
from opps.domain.account_map.markdown import markdown
from opps.domain.account_map.state import Planned, Reclassified
from opps.domain.account_map.view import map_view
from opps.domain.account_map.x_of_y import XOfY
from opps.domain.events import SalesProcessPublished
from opps.domain.sales_process import process_stream

enum_of(Planned)
enum_of(XOfY)


def _maybe(struct: type[Struct]) -> Any:
    return Optional[output_of(struct)]  # noqa: UP045 - the type is derived


def _many(struct: type[Struct]) -> Any:
    return list[output_of(struct)]  # type: ignore[misc]  # derived at run time


@strawberry.type(
    description="The tactical account map of an opportunity: what it is to come to, what is known, "
    "its gates with what is missing now, milestones, actions and team."
)
class AccountMap:
    picture: strawberry.Private[Picture]
    opportunity_id: strawberry.ID = strawberry.field(description="The opportunity.")
    title: str = strawberry.field(description="What is to be decided.")
    position: Position = strawberry.field(description="Place in the log that the map shows.")

    @cached_property
    def view(self) -> MapView:
        """The whole map, worked out once."""
        return map_view(self.picture.state)

    @strawberry.field(
        description="What it is to come to; null before it is stated.",
        graphql_type=_maybe(MapOutcome),
    )
    def outcome(self) -> Any:
        return self.view.outcome

    @strawberry.field(description="How well each of the nine objectives is known, in their order.")
    def objectives(self) -> list[ObjectiveKnowledge]:
        return knowledge_of(self.picture)

    @strawberry.field(
        description="The sales process that it goes by; null before one is started.",
        graphql_type=_maybe(MapProcess),
    )
    def process(self) -> Any:
        return self.view.process

    @strawberry.field(
        description="The gates, in the order they are passed.", graphql_type=_many(MapGate)
    )
    def gates(self) -> Any:
        return self.view.gates

    @strawberry.field(description="The milestones, by date.", graphql_type=_many(MapMilestone))
    def milestones(self) -> Any:
        return self.view.milestones

    @strawberry.field(
        description="The actions, in the order they were planned.", graphql_type=_many(MapAction)
    )
    def actions(self) -> Any:
        return self.view.actions

    @strawberry.field(description="Our team, with functions.")
    def team(self) -> list[TeamMember]:
        return team_of(self.picture.state)

    @strawberry.field(
        description="What it is worth, and how that was worked out; null before it is estimated.",
        graphql_type=_maybe(MapEstimate),
    )
    def estimate(self) -> Any:
        return self.view.estimate

    @strawberry.field(description="What is required because of an issue, with our fit.")
    def needs(self) -> list[sides.Need]:
        return sides.needs(self.picture)

    @strawberry.field(description="What is wished for, told apart from needs, beside the scope.")
    def solution(self) -> sides.Solution:
        return sides.Solution(picture=self.picture)

    @strawberry.field(
        description="The wants that turned out to be needs.", graphql_type=_many(Reclassified)
    )
    def reclassified(self) -> Any:
        return self.view.reclassified

    @strawberry.field(description="The map as Markdown; persons are called by what they do.")
    def markdown(self) -> str:
        return markdown(self.picture.state)


def account_map_of(picture: Picture) -> AccountMap:
    """Return the account map of an opportunity, as its picture shows it."""
    return AccountMap(
        picture=picture,
        opportunity_id=node_id(NodeType.OPPORTUNITY, picture.state.opportunity_id),
        title=picture.state.title,
        position=Position(picture.position),
    )


async def _sales_process(
    info: Info,
    process: Annotated[str, strawberry.argument(description="Its code.")],
    number: Annotated[
        int | None, strawberry.argument(description="Which publication; the last when absent.")
    ] = None,
) -> Any:
    application, tenant = info.context.services.application, info.context.viewer.tenant
    stream: UUID = process_stream(tenant, process)
    state = await application.load(PROCESS, tenant, stream)
    if state is None:
        return None
    return state.latest if number is None else state.versions.get(number)


SalesProcess = output_of(SalesProcessPublished, "SalesProcess")

sales_process = strawberry.field(
    resolver=_sales_process,
    graphql_type=Optional[SalesProcess],  # noqa: UP045 - the type is derived
    description="A sales process with its gates, as it was published; null when there is none.",
)
