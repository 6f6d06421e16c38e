"""One database, log and receiver for all tests of webhooks; each test has a tenant of its own."""

from collections.abc import Iterator

import pytest

from opps.eventstore import Log
from tests.conftest import PostgresServer, made_database
from tests.integrations.webhooks.office import Office
from tests.integrations.webhooks.receiver import Receiver, receiving
from tests.projections.support import settings


@pytest.fixture(scope="module")
def shared(postgres: PostgresServer, template: str) -> Iterator[tuple[str, Log]]:
    """Yield a database and its log."""
    with made_database(postgres, template) as name, Log(settings(postgres.conninfo(name))) as log:
        yield postgres.conninfo(name), log


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Yield a receiver that listens."""
    with receiving() as one:
        yield one


@pytest.fixture
def office(shared: tuple[str, Log], receiver: Receiver) -> Office:
    """Return an organisation without endpoints."""
    return Office(*shared, receiver)
