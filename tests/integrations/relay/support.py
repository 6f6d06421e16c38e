"""A relay to a broker of tests, and a log that grows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import nats

from opps.domain.events import AccountRegistered
from opps.eventstore import Log
from opps.integrations.relay.relaying import Relay, Route
from tests.integrations.relay.servers import NatsServer
from tests.projections.support import Teller

STREAM = "opps-acme"


async def at_once(_: float) -> None:
    """Try again as soon as others had their turn."""
    await asyncio.sleep(0.01)


def relay_to(
    broker: NatsServer,
    log: Log,
    tenant: UUID,
    *,
    stream: str = STREAM,
    after: int | None = None,
    credentials: Path | None = None,
) -> Relay:
    """Return a relay of a log to a stream."""
    route = Route(
        url=broker.url,
        tenant=tenant,
        slug="acme",
        stream=stream,
        after=after,
        credentials=credentials,
    )
    return Relay(
        log, route, progress=lambda done, total: None, say=lambda text: None, pause=at_once
    )


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator["asyncio.Task[None]"]:
    """Yield a relay that runs until the block ends."""
    task = asyncio.create_task(relay.run(once=False))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def tell(teller: Teller, events: int) -> None:
    """Tell of so many accounts."""
    for number in range(events):
        teller.tell(uuid4(), AccountRegistered(name=f"Account {number}"))


def recorded(teller: Teller) -> list[tuple[int, str]]:
    """Return the position and the id of everything that was recorded."""
    return [(one.position, str(one.event_id)) for one in teller.log.read(teller.tenant, 0, 100_000)]


async def seen(broker: NatsServer, teller: Teller) -> None:
    """Tell the log of something more, and return when the broker has it."""
    client = await nats.connect(broker.url)
    news = await client.subscribe("opps.acme.>")
    await client.flush()
    await asyncio.to_thread(tell, teller, 1)
    event_id = recorded(teller)[-1][1]
    while ((await news.next_msg(timeout=30)).headers or {}).get("Nats-Msg-Id") != event_id:
        pass
    await client.close()
