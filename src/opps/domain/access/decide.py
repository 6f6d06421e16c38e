"""What comes of a command on access: only administrators change it, and one always stays."""

from typing import assert_never
from uuid import uuid5

from opps.domain.access.commands import (
    AnyAccessCommand,
    GrantRole,
    IssueApiKey,
    LinkPrincipal,
    RevokeApiKey,
    RevokeRole,
    UnlinkPrincipal,
)
from opps.domain.access.errors import (
    AlreadyLinked,
    ExpiresInThePast,
    LastAdministrator,
    LinksThemselves,
    NotLinked,
    PersonSignsInOtherwise,
    RoleNotForKeys,
    RoleNotHeld,
    TooManyKeys,
    UnknownApiKey,
    UnknownProgram,
)
from opps.domain.access.state import NOBODY, Access
from opps.domain.events import (
    AccessEvent,
    ApiKeyIssued,
    ApiKeyRevoked,
    PrincipalLinked,
    PrincipalUnlinked,
    RoleGranted,
    RoleRevoked,
)
from opps.domain.privacy.state import whoever
from opps.domain.recorded import Context
from opps.domain.roles import ActorRole, needs
from opps.domain.words import not_blank

MOST_OPEN_KEYS = 2  # the old one and the new one, while a program changes over
# Whoever grants access or erases people is somebody: a program that leaks its key could do both.
FOR_PEOPLE = (ActorRole.ADMIN, ActorRole.DPO)


def decide(
    state: Access | None, command: AnyAccessCommand, context: Context, digest: str = ""
) -> list[AccessEvent]:
    """Return the events that a command leads to; none when nothing changes.

    `digest` is that of the secret which was made for a key; the command itself has none.

    Raises:
        RoleNeeded: only administrators say who may do what.
        RoleNotHeld: who is to lose a role does not hold it.
        LastAdministrator: nobody would be left to say who may do what.
        RoleNotForKeys: a key does not act as ADMIN or DPO.
        ExpiresInThePast: a key would never open.
        TooManyKeys: the program has two keys that open.
        UnknownApiKey: there is no such key.
        UnknownProgram: no key was issued to whom another one is to replace.
        AlreadyLinked: who is linked acts as somebody else.
        PersonSignsInOtherwise: somebody else acts as the person.
        NotLinked: who is unlinked acts as nobody else.
        LinksThemselves: an administrator would become somebody else by their own word.
        Blank: the name says nothing.
    """
    needs(context.actor, ActorRole.ADMIN)
    held = state or NOBODY
    match command:
        case GrantRole(principal=who, role=role):
            if role in held.roles_of(who):
                return []
            return [RoleGranted(principal=who, role=role)]
        case RevokeRole(principal=who, role=role):
            if role not in held.roles_of(who):
                raise RoleNotHeld(principal=who, role=role)
            if role is ActorRole.ADMIN and held.administrators == {who}:
                raise LastAdministrator(principal=who)
            return [RoleRevoked(principal=who, role=role)]
        case IssueApiKey():
            return [_issued(held, command, context, digest)]
        case RevokeApiKey(key_id=key_id, reason=reason):
            if key_id not in held.keys:
                raise UnknownApiKey(key_id=key_id)
            if held.keys[key_id].revoked_at is not None:
                return []
            return [ApiKeyRevoked(key_id=key_id, reason=reason)]
        case LinkPrincipal():
            return _linked(held, command, context)
        case UnlinkPrincipal(principal=who):
            if who not in held.links:
                raise NotLinked(principal=who)
            return [PrincipalUnlinked(principal=who, person_id=held.links[who])]
        case _:
            assert_never(command)


def _linked(held: Access, command: LinkPrincipal, context: Context) -> list[AccessEvent]:
    who, person = command.principal, command.person_id
    # What is a person's alone, such as the first look at a gap, an administrator could take so.
    if whoever(context.actor) in (who, person):
        raise LinksThemselves(principal=who)
    if held.links.get(who, person) != person:
        raise AlreadyLinked(principal=who, person_id=held.links[who])
    if who in held.links:
        return []
    # Events name the person alone: with one principal at a time, the log tells who signed in.
    for other, theirs in held.links.items():
        if theirs == person:
            raise PersonSignsInOtherwise(principal=other, person_id=person)
    return [PrincipalLinked(principal=who, person_id=person)]


def _issued(held: Access, command: IssueApiKey, context: Context, digest: str) -> ApiKeyIssued:
    assert digest, "the secret of a key is made before it is issued"
    not_blank("name", command.name)
    if command.role in FOR_PEOPLE:
        raise RoleNotForKeys(role=command.role)
    if command.expires_at is not None and command.expires_at <= context.now:
        raise ExpiresInThePast(expires_at=command.expires_at)
    # A key for somebody's own id would act as that person.
    if command.principal is not None and command.principal not in held.programs:
        raise UnknownProgram(principal=command.principal)
    principal = command.principal or uuid5(context.command_id, "principal")
    if len(held.open_keys(principal, context.now)) >= MOST_OPEN_KEYS:
        raise TooManyKeys(principal=principal, most=MOST_OPEN_KEYS)
    return ApiKeyIssued(
        key_id=uuid5(context.command_id, "key"),
        name=command.name,
        digest=digest,
        principal=principal,
        role=command.role,
        scopes=tuple(sorted({scope.value for scope in command.scopes})),
        expires_at=command.expires_at,
    )
