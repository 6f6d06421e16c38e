"""What a server knows of access: read once a second, and at once for those not known yet."""

import asyncio
from uuid import UUID

from opps.access.known import MOST_SLUGS, KnownAccess, KnownTenants
from opps.domain.access.state import Access
from opps.domain.roles import ActorRole
from tests.domain.given import named

ANNA, BORIS, ACME = named("Anna"), named("Boris"), named("acme")
ANNA_ALONE = Access(roles={ANNA: frozenset({ActorRole.ADMIN})}, version=0)
BOTH = Access(roles={who: frozenset({ActorRole.ADMIN}) for who in (ANNA, BORIS)}, version=1)


class Log:
    """Counts how often it is read, and has a clock."""

    def __init__(self, access: Access = ANNA_ALONE) -> None:
        self.access = access
        self.reads = 0
        self.now = 0.0
        self.known = KnownAccess(self.read, lambda: self.now, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def read(self, _: UUID) -> Access:
        self.reads += 1
        await asyncio.sleep(0)
        return self.access

    async def roles(self, who: UUID) -> tuple[ActorRole, ...]:
        held = await self.known.of(ACME, lambda access: bool(access.roles_of(who)))
        return held.roles_of(who)


async def test_many_requests_of_a_second_read_once() -> None:
    log = Log()
    found = await asyncio.gather(*(log.roles(ANNA) for _ in range(100)))

    assert set(found) == {(ActorRole.ADMIN,)}
    assert log.reads == 1


async def test_what_is_taken_back_is_noticed_a_second_later() -> None:
    log = Log()
    await log.roles(ANNA)
    log.access, log.now = Access(version=1), 0.9
    early = await log.roles(ANNA)
    log.now = 1.0

    assert early == (ActorRole.ADMIN,)
    assert await log.roles(ANNA) == ()


async def test_whoever_is_let_in_just_now_is_known_at_once() -> None:
    log = Log()
    await log.roles(ANNA)
    log.access, log.now = BOTH, 0.001

    assert await log.roles(BORIS) == (ActorRole.ADMIN,)


async def test_a_crowd_of_strangers_shares_reads() -> None:
    log = Log()
    found = await asyncio.gather(*(log.roles(BORIS) for _ in range(100)))

    assert set(found) == {()}
    assert log.reads == 1


async def test_strangers_who_come_one_by_one_are_looked_up_five_times_a_second_at_most() -> None:
    log = Log()
    while log.now < 10:
        await log.roles(BORIS)
        log.now += 0.001

    assert log.reads <= 51


async def test_a_slug_is_looked_up_once_a_minute_whether_it_names_somebody_or_not() -> None:
    asked: list[str] = []
    now = 0.0

    async def find(slug: str) -> UUID | None:
        asked.append(slug)
        return ACME if slug == "acme" else None

    tenants = KnownTenants(find, lambda: now)
    found = [await tenants.named(slug) for slug in ("acme", "other", "acme", "other")]
    now = 60.0
    await tenants.named("acme")

    assert found == [ACME, None, ACME, None]
    assert asked == ["acme", "other", "acme"]


async def test_guessed_slugs_do_not_fill_the_memory() -> None:
    async def find(_: str) -> UUID | None:
        return None

    tenants = KnownTenants(find)
    for number in range(MOST_SLUGS + 1):
        await tenants.named(f"guess-{number}")

    assert len(tenants._held) <= MOST_SLUGS
