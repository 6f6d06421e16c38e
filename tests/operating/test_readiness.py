"""Ready means: the database answers, in a form we know, and its rows are not far behind."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.embedded import EmbeddedPostgres
from opps.eventstore import Log, migrations, register_tenant
from opps.operating.looking import Seen
from opps.operating.readiness import Readiness, Revisions, State
from opps.projections.projector import catch_up
from opps.projections.registry import PROJECTIONS
from tests.eventstore.support import append, settings
from tests.operating.conftest import an_hour_passes

NAMES = [one.name for one in PROJECTIONS]
KNOWN = Revisions(migrations.revisions())


def asked(database: str, most_lag_s: int = 300, known: Revisions = KNOWN) -> State:
    return Readiness(database, NAMES, known, most_lag_s).state()


def behind(seen: Seen) -> int:
    """Return how many events are not shown, where they are the most."""
    return max(one.events for one in seen.lags)


def failing(state: State) -> dict[str, str]:
    return {name: check.reason for name, check in state.checks.items() if not check.good}


@pytest.fixture
def tenant(database: str) -> UUID:
    return register_tenant(database, uuid4(), "acme")


@pytest.fixture
def log(database: str) -> Iterator[Log]:
    with Log(settings(database)) as log:
        yield log


def test_a_migrated_database_without_events_is_ready(database: str) -> None:
    state = asked(database)

    assert (state.ready, failing(state)) == (True, {})
    assert state.seen is not None
    assert state.seen.events == 0


def test_a_database_that_is_away_is_told_with_its_reason() -> None:
    state = asked("host=127.0.0.1 port=1 dbname=opps")

    assert not state.ready
    assert list(failing(state)) == ["database"]
    assert "does not answer" in failing(state)["database"]


def test_a_database_that_was_never_migrated_is_not_ready(postgres_url: str) -> None:
    state = asked(postgres_url)

    assert failing(state) == {
        "migrations": f"revision none, this opps needs {migrations.head()}: run `opps migrate`"
    }


def test_an_older_database_is_not_ready(postgres_url: str) -> None:
    older = migrations.revisions()[-2]
    migrations.migrate(postgres_url, to=older)

    assert "migrations" in failing(asked(postgres_url))


def test_a_newer_database_is_worked_on_while_servers_are_replaced_one_by_one(
    database: str,
) -> None:
    older = Revisions(migrations.revisions()[:-1])

    state = asked(database, known=older)

    assert state.ready
    assert "newer" in state.checks["migrations"].reason


def test_rows_that_follow_are_no_lag(database: str, tenant: UUID, log: Log) -> None:
    log.append_now(append(tenant, events=3))
    catch_up(log, settings(database))
    state = asked(database)

    assert state.ready
    assert state.seen is not None
    assert (state.seen.events, behind(state.seen), state.seen.lag_s) == (3, 0, 0.0)


def test_rows_far_behind_are_told_with_how_far(database: str, tenant: UUID, log: Log) -> None:
    log.append_now(append(tenant, events=2))
    catch_up(log, settings(database))
    log.append_now(append(tenant, events=5))
    an_hour_passes(database)
    state = asked(database, most_lag_s=60)

    assert list(failing(state)) == ["lag"]
    assert "s behind (5 events)" in failing(state)["lag"]
    assert "is a projector running?" in failing(state)["lag"]
    assert state.seen is not None
    assert behind(state.seen) == 5
    assert 3600 <= state.seen.lag_s < 3690


def test_a_lag_may_be_left_out(database: str, tenant: UUID, log: Log) -> None:
    log.append_now(append(tenant, events=5))
    an_hour_passes(database)

    assert asked(database, most_lag_s=0).ready


def test_a_projection_that_a_newer_version_has_still_to_begin_does_not_keep_it_from_starting(
    database: str, tenant: UUID, log: Log
) -> None:
    log.append_now(append(tenant))
    catch_up(log, settings(database))
    an_hour_passes(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DELETE FROM opps_views.positions WHERE projection = 'board'")

    assert asked(database, most_lag_s=60).ready


def test_who_is_stopping_is_not_ready_at_once(database: str) -> None:
    stopping = False
    readiness = Readiness(database, NAMES, KNOWN, 300, lambda: stopping)
    before = readiness.state()
    stopping = True

    assert before.ready
    assert failing(readiness.state()) == {"draining": "is stopping"}


def test_a_process_that_does_not_answer_yet_is_not_ready(database: str) -> None:
    started = False
    readiness = Readiness(database, NAMES, KNOWN, 300, answering=lambda: started)
    before = readiness.state()
    started = True

    assert failing(before) == {"answering": "not yet"}
    assert readiness.state().ready


def test_however_many_ask_the_database_is_looked_at_once(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as server:
        migrations.migrate(server.conninfo())
        readiness = Readiness(server.conninfo(), NAMES, KNOWN, 300)
        seen = {id(readiness.state().seen) for _ in range(50)}

    assert len(seen) == 1
