"""The read models as they were when the log ended earlier, as far as their rows can tell."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from psycopg.sql import SQL, Composed

from opps.domain.blind_spots import Closings
from opps.domain.events import CustomerKind
from opps.domain.opportunity.state import Status
from opps.projections.accounts import AccountRow
from opps.projections.calibrating import Group as Calibrated
from opps.projections.closings import EVER, Until
from opps.projections.forecasting import ForecastRows, ForecastWanted
from opps.projections.listing import BoardFilter, BoardKey, BoardOrder, Listed
from opps.projections.past import Look, Past, page_of, page_query
from opps.projections.past_sums import Group, Sums
from opps.projections.past_views import PastViews
from opps.projections.persons import PersonRow
from opps.projections.portfolio import PortfolioDay
from opps.projections.reading import Reading, Values
from opps.projections.score_trend import ScoreCursor, ScoreItem, ScoreRow
from opps.projections.views import EVERYTHING, Views

SHOWN_WITHIN_S = 10.0


class NotShown(Exception):
    """The read models have not got to where the log ends: ask again in a moment."""


class NotReplayable(Exception):
    """The rows of a list hold what is now, and nothing of what they held before."""


class _Refusing(Reading):
    """Runs the queries of another one, each after a check."""

    def __init__(self, of: Reading, check: Callable[[], None]) -> None:
        self._of = of
        self._check = check

    async def rows(
        self, tenant: UUID, query: SQL | Composed, values: Values = ()
    ) -> list[dict[str, Any]]:
        """Return the rows of a query, unless the check refuses."""
        self._check()
        return await self._of.rows(tenant, query, values)


class _PastUntil(PastViews):
    """Lists of the past, of which the one that is shown now is the one at the end."""

    def __init__(self, views: "ViewsUntil", reading: Reading, tenant: UUID) -> None:
        super().__init__(reading, tenant)
        self._views = views

    async def sums(self, look: Look | None, wanted: BoardFilter, by: Sequence[Group] = ()) -> Sums:
        """Return what a list is worth."""
        if look is None and not self._views.only_now(wanted):
            look = Look(position=await self._views.shown(self._tenant))
        return await super().sums(look, wanted, by)

    async def forecast(self, look: Look | None, wanted: ForecastWanted, limit: int) -> ForecastRows:
        """Return what a forecast counted."""
        of = look or Look(position=await self._views.shown(self._tenant))
        return await super().forecast(of, wanted, limit)


class ViewsUntil(Views):
    """Read models that end at a position of one tenant; rows of later events are not there.

    They read by what the whole ones have open. Some lists are kept as they are now only:
    `replaying` refuses them, for they cannot be put back.
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
        return _Refusing(self._reading, self._check_bounded) if self._replaying else self._reading

    async def at_least(self, tenant: UUID, position: int, timeout_s: float = 5.0) -> bool:
        """Tell that a position behind the end is not shown, however long anybody waits."""
        return position <= self._end and await super().at_least(tenant, position, timeout_s)

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
        """Return opportunities as they stood at the end."""
        if self.only_now(wanted):
            return await super().board(tenant, wanted, order, after, limit, descending=descending)
        look = Look(position=await self.shown(tenant))
        asked = page_query(look, wanted, order, after, limit, descending=descending)
        found = await self._reading.rows(tenant, asked.query, asked.values)
        return [_listed(one) for one in page_of(look, found).listed]

    async def count(self, tenant: UUID, wanted: BoardFilter = EVERYTHING) -> int:
        """Return how many opportunities were wanted at the end."""
        if self.only_now(wanted):
            return await super().count(tenant, wanted)
        return sum(one.count for one in (await self.past(tenant).sums(None, wanted)).sums)

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

    async def calibration(self, *arguments: Any, **options: Any) -> list[Calibrated]:
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

    def past(self, tenant: UUID) -> PastViews:
        """Return the read side of what opportunities were; what they are is at the end."""
        return _PastUntil(self, self._reading, tenant)

    def only_now(self, wanted: BoardFilter) -> bool:
        """Tell whether a filter asks for what is kept as it is now only."""
        if wanted.zones is not None:
            self._check("inDangerZone")
        return wanted.zones is not None

    def _check_bounded(self) -> None:
        if not self._bounded:
            self._check("rows")

    def _check(self, field: str) -> None:
        if self._replaying:
            raise NotReplayable(field)


def _listed(past: Past) -> Listed:
    """Return an opportunity of a list of the past as one of a list of now."""
    row = past.row
    score = ScoreRow(
        opportunity_id=row.opportunity_id,
        position=row.position,
        ordinal=0,
        model=row.model,
        p=row.p,
        low=row.low,
        high=row.high,
        milli_points=row.milli_points,
        open=row.status is Status.OPEN,
        next_step_at=None,
    )
    return Listed(board=row, account_name=None, score=score, key=past.key)
