"""What the lines of timelines are read with, once a request: quotes, and decisions on facts."""

from collections import defaultdict
from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from opps.api.reading import Reading
from opps.domain.personal import Personal
from opps.domain.provenance import Provenance
from opps.projections import timelines
from opps.projections.timeline_row import TimelineRow
from opps.projections.views import Views

SHOWN_WITHIN_S = 5.0

Place = tuple[UUID, int]


class LineLoaders:
    """The loaders of one request, of one organisation."""

    def __init__(self, reading: Reading, views: Views) -> None:
        self._reading = reading
        self._views = views

    @cached_property
    def quotes(self) -> DataLoader[Place, Personal | None]:
        """What was quoted at places."""
        return DataLoader(self._quotes)

    @cached_property
    def decisions(self) -> DataLoader[UUID, list[TimelineRow]]:
        """What was decided on opportunities."""
        return DataLoader(self._decisions)

    @cached_property
    def ends(self) -> DataLoader[int | None, int | None]:
        """Up to where rows count."""
        return DataLoader(self._ends)

    def forget(self) -> None:
        """Read anew what is asked for from now on."""
        for name in ("quotes", "decisions", "ends"):
            vars(self).pop(name, None)

    async def _quotes(self, places: list[Place]) -> list[Personal | None]:
        """Return what was quoted at positions of opportunities: words are sealed in the log."""
        history = await self._reading.history(sorted({stream for stream, _ in places}))
        found: dict[int, Personal | None] = {}
        for one in history:
            provenance: Provenance | None = getattr(one.event, "provenance", None)
            if provenance is not None and provenance.evidence is not None:
                found[one.position] = provenance.evidence.quote
        return [found.get(position) for _, position in places]

    async def _ends(self, positions: list[int | None]) -> list[int | None]:
        """Return up to where rows count, the same for the whole request; None if not shown yet."""
        return [await self._end(one) for one in positions]

    async def _end(self, position: int | None) -> int | None:
        views, tenant = self._views, self._reading.tenant
        if position is not None and not await views.at_least(tenant, position, SHOWN_WITHIN_S):
            return None
        return await views.shown(tenant, position)

    async def _decisions(self, opportunity_ids: list[UUID]) -> list[list[TimelineRow]]:
        tenant, reading = self._reading.tenant, self._views.reading
        found: dict[UUID | None, list[TimelineRow]] = defaultdict(list)
        for row in await timelines.decisions(reading, tenant, opportunity_ids):
            found[row.opportunity_id].append(row)
        return [found[one] for one in opportunity_ids]
