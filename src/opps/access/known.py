"""Who may do what in each tenant, and which tenant a slug names, as of a moment ago."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from time import monotonic
from uuid import UUID

from opps.domain.access.state import Access

# What is asked by every request is read once a second; so much later a revocation is noticed.
KNOWN_FOR_S = 1.0
# Strangers make it read more often, and no more often than this, however many come.
READ_AGAIN_AFTER_S = 0.2
SLUG_KNOWN_FOR_S = 60.0
MOST_SLUGS = 1_000


class KnownAccess:
    """Who may do what in each tenant, read once a second, and for those not known yet."""

    def __init__(
        self,
        read: Callable[[UUID], Awaitable[Access]],
        now: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._read = read
        self._now = now
        self._sleep = sleep
        self._held: dict[UUID, tuple[float, Access]] = {}
        self._turns: dict[UUID, asyncio.Lock] = {}

    async def of(self, tenant: UUID, knows: Callable[[Access], bool]) -> Access:
        """Return who may do what; where it knows nothing of who asks, as of now.

        Whoever was let in just now is let in. However many are not known, one reads for all.
        """
        begun = self._now()
        held = self._fresh(tenant, knows)
        if held is not None:
            return held
        async with self._turns.setdefault(tenant, asyncio.Lock()):
            held = self._fresh(tenant, knows)
            if held is not None:
                return held
            read_at, held = self._held.get(tenant, (-inf, None))
            if held is None or read_at < begun:
                if (early_s := read_at + READ_AGAIN_AFTER_S - self._now()) > 0:
                    await self._sleep(early_s)
                read_at = self._now()
                held = await self._read(tenant)
                self._held[tenant] = (read_at, held)
            return held

    def _fresh(self, tenant: UUID, knows: Callable[[Access], bool]) -> Access | None:
        read_at, held = self._held.get(tenant, (-inf, None))
        if held is None or self._now() - read_at >= KNOWN_FOR_S or not knows(held):
            return None
        return held


class KnownTenants:
    """Which tenant a slug names; what names none is remembered too, within a bound."""

    def __init__(
        self,
        find: Callable[[str], Awaitable[UUID | None]],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._find = find
        self._now = now
        self._held: dict[str, tuple[float, UUID | None]] = {}

    async def named(self, slug: str) -> UUID | None:
        """Return the tenant of a slug, None where there is none."""
        found = self._held.get(slug)
        if found is None or self._now() - found[0] >= SLUG_KNOWN_FOR_S:
            if len(self._held) >= MOST_SLUGS:
                self._held.clear()
            found = self._held[slug] = (self._now(), await self._find(slug))
        return found[1]
