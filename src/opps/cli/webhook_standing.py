"""How the webhook endpoints of a tenant are doing, for those who look after a server."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

if TYPE_CHECKING:
    from opps.eventstore import Log


class Webhooks(Struct, frozen=True, kw_only=True):
    """How many endpoints there are, how many of them need somebody, and how much was not told."""

    endpoints: int
    given_up: int
    """Disabled by opps itself: gone, or not reached for 120 hours."""
    failing: int
    waiting: int
    dead: int

    def __str__(self) -> str:
        from opps.cli.output import counted

        told = [counted(self.endpoints, "endpoint")]
        told += [f"{self.given_up} disabled as not reached"] if self.given_up else []
        told += [f"{self.failing} not reached just now"] if self.failing else []
        told += [f"{counted(self.waiting, 'message')} waiting"] if self.waiting else []
        told += [f"{counted(self.dead, 'message')} given up"] if self.dead else []
        return ", ".join(told)

    @property
    def need_somebody(self) -> bool:
        """Whether opps has given something up."""
        return bool(self.given_up or self.dead)


def webhooks_doing(log: "Log", tenant: UUID) -> Webhooks:
    """Return how the endpoints of a tenant are doing."""
    from opps.application.aggregates import WEBHOOKS, folded
    from opps.domain.events import WebhookEnd
    from opps.domain.webhooks.state import NO_WEBHOOKS, webhooks_stream
    from opps.eventstore import webhooks
    from opps.recording import codec

    told = map(codec.decode, log.streams(tenant, [webhooks_stream(tenant)]))
    endpoints = (folded(WEBHOOKS, told, None) or NO_WEBHOOKS).endpoints.values()
    standing = [
        log.run(partial(webhooks.standing, tenant=tenant, endpoint_id=of.endpoint_id))
        for of in endpoints
    ]
    disabled = [one.disabled for one in endpoints]
    return Webhooks(
        endpoints=len(disabled),
        given_up=sum(one not in (None, WebhookEnd.BY_HAND) for one in disabled),
        failing=sum(
            one.failing_since is not None and end is None
            for one, end in zip(standing, disabled, strict=True)
        ),
        waiting=sum(one.waiting for one in standing),
        dead=sum(one.dead for one in standing),
    )
