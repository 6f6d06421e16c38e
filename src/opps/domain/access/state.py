"""Who may do what, folded from the one stream that tells it."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never
from uuid import UUID, uuid5

from msgspec import Struct, field
from msgspec.structs import replace

from opps.domain.events import (
    AccessEvent,
    ApiKeyIssued,
    ApiKeyRevoked,
    Event,
    PrincipalLinked,
    PrincipalUnlinked,
    RoleGranted,
    RoleRevoked,
)
from opps.domain.recorded import Recorded
from opps.domain.roles import ActorRole


class ApiKey(Struct, frozen=True, kw_only=True):
    """A key that was issued to a program."""

    key_id: UUID
    name: str
    digest: str
    principal: UUID
    role: ActorRole
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    reason: str | None = None

    def opens(self, now: datetime) -> bool:
        """Tell whether it was neither revoked nor has expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Access(Struct, frozen=True, kw_only=True):
    """The roles that people hold, the keys of programs, and who acts as which person of ours."""

    roles: Mapping[UUID, frozenset[ActorRole]] = field(default_factory=dict)
    keys: Mapping[UUID, ApiKey] = field(default_factory=dict)
    links: Mapping[UUID, UUID] = field(default_factory=dict)
    version: int = -1
    position: int = 0

    def acts_as(self, principal: UUID) -> UUID:
        """Return under which id somebody acts who signs in: a person's, or their own."""
        return self.links.get(principal, principal)

    def roles_of(self, principal: UUID) -> tuple[ActorRole, ...]:
        """Return the roles that somebody holds, always in the same order."""
        held = self.roles.get(principal, frozenset())
        return tuple(role for role in ActorRole if role in held)

    @property
    def administrators(self) -> frozenset[UUID]:
        """Who holds the role ADMIN."""
        return frozenset(who for who, held in self.roles.items() if ActorRole.ADMIN in held)

    @property
    def programs(self) -> frozenset[UUID]:
        """To whom keys were ever issued."""
        return frozenset(one.principal for one in self.keys.values())

    def open_keys(self, principal: UUID, now: datetime) -> list[ApiKey]:
        """Return the keys of a program that open."""
        return [one for one in self.keys.values() if one.principal == principal and one.opens(now)]


NOBODY = Access()


def access_stream(tenant: UUID) -> UUID:
    """Return the stream that tells who may do what in a tenant."""
    return uuid5(tenant, "access")


def evolve(state: Access | None, recorded: Recorded[Event]) -> Access | None:
    """Return who may do what after one more event of the stream."""
    event = recorded.event
    if not isinstance(event, AccessEvent):
        return state
    held = _after(state or NOBODY, event, recorded.recorded_at)
    return replace(held, version=recorded.version, position=recorded.position)


def _after(held: Access, event: AccessEvent, at: datetime) -> Access:
    match event:
        case RoleGranted(principal=who, role=role):
            return replace(held, roles={**held.roles, who: frozenset({*_held(held, who), role})})
        case RoleRevoked(principal=who, role=role):
            return replace(held, roles={**held.roles, who: _held(held, who) - {role}})
        case ApiKeyIssued():
            issued = ApiKey(
                key_id=event.key_id,
                name=event.name,
                digest=event.digest,
                principal=event.principal,
                role=event.role,
                scopes=event.scopes,
                issued_at=at,
                expires_at=event.expires_at,
            )
            return replace(held, keys={**held.keys, event.key_id: issued})
        case ApiKeyRevoked(key_id=key_id, reason=reason):
            key = held.keys.get(key_id)
            if key is None:
                return held
            revoked = replace(key, revoked_at=at, reason=reason)
            return replace(held, keys={**held.keys, key_id: revoked})
        case PrincipalLinked(principal=who, person_id=person):
            return replace(held, links={**held.links, who: person})
        case PrincipalUnlinked(principal=who):
            return replace(held, links={one: of for one, of in held.links.items() if one != who})
        case _:
            assert_never(event)


def _held(held: Access, principal: UUID) -> frozenset[ActorRole]:
    return held.roles.get(principal, frozenset())
