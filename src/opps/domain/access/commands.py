"""What can be asked for about access."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.describe import Title, doc
from opps.domain.events.access import MOST_SCOPES
from opps.domain.roles import ActorRole


class KeyScope(StrEnum):
    """What a key may be used for."""

    READ = "READ"
    """Queries and subscriptions."""
    WRITE = "WRITE"
    """Mutations."""


class GrantRole(Struct, frozen=True, kw_only=True):
    """Let somebody act in a role."""

    principal: UUID
    role: ActorRole


class RevokeRole(Struct, frozen=True, kw_only=True):
    """Let somebody act in a role no more."""

    principal: UUID
    role: ActorRole


class IssueApiKey(Struct, frozen=True, kw_only=True):
    """Issue a key for a program to act with; its text is shown once, in this answer."""

    name: Annotated[Title, doc("What it is for; it is kept, so name nobody in it.")]
    role: Annotated[ActorRole, doc("In which role the program acts; not ADMIN, not DPO.")]
    principal: Annotated[
        UUID | None,
        doc("Who the program is; give that of an older key to replace it. A new one if not."),
    ] = None
    scopes: Annotated[
        tuple[KeyScope, ...],
        doc("What it may be used for."),
        Meta(min_length=1, max_length=MOST_SCOPES),
    ] = (KeyScope.READ,)
    expires_at: Annotated[datetime | None, doc("Until when it opens; for ever if not.")] = None


class RevokeApiKey(Struct, frozen=True, kw_only=True):
    """Let a key open nothing any more."""

    key_id: Annotated[UUID, doc("The key.")]
    reason: Annotated[Title | None, doc("Why; name nobody in it.")] = None


class LinkPrincipal(Struct, frozen=True, kw_only=True):
    """Let somebody who signs in act as a person of ours, whose deals and coaching are theirs."""

    principal: Annotated[UUID, doc("Who signs in, by the id that opps tells them.")]
    person_id: Annotated[UUID, doc("As whom they act: the id that deals, imports and teams know.")]


class UnlinkPrincipal(Struct, frozen=True, kw_only=True):
    """Let somebody who signs in act under an id of their own again."""

    principal: Annotated[UUID, doc("Who signs in.")]


AnyRoleCommand = GrantRole | RevokeRole
AnyKeyCommand = IssueApiKey | RevokeApiKey
AnyLinkCommand = LinkPrincipal | UnlinkPrincipal
AnyAccessCommand = AnyRoleCommand | AnyKeyCommand | AnyLinkCommand
