"""A log of a fresh database with one tenant, and somebody who tells it what happened."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.eventstore import Log, register_tenant
from opps.projections.projector import catch_up
from tests.projections.support import Teller, rows, settings

Show = Callable[[str], list[dict[str, Any]]]


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
def teller(log: Log, tenant: UUID) -> Teller:
    """Return somebody who tells the tenant's log what happened."""
    return Teller(log, tenant)


@pytest.fixture
def show(database: str, log: Log, tenant: UUID) -> Show:
    """Return what projects everything told so far and shows a table, oldest rows first."""

    def show(table: str) -> list[dict[str, Any]]:
        catch_up(log, settings(database))
        return sorted(rows(database, table, tenant), key=lambda row: row["position"])

    return show
