"""A real PostgreSQL for the tests: one server a worker, one migrated template, a copy a test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from opps.embedded import EmbeddedPostgres
from opps.eventstore.migrations import migrate

# Its assertions explain themselves like those of a test; before anybody imports it.
pytest.register_assert_rewrite("tests.domain.given")

# How long an example takes by the clock on the wall says how busy the machine is, and nothing else:
# how fast opps is, benchmarks tell in processor time.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])


class PostgresServer(Protocol):
    """A running server, ours or an installed one."""

    def conninfo(self, dbname: str) -> str: ...


class InstalledPostgres:
    """The server named by OPPS_TEST_DATABASE_URL; its role must be allowed to make databases."""

    def __init__(self, url: str) -> None:
        self._url = url

    def conninfo(self, dbname: str) -> str:
        return make_conninfo(self._url, dbname=dbname)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """Yield the server that the tests of this worker share."""
    if url := os.environ.get("OPPS_TEST_DATABASE_URL"):
        yield InstalledPostgres(url)
        return
    with EmbeddedPostgres(tmp_path_factory.mktemp("server") / "postgres", durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> Iterator[str]:
    """Yield the name of a migrated database without events, to copy from."""
    with made_database(postgres) as name:
        migrate(postgres.conninfo(name))
        yield name


@pytest.fixture
def database(postgres: PostgresServer, template: str) -> Iterator[str]:
    """Yield the connection string of a fresh, migrated database of the test's own."""
    with made_database(postgres, template) as name:
        yield postgres.conninfo(name)


@contextmanager
def made_database(postgres: PostgresServer, template: str = "template0") -> Iterator[str]:
    """Yield the name of a database that is dropped afterwards, whoever is still connected."""
    name = f"opps_test_{uuid4().hex}"
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield name
        finally:
            command = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(command.format(sql.Identifier(name)))
