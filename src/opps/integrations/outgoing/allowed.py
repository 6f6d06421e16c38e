"""Where a message may go beyond the public internet, because whoever runs opps said so."""

from ipaddress import ip_network
from typing import Self

from msgspec import Struct

from opps.domain.webhooks.destination import PORTS, Address, Destination, address_of, destination
from opps.integrations.outgoing.addresses import Network, is_metadata, why_not

_FIRST_FREE_PORT = 1_024


class NotAllowed(Exception):
    """No message goes there; the message says why."""


class NotListed(NotAllowed):
    """No message goes there, unless whoever runs opps lists it."""


class Entry(Struct, frozen=True, kw_only=True):
    """A host or a network that may be sent to; any port where none is named."""

    host: str | None = None
    network: Network | None = None
    port: int | None = None
    with_http: bool = False

    def __str__(self) -> str:
        place = self.host or str(self.network)
        if self.port is not None:
            named = self.host or str(self.network and self.network.network_address)
            place = f"[{named}]:{self.port}" if ":" in named else f"{named}:{self.port}"
        return f"http://{place}" if self.with_http else place

    def holds(self, wanted: Destination, address: Address) -> bool:
        """Tell whether it opens a way to an address that a destination has."""
        if self.port not in (None, wanted.port) or (wanted.scheme == "http" and not self.with_http):
            return False
        if self.network is not None:
            return address in self.network
        return self.host == wanted.host


class Allowed(Struct, frozen=True):
    """What may be sent to: public addresses over https, and what is listed."""

    entries: tuple[Entry, ...] = ()

    def __str__(self) -> str:
        return ",".join(map(str, self.entries))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the list of a text such as `hooks.internal,10.1.0.0/16,http://localhost:8080`.

        Raises:
            ValueError: an entry is neither a host nor a network.
        """
        named = filter(None, (one.strip().lower() for one in text.split(",")))
        return cls(tuple(map(_entry, named)))

    def check(self, wanted: Destination, address: Address) -> None:
        """Refuse an address that a destination has.

        Raises:
            NotAllowed: nothing goes there.
        """
        if is_metadata(address):
            raise NotAllowed(f"{address} is {why_not(address)}")
        if any(entry.holds(wanted, address) for entry in self.entries):
            return
        if kind := why_not(address):
            raise NotListed(f"{address} is {kind}")
        if wanted.scheme != "https":
            raise NotAllowed("it is http, and what goes there could be read on the way: use https")
        if wanted.port != PORTS["https"] and wanted.port < _FIRST_FREE_PORT:
            raise NotAllowed(f"port {wanted.port} belongs to another service: use 443, or 1024 on")


def _entry(text: str) -> Entry:
    scheme, between, rest = text.rpartition("://")
    if scheme not in ("", "http", "https") or bool(scheme) != bool(between):
        raise _wrong(text)
    try:
        if "/" in rest or address_of(rest) is not None:
            return Entry(network=ip_network(rest), with_http=scheme == "http")
        found = destination(f"https://{rest}")
    except ValueError as problem:
        raise _wrong(text, f" ({problem})") from None
    return Entry(
        host=found.host if found.address is None else None,
        network=None if found.address is None else ip_network(found.address),
        port=found.port if rest.endswith(f":{found.port}") else None,
        with_http=scheme == "http",
    )


def _wrong(text: str, why: str = "") -> ValueError:
    return ValueError(
        f"has {text[:100]!r}{why}. It is hosts and networks, such as hooks.internal,10.1.0.0/16; "
        "with http:// before one, it may be sent to without encryption."
    )
