"""What the leading deliverer holds: a turn of each tenant, a visit of each endpoint under way."""

import asyncio
import logging
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

# An endpoint that has nothing to be told is looked at this often all the same.
_LOOK_AT_QUIET_S = 15.0

logger = logging.getLogger(__name__)


class _Quiet(Struct, frozen=True):
    """That an endpoint was told all up to a position, and when that was seen."""

    position: int
    seen_s: float


class Leading:
    """Visits the endpoints of every tenant, each in a task of its own: none waits for another."""

    def __init__(self, application: Application, delivering: Delivering) -> None:
        self._application, self._delivering = application, delivering
        self._turns: dict[UUID, int] = {}
        self._visits: dict[UUID, asyncio.Task[None]] = {}
        self._quiet: dict[UUID, _Quiet] = {}

    async def look(self, tenant: UUID) -> None:
        """Begin to visit the endpoints of a tenant that may have something due.

        Raises:
            Fenced: another process has taken over.
            LogFault: the database is away.
        """
        found = await enabled(self._application, tenant)
        if not found:
            return
        log = self._application.log
        head = await log.aside(log.head, tenant)
        size = 0 if head is None else head.size
        if tenant not in self._turns:
            self._turns[tenant] = await take_turn(self._application, tenant)
        for endpoint in found:
            if not self._under_way(endpoint) and not self._is_quiet(endpoint, size):
                self._visits[endpoint.endpoint_id] = asyncio.create_task(
                    self._visit(tenant, endpoint)
                )

    async def end(self) -> None:
        """Break off the visits under way: what was not kept is sent again under its id."""
        for visit in self._visits.values():
            visit.cancel()
        await asyncio.gather(*self._visits.values(), return_exceptions=True)

    def _under_way(self, endpoint: Endpoint) -> bool:
        visit = self._visits.get(endpoint.endpoint_id)
        if visit is None:
            return False
        if visit.done():
            del self._visits[endpoint.endpoint_id]
            visit.result()
            return False
        return True

    def _is_quiet(self, endpoint: Endpoint, size: int) -> bool:
        quiet = self._quiet.get(endpoint.endpoint_id)
        return (
            quiet is not None
            and quiet.position >= size
            and monotonic() < quiet.seen_s + _LOOK_AT_QUIET_S
        )

    async def _visit(self, tenant: UUID, endpoint: Endpoint) -> None:
        self._quiet.pop(endpoint.endpoint_id, None)
        try:
            visited = await serve(
                self._application, self._delivering, tenant, endpoint, self._turns[tenant]
            )
        except Fenced:
            raise
        except VersionConflict:
            return  # somebody changes the endpoints just now
        except LogFault as error:
            logger.warning("the webhook endpoint %s waits: %s", endpoint.endpoint_id, error)
            return
        except Exception:
            # One endpoint's trouble must not keep the others waiting.
            told = "the webhook endpoint %s of tenant %s could not be told, and is tried again"
            logger.exception(told, endpoint.endpoint_id, tenant)
            return
        if visited.quiet_at is not None:
            self._quiet[endpoint.endpoint_id] = _Quiet(visited.quiet_at, monotonic())


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
