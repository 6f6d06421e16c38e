"""What every live feed has: the past in order, the wait for more, the sign that all was sent."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Sequence
from time import monotonic
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

import strawberry

from opps.api.context import Services
from opps.api.feeds.group import AWAY_S, HEARTBEAT_S
from opps.api.scalars import Position, ScoreCursor, behind, text_of
from opps.eventstore import LogUnavailable
from opps.projections.score_trend import ScoreCursor as Cursor

READ_AT_ONCE = 250

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


class Page(NamedTuple, Generic[Item]):
    """What is behind a cursor, in order: all of it up to `end`, with nothing left out.

    `level` where the present is reached, at the position `reached`.
    """

    items: Sequence[tuple[Cursor, Item | None]]
    end: Cursor
    reached: int
    level: bool


class Followed(AsyncIterable[Item | StreamCaughtUp]):
    """What a subscription is about: every item behind a cursor, and where the present is reached.

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
        self.after = after
        self._services = services
        self._tenant = tenant
        self._projections = tuple(projections)
        self._read = read

    async def page(self, after: Cursor | None) -> Page[Item]:
        """Return what comes behind a cursor, or that nothing comes behind now.

        Raises:
            LogUnavailable: the database is away.
        """
        views, together = self._services.views, self._services.groups.together
        asked = ("position", self._tenant, self._projections)
        # Read before the items: all that it covers is among them.
        reached = await together.ask(
            asked, lambda: views.position(self._tenant, *self._projections)
        )
        after = after or behind(reached)
        items = await self._read(after, reached)
        end = items[-1][0] if items else after
        if len(items) >= READ_AT_ONCE:
            return Page(items, end, reached, level=False)
        # What was recorded between the two reads is behind `reached`, and sent all the same.
        reached = max([reached, *(place.position for place, _ in items)])
        return Page(items, max(end, behind(reached)), reached, level=True)

    async def news(self, seen: int) -> None:
        """Wait until there is more than was seen, or a sign of life is due."""
        views, together = self._services.views, self._services.groups.together
        try:
            await together.ask(
                ("news", self._tenant, seen),
                lambda: views.wait_for_change(self._tenant, HEARTBEAT_S, seen),
            )
        except LogUnavailable:
            await asyncio.sleep(AWAY_S)

    async def __aiter__(self) -> AsyncGenerator[Item | StreamCaughtUp, None]:
        """Yield all of it for one reader alone, until draining."""
        draining, after, told_s = self._services.draining, self.after, -HEARTBEAT_S
        while not draining.begun:
            try:
                page = await self.page(after)
            except LogUnavailable:
                await draining.unless(asyncio.sleep(AWAY_S))
                continue
            for _, item in page.items:
                if item is not None:
                    yield item
            after = page.end
            if page.level:
                if monotonic() - told_s >= HEARTBEAT_S:
                    told_s = monotonic()
                    yield caught_up(after, page.reached)
                await draining.unless(self.news(page.reached))


def caught_up(end: Cursor, reached: int) -> StreamCaughtUp:
    """Return the sign that all was sent up to a place."""
    return StreamCaughtUp(cursor=text_of(end), position=Position(reached))
