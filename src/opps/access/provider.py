"""An identity provider as the settings name it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

ALGORITHMS = ("RS256", "ES256", "EdDSA")


class Provider(Struct, frozen=True, kw_only=True):
    """Whose tokens are believed, for whom they must be meant, and how they may be signed."""

    issuer: str
    audience: str
    jwks_url: str | None = None
    algorithms: tuple[str, ...] = ALGORITHMS
    tenant_claim: str | None = None


def is_safe(url: str) -> bool:
    """Tell whether what is fetched from an address comes from there: https, or this machine."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or parts.fragment or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
