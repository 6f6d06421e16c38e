"""The feed: every event once and in order, and no waiting for the next look."""

import asyncio
import threading
from uuid import UUID, uuid4

import msgspec

from opps.eventstore import Log, LoggedEvent, LogSettings, register_tenant
from tests.eventstore.support import append, rows, settings
from tests.support import eventually


def unhurried(database: str) -> LogSettings:
    """Return settings under which only a wake-up brings news within the time of a test."""
    return msgspec.structs.replace(settings(database), poll_s=600.0)


class Following:
    """A thread that follows a log and keeps what it sees."""

    def __init__(self, log: Log, tenant: UUID, after: int = 0, limit: int = 500) -> None:
        self.seen: list[LoggedEvent] = []
        self.caught_up = threading.Event()
        self._follower = log.follower(tenant, after, limit)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for batch in self._follower:
            self.seen.extend(batch)
            if not batch:
                self.caught_up.set()

    def stop(self) -> None:
        self._follower.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()

    @property
    def positions(self) -> list[int]:
        return [event.position for event in self.seen]


def test_a_follower_sees_what_was_there_and_what_comes(database: str, tenant: UUID) -> None:
    with Log(unhurried(database)) as log:
        log.append_now(append(tenant, events=5))
        following = Following(log, tenant, after=1, limit=2)
        eventually(lambda: following.positions == [2, 3, 4, 5])

        log.append_now(append(tenant))

        eventually(lambda: following.positions == [2, 3, 4, 5, 6])
        following.stop()


def test_a_follower_says_when_it_has_caught_up(database: str, tenant: UUID) -> None:
    with Log(unhurried(database)) as log:
        following = Following(log, tenant)

        assert following.caught_up.wait(10)
        assert following.seen == []
        following.stop()


def test_news_from_another_process_wakes_a_follower(database: str, tenant: UUID) -> None:
    """Two logs stand for two processes: only a notification goes from one to the other."""
    with Log(unhurried(database)) as here, Log(unhurried(database)) as there:
        following = Following(here, tenant)
        assert following.caught_up.wait(10)
        eventually(lambda: _listens(database))

        for size in range(1, 4):
            there.append_now(append(tenant))
            eventually(lambda size=size: len(following.seen) == size)  # type: ignore[misc]  # bound in the loop
        following.stop()


def test_without_any_notification_a_follower_looks_by_itself(database: str, tenant: UUID) -> None:
    quick = msgspec.structs.replace(settings(database), poll_s=0.05)
    with Log(quick) as here, Log(unhurried(database)) as there:
        here._feed.close()
        following = Following(here, tenant)
        assert following.caught_up.wait(10)

        there.append_now(append(tenant))

        eventually(lambda: following.positions == [1])
        following.stop()


def test_news_of_one_tenant_leaves_the_followers_of_another_asleep(
    database: str, tenant: UUID
) -> None:
    other, wakes = register_tenant(database, uuid4(), "other"), list[UUID]()
    with (
        Log(unhurried(database)) as log,
        log.waking(tenant, lambda: wakes.append(tenant)),
    ):
        # Whoever begins to listen wakes everybody once, for what was missed.
        eventually(lambda: _listens(database) and wakes == [tenant])
        wakes.clear()
        log.append_now(append(other))
        assert wakes == []

        log.append_now(append(tenant))

        eventually(lambda: wakes == [tenant])


def test_a_refused_append_is_no_news(database: str, tenant: UUID) -> None:
    wakes: list[int] = []
    with Log(unhurried(database)) as log, log.waking(tenant, lambda: wakes.append(1)):
        eventually(lambda: _listens(database))
        wakes.clear()
        log.submit(append(tenant, expected=4)).exception()
        log.append_now(append(tenant, events=0))

        assert wakes == []


def test_a_closed_log_ends_its_followers(database: str, tenant: UUID) -> None:
    with Log(unhurried(database)) as log:
        following = Following(log, tenant)
        assert following.caught_up.wait(10)

    following._thread.join(10)
    assert not following._thread.is_alive()


async def test_a_closed_log_ends_the_tasks_that_follow(database: str, tenant: UUID) -> None:
    with Log(unhurried(database)) as log:
        feed = log.follow(tenant, 0)
        assert await anext(feed) == []

    assert [batch async for batch in feed] == []


async def test_a_task_follows_as_a_thread_does(database: str, tenant: UUID) -> None:
    with Log(unhurried(database)) as log:
        await log.append(append(tenant, events=3))
        feed = log.follow(tenant, 0, limit=2)

        batches = [[event.position for event in await anext(feed)] for _ in range(3)]
        coming = asyncio.ensure_future(anext(feed))
        await log.append(append(tenant))
        news = await coming or await anext(feed)  # whoever begins to listen is woken once in vain

        assert batches == [[1, 2], [3], []]
        assert [event.position for event in news] == [4]
        await feed.aclose()


async def test_a_thousand_events_of_many_tasks_are_followed_without_gap(
    log: Log, tenant: UUID
) -> None:
    seen: list[int] = []

    async def follow() -> None:
        async for batch in log.follow(tenant, 0):
            seen.extend(event.position for event in batch)
            if len(seen) == 1_000:
                return

    following = asyncio.create_task(follow())
    await asyncio.gather(*[log.append(append(tenant, events=10)) for _ in range(100)])
    await asyncio.wait_for(following, 30)

    assert seen == list(range(1, 1_001))


def _listens(database: str) -> bool:
    return bool(
        rows(
            database,
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'opps courier' AND query LIKE 'LISTEN%'",
        )
    )
