"""Names that lead elsewhere the second time, and hosts that cannot prove who they are."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from opps.domain.webhooks.destination import Address, NoDestination
from opps.integrations.outgoing import NotAllowed, Sender, Times, Undelivered
from opps.integrations.outgoing.names import resolved
from tests.integrations.outgoing.certificates import Authority
from tests.integrations.outgoing.endpoints import OK, Reroute, answering, endpoint

HEADERS = {"content-type": "application/json"}
HURRIED = Times(connect_s=0.3, total_s=0.3, rest_s=0.1)
PUBLIC, OTHER = "93.184.215.14", "93.184.215.15"


class Names:
    """Answers each look-up with the next of these."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        return [ip_address(one) for one in self._answers.pop(0)]


async def test_a_name_that_leads_inside_the_second_time_is_refused_then(
    authority: Authority,
) -> None:
    async with endpoint(answering(OK), tls=authority.server("hooks.example")) as found:
        reroute, names = Reroute(found.port), Names([PUBLIC], ["127.0.0.1"])
        sender = Sender(tls=authority.client(), resolve=names, connect=reroute)
        first = await sender.post("https://hooks.example/", HEADERS, b"{}")
        second = await sender.post("https://hooks.example/", HEADERS, b"{}")

    assert (first.status, first.why) == (200, None)
    assert second.why is Undelivered.DESTINATION_REFUSED
    assert second.detail == "127.0.0.1 is of this machine"
    # The address that was checked, not the name: nobody looks it up a second time in between.
    assert reroute.addresses == [PUBLIC]
    assert found.names == ["hooks.example"]
    assert len(found.requests) == 1


async def test_the_next_address_is_tried_where_one_takes_no_connection(
    authority: Authority,
) -> None:
    async with endpoint(answering(OK), tls=authority.server("hooks.example")) as found:
        reroute = Reroute(None, found.port)
        sender = Sender(tls=authority.client(), resolve=Names([PUBLIC, OTHER]), connect=reroute)
        sent = await sender.post("https://hooks.example./", HEADERS, b"{}")

    assert (sent.status, reroute.addresses) == (200, [PUBLIC, OTHER])


@pytest.mark.parametrize("proof", ["of another host", "of a stranger", "none"])
async def test_who_cannot_prove_to_be_that_host_gets_nothing(
    authority: Authority, tmp_path: Path, proof: str
) -> None:
    tls = {
        "of another host": authority.server("other.example"),
        "of a stranger": Authority(tmp_path).server("hooks.example"),
    }.get(proof)
    async with endpoint(answering(OK), tls=tls, reads=tls is not None) as found:
        reroute = Reroute(found.port)
        sender = Sender(tls=authority.client(), resolve=Names([PUBLIC]), connect=reroute)
        sent = await sender.post("https://hooks.example/", HEADERS, b"{}")

    assert (sent.status, sent.why) == (None, Undelivered.TLS_FAILED)
    assert found.requests == []


async def test_a_name_server_that_is_silent_is_left(authority: Authority) -> None:
    async def never(host: str, port: int) -> Sequence[Address]:
        await asyncio.Event().wait()
        return []

    sender = Sender(tls=authority.client(), times=HURRIED, resolve=never)

    sent = await sender.post("https://hooks.example/", HEADERS, b"{}")

    assert sent.why in (Undelivered.NAME_UNKNOWN, Undelivered.TIMED_OUT)


async def test_an_address_is_checked_before_it_is_kept(authority: Authority) -> None:
    here = Sender(tls=authority.client())
    with pytest.raises(NotAllowed, match=r"10\.0\.0\.1 is private"):
        await here.check("https://10.0.0.1/")
    with pytest.raises(NoDestination):
        await here.check("https://user@hooks.example/")
    with pytest.raises(NotAllowed, match="of this machine"):
        await here.check("https://localhost/")
    await here.check("https://1.1.1.1/")


async def test_names_are_looked_up_as_the_machine_does() -> None:
    found = await resolved("localhost", 443)

    assert {one.is_loopback for one in found} == {True}
    assert len(found) == len(set(found))
    with pytest.raises((OSError, UnicodeError)):
        await resolved("a" * 64 + ".example", 443)


async def test_who_no_longer_waits_for_a_name_harms_nobody() -> None:
    gone = asyncio.ensure_future(resolved("localhost", 443))
    gone.cancel()

    assert await resolved("localhost", 443)
