"""A server of its own database for each test, with a projector beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from opps.api.app import create_app
from opps.api.identity import development
from opps.application import Application
from opps.eventstore import Log, register_tenant
from opps.projections.projector import Projector
from opps.projections.views import Views
from opps.recording.keyring import MemoryKeyring
from tests.api.support import Api, served
from tests.eventstore.support import settings

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


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
def application(log: Log) -> Application:
    """Return the commands on the test's log."""
    keyring = MemoryKeyring()
    return Application(log, lambda _: keyring)


@pytest.fixture
def api(database: str, tenant: UUID, log: Log, application: Application) -> Iterator[Api]:
    """Yield a client of a running server, with everybody the development user."""
    app = create_app(application, Views(database), development(tenant, "acme"))
    with (
        Projector(log, settings(database), poll_s=0.2),
        served(app) as (address, server),
        httpx.Client(timeout=30.0, trust_env=False) as client,
    ):
        yield Api(address, client, server)
