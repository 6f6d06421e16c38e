"""One attempt to deliver a message: signed anew each time, under the id that it keeps."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from uuid_utils.compat import uuid7

from opps.application.webhooks import WebhookDesk
from opps.domain.webhooks.state import Endpoint
from opps.eventstore.webhook_rows import Attempt, Waiting
from opps.integrations.outgoing import Sent, Undelivered
from opps.integrations.standard_webhooks import signed
from opps.integrations.thin_events import CONTENT_TYPE

_NO_SECRET = "its secret is not among the keys here: bring them, or rotate it"

Now = Callable[[], datetime]


class Post(Protocol):
    """What sends a message once, and tells what became of it."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Awaitable[Sent]:
        """Send it."""


class Tally:
    """How many attempts of this process arrived, and how many did not."""

    def __init__(self) -> None:
        self.arrived = self.failed = 0

    def count(self, attempt: Attempt) -> None:
        """Count an attempt."""
        if attempt.why is None:
            self.arrived += 1
        else:
            self.failed += 1


class Sending:
    """Signs and sends."""

    def __init__(self, desk: WebhookDesk, post: Post, now: Now, tally: Tally | None = None) -> None:
        self._desk, self._post, self._now = desk, post, now
        self._tally = tally or Tally()

    async def attempt(
        self, tenant: UUID, endpoint: Endpoint, message: Waiting
    ) -> tuple[Attempt, Sent]:
        """Send a message once; return what the delivery log keeps of it, and what came back."""
        at, body = self._now(), message.body.encode()
        held = [await self._desk.secret(tenant, one) for one in endpoint.signing(at)]
        if secrets := [one for one in held if one is not None]:
            headers = signed(str(message.message_id), at, body, secrets)
            sent = await self._post(endpoint.url, {**headers, "content-type": CONTENT_TYPE}, body)
        else:
            sent = Sent(why=Undelivered.SECRET_MISSING, detail=_NO_SECRET)
        attempt = _kept(message, at, sent)
        self._tally.count(attempt)
        return attempt, sent


def _kept(message: Waiting, at: datetime, sent: Sent) -> Attempt:
    return Attempt(
        attempt_id=uuid7(),
        message_id=message.message_id,
        subject=message.subject,
        type=message.type,
        position=message.position,
        number=message.tried + 1,
        tried_at=at,
        status=sent.status,
        ms=sent.ms,
        why=sent.why,
        detail=sent.detail,
    )
