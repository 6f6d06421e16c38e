"""What comes of a command on webhook endpoints: only administrators say where opps tells what."""

from datetime import timedelta
from typing import assert_never
from uuid import UUID, uuid5

from opps.domain.errors import RoleNeeded
from opps.domain.events import (
    WebhookEnd,
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointRegistered,
    WebhookEndpointRemoved,
    WebhookEvent,
    WebhookSecretRotated,
)
from opps.domain.recorded import Actor, Context, Via
from opps.domain.roles import ActorRole, needs
from opps.domain.webhooks.commands import (
    AnyWebhookCommand,
    ChangeWebhookEndpoint,
    DisableWebhookEndpoint,
    EnableWebhookEndpoint,
    GiveUpWebhookEndpoint,
    RegisterWebhookEndpoint,
    RemoveWebhookEndpoint,
    RotateWebhookSecret,
)
from opps.domain.webhooks.destination import NoDestination, destination
from opps.domain.webhooks.errors import (
    TooManyWebhookEndpoints,
    TooManyWebhookSecrets,
    UnknownWebhookTypes,
    WebhookUrlRefused,
)
from opps.domain.webhooks.state import NO_WEBHOOKS, Endpoint, Webhooks
from opps.domain.webhooks.types import unknown
from opps.domain.words import not_blank

OVERLAP = timedelta(hours=24)
"""How long an old secret signs beside the new one."""
MOST_ENDPOINTS = 50
MOST_SECRETS = 3


def decide(
    state: Webhooks | None, command: AnyWebhookCommand, context: Context
) -> list[WebhookEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        RoleNeeded: only administrators do, and only opps itself gives an endpoint up.
        UnknownWebhookEndpoint: there is no such endpoint, or no more.
        WebhookUrlRefused: nothing can be sent to that address.
        UnknownWebhookTypes: nothing is ever sent under one of the types.
        TooManyWebhookEndpoints, TooManyWebhookSecrets: there are enough.
        Blank: the description says nothing.
    """
    _check_actor(context.actor, command)
    held = state or NO_WEBHOOKS
    if isinstance(command, RegisterWebhookEndpoint):
        return [_registered(held, command, context)]
    endpoint = held.endpoint(command.endpoint_id)
    match command:
        case ChangeWebhookEndpoint():
            return _changed(endpoint, command)
        case RotateWebhookSecret(at_once=at_once):
            return [_rotated(endpoint, context, at_once=at_once)]
        case DisableWebhookEndpoint():
            return _disabled(endpoint, WebhookEnd.BY_HAND)
        case GiveUpWebhookEndpoint(reason=reason):
            return _disabled(endpoint, reason)
        case EnableWebhookEndpoint(endpoint_id=id_):
            return [] if endpoint.disabled is None else [WebhookEndpointEnabled(endpoint_id=id_)]
        case RemoveWebhookEndpoint(endpoint_id=id_):
            return [WebhookEndpointRemoved(endpoint_id=id_)]
        case _:
            assert_never(command)


def endpoint_id_of(command_id: UUID) -> UUID:
    """Return the id of the endpoint that a command registers."""
    return uuid5(command_id, "webhook")


def _check_actor(actor: Actor, command: AnyWebhookCommand) -> None:
    if not isinstance(command, GiveUpWebhookEndpoint):
        needs(actor, ActorRole.ADMIN)
    elif actor.via is not Via.SYSTEM:
        raise RoleNeeded(role=actor.role, needed="SYSTEM")


def _registered(
    held: Webhooks, command: RegisterWebhookEndpoint, context: Context
) -> WebhookEndpointRegistered:
    _check(command)
    if len(held.endpoints) >= MOST_ENDPOINTS:
        raise TooManyWebhookEndpoints(most=MOST_ENDPOINTS)
    return WebhookEndpointRegistered(
        endpoint_id=endpoint_id_of(context.command_id),
        url=command.url,
        types=_in_order(command.types),
        secret_id=uuid5(context.command_id, "webhook secret"),
        description=command.description,
        opportunity_ids=command.opportunity_ids,
        team_id=command.team_id,
    )


def _changed(held: Endpoint, command: ChangeWebhookEndpoint) -> list[WebhookEvent]:
    _check(command)
    after = WebhookEndpointChanged(
        endpoint_id=held.endpoint_id,
        url=command.url,
        types=_in_order(command.types),
        description=command.description,
        opportunity_ids=command.opportunity_ids,
        team_id=command.team_id,
    )
    before = WebhookEndpointChanged(
        endpoint_id=held.endpoint_id,
        url=held.url,
        types=held.types,
        description=held.description,
        opportunity_ids=held.opportunity_ids,
        team_id=held.team_id,
    )
    return [] if after == before else [after]


def _rotated(held: Endpoint, context: Context, *, at_once: bool) -> WebhookSecretRotated:
    if not at_once and len(held.signing(context.now)) >= MOST_SECRETS:
        raise TooManyWebhookSecrets(endpoint_id=held.endpoint_id, most=MOST_SECRETS)
    return WebhookSecretRotated(
        endpoint_id=held.endpoint_id,
        secret_id=uuid5(context.command_id, "webhook secret"),
        old_until=context.now if at_once else context.now + OVERLAP,
    )


def _disabled(held: Endpoint, reason: WebhookEnd) -> list[WebhookEvent]:
    if held.disabled is not None:
        return []
    return [WebhookEndpointDisabled(endpoint_id=held.endpoint_id, reason=reason)]


def _check(command: RegisterWebhookEndpoint | ChangeWebhookEndpoint) -> None:
    _check_address(command.url)
    if command.description is not None:
        not_blank("description", command.description)
    if wrong := unknown(command.types):
        raise UnknownWebhookTypes(types=wrong)


def _check_address(url: str) -> None:
    """Refuse what cannot be sent to, or would be kept with a password in it.

    Where its name leads is looked at whenever something is sent.
    """
    try:
        destination(url)
    except NoDestination as problem:
        raise WebhookUrlRefused(why=f"is not sent to: {problem}") from None


def _in_order(types: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(types)))
