"""The mutations on webhook endpoints: registered, changed, tried, and told once more."""

from typing import Any

import strawberry

from opps.api.context import Info
from opps.api.organisation import organisation_mutation
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.api.webhooks import WebhookAttempt, WebhookEndpoint, attempt_shown
from opps.application import Request
from opps.domain.roles import ActorRole, needs
from opps.domain.webhooks.commands import (
    AnyWebhookCommand,
    ChangeWebhookEndpoint,
    DisableWebhookEndpoint,
    EnableWebhookEndpoint,
    PingWebhookEndpoint,
    RegisterWebhookEndpoint,
    RemoveWebhookEndpoint,
    ReplayWebhook,
    RotateWebhookSecret,
)
from opps.domain.webhooks.state import Webhooks


@strawberry.type(description="What a command on a webhook endpoint answers.")
class WebhookEndpointPayload(Payload):
    webhook_endpoint: WebhookEndpoint | None = strawberry.field(
        description="The endpoint as it is now; null when refused, and once it was removed."
    )
    secret: str | None = strawberry.field(
        description="A new secret, for the receiver to check signatures with. It is shown in this "
        "answer and never again, not even when the command is repeated: rotate one that got lost."
    )


@strawberry.type(description="What a ping answers.")
class WebhookPingPayload(Payload):
    attempt: WebhookAttempt | None = strawberry.field(
        description="What came back; null when refused."
    )


@strawberry.type(description="What sending again answers.")
class WebhookReplayPayload(Payload):
    webhook_endpoint: WebhookEndpoint | None = strawberry.field(
        description="The endpoint: its standing says what waits. Null when refused."
    )


ON_ENDPOINTS = (
    RegisterWebhookEndpoint,
    ChangeWebhookEndpoint,
    RotateWebhookSecret,
    DisableWebhookEndpoint,
    EnableWebhookEndpoint,
    RemoveWebhookEndpoint,
)


def webhook_mutations() -> dict[str, Any]:
    """Return the mutations on webhook endpoints, by their names."""
    mutations = {
        f"{one.__name__[0].lower()}{one.__name__[1:]}": organisation_mutation(
            one, WebhookEndpointPayload, _carry_out, webhook_endpoint=None, secret=None
        )
        for one in ON_ENDPOINTS
    }
    mutations["pingWebhookEndpoint"] = organisation_mutation(
        PingWebhookEndpoint, WebhookPingPayload, _ping, attempt=None
    )
    mutations["replayWebhook"] = organisation_mutation(
        ReplayWebhook, WebhookReplayPayload, _replay, webhook_endpoint=None
    )
    return mutations


async def _carry_out(
    info: Info, command: AnyWebhookCommand, request: Request
) -> WebhookEndpointPayload:
    done = await info.context.services.application.webhook_desk.carry_out(command, request)
    return WebhookEndpointPayload(
        version=done.executed.after.version,
        position=Position(done.executed.position),
        replayed=done.executed.replayed,
        user_errors=[],
        webhook_endpoint=None if done.endpoint is None else WebhookEndpoint(state=done.endpoint),
        secret=done.secret,
    )


async def _ping(info: Info, command: PingWebhookEndpoint, request: Request) -> WebhookPingPayload:
    needs(request.actor, ActorRole.ADMIN)
    application = info.context.services.application
    attempt = await application.webhook_desk.ping(
        request.tenant, command.endpoint_id, request.command_id
    )
    held = await application.webhooks_of(request.tenant)
    return WebhookPingPayload(**_told(held), attempt=attempt_shown(attempt))


async def _replay(info: Info, command: ReplayWebhook, request: Request) -> WebhookReplayPayload:
    application = info.context.services.application
    await application.webhook_desk.replay(command, request)
    held = await application.webhooks_of(request.tenant)
    shown = WebhookEndpoint(state=held.endpoint(command.endpoint_id))
    return WebhookReplayPayload(**_told(held), webhook_endpoint=shown)


def _told(held: Webhooks) -> dict[str, Any]:
    return {
        "version": held.version,
        "position": Position(held.position),
        "replayed": False,
        "user_errors": [],
    }
