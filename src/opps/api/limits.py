"""How much one request may ask for; every number can be set."""

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """The most of each; a request with one more is refused before anything is carried out."""

    body_bytes: int = 200_000
    document_bytes: int = 20_000
    tokens: int = 2_000
    depth: int = 12
    aliases: int = 30
    cost: int = 20_000
    cost_per_minute: int = 1_000_000
    """Of everybody, in one process; 0 for no limit."""
    subscriptions: int = 1_000
    """Of everybody at a time, in one process; 0 for no limit."""
    execution_s: float = 10
    """How long a query or a command may take; subscriptions take as long as they like."""
    introspection: bool = True
    suggestions: bool = False
    """Whether errors name what of the schema may have been meant."""


DEFAULTS = Limits()
# What was answered once may be shown again, whatever was allowed then.
ANSWERED_BEFORE = Limits(
    body_bytes=2**31, document_bytes=2**31, tokens=2**31, depth=2**31, aliases=2**31, cost=2**31
)
