"""Reads of the log: by position, by stream, by command; they survive a lost connection."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore, Event
from time import monotonic
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import kwargs_row

from opps.eventstore.appends import Appended, LoggedEvent, LogHead, SealedEvent
from opps.eventstore.database import LogSettings, connect_reader
from opps.eventstore.errors import (
    LogClosed,
    LogUnavailable,
    ReadOnlyDatabase,
    StatementTimeout,
)
from opps.eventstore.pool import Pool

Row = TypeVar("Row")

_EVENT = (
    "position, stream, version, event_id, command_id, recorded_at, tag, schema, payload, metadata"
)
_READ_LOG = f"SELECT {_EVENT} FROM opps.read_log(%s, %s, %s, %s, %s)"
_READ_SEALED = f"SELECT {_EVENT}, header, leaf FROM opps.read_log(%s, %s, NULL, NULL, %s)"
_READ_LEAVES = (
    "SELECT coalesce(string_agg(leaf, ''::bytea ORDER BY position), ''::bytea),"
    " min(position) FILTER (WHERE leaf <> sha256('\\x00'::bytea || header))"
    " FROM opps.read_log(%s, %s, %s, NULL, NULL)"
)
_READ_SEALED_STREAM = (
    f"SELECT {_EVENT}, header, leaf FROM opps.read_stream(%s, %s, -1, NULL, false, NULL)"
)
_READ_STREAM = f"SELECT {_EVENT} FROM opps.read_stream(%s, %s, %s, %s, %s, %s)"
_READ_STREAMS = f"SELECT {_EVENT} FROM opps.read_streams(%s, %s)"
_READ_HEAD = "SELECT size, recorded_at FROM opps.read_head(%s)"
_READ_COMMAND = (
    "SELECT first_position, count, recorded_at, true AS replayed, result"
    " FROM opps.read_command(%s, %s)"
)
_FIND_TENANT = "SELECT tenant FROM opps.list_tenants() WHERE slug = %s"

_FIRST_BACK_OFF_S = 0.01
_LONGEST_BACK_OFF_S = 0.5


class Reader:
    """Reads over a bounded number of connections.

    Every read raises `LogUnavailable` when the database stays away for longer than patience lasts.
    """

    def __init__(self, settings: LogSettings) -> None:
        self._settings = settings
        self._free: list[psycopg.Connection] = []
        self._busy: set[psycopg.Connection] = set()
        self._places = BoundedSemaphore(settings.read_connections)
        self._closed = Event()

    def read(
        self,
        tenant: UUID,
        after: int,
        limit: int,
        *,
        until: int | None = None,
        tags: Sequence[str] | None = None,
    ) -> list[LoggedEvent]:
        """Return at most `limit` events in order, from behind `after` up to and with `until`."""
        wanted = None if tags is None else list(tags)
        return self._rows(LoggedEvent, _READ_LOG, tenant, after, until, wanted, limit)

    def sealed(self, tenant: UUID, after: int, limit: int) -> list[SealedEvent]:
        """Return events as `read` does, with their headers and leaf hashes."""
        return self._rows(SealedEvent, _READ_SEALED, tenant, after, limit)

    def sealed_stream(self, tenant: UUID, stream: UUID) -> list[SealedEvent]:
        """Return the events of one stream in order, with their headers and leaf hashes."""
        return self._rows(SealedEvent, _READ_SEALED_STREAM, tenant, stream)

    def leaves(self, tenant: UUID, after: int, until: int) -> tuple[bytes, int | None]:
        """Return the leaf hashes behind `after` up to and with `until`, one behind the other.

        With them comes the first position whose leaf is not the hash of its header, if any.
        """

        def read(connection: psycopg.Connection) -> tuple[bytes, int | None]:
            cursor = connection.cursor(binary=True)
            found = cursor.execute(_READ_LEAVES, (tenant, after, until), prepare=True).fetchone()
            assert found is not None
            return found[0], found[1]

        return self.run(read)

    def stream(
        self,
        tenant: UUID,
        stream: UUID,
        after_version: int = -1,
        *,
        until_version: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[LoggedEvent]:
        """Return the events of one stream behind a version, in order of their versions."""
        bounds = (after_version, until_version, newest_first, limit)
        return self._rows(LoggedEvent, _READ_STREAM, tenant, stream, *bounds)

    def streams(self, tenant: UUID, streams: Sequence[UUID]) -> list[LoggedEvent]:
        """Return all events of some streams, merged in order of their positions."""
        return self._rows(LoggedEvent, _READ_STREAMS, tenant, list(set(streams)))

    def head(self, tenant: UUID) -> LogHead | None:
        """Return the size of the log and its last instant, `None` for an unknown tenant."""
        return next(iter(self._rows(LogHead, _READ_HEAD, tenant)), None)

    def command(self, tenant: UUID, command_id: UUID) -> Appended | None:
        """Return what a command stored, `None` if it is unknown."""
        return next(iter(self._rows(Appended, _READ_COMMAND, tenant, command_id)), None)

    def find_tenant(self, slug: str) -> UUID | None:
        """Return the tenant of a slug, `None` if there is none."""
        found = self.run(lambda connection: connection.execute(_FIND_TENANT, [slug]).fetchone())
        return None if found is None else found[0]

    def run(self, read: Callable[[psycopg.Connection], Row]) -> Row:
        """Return what `read` returns; run it again when its connection was lost.

        Raises:
            LogUnavailable: no connection within the time of patience.
            StatementTimeout: a statement takes longer than it may.
            ReadOnlyDatabase: it writes, and the database is a replica.
            LogClosed: this reader was closed.
        """
        patient_until_s = monotonic() + self._settings.patience_s
        back_off_s = _FIRST_BACK_OFF_S
        while True:
            try:
                with self._connection() as connection, _losing_replica(connection):
                    return read(connection)
            except psycopg.errors.ReadOnlySqlTransaction as error:
                raise ReadOnlyDatabase(str(error)) from error
            except psycopg.errors.QueryCanceled as error:
                # Once more would take as long.
                raise StatementTimeout(str(error)) from error
            except psycopg.OperationalError as error:
                if monotonic() >= patient_until_s:
                    raise LogUnavailable(f"the database does not answer: {error}") from error
            self._closed.wait(back_off_s)
            back_off_s = min(2 * back_off_s, _LONGEST_BACK_OFF_S)

    @property
    def pool(self) -> Pool:
        """How its connections are used."""
        return Pool(len(self._busy), len(self._free), self._settings.read_connections)

    def close(self) -> None:
        """Close the connections; those in use close when they are given back."""
        self._closed.set()
        while self._free:
            self._free.pop().close()

    def _rows(self, kind: type[Row], statement: LiteralString, *arguments: Any) -> list[Row]:
        def read(connection: psycopg.Connection) -> list[Row]:
            cursor = connection.cursor(binary=True, row_factory=kwargs_row(kind))
            return cursor.execute(statement, arguments, prepare=True).fetchall()

        return self.run(read)

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        if self._closed.is_set():
            raise LogClosed("the log is closed")
        if not self._places.acquire(timeout=self._settings.patience_s):
            raise LogUnavailable("all reading connections are busy")
        try:
            connection = self._free.pop() if self._free else connect_reader(self._settings)
            self._busy.add(connection)
            try:
                yield connection
            finally:
                self._busy.discard(connection)
                self._give_back(connection)
        finally:
            self._places.release()

    def _give_back(self, connection: psycopg.Connection) -> None:
        if connection.closed or self._closed.is_set():
            connection.close()
        else:
            self._free.append(connection)


@contextmanager
def _losing_replica(connection: psycopg.Connection) -> Iterator[None]:
    """Close a connection that leads to a replica: the next one finds who took over."""
    try:
        yield
    except psycopg.errors.ReadOnlySqlTransaction:
        connection.close()
        raise
