"""What can be asked for about webhook endpoints."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import Position, Title, doc
from opps.domain.events.webhooks import OnlyOpportunities, WebhookEnd, WebhookTypes, WebhookUrl

Endpoint = Annotated[UUID, doc("The endpoint.")]


class RegisterWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """Tell an address of what happens; its secret is shown once, in this answer."""

    url: Annotated[WebhookUrl, doc("Where to post to; it is kept, so put no password into it.")]
    types: Annotated[
        WebhookTypes, doc("Which types to tell of, as `webhookTypes` lists them; opps.* for all.")
    ]
    description: Annotated[
        Title | None, doc("What it is for; it is kept, so name nobody in it.")
    ] = None
    opportunity_ids: Annotated[
        OnlyOpportunities, doc("Tell of these opportunities alone; of all if empty.")
    ] = ()
    team_id: Annotated[
        UUID | None, doc("Tell of opportunities alone whose owner is in this team or below it.")
    ] = None


class ChangeWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """Tell an endpoint of other things, or at another address; all of it is said anew."""

    endpoint_id: Endpoint
    url: Annotated[WebhookUrl, doc("Where to post to; it is kept, so put no password into it.")]
    types: Annotated[
        WebhookTypes, doc("Which types to tell of, as `webhookTypes` lists them; opps.* for all.")
    ]
    description: Annotated[
        Title | None, doc("What it is for; it is kept, so name nobody in it.")
    ] = None
    opportunity_ids: Annotated[
        OnlyOpportunities, doc("Tell of these opportunities alone; of all if empty.")
    ] = ()
    team_id: Annotated[
        UUID | None, doc("Tell of opportunities alone whose owner is in this team or below it.")
    ] = None


class RotateWebhookSecret(Struct, frozen=True, kw_only=True):
    """Give an endpoint another secret, shown once; the old one signs beside it for 24 hours."""

    endpoint_id: Endpoint
    at_once: Annotated[bool, doc("End the old one now, such as when it leaked.")] = False


class DisableWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """Send an endpoint nothing until it is enabled again; what happens waits in the log."""

    endpoint_id: Endpoint


class EnableWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """Send to an endpoint again, what happened in the meantime first."""

    endpoint_id: Endpoint


class RemoveWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """Tell an endpoint nothing any more, and destroy its secrets."""

    endpoint_id: Endpoint


class PingWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """Send an endpoint a message that says nothing, now and once, enabled or not."""

    endpoint_id: Endpoint


class ReplayWebhook(Struct, frozen=True, kw_only=True):
    """Send messages again under their ids: one, a range of the log, or what was given up."""

    endpoint_id: Endpoint
    message_id: Annotated[UUID | None, doc("This message alone.")] = None
    after: Annotated[
        Position | None, doc("All that lies behind this position, before its registration too.")
    ] = None
    until: Annotated[
        Position | None, doc("Up to this position; to the end of the log if absent.")
    ] = None
    failed_since: Annotated[
        datetime | None, doc("What was given up since then; all that was, where nothing is said.")
    ] = None


class GiveUpWebhookEndpoint(Struct, frozen=True, kw_only=True):
    """Disable an endpoint that cannot be reached; only opps itself asks for it."""

    endpoint_id: UUID
    reason: WebhookEnd


AnyWebhookCommand = (
    RegisterWebhookEndpoint
    | ChangeWebhookEndpoint
    | RotateWebhookSecret
    | DisableWebhookEndpoint
    | EnableWebhookEndpoint
    | RemoveWebhookEndpoint
    | GiveUpWebhookEndpoint
)
