"""The log in a stream of NATS: each event once, at its position, whatever breaks."""

import asyncio
import json
from uuid import UUID, uuid4

import nats
import pytest
from msgspec import structs
from nats.aio.client import Client

from opps.eventstore import Log
from opps.integrations.relay.jetstream import OutOfStep, RelayRefused, connected
from opps.integrations.relay.messages import MESSAGE_ID, message_of
from tests.integrations.relay.servers import NatsServer, held, ids
from tests.integrations.relay.support import STREAM, recorded, relay_to, running, seen, tell
from tests.projections.support import Teller


async def test_the_stream_holds_the_log_each_event_at_its_position(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    relay = relay_to(broker, log, tenant)
    await relay.run(once=True)

    messages = await held(client, STREAM)
    assert ids(messages) == recorded(teller)
    assert (relay.position, relay.relayed) == (4, 4)
    told = json.loads(messages[0].data or b"")
    assert (told["specversion"], told["type"]) == ("1.0", "opps.AccountRegistered")
    assert told["sequence"] == "0000000000000000001"
    assert messages[0].subject == f"opps.acme.account.{told['subject']}.AccountRegistered"


async def test_another_run_goes_on_where_the_stream_ends(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    await relay_to(broker, log, tenant).run(once=True)
    tell(teller, 3)
    second, third = relay_to(broker, log, tenant), relay_to(broker, log, tenant)
    await second.run(once=True)
    await third.run(once=True)

    assert (second.relayed, third.relayed, third.position) == (3, 0, 7)
    assert ids(await held(client, STREAM)) == recorded(teller)


async def test_a_relay_tells_what_is_recorded_while_it_runs(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    news = await client.subscribe("opps.acme.>")
    await client.flush()
    async with running(relay_to(broker, log, tenant)):
        for _ in range(4):
            await news.next_msg(timeout=30)
        await asyncio.to_thread(tell, teller, 1)
        last = await news.next_msg(timeout=30)

    assert (last.headers or {})["Nats-Msg-Id"] == recorded(teller)[-1][1]


async def test_an_empty_log_makes_an_empty_stream(
    broker: NatsServer, client: Client, log: Log, tenant: UUID
) -> None:
    await relay_to(broker, log, tenant).run(once=True)

    assert await held(client, STREAM) == []


async def test_a_stream_may_begin_later_and_then_begins_nowhere_else(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    await relay_to(broker, log, tenant, after=3).run(once=True)
    await relay_to(broker, log, tenant, after=3).run(once=True)

    assert ids(await held(client, STREAM)) == recorded(teller)[3:]
    with pytest.raises(RelayRefused, match="begins after position 3"):
        await relay_to(broker, log, tenant, after=0).run(once=True)
    with pytest.raises(RelayRefused, match="nothing is after 5"):
        await relay_to(broker, log, tenant, stream="other", after=5).run(once=True)


async def test_two_relays_at_once_leave_each_event_once(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    tell(teller, 300)
    one, other = relay_to(broker, log, tenant), relay_to(broker, log, tenant)
    await asyncio.gather(one.run(once=True), other.run(once=True))

    assert ids(await held(client, STREAM)) == recorded(teller)


async def test_a_broker_that_is_killed_is_waited_for(
    broker: NatsServer, log: Log, tenant: UUID, teller: Teller
) -> None:
    async with running(relay_to(broker, log, tenant)) as task:
        await seen(broker, teller)
        broker.kill()
        await asyncio.to_thread(tell, teller, 3)
        broker.start()
        await seen(broker, teller)
        assert not task.done()

    client = await nats.connect(broker.url)
    assert ids(await held(client, STREAM)) == recorded(teller)
    await client.close()


async def test_what_is_sent_again_is_refused_by_the_broker_though_it_forgot_the_ids(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    await relay_to(broker, log, tenant).run(once=True)
    again = [message_of(tenant, "acme", STREAM, one, 1_000_000) for one in log.read(tenant, 0, 100)]
    nameless = [structs.replace(one, headers=_without_id(one.headers)) for one in again]

    async with connected(broker.url, None) as late:
        for messages in (nameless, nameless[2:], nameless[-1:]):
            with pytest.raises(OutOfStep, match="wrong last sequence: 4"):
                await late.publish(STREAM, messages)
    assert ids(await held(client, STREAM)) == recorded(teller)


def _without_id(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != MESSAGE_ID}


async def test_a_stream_that_forgets_old_events_goes_on_all_the_same(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    await relay_to(broker, log, tenant).run(once=True)
    await client.jetstream().purge_stream(STREAM)
    tell(teller, 2)
    await relay_to(broker, log, tenant).run(once=True)

    assert ids(await held(client, STREAM)) == recorded(teller)[4:]


async def test_what_is_too_large_for_the_broker_does_not_stop_the_others(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell_bytes(uuid4(), ("FromTheFuture", b"\x00" * 1_100_000))
    tell(teller, 1)
    await relay_to(broker, log, tenant).run(once=True)

    messages = await held(client, STREAM)
    assert ids(messages) == recorded(teller)
    assert json.loads(messages[4].data or b"")["dataref"] == f"urn:uuid:{tenant}#5"
