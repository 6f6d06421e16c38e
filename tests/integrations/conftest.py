"""A log with one tenant, and a second, empty database."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from opps.eventstore import Log, register_tenant
from tests.conftest import PostgresServer, made_database
from tests.eventstore.support import settings


@pytest.fixture
def tenant(database: str) -> UUID:
    """Return a registered tenant."""
    return register_tenant(database, uuid4(), "acme")


@pytest.fixture
def log(database: str) -> Iterator[Log]:
    """Yield the open log of the test's database."""
    with Log(settings(database)) as opened:
        yield opened


@pytest.fixture
def elsewhere(postgres: PostgresServer, template: str) -> Iterator[str]:
    """Yield the connection string of a second database, migrated and empty."""
    with made_database(postgres, template) as name:
        yield postgres.conninfo(name)
