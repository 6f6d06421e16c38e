"""A whole log out of one database and into another, byte for byte."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

import msgspec
import psycopg
from psycopg import IsolationLevel
from psycopg.errors import RestrictViolation
from psycopg.rows import kwargs_row

from opps.eventstore.appends import Append, Appended, LogHead, SealedEvent
from opps.eventstore.arrays import (
    Array,
    BigintArray,
    BytesArray,
    IntegerArray,
    SmallintArray,
    TextArray,
    UuidArray,
    register_arrays,
)
from opps.eventstore.calls import append_all
from opps.eventstore.errors import AppendRefused, UnknownTenant

_FETCHED = 1_000
_BATCH = 1_000
_COMMANDS = (
    "SELECT command_id, digest, first_position, count, recorded_at, result FROM opps.commands"
    " WHERE tenant = %s ORDER BY recorded_at, first_position NULLS LAST, command_id"
)
_EVENTS = (
    "SELECT position, stream, version, event_id, command_id, recorded_at, tag, schema, payload,"
    " metadata, header, leaf FROM opps.events WHERE tenant = %s ORDER BY position"
)
_RESTORE = (
    "SELECT opps.restore_log(%s, %s::bigint[], %s::uuid[], %s::bigint[], %s::uuid[], %s::uuid[],"
    " %s::timestamptz[], %s::text[], %s::smallint[], %s::bytea[], %s::bytea[], %s::bytea[],"
    " %s::bytea[], %s::uuid[], %s::bytea[], %s::bigint[], %s::int[], %s::timestamptz[],"
    " %s::bytea[])"
)


class StoredCommand(msgspec.Struct, frozen=True, kw_only=True):
    """What the log remembers of one command; it has no position where it has no event."""

    command_id: UUID
    digest: bytes | None
    first_position: int | None
    count: int
    recorded_at: datetime
    result: bytes


class Step(msgspec.Struct, frozen=True):
    """One command with the events it stored: the unit in which a log is copied."""

    command: StoredCommand
    events: tuple[SealedEvent, ...]


class TenantNotEmpty(AppendRefused):
    """A log is only restored into a tenant that has none."""

    def __init__(self, tenant: UUID) -> None:
        super().__init__(f"tenant {tenant} has a log already: nothing was restored")
        self.tenant = tenant


class SlugTaken(AppendRefused):
    """The slug belongs to another tenant of this database."""

    def __init__(self, slug: str, tenant: UUID) -> None:
        super().__init__(f"the slug {slug!r} belongs to tenant {tenant} in this database")
        self.slug = slug
        self.tenant = tenant


class Snapshot:
    """A tenant's log at one instant, whatever is appended meanwhile."""

    def __init__(self, connection: psycopg.Connection, tenant: UUID) -> None:
        self._connection = connection
        self._tenant = tenant
        found = connection.execute(
            "SELECT slug, size, recorded_at FROM opps.list_tenants() WHERE tenant = %s", [tenant]
        ).fetchone()
        if found is None:
            raise UnknownTenant(tenant)
        self.slug: str = found[0]
        self.head = LogHead(*found[1:])

    def steps(self) -> Iterator[Step]:
        """Yield every command in order, with its events."""
        commands = self._connection.cursor("commands", row_factory=kwargs_row(StoredCommand))
        events = self._connection.cursor("events", row_factory=kwargs_row(SealedEvent))
        commands.itersize = events.itersize = _FETCHED
        with commands, events:
            commands.execute(_COMMANDS, [self._tenant], binary=True)
            following = iter(events.execute(_EVENTS, [self._tenant], binary=True))
            for command in commands:
                yield Step(command, tuple(islice(following, command.count)))


def restore_stream(tenant: UUID) -> UUID:
    """Return the stream that tells of restores."""
    return uuid5(tenant, "restores")


@contextmanager
def snapshot(url: str, tenant: UUID) -> Iterator[Snapshot]:
    """Yield a tenant's log as it is now.

    Raises:
        UnknownTenant: there is no such tenant.
        psycopg.OperationalError: the database is away.
    """
    with one_instant(url, tenant, "opps backup") as connection:
        yield Snapshot(connection, tenant)


@contextmanager
def one_instant(url: str, tenant: UUID, application_name: str) -> Iterator[psycopg.Connection]:
    """Yield a connection that reads what a tenant has at one instant, and nothing else.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    with psycopg.connect(url, application_name=application_name) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SET LOCAL ROLE opps_reader")
        connection.execute("SET LOCAL TimeZone TO 'UTC'")
        connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
        yield connection


def restore(
    direct_url: str, tenant: UUID, slug: str, steps: Iterable[Step], after: Append
) -> Appended:
    """Store a whole log as it was, and one append of now behind it; all or nothing.

    The tenant is registered under the slug where it is new. `direct_url` must not go through a
    pooler.

    Raises:
        TenantNotEmpty: the tenant has a log.
        SlugTaken: the slug stands for another tenant.
        psycopg.Error: the steps are no log, or the database is away.
    """
    with psycopg.connect(direct_url, application_name="opps restore") as connection:
        connection.isolation_level = IsolationLevel.READ_COMMITTED
        register_arrays(connection)
        _register(connection, tenant, slug)
        connection.execute("SET LOCAL ROLE opps_owner")
        for batch in _batches(steps):
            try:
                connection.execute(_RESTORE, _arguments(tenant, batch), binary=True)
            except RestrictViolation as refused:
                if "is not empty" in str(refused):
                    raise TenantNotEmpty(tenant) from None
                raise
        connection.execute("SET LOCAL ROLE opps_writer")
        (outcome,) = append_all(connection, [after])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def _register(connection: psycopg.Connection, tenant: UUID, slug: str) -> None:
    connection.execute("SET LOCAL ROLE opps_writer")
    known = "SELECT FROM opps.list_tenants() WHERE tenant = %s"
    if connection.execute(known, [tenant]).fetchone() is not None:
        return
    row = connection.execute("SELECT opps.register_tenant(%s, %s)", [tenant, slug]).fetchone()
    assert row is not None
    if row[0] != tenant:
        raise SlugTaken(slug, row[0])


def _batches(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Yield lists of about a thousand events; the first one even if it is empty."""
    batch: list[Step] = []
    size = 0
    for step in steps:
        batch.append(step)
        size += len(step.events) or 1
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _arguments(tenant: UUID, batch: list[Step]) -> list[object]:
    events = [event for step in batch for event in step.events]
    commands = [step.command for step in batch]
    # The parameters of the function are in the order of the fields.
    return [
        tenant,
        *(_column(events, name) for name in SealedEvent.__struct_fields__),
        *(_column(commands, name) for name in StoredCommand.__struct_fields__),
    ]


# What is not here goes as a list of values: times, and numbers that may be absent.
_ARRAYS: dict[str, Callable[[Any], Array]] = {
    "position": BigintArray,
    "version": BigintArray,
    "count": IntegerArray,
    "schema": SmallintArray,
    "tag": TextArray,
    **dict.fromkeys(("stream", "event_id", "command_id"), UuidArray),
    **dict.fromkeys(("payload", "metadata", "header", "leaf", "digest", "result"), BytesArray),
}


def _column(rows: Sequence[object], name: str) -> object:
    values = [getattr(row, name) for row in rows]
    return _ARRAYS[name](values) if name in _ARRAYS else values
