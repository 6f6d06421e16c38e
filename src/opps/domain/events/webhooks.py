"""Where an organisation wants to be told of what happens: its webhook endpoints, in one stream."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from opps.domain.describe import Code, Title
from opps.domain.events.base import Event

LONGEST_URL = 2_000
MOST_TYPES = 200
MOST_FILTERED = 100

WebhookUrl = Annotated[str, Meta(min_length=1, max_length=LONGEST_URL)]
WebhookTypes = Annotated[tuple[Code, ...], Meta(min_length=1, max_length=MOST_TYPES)]
OnlyOpportunities = Annotated[tuple[UUID, ...], Meta(max_length=MOST_FILTERED)]


class WebhookEnd(StrEnum):
    """Why nothing is sent to an endpoint any more."""

    GONE = "GONE"
    """It answered 410: it is not there, and will not be."""
    FAILING = "FAILING"
    """Nothing reached it for 120 hours."""
    BY_HAND = "BY_HAND"
    """Somebody disabled it."""


class WebhookEndpointRegistered(Event, frozen=True, kw_only=True):
    """From here on an address is told of what happens; its secret is kept apart from the log."""

    endpoint_id: UUID
    url: WebhookUrl
    types: WebhookTypes
    secret_id: UUID
    description: Title | None = None
    opportunity_ids: OnlyOpportunities = ()
    team_id: UUID | None = None


class WebhookEndpointChanged(Event, frozen=True, kw_only=True):
    """An endpoint is told of other things from here on, or at another address."""

    endpoint_id: UUID
    url: WebhookUrl
    types: WebhookTypes
    description: Title | None = None
    opportunity_ids: OnlyOpportunities = ()
    team_id: UUID | None = None


class WebhookSecretRotated(Event, frozen=True, kw_only=True):
    """An endpoint got another secret; those before it sign beside it for a while."""

    endpoint_id: UUID
    secret_id: UUID
    old_until: datetime


class WebhookEndpointDisabled(Event, frozen=True, kw_only=True):
    """Nothing is sent to an endpoint from here on; what happens waits in the log."""

    endpoint_id: UUID
    reason: WebhookEnd


class WebhookEndpointEnabled(Event, frozen=True, kw_only=True):
    """An endpoint is told again, of what happened in the meantime first."""

    endpoint_id: UUID


class WebhookEndpointRemoved(Event, frozen=True, kw_only=True):
    """An endpoint is told nothing any more, and its secrets are destroyed."""

    endpoint_id: UUID
