"""Tokens of a blind index: what somebody is found by, under a key that only opps holds."""

import hmac
from collections.abc import Iterable
from uuid import UUID

from opps.domain.finding import Trait


def token(key: bytes, trait: Trait) -> UUID:
    """Return the token of one trait: equal ones have equal tokens, and nothing else shows."""
    message = f"{trait.kind}\0{trait.text}".encode()
    return UUID(bytes=hmac.digest(key, message, "sha256")[:16])


def tokens(key: bytes, traits: Iterable[Trait]) -> frozenset[UUID]:
    """Return the tokens of traits."""
    return frozenset(token(key, one) for one in traits)
