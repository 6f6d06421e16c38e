"""Addresses that lead inside, however they are written: nothing connects to any of them."""

import ssl
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.webhooks.destination import Address, NoDestination, destination
from opps.integrations.outgoing import Allowed, Sender, Undelivered
from opps.integrations.outgoing.addresses import is_metadata, why_not

PUBLIC = ip_address("93.184.215.14")
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

# Written in the address itself.
LITERALS = {
    "this machine": "https://127.0.0.1/",
    "another loopback address": "https://127.255.255.254/",
    "the address of nobody": "https://0.0.0.0/",
    "a network of the past": "https://0.1.2.3/",
    "private, class A": "https://10.0.0.1/",
    "private, class B": "https://172.31.255.255/",
    "private, class C": "https://192.168.1.1/",
    "behind a carrier": "https://100.64.0.1/",
    "link-local": "https://169.254.1.1/",
    "credentials of most clouds": "https://169.254.169.254/latest/meta-data/",
    "credentials of containers": "https://169.254.170.2/",
    "credentials of Azure": "https://168.63.129.16/",
    "credentials of Alibaba": "https://100.100.100.200/",
    "credentials of Oracle": "https://192.0.0.192/",
    "multicast": "https://224.0.0.1/",
    "broadcast": "https://255.255.255.255/",
    "reserved": "https://240.0.0.1/",
    "for documents": "https://203.0.113.1/",
    "for measuring": "https://198.18.0.1/",
    "this machine in IPv6": "https://[::1]/",
    "nobody in IPv6": "https://[::]/",
    "unique local": "https://[fd12:3456:789a::1]/",
    "credentials of AWS in IPv6": "https://[fd00:ec2::254]/",
    "link-local in IPv6": "https://[fe80::1]/",
    "site-local": "https://[fec0::1]/",
    "multicast in IPv6": "https://[ff02::1]/",
    "mapped": "https://[::ffff:127.0.0.1]/",
    "mapped, though public": "https://[::ffff:93.184.215.14]/",
    "mapped in hexadecimal": "https://[::ffff:a9fe:a9fe]/",
    "compatible": "https://[::10.0.0.1]/",
    "translated": "https://[::ffff:0:10.0.0.1]/",
    "NAT64 to the inside": "https://[64:ff9b::10.0.0.1]/",
    "NAT64 to credentials": "https://[64:ff9b::a9fe:a9fe]/",
    "NAT64 of a network of one's own": "https://[64:ff9b:1::a9fe:a9fe]/",
    "6to4": "https://[2002:7f00:1::]/",
    "Teredo": "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "ISATAP": "https://[2606:4700::5efe:10.0.0.1]/",
    "ISATAP, global": "https://[2606:4700::200:5efe:10.0.0.1]/",
    "for documents in IPv6": "https://[2001:db8::1]/",
    "given to nobody": "https://[4000::1]/",
}
# Read by some as one of the above, or not at all.
TRICKS = {
    "one number": "https://2130706433/",
    "hexadecimal": "https://0x7f000001/",
    "hexadecimal in parts": "https://0x7f.0x0.0x0.0x1/",
    "hexadecimal at the end": "https://127.0.0.0x1/",
    "octal": "https://0177.0.0.1/",
    "short": "https://127.1/",
    "a number with a dot": "https://127.0.0.1./",
    "full-width dots": "https://127\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}0.1/",
    "circled digits": "https://\N{CIRCLED DIGIT ONE}\N{CIRCLED DIGIT TWO}7.0.0.1/",
    "a name in other letters": "https://m\N{LATIN SMALL LETTER U WITH DIAERESIS}nchen.example/",
    "a Kelvin sign": "https://hoo\N{KELVIN SIGN}s.example/",
    "a long s": "https://hook\N{LATIN SMALL LETTER LONG S}.example/",
    "a long s in the scheme": "http\N{LATIN SMALL LETTER LONG S}://hooks.example/",
    "encoded": "https://%31%32%37.0.0.1/",
    "a user": "https://hooks.example@127.0.0.1/",
    "a user and a password": "https://hooks.example:443@127.0.0.1/",
    "a backslash": "https://hooks.example\\@127.0.0.1/",
    "a fragment": "https://hooks.example#@127.0.0.1/",
    "a zone": "https://[fe80::1%25eth0]/",
    "a line break": "https://hooks.example/\r\nHost: inside",
    "a tab": "https://hooks\t.example/",
    "a space": "https://hooks.example/a b",
    "a NUL": "https://hooks.example\0.inside/",
    "no host": "https:///path",
    "an empty label": "https://hooks..example/",
    "a long label": f"https://{'a' * 64}.example/",
    "a long address": "https://hooks.example/" + "a" * 2_000,
    "port 0": "https://hooks.example:0/",
    "a port too large": "https://hooks.example:65536/",
    "another port of the system": "https://hooks.example:25/",
    "no encryption": "http://hooks.example/",
    "a file": "file:///etc/passwd",
    "gopher": "gopher://hooks.example/_POST",
    "no scheme": "//hooks.example/",
    "nothing": "",
}
# What a name may resolve to.
INSIDE = [
    ["127.0.0.1"],
    ["93.184.215.14", "10.0.0.1"],
    ["::1", "93.184.215.14"],
    ["64:ff9b::7f00:1"],
]


async def _nobody(*_: object, **__: object) -> None:
    """Take no connection."""
    raise AssertionError("it connects")


