"""Which addresses of the internet a message may go to, and why not to the others."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from opps.domain.webhooks.destination import Address

Network = IPv4Network | IPv6Network


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in text.split())


# Where clouds hand out credentials; nobody's allow-list opens them.
_METADATA = _networks(
    "169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 168.63.129.16/32 100.100.100.200/32"
    " 192.0.0.192/32 fd00:ec2::254/128 fd00:ec2::23/128 fd20:ce::254/128"
)
# Written out: what the standard library calls global differs from one version of Python to another.
_REFUSED: tuple[tuple[str, tuple[Network, ...]], ...] = (
    ("of this machine", _networks("0.0.0.0/8 127.0.0.0/8 ::/128 ::1/128")),
    (
        "private",
        _networks("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10"),
    ),
    ("link-local", _networks("169.254.0.0/16 fe80::/10")),
    ("multicast", _networks("224.0.0.0/4 ff00::/8")),
    (
        "reserved",
        _networks(
            "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24"
            " 203.0.113.0/24 240.0.0.0/4 2001:db8::/32 3fff::/20"
        ),
    ),
    # An IPv4 address in the clothes of IPv6: whatever carries it there may lead inside.
    (
        "a tunnel to another address",
        _networks("::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b:1::/48 2002::/16 2001::/23"),
    ),
)
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL = IPv6Network("2000::/3")
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def is_metadata(address: Address) -> bool:
    """Tell whether a cloud hands out credentials there, or where an IPv6 address may lead."""
    return any(one in network for one in (address, *_carried(address)) for network in _METADATA)


def why_not(address: Address) -> str | None:
    """Return what an address is that no message goes to; None where it is an ordinary public one.

    The ranges are those of the registries of IANA for special purposes.
    """
    if is_metadata(address):
        return "where a cloud hands out credentials"
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return "link-local"
        if address in _NAT64:  # how a network without IPv4 reaches it: judged by where it leads
            return why_not(IPv4Address(int(address) & 0xFFFF_FFFF))
    for kind, networks in _REFUSED:
        if any(address in network for network in networks):
            return kind
    if isinstance(address, IPv6Address):
        if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
            return "a tunnel to another address"
        if address not in _GLOBAL:
            return "reserved"
    return None


def _carried(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address may stand for."""
    if isinstance(address, IPv4Address):
        return []
    _, teredo = address.teredo or (None, None)
    last = IPv4Address(int(address) & 0xFFFF_FFFF)
    return [one for one in (last, address.sixtofour, teredo) if one is not None]
