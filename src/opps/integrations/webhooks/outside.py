"""What people do at an endpoint out of turn: check its address, and try whether messages arrive."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from opps.application.webhooks import WebhookDesk
from opps.domain.webhooks.destination import NoDestination
from opps.domain.webhooks.errors import WebhookUrlRefused
from opps.domain.webhooks.state import Endpoint
from opps.eventstore.webhook_rows import Attempt, Waiting
from opps.integrations.outgoing import NotAllowed, NotListed, Sender
from opps.integrations.thin_events import ping
from opps.integrations.webhooks.attempting import Sending

_LISTING = ". Whoever runs opps can allow hosts of their own with OPPS_WEBHOOK_ALLOW"


def now() -> datetime:
    """Return what the clock says."""
    return datetime.now(UTC)


class Outside:
    """The addresses of endpoints, as they are reached from here."""

    def __init__(
        self, desk: WebhookDesk, sender: Sender, now: Callable[[], datetime] = now
    ) -> None:
        self._desk, self._sender, self._now = desk, sender, now

    async def check(self, url: str) -> None:
        """Refuse an address to which nothing could be sent.

        Raises:
            WebhookUrlRefused: it is none, or leads to where no message goes.
        """
        try:
            await self._sender.check(url)
        except (NoDestination, NotAllowed) as refused:
            wanted = _LISTING if isinstance(refused, NotListed) else ""
            raise WebhookUrlRefused(why=f"is not sent to: {refused}{wanted}") from None

    async def ping(self, tenant: UUID, endpoint: Endpoint, ping_id: UUID) -> Attempt:
        """Send a message that says nothing, now and once."""
        at = self._now()
        told = ping(tenant, ping_id, endpoint.endpoint_id, at)
        message = Waiting(
            message_id=told.id,
            subject=endpoint.endpoint_id,
            type=told.type,
            position=0,
            body=told.body.decode(),
            due_at=at,
        )
        sending = Sending(self._desk, self._sender.post, self._now)
        return (await sending.attempt(tenant, endpoint, message))[0]
