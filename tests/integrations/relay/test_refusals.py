"""Streams of others, and brokers that cannot be used: left alone, with the reason."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client

from opps.eventstore import Log
from opps.integrations.relay.jetstream import BrokerAway, RelayRefused
from opps.integrations.relay.relaying import Relay, Route
from tests.integrations.relay.servers import NatsServer
from tests.integrations.relay.support import STREAM, relay_to, running, tell
from tests.projections.support import Teller


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
