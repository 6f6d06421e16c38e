"""Lists of the past: rows where they say it exactly, folds of the few opportunities beside."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from opps.api.beside import beside
from opps.api.context import Info
from opps.api.errors import NotAcceptable
from opps.api.reading import Moment
from opps.domain.events import Event
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.lenses import AsKnown, Lens, ModelOf, through
from opps.domain.opportunity.state import known
from opps.domain.recorded import Recorded
from opps.domain.score import score
from opps.domain.setting import surrounding_streams
from opps.domain.times import Reading
from opps.projections.board_history import PastRow, past_row
from opps.projections.forecasting import ForecastRows, ForecastWanted
from opps.projections.listing import BoardFilter, BoardKey, BoardOrder
from opps.projections.past import Look, Page
from opps.projections.past_sums import Group, Sums


class PastList:
    """The opportunities that a filter lets through, at a moment whose position is known."""

    def __init__(self, info: Info, moment: Moment, wanted: BoardFilter) -> None:
        self.moment = moment
        self._info = info
        self._wanted = wanted
        self._views = info.context.services.views.past(info.context.viewer.tenant)
        self._known_look: Look | None = None

    async def page(
        self, order: BoardOrder, after: BoardKey | None, limit: int, *, descending: bool
    ) -> Page:
        """Return a page from behind a key.

        Raises:
            NotAcceptable: too many opportunities would have to be folded, or a lens is asked for
                danger zones.
        """
        page = await self._views.page(
            await self._look(), self._wanted, order, after, limit, descending=descending
        )
        if page.unsettled:
            look = await self._settled(page.unsettled)
            page = await self._views.page(
                look, self._wanted, order, after, limit, descending=descending
            )
        return page

    async def sums(self, by: Sequence[Group] = ()) -> Sums:
        """Return what the whole list is worth.

        Raises:
            NotAcceptable: too many opportunities would have to be folded, or a lens is asked for
                danger zones.
        """
        sums = await self._views.sums(await self._look(), self._wanted, by)
        if sums.unsettled:
            sums = await self._views.sums(await self._settled(sums.unsettled), self._wanted, by)
        return sums

    async def forecast(self, wanted: ForecastWanted, limit: int) -> ForecastRows:
        """Return what a forecast counted then.

        Raises:
            NotAcceptable: too many opportunities would have to be folded, or a lens is asked for
                danger zones.
        """
        rows = await self._views.forecast(await self._look(), wanted, limit)
        if rows.unsettled:
            look = await self._settled(rows.unsettled)
            rows = await self._views.forecast(look, wanted, limit)
        return rows

    @property
    def _position(self) -> int:
        assert self.moment.position is not None, "a moment of the past has a position"
        return self.moment.position

    async def _look(self) -> Look:
        if self._known_look is None:
            lens = self.moment.lens
            if lens is not None and self._wanted.zones is not None:
                message = (
                    "Danger zones are kept as a screen showed them: ask with `position`, `screen` "
                    "or `screenDay`, or leave `inDangerZone` out."
                )
                raise NotAcceptable(message, "ZONES_ON_SCREENS_ONLY")
            if lens is None:
                self._known_look = Look(position=self._position)
            elif _in_rows(lens):
                self._known_look = Look(position=self._position, known_at=lens.at)
            else:
                self._known_look = await self._all_folded(lens.at)
        return self._known_look

    async def _settled(self, unsettled: Sequence[UUID]) -> Look:
        """Fold what time has changed since its row was written, in the place of those rows."""
        most = self._info.context.services.most_folded
        if len(unsettled) > most:
            message = (
                f"{len(unsettled)} opportunities, more than {most}, have not been worked out up "
                "to this instant: ask again once the day has turned, ask as told later, or ask "
                "for a `screen`."
            )
            raise NotAcceptable(message, "NOT_SETTLED")
        look = await self._look()
        self._known_look = Look(
            position=look.position,
            known_at=look.known_at,
            worked_out=await self._folded(unsettled),
        )
        return self._known_look

    async def _all_folded(self, at: datetime) -> Look:
        most = self._info.context.services.most_folded
        look = Look(position=self._position)
        ids = await self._views.candidates(look, self._wanted, most + 1)
        if len(ids) > most:
            message = (
                f"More than {most} opportunities would have to be folded for this lens: filter by "
                "account or currency, or ask with `known`, CERTAIN and AS_THEN."
            )
            raise NotAcceptable(message, "TOO_MANY_TO_FOLD")
        rows = await self._folded(ids)
        return Look(position=self._position, known_at=at, worked_out=rows, alone=True)

    async def _folded(self, ids: Sequence[UUID]) -> list[PastRow]:
        reading = self._info.context.reading
        history = await reading.history([*ids, *surrounding_streams(reading.tenant)])
        return await beside(_rows, history, ids, self.moment)


def _in_rows(lens: Lens) -> bool:
    return (
        isinstance(lens, AsKnown)
        and lens.reading is Reading.CERTAIN
        and lens.model is ModelOf.AS_THEN
    )


def _rows(history: Sequence[Recorded[Event]], ids: Sequence[UUID], moment: Moment) -> list[PastRow]:
    """Return the rows of opportunities as a lens shows them; those not opened by then have none."""
    own: dict[UUID, list[Recorded[Event]]] = {id_: [] for id_ in ids}
    around: list[Recorded[Event]] = []
    for one in history:
        if moment.sees(one):
            own.get(one.stream, around).append(one)
    rows = []
    for events in own.values():
        told = sorted([*around, *events], key=lambda one: one.position)
        state = fold(told) if moment.lens is None else through(moment.lens, told)
        if state is not None:
            rows.append(past_row(state, state.recorded_at, score(known(state)), 0))
    return rows
