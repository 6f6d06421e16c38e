"""Group commit under contention, overload and refusals by the database."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from psycopg import sql

from opps.eventstore import (
    Appended,
    CommandIdReused,
    Log,
    LogClosed,
    LogSettings,
    LogUnavailable,
    MalformedAppend,
    Overloaded,
    UnknownTenant,
    UnsafeDatabase,
    VersionConflict,
    committer,
    register_tenant,
)
from opps.eventstore.database import connect_writer
from tests.eventstore.support import append, execute, rows, settings
from tests.support import eventually

WRITERS = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'opps writer'"
)


@contextmanager
def held_head(database: str, tenant: UUID) -> Iterator[None]:
    """Keep the head of a tenant locked, so that nobody can append for it."""
    with psycopg.connect(database) as holder:
        holder.execute("SELECT 1 FROM opps.tenant_head WHERE tenant = %s FOR UPDATE", [tenant])
        yield


def await_blocked_writer(database: str) -> None:
    """Return when an append waits for a lock."""
    eventually(lambda: rows(database, f"{WRITERS} AND wait_event_type = 'Lock'"))


def test_many_writers_leave_no_gap_and_no_equal_instants(log: Log, tenant: UUID) -> None:
    def write(_writer: int) -> list[Appended]:
        return [log.append_now(append(tenant, events=2)) for _ in range(25)]

    with ThreadPoolExecutor(16) as pool:
        appended = [one for many in pool.map(write, range(16)) for one in many]

    appended.sort(key=lambda one: one.first_position or 0)
    assert [one.first_position for one in appended] == list(range(1, 801, 2))
    assert all(a.recorded_at < b.recorded_at for a, b in pairwise(appended))
    assert [event.position for event in log.read(tenant, 0, 1_000)] == list(range(1, 801))


def test_two_processes_writing_leave_no_gap(database: str, log: Log, tenant: UUID) -> None:
    """Two logs stand for two processes: they share nothing but the database."""
    with Log(settings(database)) as second:
        futures = [one.submit(append(tenant)) for _ in range(200) for one in (log, second)]
        appended = [future.result() for future in futures]

    appended.sort(key=lambda one: one.first_position or 0)
    assert [one.first_position for one in appended] == list(range(1, 401))
    assert all(a.recorded_at < b.recorded_at for a, b in pairwise(appended))


def test_of_rivals_for_a_version_exactly_one_wins(log: Log, tenant: UUID) -> None:
    stream = uuid4()

    futures = [log.submit(append(tenant, stream)) for _ in range(50)]
    refusals = [future.exception() for future in futures]

    assert refusals.count(None) == 1
    assert sum(isinstance(refusal, VersionConflict) for refusal in refusals) == 49


async def test_a_thousand_tasks_append_at_once(log: Log, tenant: UUID) -> None:
    appended = await asyncio.gather(*[log.append(append(tenant)) for _ in range(1_000)])

    assert sorted(one.first_position or 0 for one in appended) == list(range(1, 1_001))


async def test_a_refusal_reaches_its_task_and_no_other(log: Log, tenant: UUID) -> None:
    stream = uuid4()
    await log.append(append(tenant, stream))

    outcomes = await asyncio.gather(
        log.append(append(tenant)),
        log.append(append(tenant, stream, expected=7)),
        log.append(append(tenant)),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [Appended, VersionConflict, Appended]


def test_every_append_of_a_batch_gets_its_own_verdict(
    database: str, log: Log, tenant: UUID
) -> None:
    """While the head is held, everything gathers into one batch of all kinds."""
    stream, repeated, reused = uuid4(), uuid4(), uuid4()
    first = log.append_now(append(tenant, stream, command_id=repeated, events=2))
    log.append_now(append(tenant, command_id=reused, digest=b"one"))
    nobody = uuid4()
    with held_head(database, tenant):
        blocker = log.submit(append(tenant))
        await_blocked_writer(database)
        batch = [
            append(nobody),
            append(tenant, checked={stream: 0}),
            append(tenant, events=0),
            append(tenant, events=2),
            append(tenant, command_id=repeated),
            append(tenant, command_id=reused, digest=b"other"),
            append(tenant, stream, expected=1, events=3),
        ]
        futures = [log.submit(one) for one in batch]

    assert blocker.result().first_position == 4
    refused = [type(future.exception()) for future in futures]
    nothing = type(None)
    assert refused == [
        UnknownTenant,
        VersionConflict,
        nothing,
        nothing,
        nothing,
        CommandIdReused,
        nothing,
    ]
    stored = [future.result() for future in futures if future.exception() is None]
    assert [(one.first_position, one.count) for one in stored] == [
        (None, 0),
        (5, 2),
        (1, 2),
        (7, 3),
    ]
    assert stored[2].recorded_at == first.recorded_at
    conflict = futures[1].exception()
    assert isinstance(conflict, VersionConflict)
    assert (conflict.stream, conflict.expected, conflict.current) == (stream, 0, 1)
    assert [event.event_id for event in log.read(tenant, 4, 9)] == [
        event.event_id for one in (batch[3], batch[6]) for event in one.events
    ]


def test_the_first_stream_in_conflict_is_the_one_named(log: Log, tenant: UUID) -> None:
    one, other = uuid4(), uuid4()
    wanted = append(tenant, one, expected=3, checked={other: 5})

    with pytest.raises(VersionConflict) as refused:
        log.append_now(wanted)

    assert (refused.value.stream, refused.value.expected, refused.value.current) == (one, 3, -1)


async def test_a_cancelled_task_hurts_nobody(database: str, log: Log, tenant: UUID) -> None:
    with held_head(database, tenant):
        cancelled = asyncio.create_task(log.append(append(tenant)))
        other = asyncio.create_task(log.append(append(tenant)))
        await asyncio.to_thread(await_blocked_writer, database)
        cancelled.cancel()

    assert (await other).count == 1
    assert cancelled.cancelled()


def test_the_queue_takes_appends_up_to_its_limit_and_refuses_the_next(
    database: str, tenant: UUID
) -> None:
    limited = msgspec.structs.replace(settings(database), waiting_limit=3, lock_timeout_s=30.0)
    with Log(limited) as log:
        with held_head(database, tenant):
            under_way = log.submit(append(tenant))
            await_blocked_writer(database)
            queued = [log.submit(append(tenant)) for _ in range(3)]

            with pytest.raises(Overloaded) as refused:
                log.submit(append(tenant))

        assert (refused.value.waiting, refused.value.limit) == (3, 3)
        assert [one.result().first_position for one in (under_way, *queued)] == [1, 2, 3, 4]
        assert log.append_now(append(tenant)).first_position == 5


def test_a_stuck_head_stops_its_own_tenant_only(database: str, log: Log, tenant: UUID) -> None:
    other = register_tenant(database, uuid4(), "other")
    with held_head(database, tenant):
        stuck = log.submit(append(tenant))
        await_blocked_writer(database)
        both = [log.submit(append(tenant)), log.submit(append(other))]

        assert isinstance(stuck.exception(), LogUnavailable)
        assert isinstance(both[0].exception(), LogUnavailable)
        assert both[1].result().first_position == 1

    assert log.append_now(append(tenant)).first_position == 1


def test_an_append_that_the_database_refuses_spoils_no_other(
    database: str, log: Log, tenant: UUID
) -> None:
    execute(database, "ALTER TABLE opps.events ADD CONSTRAINT pure CHECK (tag <> 'poison')")
    with held_head(database, tenant):
        first = log.submit(append(tenant))
        await_blocked_writer(database)
        batch = [log.submit(append(tenant, tag=tag)) for tag in ("good", "poison", "good")]

    assert first.result().first_position == 1
    assert isinstance(batch[1].exception(), MalformedAppend)
    assert [batch[0].result().first_position, batch[2].result().first_position] == [2, 3]


def test_a_closed_log_has_stored_what_was_queued_and_takes_no_more(
    database: str, tenant: UUID
) -> None:
    log = Log(settings(database))
    futures = [log.submit(append(tenant)) for _ in range(300)]

    log.close()

    assert {future.result().count for future in futures} == {1}
    with pytest.raises(LogClosed):
        log.append_now(append(tenant))
    with pytest.raises(LogClosed):
        log.read(tenant, 0, 1)


def test_an_interrupted_commit_leaves_nobody_waiting(
    log: Log, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller that commits for others is stopped from the keyboard."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with log._committer._turn:
        other = log.submit(append(tenant))
        with monkeypatch.context() as patched:
            patched.setattr(committer, "append_all", interrupted)
            with pytest.raises(KeyboardInterrupt):
                log._committer._commit()

    assert isinstance(other.exception(10), LogUnavailable)
    assert log.append_now(append(tenant)).first_position == 1


def test_an_unforeseen_fault_does_not_end_the_writer(
    log: Log, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(committer, "append_all", broken)
        with pytest.raises(ZeroDivisionError):
            log.submit(append(tenant)).result()

    assert log.submit(append(tenant)).result().first_position == 1


def test_a_server_that_became_read_only_is_left_for_the_one_that_writes(
    database: str, log: Log, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = list[LogSettings]()

    def counted(settings: LogSettings) -> psycopg.Connection:
        tries.append(settings)
        return connect_writer(settings)

    monkeypatch.setattr(committer, "connect_writer", counted)
    with psycopg.connect(database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        setting = "ALTER DATABASE {} SET default_transaction_read_only = {}"
        connection.execute(sql.SQL(setting).format(name, sql.SQL("on")))
        connection.execute(f"SELECT pg_terminate_backend(pid) FROM ({WRITERS}) writer")
        future = log.submit(append(tenant))
        eventually(lambda: len(tries) >= 3)
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(sql.SQL(setting).format(name, sql.SQL("off")))

    assert future.result().first_position == 1


def test_a_superuser_is_refused_where_plain_logins_are_asked_for(database: str) -> None:
    with pytest.raises(UnsafeDatabase, match="member of opps_writer"):
        Log(LogSettings(url=database, durable=False, plain_roles=True))


def test_another_isolation_level_is_refused(database: str, tenant: UUID) -> None:
    arguments = ", ".join(["'{}'"] * 16)
    with psycopg.connect(database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ

        with pytest.raises(psycopg.errors.RaiseException, match="READ COMMITTED"):
            connection.execute(f"SELECT opps.append_batch({arguments})")
