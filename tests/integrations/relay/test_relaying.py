"""The log in a stream of NATS: each event once, at its position, and in no stream of others."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import nats
import pytest
from nats.aio.client import Client
from nats.js.errors import BadRequestError

from opps.domain.events import AccountRegistered
from opps.eventstore import Log
from opps.integrations.relay.jetstream import BrokerAway, RelayRefused
from opps.integrations.relay.relaying import Relay, Route
from tests.integrations.relay.servers import NatsServer, held, ids
from tests.projections.support import Teller

STREAM = "opps-acme"


async def at_once(_: float) -> None:
    """Try again as soon as others had their turn."""
    await asyncio.sleep(0.01)


def relay_to(
    broker: NatsServer, log: Log, tenant: UUID, *, stream: str = STREAM, after: int | None = None
) -> Relay:
    """Return a relay of a log to a stream."""
    route = Route(url=broker.url, tenant=tenant, slug="acme", stream=stream, after=after)
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


@pytest.fixture
def teller(log: Log, tenant: UUID) -> Teller:
    """Return what tells the log of accounts, four so far."""
    told = Teller(log, tenant)
    tell(told, 4)
    return told


def tell(teller: Teller, events: int) -> None:
    """Tell of so many accounts."""
    for number in range(events):
        teller.tell(uuid4(), AccountRegistered(name=f"Account {number}"))


def recorded(teller: Teller) -> list[tuple[int, str]]:
    """Return the position and the id of everything that was recorded."""
    return [(one.position, str(one.event_id)) for one in teller.log.read(teller.tenant, 0, 100_000)]


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


async def test_what_comes_late_is_refused_by_the_broker_itself(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    await relay_to(broker, log, tenant).run(once=True)
    late = {"Nats-Msg-Id": "forgotten", "Nats-Expected-Last-Sequence": "0"}

    with pytest.raises(BadRequestError, match="wrong last sequence: 4"):
        await client.jetstream().publish("opps.acme.account.x.Late", b"{}", headers=late)
    assert ids(await held(client, STREAM)) == recorded(teller)


async def test_a_stream_of_others_is_left_alone(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    jetstream = client.jetstream()
    await jetstream.add_stream(name="theirs", subjects=["orders.>"])
    with pytest.raises(RelayRefused, match="is there already, and is not of this tenant"):
        await relay_to(broker, log, tenant, stream="theirs").run(once=True)

    await jetstream.add_stream(name="everything", subjects=["opps.>"])
    with pytest.raises(RelayRefused, match="Another stream takes subjects"):
        await relay_to(broker, log, tenant).run(once=True)

    assert (await jetstream.stream_info("theirs")).state.messages == 0


async def test_a_stream_that_somebody_else_writes_to_is_refused(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    await relay_to(broker, log, tenant).run(once=True)
    tell(teller, 1)
    await client.jetstream().publish("opps.acme.account.x.Theirs", b"{}")
    with pytest.raises(RelayRefused, match="somebody else writes to it"):
        await relay_to(broker, log, tenant).run(once=True)

    await client.jetstream().publish("opps.acme.account.x.Theirs", b"{}")
    with pytest.raises(RelayRefused, match="the log ends at 5"):
        await relay_to(broker, log, tenant).run(once=True)


async def test_somebody_who_writes_in_between_is_noticed_while_the_relay_runs(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    relay = relay_to(broker, log, tenant)
    news = await client.subscribe("opps.acme.>")
    await client.flush()
    async with running(relay) as task:
        for _ in range(4):
            await news.next_msg(timeout=30)
        await client.jetstream().publish("opps.acme.account.x.Theirs", b"{}")
        await asyncio.to_thread(tell, teller, 1)
        await asyncio.wait([task], timeout=30)

        assert isinstance(task.exception(), RelayRefused)


async def test_a_stream_of_another_log_is_refused(
    broker: NatsServer, client: Client, log: Log, tenant: UUID, teller: Teller
) -> None:
    subjects, marks = ["opps.acme.>"], {"opps-tenant": str(tenant), "opps-after": "0"}
    await client.jetstream().add_stream(name=STREAM, subjects=["x.>"], metadata=marks)
    with pytest.raises(RelayRefused, match=r"takes x\.>, and not opps\.acme\.> alone"):
        await relay_to(broker, log, tenant).run(once=True)

    await client.jetstream().update_stream(name=STREAM, subjects=subjects, metadata=marks)
    await client.jetstream().publish(
        "opps.acme.account.x.Y", b"{}", headers={"Nats-Msg-Id": str(uuid4())}
    )
    with pytest.raises(RelayRefused, match="not what the log does"):
        await relay_to(broker, log, tenant).run(once=True)


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


async def test_nobody_at_the_address_is_told_at_once(
    broker: NatsServer, log: Log, tenant: UUID
) -> None:
    broker.kill()

    with pytest.raises(BrokerAway, match=r"no NATS server answers at 127\.0\.0\.1"):
        await relay_to(broker, log, tenant).run(once=True)
    broker.start()


async def test_a_server_without_jetstream_is_told(
    nats_program: str, log: Log, tenant: UUID
) -> None:
    with (
        NatsServer(nats_program) as plain,
        pytest.raises(BrokerAway, match="JetStream does not answer"),
    ):
        await relay_to(plain, log, tenant).run(once=True)


async def test_who_is_not_let_in_is_told_without_the_password(
    nats_program: str, log: Log, tenant: UUID
) -> None:
    with NatsServer(nats_program, "-js", "--user", "opps", "--pass", "right") as guarded:
        url = guarded.url.replace("://", "://opps:wrong-secret@")
        route = Route(url=url, tenant=tenant, slug="acme", stream=STREAM)
        relay = Relay(log, route, progress=lambda done, total: None, say=lambda text: None)
        with pytest.raises(RelayRefused, match="does not let us in") as refused:
            await relay.run(once=True)

    assert "wrong-secret" not in str(refused.value)


async def test_who_may_not_publish_there_is_told_at_once(
    nats_program: str, log: Log, tenant: UUID, teller: Teller, tmp_path: Path
) -> None:
    rights = '{ user: opps, password: right, permissions: { publish: { deny: ["opps.>"] } } }'
    file = tmp_path / "nats.conf"
    file.write_text("authorization { users: [" + rights + "] }")
    with NatsServer(
        nats_program, "-js", "-sd", str(tmp_path / "jetstream"), "-c", str(file)
    ) as guarded:
        url = guarded.url.replace("://", "://opps:right@")
        route = Route(url=url, tenant=tenant, slug="acme", stream=STREAM)
        relay = Relay(log, route, progress=lambda done, total: None, say=lambda text: None)
        with pytest.raises(RelayRefused, match=r"(?i)does not allow it: .*permissions violation"):
            await relay.run(once=True)


@pytest.mark.parametrize("stream", ["a.b", "a b", "*"])
async def test_a_name_that_no_stream_can_have_is_told(
    broker: NatsServer, log: Log, tenant: UUID, stream: str
) -> None:
    with pytest.raises(RelayRefused, match="no name of a stream"):
        await relay_to(broker, log, tenant, stream=stream).run(once=True)
