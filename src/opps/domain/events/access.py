"""Who may do what in an organisation: roles, keys of programs, who signs in as whom; one stream."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from opps.domain.describe import Code, Title
from opps.domain.events.base import Event
from opps.domain.events.vocabulary import ActorRole

MOST_SCOPES = 20

Scopes = Annotated[tuple[Code, ...], Meta(max_length=MOST_SCOPES)]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class RoleGranted(Event, frozen=True, kw_only=True):
    """Somebody may act in a role from here on."""

    principal: UUID
    role: ActorRole


class RoleRevoked(Event, frozen=True, kw_only=True):
    """Somebody may act in a role no more."""

    principal: UUID
    role: ActorRole


class ApiKeyIssued(Event, frozen=True, kw_only=True):
    """A program got a key to act with; of its secret only the SHA-256 is stored."""

    key_id: UUID
    name: Title
    digest: Digest
    principal: UUID
    role: ActorRole
    scopes: Scopes = ()
    expires_at: datetime | None = None


class ApiKeyRevoked(Event, frozen=True, kw_only=True):
    """A key opens nothing any more."""

    key_id: UUID
    reason: Title | None = None


class PrincipalLinked(Event, frozen=True, kw_only=True):
    """Somebody who signs in acts as a person of ours from here on: what is theirs is known so."""

    principal: UUID
    person_id: UUID


class PrincipalUnlinked(Event, frozen=True, kw_only=True):
    """Somebody who signs in acts as that person no more, but under an id of their own."""

    principal: UUID
    person_id: UUID
