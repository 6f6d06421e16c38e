"""The log of a process: appends through its one committer, reads, and the feed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from time import monotonic
from types import TracebackType
from typing import ParamSpec, Self, TypeVar
from uuid import UUID

import psycopg

from opps.eventstore.appends import Append, Appended, LoggedEvent, check
from opps.eventstore.calls import append_all
from opps.eventstore.committer import Committer
from opps.eventstore.database import LogSettings
from opps.eventstore.errors import LogClosed, LogUnavailable
from opps.eventstore.feed import Feed, Follower, Wake, follow
from opps.eventstore.pool import Pool
from opps.eventstore.reader import Reader
from opps.eventstore.tally import Tally, Tallying
from opps.eventstore.turns import turn
from opps.eventstore.waiting import Waiting
from opps.telemetry.traces import span

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

_BATCH = 500


class Log:
    """The append-only log; thread-safe, one a process.

    Its reads are those of `Reader`; in an event loop, `await log.aside(log.head, tenant)`.

    Raises:
        LogUnavailable: the database is away.
        UnsafeDatabase: a setting of the database could lose what was acknowledged.
    """

    def __init__(self, settings: LogSettings) -> None:
        self._closed = False
        self._poll_s = settings.poll_s
        self._feed = Feed(settings)
        self._tallying = Tallying()
        try:
            self._committer = Committer(settings, self._feed.publish, self._tallying)
        except psycopg.OperationalError as error:
            self._feed.close()
            raise LogUnavailable(f"the database does not answer: {error}") from error
        except BaseException:
            self._feed.close()
            raise
        self._reader = Reader(settings)
        self._threads = ThreadPoolExecutor(settings.read_connections, "opps-reader")
        self.read = self._reader.read
        self.sealed = self._reader.sealed
        self.sealed_stream = self._reader.sealed_stream
        self.leaves = self._reader.leaves
        self.stream = self._reader.stream
        self.streams = self._reader.streams
        self.head = self._reader.head
        self.command = self._reader.command
        self.run = self._reader.run
        self.find_tenant = self._reader.find_tenant
        self.turn = partial(turn, settings)

    @property
    def reads_only(self) -> bool:
        """Whether the database is a replica: it answers reads, and takes nothing."""
        return self._committer.reads_only

    def submit(self, append: Append) -> Future[Appended]:
        """Queue an append and return the future of its place in the log.

        Raises, here or from the future:
            VersionConflict: a stream has moved on.
            CommandIdReused: the command id stands for another request.
            UnknownTenant: there is no such tenant.
            MalformedAppend: a limit of the stored format is exceeded.
            Overloaded: too many appends are waiting.
            LogUnavailable: the database is away or too busy; safe to repeat.
            ReadOnlyDatabase: it is a replica.
        """
        check(append)
        future: Future[Appended] = Future()
        future.set_running_or_notify_cancel()  # what is queued cannot be called back
        self._committer.put(Waiting(append, future))
        return future

    def append_now(self, append: Append) -> Appended:
        """Append and wait, in a thread; raises what `submit` raises."""
        check(append)
        future: Future[Appended] = Future()
        future.set_running_or_notify_cancel()
        self._committer.put_and_commit(Waiting(append, future))
        return future.result()

    async def append(self, append: Append) -> Appended:
        """Append and wait, in an event loop; raises what `submit` raises."""
        check(append)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Appended] = loop.create_future()
        with span("append") as told:
            told.note("opps.events", len(append.events))
            self._committer.put(Waiting(append, future, loop))
            return await future

    def append_with(self, append: Append, write: Callable[[psycopg.Connection], None]) -> Appended:
        """Append in a transaction of its own, together with what `write` writes.

        For the rare writes that must not come apart from an append: there is no group commit.
        `write` is left out if the command was stored before.

        Raises:
            What `submit` raises, and what `write` raises; then nothing is stored.
        """
        check(append)

        def store(connection: psycopg.Connection) -> Appended:
            with connection.transaction():
                [outcome] = append_all(connection, [append])
                if isinstance(outcome, Exception):
                    raise outcome
                if not outcome.replayed:
                    write(connection)
            return outcome

        began_s = monotonic()
        try:
            appended = self.run(store)
        except Exception as error:
            self._tallying.count([error], monotonic() - began_s)
            raise
        self._tallying.count([appended], monotonic() - began_s)
        if appended.count:
            self._feed.publish([append.tenant])
        return appended

    def aside(
        self,
        read: Callable[Parameters, Answer],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Awaitable[Answer]:
        """Run one of the reads beside the event loop; raises what the read raises."""
        if self._closed:
            raise LogClosed("the log is closed")
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, lambda: read(*arguments, **options))

    def follower(self, tenant: UUID, after: int, limit: int = _BATCH) -> Follower:
        """Return the endless batches of a tenant's log from behind a position, for a thread."""
        return Follower(self._feed, self._reader.read, tenant, after, limit, self._poll_s)

    def follow(
        self, tenant: UUID, after: int, limit: int = _BATCH
    ) -> AsyncGenerator[list[LoggedEvent]]:
        """Yield what a follower yields, for an event loop."""

        def read(tenant: UUID, after: int, limit: int) -> Awaitable[list[LoggedEvent]]:
            return self.aside(self._reader.read, tenant, after, limit)

        return follow(self._feed, read, tenant, after, limit, self._poll_s)

    def waking(self, tenant: UUID, wake: Wake) -> AbstractContextManager[None]:
        """Call `wake` on news of a tenant; it is called in other threads and has to be quick."""
        return self._feed.waking(tenant, wake)

    @property
    def tally(self) -> Tally:
        """What became of the appends of this process."""
        return self._tallying.now

    @property
    def waiting(self) -> int:
        """How many appends wait to be stored."""
        return self._committer.waiting

    @property
    def pool(self) -> Pool:
        """How many of the reading connections are in use."""
        return self._reader.pool

    def close(self) -> None:
        """Commit what is queued, then let go of the database."""
        self._closed = True
        self._committer.close()
        self._feed.close()
        self._threads.shutdown()
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
