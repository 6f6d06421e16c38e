"""One reader of a feed: what was missed out of the log, then what everybody is sent."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from time import monotonic
from typing import Any, TypeAlias

from opps.api.feeds.group import Feed, Group, Opening, SentPage, page_of
from opps.api.feeds.rest import Rest
from opps.api.feeds.sent import Sent, TooSlow
from opps.api.feeds.window import Entry, Window
from opps.api.scalars import text_of
from opps.projections.score_trend import ScoreCursor as Cursor

LONGEST_BEHIND_S = 60.0

Send: TypeAlias = Callable[[Sent], Coroutine[Any, Any, None]]


class Reader:
    """Reads a feed in order and with no gap, from behind a cursor or from now on.

    A reader has a place and no queue of its own: what the others are sent is taken out of their
    window for as long as it reaches back to that place, and read of the log where it does not.
    """

    def __init__(
        self,
        group: Group,
        opening: Opening,
        after: Cursor | None,
        stopping: Callable[[], bool],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._group = group
        # What the log is read with, for as long as something of it is missing.
        self._feed: Feed | None = None
        self._opening = opening
        self._after = after
        self._stopping = stopping
        self._now = now
        self._told = False
        # The number of the next entry of the window, None while the log is read.
        self._number: int | None = None
        # Up to where there is nothing more, once all that was read of the log is sent.
        self._end: Cursor | None = None
        # Until when all that came was taken; None before the present is reached.
        self._level_s: float | None = None
        # What is read while something else is sent, and what it is behind.
        self._ahead: tuple[Cursor, asyncio.Task[SentPage]] | None = None
        self._send: Send | None = None
        self._listening: asyncio.Future[None] | None = None
        self._rest: Rest | None = None

    async def results(self) -> AsyncGenerator[Sent, None]:
        """Yield all that comes, and signs of life.

        Raises:
            TooSlow: the reader had reached the present, and has fallen back too far.
        """
        window = await self._group.window()
        try:
            while not self._stopping():
                for entry in await self._next(window, self._after or window.tip):
                    self._had(entry)
                    yield entry.sent
                    self._keep_up()
        finally:
            self._read_no_further()

    async def pour(self, send: Send) -> None:
        """Send all that comes, and signs of life, until the server stops; raises as `results` does.

        While nothing is missing, the group sends to all its readers in one go, and none of them
        wakes up for it.
        """
        self._send = send
        async with aclosing(self.results()) as results:
            async for sent in results:
                await send(sent)

    def give(self, number: int, entry: Entry) -> None:
        """Send an entry at once, if it comes next; what cannot be is finished by the reader."""
        listening = self._listening
        if self._send is None or listening is None or listening.done() or self._number != number:
            return
        self._number += 1
        self._had(entry)
        sending = self._send(entry.sent)
        try:
            awaited = sending.send(None)
        except StopIteration:
            return
        except asyncio.CancelledError:
            listening.cancel()
        except Exception as error:
            listening.set_exception(error)
        else:
            self._rest = Rest(sending, awaited)
            listening.set_result(None)

    def wake(self) -> None:
        """Let the reader look around."""
        if self._listening is not None and not self._listening.done():
            self._listening.set_result(None)

    def _had(self, entry: Entry) -> None:
        self._after = entry.place
        self._level_s = entry.at_s or self._level_s

    def _keep_up(self) -> None:
        if self._level_s is not None and self._now() - self._level_s > LONGEST_BEHIND_S:
            raise TooSlow(None if self._after is None else text_of(self._after))

    async def _next(self, window: Window, after: Cursor) -> Sequence[Entry]:
        """Return what comes next, nothing where it has to be asked for again."""
        if self._end is not None:
            after = self._after = self._end
            self._end = None
        if self._number is None:
            self._number = window.behind(after)
        if self._number is None:
            return await self._missed(window, after)
        entries = window.since(self._number, after)
        if entries is None:
            self._number = None
            return ()
        if entries:
            self._number += len(entries)
            if entries[0].place > after:
                return entries
            # Whoever began ahead of the others has some of it.
            return [one for one in entries if one.place > after]
        return await self._level(window, after)

    async def _missed(self, window: Window, after: Cursor) -> Sequence[Entry]:
        """Return what comes next in the log."""
        page = await self._page(after)
        window.reach_back(page.items, after, page.end)
        self._end = page.end
        return [Entry(place, 0.0, sent) for place, sent in page.items]

    async def _page(self, after: Cursor) -> SentPage:
        """Return a page; of a long past the next is read while this one is sent."""
        if self._ahead is not None and self._ahead[0] != after:
            self._read_no_further()
        if self._feed is None:
            self._feed = await self._opening()
        page = await (page_of(self._feed, after) if self._ahead is None else self._ahead[1])
        self._ahead = None
        # Whoever fell back takes little at a time, and is not to hold much for it.
        if not page.level and self._level_s is None:
            self._ahead = page.end, asyncio.create_task(page_of(self._feed, page.end))
        return page

    def _read_no_further(self) -> None:
        if self._ahead is not None:
            self._ahead[1].cancel()
            self._ahead = None

    async def _level(self, window: Window, after: Cursor) -> Sequence[Entry]:
        """Wait for more, once it was said that all was sent."""
        self._group.check()  # before: it may have failed while this one was still reading
        self._level_s, self._feed = self._now(), None
        self._read_no_further()
        if window.tip >= after:
            self._after = window.tip
            if not self._told:
                self._told = True
                place, mark = await self._group.mark()
                return [Entry(place, self._level_s, mark)]
        if self._send is None or window.tip < after:
            await window.changed()
        else:
            await self._listen()
        return ()

    async def _listen(self) -> None:
        """Wait while the group sends what comes, until there is something else to do."""
        self._listening = asyncio.get_running_loop().create_future()
        self._group.listeners[self] = None
        try:
            await self._listening
        finally:
            del self._group.listeners[self]
            self._listening = None
        if self._rest is not None:
            rest, self._rest = self._rest, None
            await rest
            self._keep_up()
