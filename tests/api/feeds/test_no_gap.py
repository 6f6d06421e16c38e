"""Whoever follows a feed hears everything, in order, however slow they are or often gone."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opps.api.feeds import window as windows
from opps.api.feeds.window import Entry, Window
from opps.projections.score_trend import ScoreCursor as Cursor
from tests.api.feeds.feed_of_numbers import MARK, Listening, Numbers, group_of, settled

READERS = 3
Step: TypeAlias = tuple[Any, ...]
MakeWindow: TypeAlias = Callable[[Cursor], Window]

which = st.integers(0, READERS - 1)
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 8)),
        st.tuples(st.just("join"), which, st.none() | st.integers(0, 5), st.booleans()),
        st.tuples(st.just("pause"), which),
        st.tuples(st.just("go on"), which),
        st.tuples(st.just("come back"), which, st.booleans()),
        st.tuples(st.just("turns"), st.integers(1, 6)),
    ),
    max_size=25,
)
hidden = st.sampled_from([lambda _: False, lambda one: one % 3 == 0, lambda one: one % 7 != 0])


class Story:
    """What happens to a feed and those who read it, and what each of them must have heard."""

    def __init__(self, hidden: Callable[[int], bool], window: MakeWindow) -> None:
        self._hidden = hidden
        self.feed = Numbers(hidden)
        self.group = group_of(self.feed, window)
        self._readers: dict[int, Listening] = {}
        self._began: dict[int, int] = {}
        self._heard: dict[int, list[int]] = {}

    async def step(self, step: Step) -> None:
        """Let something happen."""
        match step:
            case ("append", count):
                self.feed.append(count)
            case ("join", reader, after, poured) if reader not in self._readers:
                # What begins now may begin a little earlier, and never later.
                await self.group.window()
                self._began[reader] = self.feed.end if after is None else after
                self._heard[reader] = []
                self._join(reader, after, poured)
            case ("pause", reader) if reader in self._readers:
                self._readers[reader].pause()
            case ("go on", reader) if reader in self._readers:
                self._readers[reader].go_on()
            case ("come back", reader, poured) if reader in self._readers:
                gone = self._readers[reader]
                await gone.leave()
                if gone.last is not None:
                    self._heard[reader] += gone.numbers
                    self._join(reader, gone.last, poured)
                else:
                    del self._readers[reader]
            case ("turns", count):
                for _ in range(count):
                    await asyncio.sleep(0)

    async def end(self) -> None:
        """See that everybody has heard everything by the end."""
        for one in self._readers.values():
            one.go_on()
        await settled()
        try:
            for reader, one in self._readers.items():
                assert not one.reading.done() or one.reading.result() is None
                heard = self._heard[reader] + one.numbers
                assert heard == sorted(set(heard)), "in order, and none of them twice"
                wanted = range(self._began[reader] + 1, self.feed.end + 1)
                missing = {n for n in wanted if not self._hidden(n)}.difference(heard)
                assert not missing, f"{missing} were never heard"
                assert MARK in one.heard or self.feed.end < self._began[reader]
        finally:
            for one in self._readers.values():
                await one.leave()
            self.group.end()
            await settled()

    def _join(self, reader: int, after: int | None, poured: bool) -> None:
        self._readers[reader] = Listening(self.group, self.feed, after, poured=poured)


async def told(story: list[Step], hidden: Callable[[int], bool], window: MakeWindow) -> None:
    """Tell a story to its end."""
    happens = Story(hidden, window)
    for step in story:
        await happens.step(step)
    await happens.end()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let windows hold little, so that readers fall out of them."""
    monkeypatch.setattr(windows, "MOST_KEPT", 4)


SLOW: list[Step] = [
    ("join", 0, None, True),
    ("turns", 6),
    ("pause", 0),
    ("append", 2),
    ("turns", 6),
    ("append", 8),
    ("turns", 6),
    ("append", 8),
]


@settings(max_examples=60, deadline=None)
@example(story=SLOW, hidden=lambda _: False)
@given(story=steps, hidden=hidden)
def test_everything_is_heard_in_order_whatever_happens(
    story: list[Step], hidden: Callable[[int], bool]
) -> None:
    asyncio.run(told(story, hidden, Window))


class Forgetful(Window):
    """A window that does not notice what it let go."""

    def since(self, number: int, after: Cursor) -> list[Entry]:
        return self._entries[max(number - self._first, 0) :]


class Late(Window):
    """A window that takes everybody for somebody who has all there is."""

    def behind(self, place: Cursor) -> int:
        return self.end

    def since(self, number: int, after: Cursor) -> Sequence[Entry] | None:
        return super().since(number, self.tip)


@pytest.mark.parametrize("window", [Forgetful, Late])
def test_a_window_that_loses_something_is_found_out(window: type[Window]) -> None:
    story: list[Step] = [("append", 5), ("join", 1, 0, False), *SLOW]
    with pytest.raises(AssertionError, match="never heard"):
        asyncio.run(told(story, lambda _: False, window))