def sender(*resolved: str, allowed: str = "") -> Sender:
    """Return a sender to whom every name is these addresses, and that must not connect."""

    async def resolve(host: str, port: int) -> Sequence[Address]:
        return [ip_address(one) for one in resolved]

    return Sender(Allowed.read(allowed), tls=TLS, resolve=resolve, connect=_nobody)  # type: ignore[arg-type]  # it never returns


@pytest.mark.parametrize("url", [*LITERALS.values(), *TRICKS.values()], ids=[*LITERALS, *TRICKS])
async def test_nothing_goes_to(url: str) -> None:
    sent = await sender(str(PUBLIC)).post(url, {}, b"{}")

    assert (sent.why, sent.status) == (Undelivered.DESTINATION_REFUSED, None)
    assert sent.detail


@pytest.mark.parametrize("addresses", INSIDE)
async def test_one_address_inside_is_enough_to_refuse_a_name(addresses: list[str]) -> None:
    sent = await sender(*addresses).post("https://hooks.example/", {}, b"{}")

    assert sent.why is Undelivered.DESTINATION_REFUSED


async def test_a_name_without_address_is_told_apart() -> None:
    sent = await sender().post("https://hooks.example/", {}, b"{}")

    assert (sent.why, sent.detail) == (Undelivered.NAME_UNKNOWN, "hooks.example has no address")


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "64:ff9b::5db8:d70e"]
)
def test_ordinary_public_addresses_are_sent_to(address: str) -> None:
    assert why_not(ip_address(address)) is None


@given(st.ip_addresses(v=6))
def test_what_python_calls_not_global_is_never_sent_to(address: Address) -> None:
    if not address.is_global and not _is_nat64(address):
        assert why_not(address) is not None


@given(st.ip_addresses(v=4))
def test_an_address_of_a_translated_network_is_judged_by_where_it_leads(address: Address) -> None:
    translated = IPv6Address(int(ip_address("64:ff9b::")) | int(address))

    assert why_not(translated) == why_not(address)
    if not address.is_global:
        assert why_not(address) is not None


def _is_nat64(address: Address) -> bool:
    return address in ip_network("64:ff9b::/96")


@given(st.text(max_size=60).map(lambda text: f"https://{text}"))
def test_what_is_accepted_has_one_meaning(url: str) -> None:
    try:
        found = destination(url)
    except NoDestination:
        return
    assert found.host.isascii()
    assert not {"@", "\\", "#", "%", " "} & set(found.authority)
    assert destination(f"{found.scheme}://{found.authority}{found.target}") == found


@pytest.mark.parametrize(
    ("allowed", "url", "resolved"),
    [
        ("hooks.internal", "https://hooks.internal/", "10.1.2.3"),
        ("hooks.internal", "https://HOOKS.internal:25/", "10.1.2.3"),
        ("hooks.internal:8443", "https://hooks.internal:8443/", "10.1.2.3"),
        ("10.1.0.0/16", "https://anything.example/", "10.1.2.3"),
        ("127.0.0.1", "https://127.0.0.1:9000/", ""),
        ("http://localhost:8080", "http://localhost:8080/", "127.0.0.1"),
        ("http://[::1]:8080", "http://[::1]:8080/", ""),
        ("http://fd00::/8", "http://hooks.example/", "fd12::1"),
    ],
)
async def test_what_is_listed_may_be_sent_to(allowed: str, url: str, resolved: str) -> None:
    with pytest.raises(AssertionError, match="it connects"):
        await sender(*filter(None, [resolved]), allowed=allowed).post(url, {}, b"{}")


@pytest.mark.parametrize(
    ("allowed", "url", "resolved"),
    [
        ("hooks.internal", "http://hooks.internal/", "10.1.2.3"),
        ("hooks.internal", "https://other.internal/", "10.1.2.3"),
        ("hooks.internal:8443", "https://hooks.internal/", "10.1.2.3"),
        ("10.1.0.0/16", "https://anything.example/", "10.2.0.1"),
        ("0.0.0.0/0", "https://169.254.169.254/", ""),
        ("::/0", "https://[fd00:ec2::254]/", ""),
        ("169.254.169.254", "https://169.254.169.254/", ""),
        ("::/0", "https://[64:ff9b::a9fe:a9fe]/", ""),
    ],
)
async def test_what_is_not_listed_and_credentials_are_not(
    allowed: str, url: str, resolved: str
) -> None:
    sent = await sender(*filter(None, [resolved]), allowed=allowed).post(url, {}, b"{}")

    assert sent.why is Undelivered.DESTINATION_REFUSED


@pytest.mark.parametrize(
    "text", ["ftp://hooks.internal", "10.1.0.0/8", "a b", "hooks.internal/path", "://x", "user@x"]
)
def test_a_list_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hosts and networks"):
        Allowed.read(text)


@pytest.mark.parametrize(
    "text", ["", "hooks.internal,10.1.0.0/16", "http://localhost:8080", "http://[::1]:8080"]
)
def test_a_list_is_shown_as_it_is_read(text: str) -> None:
    shown = str(Allowed.read(text))

    assert Allowed.read(shown) == Allowed.read(text)
    assert shown.replace("/32", "").replace("/128", "") == text


def test_where_clouds_keep_credentials_is_known_in_every_form() -> None:
    assert is_metadata(ip_address("169.254.169.254"))
    for written in ("::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"):
        assert is_metadata(ip_address(written))
    assert not is_metadata(PUBLIC)
