"""`opps relay nats`: killed again and again, it leaves each event once and in order."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import nats
import pytest
from nats.js.api import StreamInfo

from opps.domain.events import AccountRegistered
from opps.embedded import EmbeddedPostgres
from opps.eventstore import Log
from tests.cli.conftest import Run
from tests.cli.processes import Process, running
from tests.eventstore.support import settings
from tests.integrations.relay.conftest import broker, nats_program
from tests.integrations.relay.servers import NatsServer, held, ids
from tests.projections.support import Teller
from tests.support import eventually

__all__ = ["broker", "nats_program"]

EVENTS = 4_000


@pytest.fixture
def log(installation: Path) -> Iterator[Log]:
    """Yield the log of the installation."""
    with Log(settings(EmbeddedPostgres(installation / "postgres").conninfo())) as opened:
        yield opened


def told(log: Log, slug: str, events: int) -> Teller:
    """Return what told the log of a tenant of so many accounts."""
    tenant = log.find_tenant(slug)
    assert tenant is not None
    teller = Teller(log, tenant)
    tell(teller, events)
    return teller


def tell(teller: Teller, events: int) -> None:
    """Tell of so many accounts, in commands of many events."""
    while events > 0:
        some = min(events, 500)
        teller.tell(uuid4(), *(AccountRegistered(name=f"Account {n}") for n in range(some)))
        events -= some


def recorded(log: Log, tenant: UUID) -> list[tuple[int, str]]:
    return [(one.position, str(one.event_id)) for one in log.read(tenant, 0, 100_000)]


async def _stream(url: str, stream: str, *, forgetful: bool = False) -> StreamInfo | None:
    client = await nats.connect(url)
    try:
        found = await client.jetstream().stream_info(stream)
        if forgetful:
            found.config.duplicate_window = 0.1
            await client.jetstream().update_stream(found.config)
        return found
    except nats.js.errors.NotFoundError:
        return None
    finally:
        await client.close()


async def _held(url: str, stream: str) -> list[tuple[int, str]]:
    client = await nats.connect(url)
    try:
        return ids(await held(client, stream))
    finally:
        await client.close()


def reached(url: str, stream: str) -> int:
    """Return up to which position a stream holds the log."""
    found = asyncio.run(_stream(url, stream))
    return 0 if found is None else found.state.last_seq


def test_what_is_killed_again_and_again_leaves_each_event_once_and_in_order(
    run: Run, installation: Path, log: Log, broker: NatsServer
) -> None:
    assert run("tenant", "create", "relayed").code == 0
    teller = told(log, "relayed", EVENTS)
    command = ("relay", "nats", "--url", broker.url, "--tenant", "relayed")

    def run_until(enough: int) -> Process:
        with running(*command, data_directory=installation) as process:
            eventually(lambda: reached(broker.url, "opps-relayed") >= enough)
            process.child.send_signal(signal.SIGTERM if enough == EVENTS else signal.SIGKILL)
            process.ended()
        # What the broker remembers of ids is forgotten before the next one begins.
        asyncio.run(_stream(broker.url, "opps-relayed", forgetful=True))
        return process

    run_until(1)
    cut = reached(broker.url, "opps-relayed")
    run_until(EVENTS // 2)
    stopped = run_until(EVENTS)
    tell(teller, 200)
    answer = run(*command, "--once", "--json").answer

    assert 0 < cut < EVENTS
    assert stopped.child.returncode == 0, stopped.said
    assert "holds the log up to position" in stopped.said
    assert answer == {
        "stream": "opps-relayed",
        "position": EVENTS + 200,
        "relayed": 200,
        "behind": 0,
    }
    found = asyncio.run(_held(broker.url, "opps-relayed"))
    assert found == recorded(log, teller.tenant)


def test_what_cannot_be_relayed_says_why(run: Run, broker: NatsServer) -> None:
    broker.kill()

    away = run("relay", "nats", "--url", broker.url, "--once")
    unnamed = run("relay", "nats")
    broker.start()
    nameless = run("relay", "nats", "--url", broker.url, "--stream", "a.b", "--once")

    assert (away.code, unnamed.code, nameless.code) == (2, 2, 2)
    assert "Nothing was relayed: no NATS server answers at 127.0.0.1" in away.err
    assert "--url" in unnamed.err
    assert "'a.b' is no name of a stream" in nameless.err
