"""The last that a feed sent, shared by everybody who follows it."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from opps.api.feeds.sent import Sent
from opps.projections.score_trend import ScoreCursor as Cursor

MOST_KEPT = 1_000
MOST_KEPT_BYTES = 1_000_000
# What was said is said as it stood then: whoever comes later is told as it stands now.
LONGEST_KEPT_S = 5.0


class Entry(NamedTuple):
    """Something that was sent: its place, since when it was there, and the bytes of it."""

    place: Cursor
    at_s: float
    sent: Sent


class Window:
    """All that a feed has behind `floor`, up to `tip`, in order and with no gap.

    Entries are numbered, so that whoever has one asks for the next. It is bounded in number, in
    bytes and in age; what it has no more is still in the log.
    """

    def __init__(self, tip: Cursor, now: Callable[[], float] = monotonic) -> None:
        self.floor = self.tip = tip
        self._now = now
        self._entries: list[Entry] = []
        self._first = 0
        self._bytes = 0
        self._changed = asyncio.Event()

    @property
    def end(self) -> int:
        """The number that the next entry will have."""
        return self._first + len(self._entries)

    def behind(self, place: Cursor) -> int | None:
        """Return the number of the first entry behind a place; None where it lies too far back."""
        self._trim()
        if place < self.floor:
            return None
        return self._first + bisect_right(self._entries, place, key=_place)

    def since(self, number: int, after: Cursor) -> Sequence[Entry] | None:
        """Return the entries from a number on, for who has all up to a place.

        None where some of them are here no more, or where what was read again numbers otherwise.
        """
        at = number - self._first
        if at < 0 or (self._entries[at - 1].place if at else self.floor) > after:
            return None
        return self._entries[at:]

    def add(self, sent: Sequence[tuple[Cursor, Sent]], tip: Cursor) -> None:
        """Go on to a tip, with all that is sent up to there, and wake everybody who waits."""
        now_s = self._now()
        self._entries += [Entry(place, now_s, one) for place, one in sent]
        self._bytes += sum(len(one.payload) for _, one in sent)
        self.tip = tip
        self._trim()
        self.wake()

    def reach_back(self, sent: Sequence[tuple[Cursor, Sent]], floor: Cursor, tip: Cursor) -> None:
        """Take what somebody read of the log behind a floor, if it meets what is here and fits."""
        if not floor < self.floor <= tip:
            return
        earlier = [(place, one) for place, one in sent if place <= self.floor]
        size = sum(len(one.payload) for _, one in earlier)
        if len(earlier) + len(self._entries) > MOST_KEPT or size + self._bytes > MOST_KEPT_BYTES:
            return
        now_s = self._now()
        self._entries[:0] = [Entry(place, now_s, one) for place, one in earlier]
        self._first -= len(earlier)
        self._bytes += size
        self.floor = floor

    async def changed(self) -> None:
        """Wait until there is more, or somebody wakes all."""
        await self._changed.wait()

    def wake(self) -> None:
        """Wake everybody who waits."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _trim(self) -> None:
        """Let go what is too much or too old."""
        oldest_s, gone, entries = self._now() - LONGEST_KEPT_S, 0, self._entries
        while gone < len(entries) and (
            len(entries) - gone > MOST_KEPT
            or self._bytes > MOST_KEPT_BYTES
            or entries[gone].at_s < oldest_s
        ):
            self._bytes -= len(entries[gone].sent.payload)
            gone += 1
        if gone:
            self.floor = entries[gone - 1].place
            self._first += gone
            del entries[:gone]


def _place(entry: Entry) -> Cursor:
    return entry.place
