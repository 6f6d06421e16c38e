"""The board in the schema: opportunities as they stand, or stood, filtered, ordered, in pages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import psycopg
import strawberry

from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.cursors import cursor_of, key_in, past_key_in, past_name
from opps.api.danger_zones import ZoneNumber
from opps.api.derive import enum_of
from opps.api.entries import accounts_meant
from opps.api.errors import NotAcceptable, node_argument
from opps.api.ids import NodeType
from opps.api.moments import AsOf, is_pinned, moment_of
from opps.api.opportunity import Opportunity, listed_opportunity, past_opportunity
from opps.api.past import PastList
from opps.api.pipeline import By, PipelineValue, pipeline_value
from opps.api.scalars import Position
from opps.domain.events import ForecastCategory
from opps.domain.opportunity.state import Status
from opps.projections.listing import BoardFilter, BoardKey, BoardOrder

AtLeast = Annotated[
    Position | None,
    strawberry.argument(
        description="Answer only once this position is shown: what a command answered as "
        "`position`, to read what you have just written."
    ),
]
# Both together are less than an operation may take: whoever waits is told why.
SOON_S = 2.0
SEEN_WITHIN_S = 5.0
LONGEST_SEARCH = 200

enum_of(BoardOrder)


@strawberry.input(description="Which opportunities to show; what is absent does not matter.")
class OpportunityFilter:
    status: list[Status] | None = strawberry.field(
        description="Open, or how they ended.", default=None
    )
    owner_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only those of these sellers.", default=None
    )
    account_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only those of these buying organisations.", default=None
    )
    category: list[ForecastCategory] | None = strawberry.field(
        description="Only those in these forecast categories.", default=None
    )
    currency: str | None = strawberry.field(
        description="Only those kept in this currency.", default=None
    )
    min_amount: Decimal | None = strawberry.field(
        description="Only those worth at least this; amounts are not converted, so name a currency "
        "too.",
        default=None,
    )
    max_amount: Decimal | None = strawberry.field(
        description="Only those worth at most this.", default=None
    )
    commit_from: date | None = strawberry.field(
        description="Only those promised for this day or later.", default=None
    )
    commit_until: date | None = strawberry.field(
        description="Only those promised for this day or earlier.", default=None
    )
    min_probability: float | None = strawberry.field(
        description="Only those with at least this win probability.", default=None
    )
    max_probability: float | None = strawberry.field(
        description="Only those with at most this win probability.", default=None
    )
    disagreeing: bool | None = strawberry.field(
        description="Only those of which two opinions are more than 20 percentage points apart "
        "(what is known, the seller, the stage), or of which none are.",
        default=None,
    )
    contradicted: bool | None = strawberry.field(
        description="Only those with facts that cannot all hold, or only those without.",
        default=None,
    )
    unanswered: bool | None = strawberry.field(
        description="Only those whose buyer was asked something and has not answered, or only "
        "those without.",
        default=None,
    )
    in_danger_zone: list[ZoneNumber] | None = strawberry.field(
        description="Only those in at least one of these danger zones.", default=None
    )
    search: str | None = strawberry.field(
        description="Only those with this in their title or in their account's name.", default=None
    )


@strawberry.input(description="In which order to show opportunities.")
class OpportunityOrder:
    field: BoardOrder = strawberry.field(description="What to order by.")
    descending: bool = strawberry.field(description="The largest or latest first.", default=True)


@strawberry.type(description="One page of opportunities.")
class OpportunityConnection(Connection[Opportunity]):
    wanted: strawberry.Private[BoardFilter]
    past: strawberry.Private[PastList | None]

    @strawberry.field(description="How many there are in all pages; counted only when asked for.")
    async def total_count(self, info: Info) -> int:
        with readable():
            if self.past is not None:
                return sum(one.count for one in (await self.past.sums()).sums)
            return await info.context.services.views.count(info.context.viewer.tenant, self.wanted)

    @strawberry.field(
        description="What all of them are worth, by currency; summed only when asked for."
    )
    async def value(self, info: Info, by: By = None) -> list[PipelineValue]:
        groups = list(dict.fromkeys(by or ()))
        with readable():
            if self.past is not None:
                sums = await self.past.sums(groups)
            else:
                views = info.context.services.views.past(info.context.viewer.tenant)
                sums = await views.sums(None, self.wanted, groups)
        return [pipeline_value(one) for one in sums.sums]

    @strawberry.field(
        description="The position of the log that the list is told by: ask again at it, as "
        "`position` or `toldBy`, and the answer is the same to the last byte. Null of what is "
        "shown now."
    )
    def as_of_position(self) -> Position | None:
        position = None if self.past is None else self.past.moment.position
        return None if position is None else Position(position)


async def board_page(
    info: Info,
    filter_: OpportunityFilter | None,
    order: OpportunityOrder | None,
    first: int | None,
    after: str | None,
    as_of: AsOf | None = None,
) -> OpportunityConnection:
    """Return a page of the board, of now or of the past."""
    size, given = page_size(first), filter_ or OpportunityFilter()
    by = order or OpportunityOrder(field=BoardOrder.CHANGED)
    if as_of is not None:
        return await _past_page(info, given, by, size, after, as_of)
    wanted = await wanted_of(info, given)
    key = None if after is None else key_in(after, _order_name(by))
    with readable():
        listed = await info.context.services.views.board(
            info.context.viewer.tenant,
            wanted,
            by.field,
            descending=by.descending,
            after=key,
            limit=size + 1,
        )
    name = _order_name(by)
    items = [(one.key, listed_opportunity(one)) for one in listed]
    return _connection(items, name, size, wanted, None, begun=after is not None)


async def _past_page(
    info: Info,
    given: OpportunityFilter,
    order: OpportunityOrder,
    size: int,
    after: str | None,
    as_of: AsOf,
) -> OpportunityConnection:
    """Return a page of the past; a further page is told by the same position as the first."""
    moment = await moment_of(info, as_of)
    key = None
    if after is not None:
        key, moment = past_key_in(after, _order_name(order), moment, pinned=is_pinned(as_of))
    await seen(info, Position(moment.position or 0))
    wanted = await wanted_of(info, given, moment.position)
    past = PastList(info, moment, wanted)
    with readable():
        page = await past.page(order.field, key, size + 1, descending=order.descending)
    name = past_name(_order_name(order), moment)
    items = [(one.key, past_opportunity(one.row, moment)) for one in page.listed]
    return _connection(items, name, size, wanted, past, begun=after is not None)


def _connection(
    items: Sequence[tuple[BoardKey, Opportunity]],
    name: str,
    size: int,
    wanted: BoardFilter,
    past: PastList | None,
    *,
    begun: bool,
) -> OpportunityConnection:
    page = page_of(items, size, begun=begun, written=lambda key: cursor_of(key, name))
    return OpportunityConnection(
        shown=page.shown,
        written=page.written,
        nodes=page.nodes,
        page_info=page.page_info,
        wanted=wanted,
        past=past,
    )


@contextmanager
def readable() -> Iterator[None]:
    """Refuse texts that the database cannot read, such as a cursor that somebody made up."""
    try:
        yield
    except (psycopg.DataError, UnicodeEncodeError):
        message = "A text cannot be read: leave out NUL, and use a cursor that this list gave you."
        raise NotAcceptable(message) from None


def searchable(text: str | None) -> str | None:
    """Return a text to search for.

    Raises:
        NotAcceptable: it is too long.
    """
    if text is not None and len(text) > LONGEST_SEARCH:
        raise NotAcceptable(f"search has {len(text)} characters, {LONGEST_SEARCH} may be")
    return text


async def seen(info: Info, position: Position | None) -> None:
    """Return once the read models show a position.

    Raises:
        NotAcceptable: they do not within some seconds, or the log does not reach so far.
    """
    if position is None:
        return
    views, log = info.context.services.views, info.context.services.application.log
    tenant = info.context.viewer.tenant
    if await views.at_least(tenant, position, SOON_S):
        return
    head = await log.aside(log.head, tenant)
    # For what was never written nobody waits: each who does looks again and again.
    written = head is not None and position <= head.size
    if not written or not await views.at_least(tenant, position, SEEN_WITHIN_S):
        message = f"Position {position} is not shown yet: ask again in a moment."
        raise NotAcceptable(message, "NOT_YET")


async def wanted_of(
    info: Info, given: OpportunityFilter, position: int | None = None
) -> BoardFilter:
    """Return what the read models are to look for, accounts with those merged by a position."""
    return BoardFilter(
        statuses=given.status,
        owners=_nodes(NodeType.PERSON, given.owner_ids),
        accounts=await accounts_meant(info, given.account_ids, position),
        categories=given.category,
        currency=given.currency,
        min_amount=given.min_amount,
        max_amount=given.max_amount,
        commit_from=given.commit_from,
        commit_until=given.commit_until,
        min_probability=given.min_probability,
        max_probability=given.max_probability,
        disagreeing=given.disagreeing,
        contradicted=given.contradicted,
        unanswered=given.unanswered,
        zones=given.in_danger_zone,
        search=searchable(given.search),
    )


def _nodes(node: NodeType, ids: list[strawberry.ID] | None) -> list[UUID] | None:
    return None if ids is None else [node_argument(node, one) for one in ids]


def _order_name(order: OpportunityOrder) -> str:
    return f"{order.field}{'-' if order.descending else '+'}"
