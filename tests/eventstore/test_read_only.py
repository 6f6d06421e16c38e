"""A database that takes nothing for a while, and a pooler that keeps nothing for anybody."""

from uuid import UUID

import psycopg
import pytest
from msgspec import structs
from psycopg.conninfo import make_conninfo

from opps.eventstore import Log, LogSettings, ReadOnlyDatabase
from tests.eventstore.support import append, settings
from tests.support import eventually

IMPATIENT_S = 0.2


def read_only(database: str, setting: str) -> None:
    """Let new connections write, or not."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        name = connection.info.dbname
        value = f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}'
        connection.execute(value.encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )


def test_what_only_reads_refuses_appends_and_takes_them_once_it_writes_again(
    database: str, tenant: UUID
) -> None:
    with Log(structs.replace(settings(database), patience_s=IMPATIENT_S)) as log:
        log.append_now(append(tenant))
        read_only(database, "on")

        with pytest.raises(ReadOnlyDatabase):
            log.append_now(append(tenant))
        assert len(log.read(tenant, 0, 10)) == 1

        read_only(database, "off")
        eventually(lambda: appended(log, tenant))


def appended(log: Log, tenant: UUID) -> bool:
    try:
        return log.append_now(append(tenant)).count == 1
    except ReadOnlyDatabase:
        return False


def test_a_write_beside_the_log_is_refused_in_the_same_way(database: str, tenant: UUID) -> None:
    with Log(settings(database)) as log:

        def write(connection: psycopg.Connection) -> None:
            connection.execute("SET transaction_read_only = on; CREATE TABLE anything ()")

        with pytest.raises(ReadOnlyDatabase):
            log.run(write)


def test_through_a_pooler_nothing_is_prepared(database: str, tenant: UUID) -> None:
    pooled = LogSettings(
        url=make_conninfo(database, application_name="through a pooler"),
        direct_url=database,
        durable=False,
    )

    def prepared(connection: psycopg.Connection) -> object:
        return connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()

    with Log(pooled) as log:
        log.append_now(append(tenant))
        for _ in range(10):
            [event] = log.read(tenant, 0, 10)

        assert log.run(prepared) == (0,)
        assert str(event.recorded_at.tzinfo) == "UTC"
