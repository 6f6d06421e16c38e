"""The webhook endpoints of an organisation, folded from the one stream that tells of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never
from uuid import UUID, uuid5

from msgspec import Struct, field
from msgspec.structs import replace

from opps.domain.events import (
    Event,
    WebhookEnd,
    WebhookEndpointChanged,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointRegistered,
    WebhookEndpointRemoved,
    WebhookEvent,
    WebhookSecretRotated,
)
from opps.domain.recorded import Recorded
from opps.domain.webhooks.errors import UnknownWebhookEndpoint


class Secret(Struct, frozen=True):
    """What signs for an endpoint; `until` is when it stops, None for the one in force."""

    secret_id: UUID
    until: datetime | None = None

    def signs(self, now: datetime) -> bool:
        """Tell whether it still signs."""
        return self.until is None or now < self.until


class Endpoint(Struct, frozen=True, kw_only=True):
    """An address that is told of what happens; `position` is that of its registration."""

    endpoint_id: UUID
    url: str
    types: tuple[str, ...]
    secrets: tuple[Secret, ...]
    registered_at: datetime
    position: int
    description: str | None = None
    opportunity_ids: tuple[UUID, ...] = ()
    team_id: UUID | None = None
    disabled: WebhookEnd | None = None
    disabled_at: datetime | None = None
    enabled_at: datetime | None = None

    def signing(self, now: datetime) -> list[UUID]:
        """Return the ids of the secrets that sign, the newest first."""
        return [one.secret_id for one in self.secrets if one.signs(now)]


class Webhooks(Struct, frozen=True, kw_only=True):
    """The endpoints there are, by id, in the order in which they were registered."""

    endpoints: Mapping[UUID, Endpoint] = field(default_factory=dict)
    version: int = -1
    position: int = 0

    def endpoint(self, endpoint_id: UUID) -> Endpoint:
        """Return an endpoint.

        Raises:
            UnknownWebhookEndpoint: there is none of that id, or no more.
        """
        found = self.endpoints.get(endpoint_id)
        if found is None:
            raise UnknownWebhookEndpoint(endpoint_id=endpoint_id)
        return found


NO_WEBHOOKS = Webhooks()


def webhooks_stream(tenant: UUID) -> UUID:
    """Return the stream that tells of a tenant's webhook endpoints."""
    return uuid5(tenant, "webhooks")


def evolve(state: Webhooks | None, recorded: Recorded[Event]) -> Webhooks | None:
    """Return the endpoints after one more event of the stream."""
    event = recorded.event
    if not isinstance(event, WebhookEvent):
        return state
    endpoints = (state or NO_WEBHOOKS).endpoints
    after = _after(endpoints, event, recorded)
    return Webhooks(endpoints=after, version=recorded.version, position=recorded.position)


def _after(
    endpoints: Mapping[UUID, Endpoint], event: WebhookEvent, recorded: Recorded[Event]
) -> Mapping[UUID, Endpoint]:
    if isinstance(event, WebhookEndpointRegistered):
        return {**endpoints, event.endpoint_id: _registered(event, recorded)}
    held = endpoints.get(event.endpoint_id)
    if held is None:
        return endpoints
    if isinstance(event, WebhookEndpointRemoved):
        return {id_: one for id_, one in endpoints.items() if id_ != held.endpoint_id}
    return {**endpoints, held.endpoint_id: _changed(held, event, recorded.recorded_at)}


def _registered(event: WebhookEndpointRegistered, recorded: Recorded[Event]) -> Endpoint:
    return Endpoint(
        endpoint_id=event.endpoint_id,
        url=event.url,
        types=event.types,
        secrets=(Secret(event.secret_id),),
        registered_at=recorded.recorded_at,
        position=recorded.position,
        description=event.description,
        opportunity_ids=event.opportunity_ids,
        team_id=event.team_id,
    )


def _changed(
    held: Endpoint,
    event: WebhookEndpointChanged
    | WebhookSecretRotated
    | WebhookEndpointDisabled
    | WebhookEndpointEnabled,
    at: datetime,
) -> Endpoint:
    match event:
        case WebhookEndpointChanged():
            return replace(
                held,
                url=event.url,
                types=event.types,
                description=event.description,
                opportunity_ids=event.opportunity_ids,
                team_id=event.team_id,
                # What failed at another address says nothing of this one.
                enabled_at=held.enabled_at if event.url == held.url else at,
            )
        case WebhookSecretRotated(secret_id=secret_id, old_until=until):
            return replace(held, secrets=(Secret(secret_id), *_ending(held.secrets, until, at)))
        case WebhookEndpointDisabled(reason=reason):
            return replace(held, disabled=reason, disabled_at=at)
        case WebhookEndpointEnabled():
            return replace(held, disabled=None, disabled_at=None, enabled_at=at)
        case _:
            assert_never(event)


def _ending(secrets: tuple[Secret, ...], until: datetime, at: datetime) -> tuple[Secret, ...]:
    """Return older secrets as they end: none later than it would have without the newest."""
    return tuple(
        Secret(one.secret_id, until if one.until is None else min(one.until, until))
        for one in secrets
        if one.signs(at)
    )
