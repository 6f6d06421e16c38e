"""The address that somebody gave us to send to, read so strictly that it has one meaning."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from msgspec import Struct

Address = IPv4Address | IPv6Address

MOST_CHARACTERS = 2_000
PORTS = {"https": 443, "http": 80}

# Visible ASCII alone, nobody's name or password, no part for a browser, no backslash.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>(?:/[!$-;=?-\[\]_a-z~]*)?(?:\?[!$-;=?-\[\]_a-z~]*)?)",
    re.IGNORECASE | re.ASCII,  # without the second, a Kelvin sign would be a k
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# A host whose last part is a number is an address to some readers: 127.1, 2130706433, 0x7f.1.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")


class NoDestination(ValueError):
    """Nothing can be sent to this address; the message says why."""


class Destination(Struct, frozen=True, kw_only=True):
    """Where to connect, and what to ask for there; `address` where the host is no name."""

    scheme: str
    host: str
    port: int
    target: str
    address: Address | None

    @property
    def authority(self) -> str:
        """The host header: the host, and the port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def destination(url: str) -> Destination:
    """Return what an address of a web service means.

    Raises:
        NoDestination: it is none, or could be read in two ways.
    """
    if len(url) > MOST_CHARACTERS:
        raise NoDestination(f"it is longer than {MOST_CHARACTERS} characters")
    found = _URL.fullmatch(url)
    if found is None:
        raise NoDestination(
            "it is no plain https address: https://host/path in ASCII, without user, password and "
            "fragment; write a name in other letters as it is registered, with xn--"
        )
    scheme, host = found["scheme"].lower(), found["host"].lower()
    port = int(found["port"] or PORTS[scheme])
    if not 0 < port < 65_536:
        raise NoDestination(f"there is no port {port}")
    target = found["target"] if found["target"].startswith("/") else "/" + found["target"]
    if host.startswith("["):
        address = address_of(host[1:-1])
        if not isinstance(address, IPv6Address):
            raise NoDestination(f"{host} is no address")
        host = str(address)
    else:
        address = address_of(host)
        if address is None:
            _check_name(host)
    return Destination(scheme=scheme, host=host, port=port, target=target, address=address)


def address_of(text: str) -> Address | None:
    """Return the address that a text is in its usual form; None where it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def _check_name(host: str) -> None:
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise NoDestination(f"{host} is an address in an unusual form: write it with four numbers")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NoDestination(f"{host} is no name of a host")
