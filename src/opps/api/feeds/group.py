"""Everybody who follows the same: read once, answered once, and the bytes shared."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import NamedTuple, Protocol, TypeAlias

from opps.api.feeds.sent import Sent
from opps.api.feeds.window import Entry, Window
from opps.eventstore import LogUnavailable
from opps.projections.score_trend import ScoreCursor as Cursor

HEARTBEAT_S = 15.0
AWAY_S = 0.5
GIVEN_AT_ONCE = 250


class SentPage(NamedTuple):
    """What is sent of what comes behind a cursor, in order, up to `end`.

    `level` where the present is reached, at the position `reached`.
    """

    items: Sequence[tuple[Cursor, Sent]]
    end: Cursor
    reached: int
    level: bool


class Feed(Protocol):
    """What is followed."""

    async def page(self, after: Cursor | None) -> SentPage:
        """Return what is sent of what comes behind a cursor, behind now if there is none.

        Raises:
            LogUnavailable: the database is away.
        """

    async def mark(self, end: Cursor, reached: int) -> Sent:
        """Return the sign that all was sent up to a place."""

    async def news(self, seen: int) -> None:
        """Wait until there is more than was seen at a position, or a sign of life is due."""


class Listener(Protocol):
    """A reader that has all there is, and waits for more."""

    def give(self, number: int, entry: Entry) -> None:
        """Send an entry, if it is the one that comes next."""

    def wake(self) -> None:
        """Look around."""


Opening: TypeAlias = Callable[[], Awaitable[Feed]]


class Group:
    """Follows the present of a feed, until it is ended; `window` is what it sent last."""

    def __init__(self, opening: Opening, window: Callable[[Cursor], Window] = Window) -> None:
        self._opening = opening
        self._window_at = window
        self._feed: Feed | None = None
        self._opened: asyncio.Future[Window] = asyncio.get_running_loop().create_future()
        self._reached = 0
        self._mark: tuple[Cursor, Sent] | None = None
        self._failed: Exception | None = None
        self._following = asyncio.create_task(self._follow())
        # In the order in which they came.
        self.listeners: dict[Listener, None] = {}

    async def window(self) -> Window:
        """Return what it sent last, once it knows where the present is."""
        return await asyncio.shield(self._opened)

    @property
    def failed(self) -> bool:
        """Whether it does not go on."""
        return self._failed is not None

    def check(self) -> None:
        """Raise why it does not go on, if it does not."""
        if self._failed is not None:
            raise self._failed

    async def mark(self) -> tuple[Cursor, Sent]:
        """Return the sign that all was sent, and the place up to which it was."""
        tip, reached = self._opened.result().tip, self._reached
        assert self._feed is not None, "its window is open"
        if self._mark is None or self._mark[0] != tip:
            self._mark = tip, await self._feed.mark(tip, reached)
        return self._mark

    def wake(self) -> None:
        """Let everybody who waits look around."""
        for one in list(self.listeners):
            one.wake()
        opened = self._opened
        if opened.done() and not opened.cancelled() and opened.exception() is None:
            opened.result().wake()

    def end(self) -> None:
        """Stop following."""
        self._following.cancel()
        self._opened.cancel()

    async def _follow(self) -> None:
        try:
            feed = self._feed = await self._opening()
            page = await page_of(feed, None)
            self._reached, window = page.reached, self._window_at(page.end)
            self._opened.set_result(window)
            await self._go_on(feed, window, page)
        except Exception as error:
            self._failed = error
            if self._opened.done():
                self.wake()
            else:
                self._opened.set_exception(error)
                self._opened.exception()  # seen, also where nobody waits for it

    async def _go_on(self, feed: Feed, window: Window, page: SentPage) -> None:
        told_s = monotonic()
        while True:
            if page.level:
                await feed.news(page.reached)
            page = await page_of(feed, window.tip)
            sent = list(page.items)
            if page.level and monotonic() - told_s >= HEARTBEAT_S:
                told_s = monotonic()
                sent.append((page.end, await feed.mark(page.end, page.reached)))
            self._reached = page.reached
            number, before = window.end, window.tip
            window.add(sent, page.end)
            entries = window.since(number, before)
            if entries is None:
                self.wake()  # more than a window holds: they find it in the log
            else:
                # Whoever takes what they are given has it, before more comes.
                await self._give(number, entries)

    async def _give(self, number: int, entries: Sequence[Entry]) -> None:
        """Send to everybody who waits, and let others have their turn in between."""
        for count, listener in enumerate(list(self.listeners)):
            if count % GIVEN_AT_ONCE == 0:
                await asyncio.sleep(0)
            for offset, entry in enumerate(entries):
                listener.give(number + offset, entry)
        await asyncio.sleep(0)


async def page_of(feed: Feed, after: Cursor | None) -> SentPage:
    """Return a page, however long the database is away."""
    while True:
        try:
            return await feed.page(after)
        except LogUnavailable:
            await asyncio.sleep(AWAY_S)
