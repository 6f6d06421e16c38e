"""What the database refuses by itself, whoever asks: each guard is seen to bite."""

from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, RestrictViolation

from opps.eventstore import Log, register_tenant
from tests.eventstore.support import append, execute, rows

READERS = ["opps_reader", "opps_writer", "opps_projector"]
TABLES = ["events", "commands", "tenants", "tenant_head"]


@pytest.fixture(autouse=True)
def _two_events(log: Log, tenant: UUID) -> None:
    log.append_now(append(tenant, events=2))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["", "opps_owner"])
@pytest.mark.parametrize("change", ["DELETE FROM", "TRUNCATE"])
def test_nothing_is_removed_even_by_the_owner(
    database: str, table: str, role: str, change: str
) -> None:
    cascade = " CASCADE" if change == "TRUNCATE" else ""

    with pytest.raises(RestrictViolation, match="append-only"):
        execute(database, f"{change} opps.{table}{cascade}", role=role)


@pytest.mark.parametrize(
    "change",
    ["events SET payload = ''", "commands SET result = ''", "tenants SET slug = 'other'"],
)
@pytest.mark.parametrize("role", ["", "opps_owner"])
def test_nothing_is_changed_even_by_the_owner(database: str, change: str, role: str) -> None:
    with pytest.raises(RestrictViolation, match="append-only"):
        execute(database, f"UPDATE opps.{change}", role=role)


def test_the_refusal_also_holds_while_replicating(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")

        with pytest.raises(RestrictViolation):
            connection.execute("DELETE FROM opps.events")


@pytest.mark.parametrize(
    "change",
    [
        "size = size - 1, recorded_at = clock_timestamp()",
        "size = size, recorded_at = clock_timestamp()",
        "size = size + 1, recorded_at = recorded_at",
        "size = size + 1, recorded_at = recorded_at - interval '1 s'",
    ],
)
def test_a_head_never_stands_still_or_goes_back(database: str, change: str) -> None:
    with pytest.raises(RestrictViolation, match="forward"):
        execute(database, f"UPDATE opps.tenant_head SET {change}")


def test_a_head_that_goes_forward_is_accepted(database: str) -> None:
    execute(
        database, "UPDATE opps.tenant_head SET size = size + 1, recorded_at = clock_timestamp()"
    )


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("table", ["events", "commands", "tenants"])
def test_a_session_sees_its_own_tenant_only(
    database: str, log: Log, tenant: UUID, role: str, table: str
) -> None:
    other = register_tenant(database, uuid4(), "other")
    log.append_now(append(other))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"SET ROLE {role}")

        def seen() -> set[UUID]:
            return {row[0] for row in connection.execute(f"SELECT tenant FROM opps.{table}")}

        assert seen() == set()
        connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
        assert seen() == {tenant}
        connection.execute("SELECT set_config('app.tenant', %s, false)", [str(other)])
        assert seen() == {other}


def test_a_setting_that_ended_with_its_transaction_shows_nothing(
    database: str, tenant: UUID
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE opps_reader")
        with connection.transaction():
            connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
            assert connection.execute("SELECT count(*) FROM opps.events").fetchone() == (2,)

        assert connection.execute("SELECT count(*) FROM opps.events").fetchone() == (0,)


def test_a_read_leaves_the_tenant_of_the_session_alone(database: str, tenant: UUID) -> None:
    other = register_tenant(database, uuid4(), "other")
    with psycopg.connect(database) as connection:
        connection.execute("SET ROLE opps_projector")
        connection.execute("SELECT set_config('app.tenant', %s, true)", [str(other)])
        found = connection.execute("SELECT * FROM opps.read_log(%s, 0, 9, NULL, 9)", [tenant])
        assert len(found.fetchall()) == 2

        left = connection.execute("SELECT current_setting('app.tenant')").fetchone()

        assert left == (str(other),)


def test_the_owner_sees_nothing_because_row_security_is_forced(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE opps_owner")

        assert connection.execute("SELECT count(*) FROM opps.events").fetchone() == (0,)


@pytest.mark.parametrize("role", [*READERS, "opps_owner"])
def test_only_the_append_function_inserts(database: str, role: str) -> None:
    copy = (
        "INSERT INTO opps.events SELECT tenant, position + 1, stream, version + 9, event_id,"
        " command_id, recorded_at, schema, tag, header, leaf, metadata, payload FROM opps.events"
    )

    with pytest.raises(InsufficientPrivilege):
        execute(database, copy, role=role) if role != "opps_owner" else execute(
            database,
            "INSERT INTO opps.commands VALUES"
            " (gen_random_uuid(), gen_random_uuid(), NULL, NULL, 0, now(), '')",
            role=role,
        )


@pytest.mark.parametrize("role", ["opps_reader", "opps_projector"])
def test_only_the_writer_calls_the_append_function(database: str, role: str) -> None:
    arguments = ", ".join(["'{}'"] * 16)

    with pytest.raises(InsufficientPrivilege):
        execute(database, f"SELECT opps.append_batch({arguments})", role=role)


def test_the_roles_are_plain(database: str) -> None:
    privileged = rows(
        database,
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'opps\\_%'"
        " AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb)"
        " AND rolname IN ('opps_owner', 'opps_append', 'opps_writer', 'opps_projector',"
        " 'opps_reader', 'opps_publisher', 'opps_warehouse')",
    )

    assert privileged == []


def test_only_the_projector_makes_read_models(database: str) -> None:
    execute(database, "CREATE TABLE opps_views.board (tenant uuid)", role="opps_projector")

    with pytest.raises(InsufficientPrivilege):
        execute(database, "CREATE TABLE opps_views.other (tenant uuid)", role="opps_reader")


WRONG_COLUMNS = {
    "tenant": "gen_random_uuid()",
    "position": "position + 1",
    "stream": "gen_random_uuid()",
    "version": "version + 1",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "command_id": "gen_random_uuid()",
    "event_id": "gen_random_uuid()",
    "payload": "payload || '\\x00'",
    "metadata": "metadata || '\\x00'",
    "schema": "schema + 1",
    "tag": "tag || 's'",
    "header": "header || '\\x00'",
    "leaf": "sha256(leaf)",
}
ROW = (
    "tenant, position, stream, version, event_id, command_id, recorded_at, schema, tag, header,"
    " leaf, metadata, payload"
)


@pytest.mark.parametrize("column", WRONG_COLUMNS)
def test_a_header_that_does_not_match_its_row_is_refused(database: str, column: str) -> None:
    """The last row is moved to a table without its keys, and put back with one column wrong."""
    changed = ", ".join(WRONG_COLUMNS[name] if name == column else name for name in ROW.split(", "))
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TEMP TABLE kept AS SELECT * FROM opps.events")
        connection.execute("ALTER TABLE opps.events DISABLE TRIGGER USER")
        connection.execute("DELETE FROM opps.events WHERE position = 2")

        with connection.transaction():
            restored = f"INSERT INTO opps.events SELECT {ROW} FROM kept WHERE position = 2"
            assert connection.execute(restored).rowcount == 1
            connection.execute("DELETE FROM opps.events WHERE position = 2")
        wrong = f"INSERT INTO opps.events ({ROW}) SELECT {changed} FROM kept WHERE position = 2"
        with pytest.raises(CheckViolation, match="events_sound"):
            connection.execute(wrong)
