"""What the leading deliverer holds: a turn of each tenant, a visit of each endpoint under way."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from time import monotonic
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.application import Application
from opps.domain.webhooks.state import Endpoint
from opps.eventstore import LogFault, VersionConflict, webhooks
from opps.eventstore.webhooks import Fenced
from opps.integrations.webhooks.delivering import Delivering, Visited

# Retries are due at their own times; what happens wakes, and is looked at in any case.
_LOOK_AT_WAITING_S, _LOOK_AT_QUIET_S, _LOOK_AFTER_TROUBLE_S = 1.0, 15.0, 10.0
_ALL = 2**63 - 1

logger = logging.getLogger(__name__)


class _Seen(Struct, frozen=True):
    """What a visit found: up to where all was told, and when to look again if nothing happens."""

    reached: int
    again_s: float


class Leading:
    """Visits the endpoints of every tenant, each in a task of its own: none waits for another."""

    def __init__(
        self, application: Application, delivering: Delivering, news: Callable[[], None]
    ) -> None:
        self._application, self._delivering, self._news = application, delivering, news
        self._turns: dict[UUID, int] = {}
        self._visits: dict[UUID, asyncio.Task[None]] = {}
        self._seen: dict[UUID, _Seen] = {}
        self._woken = ExitStack()

    async def look(self, tenant: UUID) -> bool:
        """Begin to visit the endpoints of a tenant that may have something due.

        Tell whether something of the log is still to be told.

        Raises:
            Fenced: another process has taken over.
            LogFault: the database is away.
        """
        found = await enabled(self._application, tenant)
        if not found:
            return False
        log = self._application.log
        if tenant not in self._turns:
            self._woken.enter_context(log.waking(tenant, self._news))
            self._turns[tenant] = await take_turn(self._application, tenant)
        head = await log.aside(log.head, tenant)
        size = 0 if head is None else head.size
        return any([self._look_at(tenant, endpoint, size) for endpoint in found])

    async def end(self) -> None:
        """Break off the visits under way: what was not kept is sent again under its id."""
        self._woken.close()
        for visit in self._visits.values():
            visit.cancel()
        await asyncio.gather(*self._visits.values(), return_exceptions=True)

    def _look_at(self, tenant: UUID, endpoint: Endpoint, size: int) -> bool:
        if self._under_way(endpoint):
            return False
        seen = self._seen.get(endpoint.endpoint_id)
        behind = seen is None or seen.reached < size
        if behind or (seen is not None and monotonic() >= seen.again_s):
            visit = asyncio.create_task(self._visit(tenant, endpoint))
            self._visits[endpoint.endpoint_id] = visit
        return behind

    def _under_way(self, endpoint: Endpoint) -> bool:
        visit = self._visits.get(endpoint.endpoint_id)
        if visit is None:
            return False
        if visit.done():
            del self._visits[endpoint.endpoint_id]
            visit.result()
            return False
        return True

    async def _visit(self, tenant: UUID, endpoint: Endpoint) -> None:
        seen = _Seen(_ALL, monotonic() + _LOOK_AFTER_TROUBLE_S)
        try:
            turn = self._turns[tenant]
            found = await serve(self._application, self._delivering, tenant, endpoint, turn)
            pause_s = _LOOK_AT_WAITING_S if found.waits else _LOOK_AT_QUIET_S
            seen = _Seen(found.reached, monotonic() + pause_s)
        except VersionConflict:
            pass  # somebody changes the endpoints just now
        except LogFault as error:
            logger.warning("the webhook endpoint %s waits: %s", endpoint.endpoint_id, error)
        except Fenced:
            raise
        except Exception:
            # One endpoint's trouble must not keep the others waiting.
            told = "the webhook endpoint %s of tenant %s could not be told, and is tried again"
            logger.exception(told, endpoint.endpoint_id, tenant)
        finally:
            self._seen[endpoint.endpoint_id] = seen


async def enabled(application: Application, tenant: UUID) -> list[Endpoint]:
    """Return the endpoints of a tenant to which something may be sent."""
    found = await application.webhooks_of(tenant)
    return [one for one in found.endpoints.values() if one.disabled is None]


async def serve(
    application: Application,
    delivering: Delivering,
    tenant: UUID,
    endpoint: Endpoint,
    turn: int,
) -> Visited:
    """Visit an endpoint until nothing more is due, each time as it is by then."""
    visited, attempts = Visited(more=True), 0
    while visited.more:
        visited = await delivering.visit(tenant, endpoint, turn)
        attempts += visited.attempts
        if visited.more:
            standing = {one.endpoint_id: one for one in await enabled(application, tenant)}
            if endpoint.endpoint_id not in standing:
                break
            endpoint = standing[endpoint.endpoint_id]
    return replace(visited, attempts=attempts)


async def take_turn(application: Application, tenant: UUID) -> int:
    """Return the number of our turn for a tenant, and fence off whoever had it before."""
    take = partial(webhooks.take_turn, tenant=tenant)
    return await application.log.aside(application.log.run, take)
