"""A server for each module of tests: its own database, and a projector beside it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from opps.eventstore import register_tenant
from tests.api.support import Api, Installation, installed, served_api
from tests.conftest import PostgresServer, made_database


@pytest.fixture(scope="module")
def installation(postgres: PostgresServer, template: str) -> Iterator[Installation]:
    """Yield an open log and its application, in a fresh database."""
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        tenant = register_tenant(database, uuid4(), "acme")
        with installed(database, tenant) as opened:
            yield opened


@pytest.fixture(scope="module")
def api(installation: Installation) -> Iterator[Api]:
    """Yield a client of a running server, to which everybody is the development user."""
    with served_api(installation) as client:
        yield client
