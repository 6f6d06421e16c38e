"""An empty database beside the migrated one, and one whose clock goes wrong."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.conftest import PostgresServer, made_database


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """Yield the connection string of a database in which opps never was."""
    with made_database(postgres) as name:
        yield postgres.conninfo(name)


def an_hour_passes(database: str) -> None:
    """Let the clock of a database be an hour ahead, for whoever connects from now on."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA later")
        connection.execute("GRANT USAGE ON SCHEMA later TO public")
        connection.execute(
            "CREATE FUNCTION later.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
            " RETURN pg_catalog.clock_timestamp() + interval '1 hour'"
        )
        name = sql.Identifier(connection.info.dbname)
        path = "later, pg_catalog, public"
        connection.execute(sql.SQL("ALTER DATABASE {} SET search_path = " + path).format(name))
