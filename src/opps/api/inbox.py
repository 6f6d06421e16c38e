"""The inbox in the schema: exceptions in the order in which they deserve time, in pages."""

from collections.abc import Set
from datetime import UTC, date
from typing import Annotated
from uuid import UUID

import strawberry
from msgspec import structs

from opps.api.board import AtLeast, readable, seen
from opps.api.connections import (
    After,
    Connection,
    First,
    cursor_at,
    page_of,
    page_size,
    read_cursor,
)
from opps.api.context import Info
from opps.api.entries import accounts_meant
from opps.api.errors import node_argument
from opps.api.exceptions import ExceptionType
from opps.api.ids import NodeType
from opps.api.teams import TEAM_ID, of_team
from opps.domain.events import ExceptionCause
from opps.domain.exceptions.lifecycle import ExceptionStatus
from opps.projections import inbox
from opps.projections.inbox import InboxFilter, InboxKey


@strawberry.input(description="Which exceptions to show; what is absent does not matter.")
class ExceptionFilter:
    open: bool | None = strawberry.field(
        description="Only those that somebody still has to do something about, or only the others.",
        default=True,
    )
    status: list[ExceptionStatus] | None = strawberry.field(
        description="Only those that have come so far.", default=None
    )
    causes: list[ExceptionCause] | None = strawberry.field(
        description="Only those raised for these causes.", default=None
    )
    about: list[str] | None = strawberry.field(
        description="Only those about these danger zones or gates, such as DZ16.", default=None
    )
    opportunity_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only those of these opportunities.", default=None
    )
    owner_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only those of the opportunities of these sellers.", default=None
    )
    account_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only those of these buying organisations.", default=None
    )
    team_id: UUID | None = strawberry.field(description=TEAM_ID, default=None)


Wanted = Annotated[
    ExceptionFilter | None,
    strawberry.argument(description="Which to show; the open ones when absent."),
]


@strawberry.type(description="One page of exceptions, the most urgent first.")
class ExceptionConnection(Connection[ExceptionType]):
    wanted: strawberry.Private[InboxFilter]

    @strawberry.field(description="How many there are in all pages; counted only when asked for.")
    async def total_count(self, info: Info) -> int:
        reading = info.context.services.views.reading
        with readable():
            return await inbox.count(reading, info.context.viewer.tenant, self.wanted)


async def inbox_page(
    info: Info, filter_: ExceptionFilter | None, first: First, after: After
) -> ExceptionConnection:
    """Return a page of the inbox; all its pages are ordered as of the day of the first."""
    size, wanted = page_size(first), await wanted_of(info, filter_ or ExceptionFilter())
    today, key = (_today(info), None) if after is None else _read(after)
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    with readable():
        found = await inbox.page(reading, tenant, wanted, today, key, size + 1)
    items = [
        (_write(today, one.key), ExceptionType(row=one.exception, in_inbox=one)) for one in found
    ]
    page = page_of(items, size, begun=after is not None)
    return ExceptionConnection(
        shown=page.shown, nodes=page.nodes, page_info=page.page_info, wanted=wanted
    )


async def read_exception(info: Info, exception_id: UUID) -> ExceptionType | None:
    """Return an exception by its id."""
    found = await found_in_inbox(info, {exception_id}, ExceptionFilter(open=None))
    return found.get(exception_id)


async def found_in_inbox(
    info: Info, ids: Set[UUID], filter_: ExceptionFilter
) -> dict[UUID, ExceptionType]:
    """Return exceptions as the inbox shows them; without those that a filter leaves out."""
    if not ids:
        return {}
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    wanted = structs.replace(await wanted_of(info, filter_), ids=list(ids))
    with readable():
        found = await inbox.page(reading, tenant, wanted, _today(info), limit=len(ids))
    return {
        one.exception.exception_id: ExceptionType(row=one.exception, in_inbox=one) for one in found
    }


async def wanted_of(info: Info, given: ExceptionFilter) -> InboxFilter:
    """Return what the read models are to look for."""
    owners = _nodes(NodeType.PERSON, given.owner_ids)
    return InboxFilter(
        open=given.open,
        statuses=given.status,
        causes=given.causes,
        about=given.about,
        opportunities=_nodes(NodeType.OPPORTUNITY, given.opportunity_ids),
        owners=await of_team(info, given.team_id, owners),
        accounts=await accounts_meant(info, given.account_ids),
    )


def _nodes(node: NodeType, ids: list[strawberry.ID] | None) -> list[UUID] | None:
    return None if ids is None else [node_argument(node, one) for one in ids]


def _today(info: Info) -> date:
    return info.context.services.application.now().astimezone(UTC).date()


def _write(today: date, key: InboxKey) -> str:
    """Return a cursor: a place, and the day on which its list was ordered."""
    return cursor_at((today, key.urgency, key.exception_id))


def _read(cursor: str) -> tuple[date, InboxKey]:
    today, urgency, id_ = read_cursor(cursor, tuple[date, float, UUID])
    return today, InboxKey(urgency, id_)


@strawberry.type
class InboxAsked:
    @strawberry.field(
        description="The exceptions that deserve time, the most urgent first, in pages: value at "
        "stake, times the width of the interval, times the time left."
    )
    async def exceptions(
        self,
        info: Info,
        filter: Wanted = None,
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
