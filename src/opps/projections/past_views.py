"""The read side of the past: lists of opportunities as they were, for an event loop."""

from collections.abc import Sequence
from uuid import UUID

from opps.projections.forecasting import (
    ForecastRows,
    ForecastWanted,
    now_query,
    past_query,
    rows_of,
)
from opps.projections.listing import BoardFilter, BoardKey, BoardOrder
from opps.projections.past import Look, Page, candidates_query, page_of, page_query
from opps.projections.past_sums import Group, Sums, now_sums_query, sums_of, sums_query
from opps.projections.reading import Reading


class PastViews:
    """What one tenant's opportunities were: each question is one statement."""

    def __init__(self, reading: Reading, tenant: UUID) -> None:
        self._reading = reading
        self._tenant = tenant

    async def page(
        self,
        look: Look,
        wanted: BoardFilter,
        order: BoardOrder,
        after: BoardKey | None,
        limit: int,
        *,
        descending: bool,
    ) -> Page:
        """Return a page of a list of the past, from behind a key."""
        asked = page_query(look, wanted, order, after, limit, descending=descending)
        return page_of(look, await self._reading.rows(self._tenant, asked.query, asked.values))

    async def sums(self, look: Look | None, wanted: BoardFilter, by: Sequence[Group] = ()) -> Sums:
        """Return what a list is worth: one of the past, or the one that is shown now."""
        asked = now_sums_query(wanted, by) if look is None else sums_query(look, wanted, by)
        return sums_of(await self._reading.rows(self._tenant, asked.query, asked.values))

    async def forecast(self, look: Look | None, wanted: ForecastWanted, limit: int) -> ForecastRows:
        """Return what a forecast counts: of the past, or of what is shown now."""
        asked = now_query(wanted, limit) if look is None else past_query(look, wanted, limit)
        return rows_of(look, await self._reading.rows(self._tenant, asked.query, asked.values))

    async def candidates(self, look: Look, wanted: BoardFilter, limit: int) -> list[UUID]:
        """Return at most so many opportunities that a list can hold, by what never changes."""
        asked = candidates_query(look, wanted, limit)
        found = await self._reading.rows(self._tenant, asked.query, asked.values)
        return [one["opportunity_id"] for one in found]
