"""A feed of numbers, and readers of it, for tests without a server."""

import asyncio
from collections.abc import Callable

from opps.api.feeds.group import Group, Opening, SentPage
from opps.api.feeds.reader import Reader
from opps.api.feeds.sent import Sent
from opps.api.feeds.window import Window
from opps.api.scalars import behind
from opps.projections.score_trend import ScoreCursor as Cursor

MARK = b"mark"
A_PAGE = 3


class Numbers:
    """A log of the numbers from 1 on; the `hidden` ones are nobody's business."""

    def __init__(self, hidden: Callable[[int], bool] = lambda _: False) -> None:
        self.end = 0
        self.pages = 0
        self._hidden = hidden
        self._news = asyncio.Event()

    def append(self, count: int) -> None:
        """Go on by so many numbers."""
        self.end += count
        self._news.set()
        self._news = asyncio.Event()

    async def page(self, after: Cursor | None) -> SentPage:
        """Return the next numbers, as they stand once others had their turn."""
        self.pages += 1
        await asyncio.sleep(0)
        reached = self.end
        begin = reached if after is None else after.position
        last = max(begin, min(reached, begin + A_PAGE))
        await asyncio.sleep(0)
        found = [one for one in range(begin + 1, last + 1) if not self._hidden(one)]
        items = [(behind(one), Sent(b"%d" % one, str(one))) for one in found]
        return SentPage(items, behind(last), reached, last >= reached)

    async def mark(self, end: Cursor, reached: int) -> Sent:
        """Return the sign that all was sent."""
        return Sent(MARK, str(end.position))

    async def news(self, seen: int) -> None:
        """Wait for more numbers than were seen."""
        if self.end <= seen:
            await self._news.wait()


class Listening:
    """Somebody who reads numbers: as they come, unless told to pause."""

    def __init__(self, group: Group, feed: Numbers, after: int | None, *, poured: bool) -> None:
        self.heard: list[bytes] = []
        self.last: int | None = after
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()
        place = None if after is None else behind(after)
        reader = Reader(group, opening_of(feed), place, lambda: False)
        self.reading = asyncio.create_task(
            reader.pour(self._take) if poured else self._read(reader)
        )

    @property
    def numbers(self) -> list[int]:
        """The numbers that were heard."""
        return [int(one) for one in self.heard if one != MARK]

    def pause(self) -> None:
        """Take nothing more."""
        self._may_go_on.clear()

    def go_on(self) -> None:
        """Take what comes again."""
        self._may_go_on.set()

    async def leave(self) -> None:
        """Stop reading, wherever that is."""
        self.reading.cancel()
        await asyncio.gather(self.reading, return_exceptions=True)

    async def _read(self, reader: Reader) -> None:
        async for sent in reader.results():
            await self._take(sent)

    async def _take(self, sent: Sent) -> None:
        await self._may_go_on.wait()
        self.heard.append(sent.payload)
        self.last = int(sent.cursor or 0)


def group_of(feed: Numbers, window: Callable[[Cursor], Window] = Window) -> Group:
    """Return the group of everybody who follows the numbers."""
    return Group(opening_of(feed), window)


def opening_of(feed: Numbers) -> Opening:
    """Return what opens the numbers."""

    async def opening() -> Numbers:
        return feed

    return opening


async def settled() -> None:
    """Let everybody have their turns."""
    for _ in range(200):
        await asyncio.sleep(0)
