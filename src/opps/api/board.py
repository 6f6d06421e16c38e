"""The board in the schema: opportunities as they stand now, filtered, ordered, in pages."""

from asyncio import gather
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec
import psycopg
import strawberry

from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.danger_zones import ZoneNumber
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable, node_argument
from opps.api.ids import NodeType
from opps.api.opportunity import Opportunity, listed_opportunity
from opps.api.parties import Account, Person, account_of, read_person
from opps.api.scalars import Position
from opps.domain.events import ForecastCategory
from opps.domain.opportunity.state import Status
from opps.projections.accounts import AccountRow
from opps.projections.listing import BoardFilter, BoardKey, BoardOrder

SEEN_WITHIN_S = 10.0
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

    @strawberry.field(description="How many there are in all pages; counted only when asked for.")
    async def total_count(self, info: Info) -> int:
        views = info.context.services.views
        with readable():
            return await views.count(info.context.viewer.tenant, self.wanted)


async def board_page(
    info: Info,
    filter_: OpportunityFilter | None,
    order: OpportunityOrder | None,
    first: int | None,
    after: str | None,
) -> OpportunityConnection:
    """Return a page of the board."""
    size, wanted = page_size(first), wanted_of(filter_ or OpportunityFilter())
    by = order or OpportunityOrder(field=BoardOrder.CHANGED)
    key = None if after is None else _key(after, by)
    with readable():
        listed = await info.context.services.views.board(
            info.context.viewer.tenant,
            wanted,
            by.field,
            descending=by.descending,
            after=key,
            limit=size + 1,
        )
    page = page_of(
        [(_cursor(one.key, by), listed_opportunity(one)) for one in listed],
        size,
        begun=after is not None,
    )
    return OpportunityConnection(
        edges=page.edges, nodes=page.nodes, page_info=page.page_info, wanted=wanted
    )


async def account_page(
    info: Info, search: str | None, first: int | None, after: str | None
) -> Connection[Account]:
    """Return a page of the accounts, by name."""
    size = page_size(first)
    with readable():
        rows = await info.context.services.views.accounts(
            info.context.viewer.tenant,
            None if after is None else _row(_read(after, "accounts")),
            size + 1,
            search=_searchable(search),
        )
    items = [
        (_write(BoardKey(row.name, row.account_id), "accounts"), account_of(row)) for row in rows
    ]
    return page_of(items, size, begun=after is not None)


@contextmanager
def readable() -> Iterator[None]:
    """Refuse texts that the database cannot read, such as a cursor that somebody made up."""
    try:
        yield
    except (psycopg.DataError, UnicodeEncodeError):
        message = "A text cannot be read: leave out NUL, and use a cursor that this list gave you."
        raise NotAcceptable(message) from None


def _searchable(text: str | None) -> str | None:
    if text is not None and len(text) > LONGEST_SEARCH:
        raise NotAcceptable(f"search has {len(text)} characters, {LONGEST_SEARCH} may be")
    return text


def _row(key: BoardKey) -> AccountRow:
    """Return the place of a row: its name and id are all that counts."""
    return AccountRow(
        account_id=key.opportunity_id, name=key.value, external_id=None, version=0, position=0
    )


async def person_page(
    info: Info, account_id: str | None, first: int | None, after: str | None
) -> Connection[Person]:
    """Return a page of the registered persons, by id: their names are sealed in the log."""
    size = page_size(first)
    account = None if account_id is None else node_argument(NodeType.ACCOUNT, account_id)
    rows = await info.context.services.views.persons(
        info.context.viewer.tenant,
        None if after is None else node_argument(NodeType.PERSON, after),
        size + 1,
        account_id=account,
    )
    persons = await gather(*(read_person(info, row.person_id) for row in rows))
    shown = [(str(one.id), one) for one in persons if one is not None]
    return page_of(shown, size, begun=after is not None)


async def seen(info: Info, position: Position | None) -> None:
    """Return once the read models show a position.

    Raises:
        NotAcceptable: they do not within ten seconds.
    """
    if position is None:
        return
    views = info.context.services.views
    if not await views.at_least(info.context.viewer.tenant, position, SEEN_WITHIN_S):
        message = f"Position {position} is not shown yet: ask again in a moment."
        raise NotAcceptable(message, "NOT_YET")


def wanted_of(given: OpportunityFilter) -> BoardFilter:
    """Return what the read models are to look for."""
    return BoardFilter(
        statuses=given.status,
        owners=_nodes(NodeType.PERSON, given.owner_ids),
        accounts=_nodes(NodeType.ACCOUNT, given.account_ids),
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
        search=_searchable(given.search),
    )


def _nodes(node: NodeType, ids: list[strawberry.ID] | None) -> list[UUID] | None:
    return None if ids is None else [node_argument(node, one) for one in ids]


def _order_name(order: OpportunityOrder) -> str:
    return f"{order.field}{'-' if order.descending else '+'}"


def _cursor(key: BoardKey, order: OpportunityOrder) -> str:
    return _write(key, _order_name(order))


def _key(cursor: str, order: OpportunityOrder) -> BoardKey:
    return _read(cursor, _order_name(order))


def _write(key: BoardKey, of: str) -> str:
    """Return a cursor: a place, and the order of the list it is a place in."""
    return urlsafe_b64encode(msgspec.json.encode((of, key.value, key.opportunity_id))).decode()


def _read(cursor: str, of: str) -> BoardKey:
    try:
        order, value, id_ = msgspec.json.decode(
            urlsafe_b64decode(cursor), type=tuple[str, str, UUID]
        )
    except (ValueError, msgspec.MsgspecError):
        raise NotAcceptable(f"{cursor!r} is no cursor: use one that this list gave you") from None
    if order != of:
        raise NotAcceptable("The cursor belongs to a list in another order: start without it.")
    return BoardKey(value, id_)
