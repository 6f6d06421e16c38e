"""A log of a fresh database, with one tenant."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from opps.eventstore import Log, register_tenant
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
