"""What every live feed has: the past in order, the wait for more, the sign that all was sent."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Sequence
from time import monotonic
from typing import TypeVar
from uuid import UUID

import strawberry

from opps.api.context import Services
from opps.api.scalars import Position, ScoreCursor, behind, cursor_of, read_cursor, text_of
from opps.eventstore import LogUnavailable
from opps.projections.score_trend import ScoreCursor as Cursor
from opps.projections.views import Views

HEARTBEAT_S = 15.0
READ_AT_ONCE = 100
AWAY_S = 0.5

Item = TypeVar("Item")
# What is behind a cursor, at most READ_AT_ONCE, each with its place; None where nobody wants it.
Read = Callable[[Cursor, int], Awaitable[Sequence[tuple[Cursor, Item | None]]]]


@strawberry.type(
    description="Everything up to here was sent. It comes once the past has been sent, and then "
    "now and again as a sign of life."
)
class StreamCaughtUp:
    cursor: ScoreCursor = strawberry.field(
        description="Subscribe again after it to miss nothing and get nothing twice."
    )
    position: Position = strawberry.field(description="The place in the log that is reached.")


class Followed(AsyncIterable[Item | StreamCaughtUp]):
    """Every item behind a cursor, and where the present is reached, until draining.

    What is stored is the buffer: whoever is slow or comes back reads on from where they are.
    `read` is told the cursor, and up to which position all these projections have got.
    """

    def __init__(
        self,
        services: Services,
        tenant: UUID,
        projections: Sequence[str],
        after: Cursor | None,
        read: Read[Item],
    ) -> None:
        self._services = services
        self._tenant = tenant
        self._projections = projections
        self._after = after
        self._read = read

    @property
    def cursor(self) -> ScoreCursor | None:
        """Behind what was sent last, as `after` takes it."""
        return None if self._after is None else text_of(self._after)

    def resume(self, cursor: str) -> None:
        """Begin behind a cursor, whatever was asked for.

        Raises:
            ValueError: it is none.
        """
        self._after = cursor_of(read_cursor(cursor))

    async def __aiter__(self) -> AsyncGenerator[Item | StreamCaughtUp, None]:
        views, draining = self._services.views, self._services.draining
        told_s = -HEARTBEAT_S
        while not draining.begun:
            try:
                # Read before the items: all that it covers is among them.
                reached = await views.position(self._tenant, *self._projections)
                self._after = self._after or behind(reached)
                items = await self._read(self._after, reached)
            except LogUnavailable:
                await draining.unless(asyncio.sleep(AWAY_S))
                continue
            for place, item in items:
                self._after = place
                if item is not None:
                    yield item
            if len(items) < READ_AT_ONCE:
                # What was recorded between the two reads is behind `reached`, and sent all the
                # same.
                reached = max([reached, *(place.position for place, _ in items)])
                self._after = max(self._after, behind(reached))
                if monotonic() - told_s >= HEARTBEAT_S:
                    told_s = monotonic()
                    yield StreamCaughtUp(cursor=text_of(self._after), position=Position(reached))
                await draining.unless(_news(views, self._tenant, reached))


followed = Followed


async def _news(views: Views, tenant: UUID, seen: int) -> None:
    """Wait until there is more than was seen, or a sign of life is due."""
    try:
        await views.wait_for_change(tenant, HEARTBEAT_S, seen)
    except LogUnavailable:
        await asyncio.sleep(AWAY_S)
