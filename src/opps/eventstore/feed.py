"""The feed of the log: batches by position, and wake-ups as soon as there are more."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock
from uuid import UUID

from opps.eventstore.appends import LoggedEvent
from opps.eventstore.courier import Courier
from opps.eventstore.database import LogSettings
from opps.eventstore.errors import LogClosed, LogUnavailable

Wake = Callable[[], None]


class Feed:
    """Wakes the readers of this process at once, and those of other processes a moment later.

    A wake-up carries nothing: readers read by position, and also look by themselves.
    """

    def __init__(self, settings: LogSettings) -> None:
        self._wakes: dict[UUID, list[Wake]] = {}
        self._changing = Lock()
        self._courier = Courier(settings, self._wake)

    def publish(self, tenants: Iterable[UUID]) -> None:
        """Wake the readers of these tenants, here and in other processes."""
        for tenant in tenants:
            self._wake(tenant)
        self._courier.announce(tenants)

    @contextmanager
    def waking(self, tenant: UUID, wake: Wake) -> Iterator[None]:
        """Call `wake` on news of a tenant; it is called in other threads and has to be quick."""
        self._courier.start()
        with self._changing:
            self._wakes.setdefault(tenant, []).append(wake)
        try:
            yield
        finally:
            with self._changing:
                self._wakes[tenant].remove(wake)
                if not self._wakes[tenant]:
                    del self._wakes[tenant]

    def close(self) -> None:
        """Stop telling and listening, and wake everybody a last time."""
        self._courier.close()
        self._wake(None)

    def _wake(self, tenant: UUID | None) -> None:
        with self._changing:
            if tenant is None:
                wakes = [wake for several in self._wakes.values() for wake in several]
            else:
                wakes = list(self._wakes.get(tenant, ()))
        for wake in wakes:
            wake()


class Follower:
    """Yields a tenant's log in batches, for ever, from behind a position.

    A batch is empty when there is nothing new: once the end is reached, and then each time the
    reader has looked in vain. A lost database is waited for. `stop`, or closing the log, ends it.
    """

    def __init__(
        self,
        feed: Feed,
        read: Callable[[UUID, int, int], list[LoggedEvent]],
        tenant: UUID,
        after: int,
        limit: int,
        poll_s: float,
    ) -> None:
        self._feed = feed
        self._read = read
        self._tenant = tenant
        self._after = after
        self._limit = limit
        self._poll_s = poll_s
        self._woken = Event()
        self._stopped = False

    def __iter__(self) -> Iterator[list[LoggedEvent]]:
        with self._feed.waking(self._tenant, self._woken.set):
            while not self._stopped:
                self._woken.clear()  # before reading: news that comes meanwhile wakes again
                try:
                    batch = self._read(self._tenant, self._after, self._limit)
                except LogUnavailable:
                    batch = []
                except LogClosed:
                    return
                if batch:
                    self._after = batch[-1].position
                yield batch
                if not batch and not self._stopped:
                    self._woken.wait(self._poll_s)

    def stop(self) -> None:
        """End the iteration after the batch under way."""
        self._stopped = True
        self._woken.set()


async def follow(
    feed: Feed,
    read: Callable[[UUID, int, int], Awaitable[list[LoggedEvent]]],
    tenant: UUID,
    after: int,
    limit: int,
    poll_s: float,
) -> AsyncGenerator[list[LoggedEvent]]:
    """Yield what a `Follower` yields, in an event loop; close the generator to stop."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        # Set means that the next read is still to come: it will see this news too.
        if not woken.is_set():
            with suppress(RuntimeError):  # the loop was closed, its reader is gone
                loop.call_soon_threadsafe(woken.set)

    with feed.waking(tenant, wake):
        while True:
            woken.clear()
            try:
                batch = await read(tenant, after, limit)
            except LogUnavailable:
                batch = []
            except LogClosed:
                return
            if batch:
                after = batch[-1].position
            yield batch
            if not batch:
                try:
                    await asyncio.wait_for(woken.wait(), poll_s)
                except TimeoutError:
                    continue
