"""The database goes away and comes back: nothing acknowledged is lost, nothing is stored twice."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from psycopg.conninfo import make_conninfo

from opps.embedded import EmbeddedPostgres
from opps.eventstore import (
    Appended,
    Log,
    LoggedEvent,
    LogSettings,
    LogUnavailable,
    UnsafeDatabase,
    migrations,
    register_tenant,
)
from tests.eventstore.relay import Relay
from tests.eventstore.support import append, execute, rows
from tests.support import eventually


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Yield a durable server of this module's own, to stop and to kill."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("loss") / "postgres") as started:
        migrations.migrate(started.conninfo())
        yield started


@pytest.fixture
def own_tenant(server: EmbeddedPostgres) -> UUID:
    return register_tenant(server.conninfo(), uuid4(), f"t{uuid4().hex}")


def settings(server: EmbeddedPostgres, *, patience_s: float = 30.0) -> LogSettings:
    return LogSettings(url=server.conninfo(), patience_s=patience_s, poll_s=0.1)


def places(log: Log, tenant: UUID) -> dict[UUID, int]:
    """Return command ids and positions of a log of one-event commands; check there is no gap."""
    stored = log.read(tenant, 0, 10_000)
    assert [event.position for event in stored] == list(range(1, len(stored) + 1))
    return {event.command_id: event.position for event in stored}


@pytest.mark.parametrize("signal", ["stop", "kill"])
def test_appends_wait_for_a_server_that_restarts_and_are_stored_once(
    server: EmbeddedPostgres, own_tenant: UUID, signal: str
) -> None:
    acknowledged: dict[UUID, Appended] = {}
    finish = threading.Event()
    with Log(settings(server)) as log:

        def write() -> None:
            while not finish.is_set():
                wanted = append(own_tenant)
                acknowledged[wanted.command_id] = log.append_now(wanted)

        writers = [threading.Thread(target=write) for _ in range(8)]
        for writer in writers:
            writer.start()
        for _ in range(2):
            before = len(acknowledged) + 20
            eventually(lambda before=before: len(acknowledged) >= before)  # type: ignore[misc]  # bound
            getattr(server, signal)()
            server.start()
        before = len(acknowledged) + 20
        eventually(lambda: len(acknowledged) >= before)
        finish.set()
        for writer in writers:
            writer.join()

        stored = places(log, own_tenant)
        assert stored == {command: one.first_position for command, one in acknowledged.items()}


def test_an_append_whose_answer_was_lost_is_found_by_its_command_id(
    server: EmbeddedPostgres, own_tenant: UUID
) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="opps") as directory,
        Relay(server.conninfo(), Path(directory)) as relay,
        Log(LogSettings(url=server.conninfo(), direct_url=relay.conninfo)) as log,
    ):
        log.append_now(append(own_tenant))
        relay.deaf.set()
        unheard = append(own_tenant, result=b"first answer")
        future = log.submit(unheard)
        assert relay.swallowed.wait(10)
        eventually(lambda: log.command(own_tenant, unheard.command_id))
        relay.deaf.clear()
        relay.cut()

        answer = future.result()

        assert (answer.first_position, answer.replayed, answer.result) == (2, True, b"first answer")
        assert len(places(log, own_tenant)) == 2


def test_an_append_that_never_arrived_is_made_again(
    server: EmbeddedPostgres, own_tenant: UUID
) -> None:
    with Log(settings(server)) as log:
        log.append_now(append(own_tenant))
        execute(
            server.conninfo(),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'opps writer'",
        )

        answer = log.append_now(append(own_tenant))

        assert (answer.first_position, answer.replayed) == (2, False)


def test_beyond_patience_appends_and_reads_fail_with_a_typed_fault_and_recover(
    server: EmbeddedPostgres, own_tenant: UUID
) -> None:
    with Log(settings(server, patience_s=0.2)) as log:
        log.append_now(append(own_tenant))
        server.stop()

        wanted = append(own_tenant)
        with pytest.raises(LogUnavailable, match="repeat"):
            log.append_now(wanted)
        with pytest.raises(LogUnavailable):
            log.submit(append(own_tenant)).result()
        with pytest.raises(LogUnavailable):
            log.head(own_tenant)
        server.start()

        def repeated() -> bool:
            try:
                return log.append_now(wanted).first_position == 2
            except LogUnavailable:
                return False

        eventually(repeated)
        assert len(places(log, own_tenant)) == 2


def test_reads_wait_for_a_server_that_restarts(server: EmbeddedPostgres, own_tenant: UUID) -> None:
    with Log(settings(server)) as log:
        log.append_now(append(own_tenant))
        before = log.read(own_tenant, 0, 10)
        server.stop()
        starting = threading.Thread(target=server.start)
        starting.start()

        assert log.read(own_tenant, 0, 10) == before
        starting.join()


def test_a_follower_goes_on_where_it_was(server: EmbeddedPostgres, own_tenant: UUID) -> None:
    seen: list[LoggedEvent] = []
    with Log(settings(server)) as log:
        follower = log.follower(own_tenant, 0, limit=2)

        def follow() -> None:
            for batch in follower:
                seen.extend(batch)

        following = threading.Thread(target=follow)
        following.start()
        for restarts in range(1, 3):
            log.append_now(append(own_tenant, events=3))
            eventually(lambda restarts=restarts: len(seen) == 3 * restarts)  # type: ignore[misc]  # bound
            server.kill()
            server.start()
        log.append_now(append(own_tenant))
        eventually(lambda: len(seen) == 7)
        follower.stop()
        following.join()

    assert [event.position for event in seen] == list(range(1, 8))


def test_a_database_that_is_away_at_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="does not answer"):
        Log(LogSettings(url=make_conninfo(host=str(tmp_path), dbname="opps")))


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_database_that_could_lose_events_is_refused(
    server: EmbeddedPostgres, setting: str
) -> None:
    database = server.conninfo()

    def is_now(value: str) -> bool:
        return rows(database, f"SHOW {setting}") == [(value,)]

    execute(database, f"ALTER SYSTEM SET {setting} = off")
    try:
        execute(database, "SELECT pg_reload_conf()")
        eventually(lambda: is_now("off"))

        with pytest.raises(UnsafeDatabase, match=f"{setting} is off"):
            Log(settings(server))
        Log(msgspec.structs.replace(settings(server), durable=False)).close()
    finally:
        execute(database, f"ALTER SYSTEM RESET {setting}")
        execute(database, "SELECT pg_reload_conf()")
    eventually(lambda: is_now("on"))
    Log(settings(server)).close()
