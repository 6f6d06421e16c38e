"""The read models as they were when the log ended earlier, as far as their rows can tell."""

from typing import Any
from uuid import UUID

from opps.domain.blind_spots import Closings
from opps.domain.events import CustomerKind
from opps.projections.accounts import AccountRow
from opps.projections.calibrating import Group
from opps.projections.closings import EVER, Until
from opps.projections.listing import Listed
from opps.projections.persons import PersonRow
from opps.projections.portfolio import PortfolioDay
from opps.projections.reading import Reading
from opps.projections.score_trend import ScoreCursor, ScoreItem
from opps.projections.timeline_row import TimelineRow
from opps.projections.views import Axis, Views

SHOWN_WITHIN_S = 10.0


class NotShown(Exception):
    """The read models have not got to where the log ends: ask again in a moment."""


class NotReplayable(Exception):
    """The rows of a list hold what is now, and nothing of what they held before."""


class ViewsUntil(Views):
    """Read models that end at a position of one tenant; rows of later events are not there.

    They read by what the whole ones have open. Lists show what is now; `replaying` refuses them,
    for they cannot be put back.
    """

    def __init__(self, views: Views, position: int, *, replaying: bool = False) -> None:
        self._news = views._news
        self._reading = views._reading
        self._end = position
        self._replaying = replaying
        self._bounded = False

    @property
    def reading(self) -> Reading:
        """What runs queries that have a room of their own.

        A replay refuses it to whoever has not asked up to where rows count.
        """
        if not self._bounded:
            self._check("rows")
        return self._reading

    async def at_least(self, tenant: UUID, position: int, timeout_s: float = 5.0) -> bool:
        """Tell that a position behind the end is not shown, however long anybody waits."""
        return position <= self._end and await super().at_least(tenant, position, timeout_s)

    async def timeline(
        self,
        tenant: UUID,
        opportunity_id: UUID,
        axis: Axis = Axis.RECORDED,
        after: int | None = None,
        limit: int = 100,
        *,
        until: int | None = None,
    ) -> list[TimelineRow]:
        """Return the events of an opportunity up to the end."""
        end = await self.shown(tenant, until)
        return await super().timeline(tenant, opportunity_id, axis, after, limit, until=end)

    async def score_trend(
        self,
        tenant: UUID,
        opportunity_id: UUID,
        after: ScoreCursor | None = None,
        limit: int = 100,
        *,
        until: int | None = None,
    ) -> list[ScoreItem]:
        """Return how the score of an opportunity moved up to the end."""
        end = await self.shown(tenant, until)
        return await super().score_trend(tenant, opportunity_id, after, limit, until=end)

    async def closings(
        self, tenant: UUID, customer_kind: CustomerKind | None, until: Until = EVER
    ) -> Closings:
        """Return what opportunities had that were closed by the end."""
        end = await self.shown(tenant, until.position)
        return await super().closings(tenant, customer_kind, until._replace(position=end))

    async def board(self, *arguments: Any, **options: Any) -> list[Listed]:
        """Return opportunities as they stand now, unless that is not what was asked."""
        self._check("opportunities")
        return await super().board(*arguments, **options)

    async def count(self, *arguments: Any, **options: Any) -> int:
        """Return how many opportunities are wanted now."""
        self._check("totalCount")
        return await super().count(*arguments, **options)

    async def accounts(self, *arguments: Any, **options: Any) -> list[AccountRow]:
        """Return accounts as they are now."""
        self._check("accounts")
        return await super().accounts(*arguments, **options)

    async def persons(self, *arguments: Any, **options: Any) -> list[PersonRow]:
        """Return persons as they are now."""
        self._check("persons")
        return await super().persons(*arguments, **options)

    async def portfolio(self, *arguments: Any, **options: Any) -> list[PortfolioDay]:
        """Return the days of the opportunities that are wanted now."""
        self._check("portfolioTrend")
        return await super().portfolio(*arguments, **options)

    async def calibration(self, *arguments: Any, **options: Any) -> list[Group]:
        """Return whose opinions came true, of all that are closed now."""
        self._check("calibration")
        return await super().calibration(*arguments, **options)

    async def shown(self, tenant: UUID, until: int | None = None) -> int:
        """Return up to where rows count, once all of them are there."""
        self._bounded = True
        end = self._end if until is None else min(until, self._end)
        if not await super().at_least(tenant, end, SHOWN_WITHIN_S):
            raise NotShown
        return end

    def _check(self, field: str) -> None:
        if self._replaying:
            raise NotReplayable(field)
