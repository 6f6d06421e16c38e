"""What many follow is read and answered once, and kept within bounds for those who are slow."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest

from opps.api.feeds import window as windows
from opps.api.feeds.group import Group
from opps.api.feeds.groups import Groups
from opps.api.feeds.reader import LONGEST_BEHIND_S, Reader
from opps.api.feeds.sent import Sent, TooSlow
from opps.api.feeds.together import Together
from opps.api.feeds.window import Window
from opps.api.scalars import behind
from opps.api.shutdown import Draining
from tests.api.feeds.feed_of_numbers import MARK, Listening, Numbers, group_of, opening_of, settled

MANY = 300


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
async def feed() -> Numbers:
    """Return a feed that nothing has happened to."""
    return Numbers()


@pytest.fixture
async def group(feed: Numbers) -> AsyncIterator[Group]:
    """Yield the group of a feed."""
    followed = group_of(feed)
    yield followed
    followed.end()
    await settled()


@pytest.mark.parametrize("poured", [True, False])
async def test_what_many_follow_is_read_once(feed: Numbers, group: Group, poured: bool) -> None:
    readers = [Listening(group, feed, None, poured=poured) for _ in range(MANY)]
    await settled()
    before = feed.pages
    feed.append(3)
    await settled()

    assert [one.numbers for one in readers] == [[1, 2, 3]] * MANY
    assert feed.pages - before <= 2
    first = readers[0].heard[1]
    assert all(one.heard[1] is first for one in readers), "the bytes are the same ones"
    for one in readers:
        await one.leave()


async def test_whoever_comes_back_together_reads_the_log_once(feed: Numbers, group: Group) -> None:
    feed.append(3)
    first = Listening(group, feed, 0, poured=True)
    await settled()
    before = feed.pages
    readers = [Listening(group, feed, 0, poured=True) for _ in range(MANY)]
    await settled()

    assert [one.numbers for one in readers] == [[1, 2, 3]] * MANY
    assert feed.pages == before
    for one in [first, *readers]:
        await one.leave()


async def test_what_was_sent_long_ago_is_read_as_it_stands_now(feed: Numbers) -> None:
    clock = Clock()
    group = group_of(feed, lambda tip: Window(tip, clock))
    first = Listening(group, feed, None, poured=True)
    await settled()
    feed.append(1)
    await settled()
    clock.now_s += windows.LONGEST_KEPT_S + 1
    before = feed.pages
    later = Listening(group, feed, 0, poured=True)
    await settled()

    assert later.numbers == [1]
    assert feed.pages > before
    for one in (first, later):
        await one.leave()
    group.end()


async def test_whoever_takes_nothing_costs_no_more_with_time(
    feed: Numbers, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "MOST_KEPT", 10)
    quick, slow = (Listening(group, feed, None, poured=True) for _ in range(2))
    await settled()
    slow.pause()
    window = await group.window()
    for _ in range(50):
        feed.append(3)
        await settled()
        assert window.since(window.end - 11, window.tip) is None, "no more than ten are kept"
    slow.go_on()
    await settled()
    await settled()

    assert quick.numbers == slow.numbers == list(range(1, 151))
    for one in (quick, slow):
        await one.leave()


async def test_a_window_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MOST_KEPT_BYTES", 25)
    window = Window(behind(0))
    for number in range(1, 6):
        window.add([(behind(number), Sent(b"x" * 10, str(number)))], behind(number))

    kept = window.since(3, behind(3)) or ()
    assert [one.place for one in kept] == [behind(4), behind(5)]
    assert window.since(2, behind(2)) is None
    assert window.behind(behind(2)) is None
    assert window.behind(behind(3)) == 3


@pytest.mark.parametrize("poured", [True, False])
async def test_a_page_that_no_window_holds_is_heard_all_the_same(
    feed: Numbers, group: Group, monkeypatch: pytest.MonkeyPatch, poured: bool
) -> None:
    monkeypatch.setattr(windows, "MOST_KEPT_BYTES", 2)
    reader = Listening(group, feed, None, poured=poured)
    await settled()
    feed.append(3)
    await settled()
    feed.append(1)
    await settled()

    assert reader.numbers == [1, 2, 3, 4]
    await reader.leave()


async def test_what_is_read_again_and_shows_more_by_then_hides_nothing_from_the_slow() -> None:
    window = Window(behind(0))
    window.add([(behind(one), Sent(b"", str(one))) for one in (1, 3, 5, 7)], behind(8))
    window._now = lambda: monotonic() + windows.LONGEST_KEPT_S + 1
    assert window.behind(behind(3)) is None, "it is too old by now"
    window.reach_back([(behind(n), Sent(b"", str(n))) for n in range(1, 9)], behind(0), behind(8))
    slow = 2  # who had two of four, and is to have the third

    found = window.since(slow, behind(3))
    assert found is None or found[0].place == behind(4)


async def slow_reader(feed: Numbers, group: Group, clock: Clock) -> Reader:
    return Reader(group, opening_of(feed), None, lambda: False, clock)


@pytest.mark.parametrize(("late_s", "too_slow"), [(LONGEST_BEHIND_S, False), (61.0, True)])
async def test_whoever_falls_back_too_far_is_told_where_to_go_on(
    feed: Numbers, late_s: float, too_slow: bool
) -> None:
    clock = Clock()
    group = group_of(feed, lambda tip: Window(tip, clock))
    reader = await slow_reader(feed, group, clock)
    results = reader.results()
    assert (await anext(results)).payload == MARK
    feed.append(2)
    assert (await anext(results)).payload == b"1"
    clock.now_s += late_s
    if too_slow:
        with pytest.raises(TooSlow) as told:
            await anext(results)
        [error] = told.value.errors
        assert error["extensions"] == {"code": "TOO_SLOW", "resumeAfter": "1"}
        assert str(told.value) == "Too slow: go on after 1."
    else:
        assert (await anext(results)).payload == b"2"
    await results.aclose()
    group.end()


async def test_a_long_past_is_no_reason_to_be_let_go(feed: Numbers) -> None:
    clock = Clock()
    group = group_of(feed, lambda tip: Window(tip, clock))
    feed.append(30)
    results = Reader(group, opening_of(feed), behind(0), lambda: False, clock).results()
    for number in range(1, 31):
        assert (await anext(results)).payload == b"%d" % number
        clock.now_s += 50
    await results.aclose()
    group.end()


async def test_a_feed_that_fails_says_so_to_everybody(feed: Numbers, group: Group) -> None:
    readers = [Listening(group, feed, None, poured=one) for one in (True, False)]
    await settled()

    async def broken(_: object) -> None:
        raise ValueError("the table is gone")

    feed.page = broken  # type: ignore[assignment,method-assign]  # it breaks in the middle
    feed.append(1)
    found = await asyncio.gather(*(one.reading for one in readers), return_exceptions=True)

    assert [str(one) for one in found] == ["the table is gone"] * 2


@pytest.mark.parametrize("poured", [True, False])
async def test_whoever_is_still_reading_when_it_fails_is_told_so_too(
    feed: Numbers, group: Group, poured: bool
) -> None:
    first = Listening(group, feed, None, poured=True)
    await settled()
    late = Listening(group, feed, None, poured=poured)
    late.pause()
    feed.append(1)
    await settled()

    async def broken(_: object) -> None:
        raise ValueError("the table is gone")

    page, feed.page = feed.page, broken  # type: ignore[assignment,method-assign]  # it breaks
    feed.append(1)
    await settled()
    feed.page = page  # type: ignore[method-assign]  # and is mended again
    late.go_on()
    await settled()

    assert late.numbers == [1]
    for one in (first, late):
        assert str(one.reading.exception()) == "the table is gone"


async def test_groups_are_there_for_as_long_as_somebody_is_in_them(feed: Numbers) -> None:
    groups, draining = Groups(), Draining()
    first = groups.join("a", opening_of(feed), draining)
    assert groups.join("a", opening_of(feed), draining) is first
    other = groups.join("b", opening_of(feed), draining)
    assert other is not first
    for _ in range(2):
        groups.leave(first)
    again = groups.join("a", opening_of(feed), draining)
    assert again is not first
    for one in (other, again):
        groups.leave(one)


async def test_what_is_asked_at_the_same_time_is_asked_once() -> None:
    together, asked = Together(), 0
    answered = asyncio.Event()

    async def question() -> int:
        nonlocal asked
        asked += 1
        await answered.wait()
        return asked

    waiting = [asyncio.create_task(together.ask("what", question)) for _ in range(3)]
    await settled()
    waiting[0].cancel()
    answered.set()

    assert await asyncio.gather(*waiting[1:]) == [1, 1]
    assert await together.ask("what", question) == 2


async def test_a_question_that_nobody_waits_for_is_given_up() -> None:
    together, given_up = Together(), asyncio.Event()

    async def question() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    waiting = asyncio.create_task(together.ask("what", question))
    await settled()
    waiting.cancel()

    async with asyncio.timeout(5):
        await given_up.wait()
