"""The read side: what the projections hold of one tenant, for an event loop."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from time import monotonic
from types import TracebackType
from typing import Self
from uuid import UUID

from psycopg.sql import SQL

from opps.domain.blind_spots import Closings
from opps.domain.events import CustomerKind
from opps.projections import (
    accounts,
    calibrating,
    closings,
    persons,
    portfolio,
    score_trend,
)
from opps.projections.accounts import AccountRow
from opps.projections.calibrating import Group
from opps.projections.closings import EVER, Until
from opps.projections.listing import (
    SOURCES,
    BoardFilter,
    BoardKey,
    BoardOrder,
    Listed,
    behind,
    containing,
    listed,
    listing,
    ordered,
    where,
)
from opps.projections.news import News
from opps.projections.past_views import PastViews
from opps.projections.persons import PersonRow
from opps.projections.portfolio import PortfolioDay
from opps.projections.reading import STATEMENT_TIMEOUT_S, Condition, Reading
from opps.projections.registry import PROJECTIONS
from opps.projections.score_trend import ScoreCursor, ScoreItem, ScoreRow

EVERYTHING = BoardFilter()
# Whoever waits looks by itself this often, should a notification be lost.
_LOOK_EVERY_S = 0.5
_TOLD_WITHIN_S = 0.05
_NOT_BY_ITSELF = (
    "(t.merged_into IS NULL OR NOT EXISTS (SELECT FROM opps_views.accounts s"
    " WHERE s.tenant = t.tenant AND s.account_id = t.merged_into AND s.name ILIKE %s))"
)


class Axis(StrEnum):
    """Which time orders a timeline: when it was recorded, or when we learned it."""

    RECORDED = "RECORDED"
    LEARNED = "LEARNED"


class Views:
    """Rows of the read models, behind row security; open it in the event loop that uses it.

    Its connections belong to a session, so `direct_url` must not go through a pooler. Every read
    raises `LogUnavailable` when the database stays away for longer than patience lasts, and
    `StatementTimeout` when it takes longer than `statement_s`.
    """

    def __init__(
        self,
        direct_url: str,
        *,
        connections: int = 8,
        patience_s: float = 5.0,
        statement_s: float = STATEMENT_TIMEOUT_S,
    ) -> None:
        self._news = News(direct_url)
        self._reading = Reading(direct_url, connections, patience_s, statement_s)

    @property
    def reading(self) -> Reading:
        """What runs queries that have a room of their own."""
        return self._reading

    async def open(self) -> None:
        """Connect; a database that is away is waited for by whoever reads."""
        await self._reading.open()
        await self._news.open()

    async def close(self) -> None:
        """Disconnect, and wake everybody who waits."""
        await self._news.close()
        await self._reading.close()

    async def board(
        self,
        tenant: UUID,
        wanted: BoardFilter = EVERYTHING,
        order: BoardOrder = BoardOrder.CHANGED,
        after: BoardKey | None = None,
        limit: int = 100,
        *,
        descending: bool = True,
    ) -> list[Listed]:
        """Return at most `limit` opportunities in order, from behind a key."""
        filtered, further = where(wanted), behind(order, descending, after)
        query = SQL("{} WHERE {}{}{} LIMIT %s").format(
            listing(order), filtered.condition, further.condition, ordered(order, descending)
        )
        values = [*filtered.values, *further.values, limit]
        return [listed(found) for found in await self._reading.rows(tenant, query, values)]

    async def count(self, tenant: UUID, wanted: BoardFilter = EVERYTHING) -> int:
        """Return how many opportunities are wanted."""
        filtered = where(wanted)
        query = SQL("SELECT count(*) AS total FROM {} WHERE {}").format(SOURCES, filtered.condition)
        [found] = await self._reading.rows(tenant, query, filtered.values)
        return int(found["total"])

    async def accounts(
        self,
        tenant: UUID,
        after: AccountRow | None = None,
        limit: int = 100,
        *,
        search: str | None = None,
        ids: Sequence[UUID] | None = None,
        of: Condition | None = None,
    ) -> list[AccountRow]:
        """Return accounts by name, from behind one of them.

        One that was merged is found where something is searched for, and whoever goes on for it
        has another name.
        """
        conditions = [] if of is None else [of]
        if ids is None and search is None and of is None:
            conditions.append(Condition("t.merged_into IS NULL", ()))
        if after is not None:
            key = (after.name, after.account_id)
            conditions.append(Condition("(t.name, t.account_id) > (%s, %s)", key))
        if search is not None:
            pattern = containing(search)
            conditions.append(Condition("t.name ILIKE %s", (pattern,)))
            conditions.append(Condition(_NOT_BY_ITSELF, (pattern,)))
        if ids is not None:
            conditions.append(Condition("t.account_id = ANY (%s)", (list(ids),)))
        order = "t.name, t.account_id"
        return await self._reading.of_table(
            AccountRow, tenant, accounts.TABLE, conditions, order, limit
        )

    async def persons(
        self,
        tenant: UUID,
        after: UUID | None = None,
        limit: int = 100,
        *,
        account_ids: Sequence[UUID] | None = None,
    ) -> list[PersonRow]:
        """Return registered persons by id, none that was merged; their data is sealed."""
        conditions = [Condition("t.merged_into IS NULL", ())]
        if after is not None:
            conditions.append(Condition("t.person_id > %s", (after,)))
        if account_ids is not None:
            conditions.append(Condition("t.account_id = ANY (%s)", (list(account_ids),)))
        return await self._reading.of_table(
            PersonRow, tenant, persons.TABLE, conditions, "t.person_id", limit
        )

    async def score_trend(
        self,
        tenant: UUID,
        opportunity_id: UUID,
        after: ScoreCursor | None = None,
        limit: int = 100,
        *,
        until: int | None = None,
    ) -> list[ScoreItem]:
        """Return how the score of an opportunity moved, from behind a cursor."""
        conditions = [Condition("t.opportunity_id = %s", (opportunity_id,)), *_until(until)]
        if after is not None:
            key = (after.position, after.ordinal)
            conditions.append(Condition("(t.position, t.ordinal) > (%s, %s)", key))
        order = "t.position, t.ordinal"
        return await self._reading.of_table(
            ScoreItem, tenant, score_trend.ITEMS, conditions, order, limit
        )

    async def portfolio(
        self, tenant: UUID, wanted: BoardFilter, ends: Mapping[date, datetime]
    ) -> list[PortfolioDay]:
        """Return what was believed at the end of each day of the opportunities now wanted.

        `ends` are the instants at which days end, in order: what is told right then is too late.
        """
        filtered = where(wanted)
        chosen = SQL("SELECT t.opportunity_id FROM {} WHERE {}").format(SOURCES, filtered.condition)
        query = SQL(portfolio.TREND).format(wanted=chosen)
        values = [list(ends.values()), *filtered.values]
        return portfolio.trend_of(list(ends), await self._reading.rows(tenant, query, values))

    async def score_items(
        self,
        tenant: UUID,
        after: ScoreCursor,
        limit: int = 500,
        *,
        until: int | None = None,
        lines: bool = True,
    ) -> list[ScoreItem]:
        """Return how scores of any opportunity moved, in order, from behind a cursor.

        Without `lines` what each objective adds and moved is left out, which most is spent on.
        """
        key = (after.position, after.ordinal)
        conditions = [Condition("(t.position, t.ordinal) > (%s, %s)", key), *_until(until)]
        order = "t.position, t.ordinal"
        without = frozenset() if lines else score_trend.LINES
        return await self._reading.of_table(
            ScoreItem, tenant, score_trend.ITEMS, conditions, order, limit, without
        )

    async def scores(self, tenant: UUID, opportunity_ids: Sequence[UUID]) -> list[ScoreRow]:
        """Return the present scores of some opportunities."""
        condition = Condition("t.opportunity_id = ANY (%s)", (list(opportunity_ids),))
        order, limit = "t.opportunity_id", len(opportunity_ids)
        return await self._reading.of_table(
            ScoreRow, tenant, score_trend.NOW, [condition], order, limit
        )

    def past(self, tenant: UUID) -> PastViews:
        """Return the read side of what opportunities were."""
        return PastViews(self._reading, tenant)

    async def calibration(self, tenant: UUID) -> list[Group]:
        """Return whose opinions came true how well: of all, by seller, and by model."""
        return await calibrating.calibration(self._reading, tenant)

    async def closings(
        self, tenant: UUID, customer_kind: CustomerKind | None, until: Until = EVER
    ) -> Closings:
        """Return what closed opportunities had: with that kind of customer, and when lost."""
        comparable, lost = closings.comparable(customer_kind, until), closings.lost(until)
        had = await self._reading.rows(tenant, comparable.query, comparable.values)
        late = await self._reading.rows(tenant, lost.query, lost.values)
        return closings.tallied([*had, *late])

    async def position(self, tenant: UUID, *projections: str) -> int:
        """Return up to where projections, or all of them, have got: the rows show no more."""
        query = SQL(
            "SELECT count(*) AS found, min(position) AS position FROM opps_views.positions"
            " WHERE tenant = opps.current_tenant() AND projection = ANY (%s)"
        )
        names = list(projections) or [one.name for one in PROJECTIONS]
        [found] = await self._reading.rows(tenant, query, [names])
        return int(found["position"]) if found["found"] == len(names) else 0

    async def shown(self, tenant: UUID, until: int | None = None) -> int:
        """Return up to where rows count: to a position, or else as far as all of them have got."""
        return await self.position(tenant) if until is None else until

    async def at_least(self, tenant: UUID, position: int, timeout_s: float = 5.0) -> bool:
        """Wait until every projection shows a position; False if that takes too long."""
        give_up_at_s = monotonic() + timeout_s
        async with self._news.waking(tenant) as woken:
            # A write that was just acknowledged is told of sooner than a query could ask.
            wait_s = _TOLD_WITHIN_S if self._news.reached(tenant) else 0.0
            while self._news.reached(tenant) < position:
                if not await _set_within(woken, min(wait_s, give_up_at_s - monotonic())):
                    self._news.learn(tenant, await self.position(tenant))
                    if monotonic() >= give_up_at_s:
                        break
                    wait_s = _LOOK_EVERY_S
                woken.clear()
        return self._news.reached(tenant) >= position

    async def wait_for_change(
        self, tenant: UUID, timeout_s: float, seen: int | None = None
    ) -> bool:
        """Wait until there is more to see than `seen`, or than now; False if nothing comes."""
        if seen is None:
            seen = await self.position(tenant)
        return await self.at_least(tenant, seen + 1, timeout_s)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _until(position: int | None) -> list[Condition]:
    """Return that rows are of a position or an earlier one; of any where none is given."""
    return [] if position is None else [Condition("t.position <= %s", (position,))]


async def _set_within(woken: asyncio.Event, timeout_s: float) -> bool:
    """Wait for an event; tell whether it came in time."""
    if timeout_s <= 0:
        return woken.is_set()
    try:
        return await asyncio.wait_for(woken.wait(), timeout_s)
    except TimeoutError:
        return False
