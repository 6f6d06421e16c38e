"""The deliverer: one process leads, and sends each endpoint of each tenant what is due there."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import uniform
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import UUID

import psycopg

from opps.application import Application
from opps.domain.webhooks.schedule import LOG_KEPT
from opps.eventstore import LogFault, ReadOnlyDatabase, webhook_log
from opps.eventstore.webhooks import Fenced
from opps.integrations.webhooks.attempting import Now, Post, Sending, Tally
from opps.integrations.webhooks.delivering import Delivering, Jitter
from opps.integrations.webhooks.leading import Leading, enabled, serve, take_turn
from opps.integrations.webhooks.outbox import Outbox
from opps.projections.views import Views

LOOK_EVERY_S = 1.0
# Read models are some milliseconds behind the log, and tell nobody here when they are not.
_CATCH_UP_S = 0.05
# How often those who wait try to lead, in looks: each time costs a connection.
_TRY_TO_LEAD_EVERY = 5
_PURGE_EVERY = timedelta(hours=1)
# Whose lock it is that one process alone holds, in this database.
EVERYBODY, TURN = UUID(int=0), 0x6F7077

logger = logging.getLogger(__name__)


def now() -> datetime:
    """Return what the deliverer's clock says."""
    return datetime.now(UTC)


def jitter() -> float:
    """Return a number from -1 to 1, another one each time."""
    return uniform(-1, 1)


def nothing() -> None:
    """Do nothing."""


class Deliverer:
    """Sends in a thread of its own. Several processes may run one: the others wait to take over.

    What is away, a database or an endpoint, is waited for; nothing is skipped.
    """

    def __init__(
        self,
        application: Application,
        direct_url: str,
        tenants: Callable[[], Iterable[UUID]],
        post: Post,
        *,
        now: Now = now,
        jitter: Jitter = jitter,
        every_s: float = LOOK_EVERY_S,
        tally: Tally | None = None,
    ) -> None:
        self._application, self._log = application, application.log
        self._direct_url, self._tenants, self._post = direct_url, tenants, post
        self._now, self._jitter, self._every_s = now, jitter, every_s
        self._tally = tally or Tally()
        self._purged: dict[UUID, datetime] = {}
        self._closed = Event()
        self._said: str | None = None
        self._stop: Callable[[], object] = nothing
        self._thread = Thread(target=self._run, name="opps-webhooks", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Break off what is under way, which is sent again later, and stop."""
        self._closed.set()
        self._stop()
        self._thread.join()

    def visit(self, tenant: UUID) -> int:
        """Send all that is due at the endpoints of a tenant; return how many attempts that took.

        Raises:
            Fenced: another process has taken over.
            LogFault: the database is away.
        """
        return asyncio.run(self._visit(tenant))

    async def _visit(self, tenant: UUID) -> int:
        attempts = 0
        async with Views(self._direct_url, connections=2) as views:
            delivering = self._delivering(views)
            turn = await take_turn(self._application, tenant)
            for endpoint in await enabled(self._application, tenant):
                visited = await serve(self._application, delivering, tenant, endpoint, turn)
                attempts += visited.attempts
            await self._purge(tenant)
        return attempts

    def _run(self) -> None:
        while not self._closed.is_set():
            pause_s = _TRY_TO_LEAD_EVERY * self._every_s
            try:
                with self._log.turn(EVERYBODY, TURN, "opps webhooks", alone=True) as ours:
                    if ours and not self._log.reads_only:
                        asyncio.run(self._lead())
                self._said = None
            except (LogFault, Fenced, psycopg.OperationalError) as error:
                self._tell_once(error)
            except Exception:
                logger.exception("the deliverer of webhooks stumbled, and begins again")
            self._closed.wait(pause_s)

    def _tell_once(self, error: Exception) -> None:
        if not isinstance(error, ReadOnlyDatabase) and str(error) != self._said:
            self._said = str(error)
            logger.warning("the deliverer of webhooks begins again: %r", error)

    async def _lead(self) -> None:
        """Look for what is due, each endpoint by itself, until closed or fenced off."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(news.set)

        with self._stopping(wake):
            async with Views(self._direct_url, connections=4) as views:
                leading = Leading(self._application, self._delivering(views), wake)
                try:
                    while not self._closed.is_set():
                        news.clear()
                        behind = await self._look(leading)
                        with suppress(TimeoutError):
                            pause_s = min(self._every_s, _CATCH_UP_S) if behind else self._every_s
                            await asyncio.wait_for(news.wait(), pause_s)
                finally:
                    await leading.end()

    async def _look(self, leading: Leading) -> bool:
        """Look at every tenant; tell whether read models have something still to show."""
        behind = False
        for tenant in await asyncio.to_thread(lambda: list(self._tenants())):
            behind = await leading.look(tenant) or behind
            await self._purge(tenant)
        return behind

    @contextmanager
    def _stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call `stop` when told to close, or now if that was before."""
        self._stop = stop
        if self._closed.is_set():
            stop()
        try:
            yield
        finally:
            self._stop = nothing

    def _delivering(self, views: Views) -> Delivering:
        sending = Sending(self._application.webhook_desk, self._post, self._now, self._tally)
        outbox = Outbox(self._application, views)
        return Delivering(self._application, outbox, sending, self._now, self._jitter)

    async def _purge(self, tenant: UUID) -> None:
        now, last = self._now(), self._purged.get(tenant)
        if last is None or now >= last + _PURGE_EVERY:
            self._purged[tenant] = now
            purge = partial(webhook_log.purge, tenant=tenant, before=now - LOG_KEPT)
            await self._log.aside(self._log.run, purge)
            there = list((await self._application.webhooks_of(tenant)).endpoints)
            forget = partial(webhook_log.forget_others, tenant=tenant, there=there)
            await self._log.aside(self._log.run, forget)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
