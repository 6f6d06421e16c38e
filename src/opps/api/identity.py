"""Who asks: the seam between a request and the organisation it may see."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from ipaddress import ip_address
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import HTTPConnection

from opps.domain.recorded import Actor, Via
from opps.domain.roles import ActorRole

DEVELOPER = uuid5(NAMESPACE_URL, "opps:development")
ACT_AS = "Opps-Act-As"
_NOT_LET_IN = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 503: "UNAVAILABLE"}


class Viewer(Struct, frozen=True, kw_only=True):
    """Who acts, and in which organisation; `believed` where a request may name another one.

    `roles` are those that a request may choose from, and `scopes` what it may be for, all if None.
    After `until` they have to say anew who they are.
    """

    tenant: UUID
    slug: str
    actor: Actor
    believed: bool = False
    roles: tuple[str, ...] = ()
    scopes: frozenset[str] | None = None
    until: datetime | None = None


class CannotActAs(Exception):
    """The request says who acts, and may not, or not in these words; the message says why."""


class NotLetIn(Exception):
    """Who asks is not let in; the message says why. `again` where another attempt may succeed."""

    def __init__(self, message: str, status: int = 401, *, again: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.again = again

    @property
    def code(self) -> str:
        """The code of the error."""
        return _NOT_LET_IN[self.status]


class Misdirected(Exception):
    """The request was meant for another server; the message says which names this one has."""


# Tells who sends a request; None when nobody is known to, and then nothing is answered.
Identify = Callable[[HTTPConnection], Awaitable[Viewer | None]]


def development(tenant: UUID, slug: str = "default", host: str = "127.0.0.1") -> Identify:
    """Return the identity of development mode: everybody is who they say, or the administrator.

    `host` is where the server listens. It answers to that name and to those of this machine, and
    raises `Misdirected` otherwise: a page of elsewhere could have its own name point here.
    """
    actor = Actor(principal=DEVELOPER, role=ActorRole.ADMIN, via=Via.GRAPHQL)
    viewer = Viewer(tenant=tenant, slug=slug, actor=actor, believed=True)

    async def identify(connection: HTTPConnection) -> Viewer | None:
        asked = connection.headers.get("host", "")
        if not is_here(asked, host):
            raise Misdirected(
                f"In development this answers to localhost and to {host}, not to {asked[:100]!r}: "
                "use one of these names, or set OPPS_HOST."
            )
        return viewer

    return identify


_HOST = re.compile(r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[\w.-]+))(?::\d*)?")


def is_here(asked: str, listens: str) -> bool:
    """Tell whether a Host header names this server."""
    found = _HOST.fullmatch(asked.lower())
    name = (found["address"] or found["name"]) if found else ""
    if name in ("localhost", listens.lower()) or name.endswith(".localhost"):
        return True
    try:
        # No name can stand behind an address, so any will do where the server listens on all.
        return ip_address(name).is_loopback or ip_address(listens).is_unspecified
    except ValueError:
        return False


async def nobody(connection: HTTPConnection) -> Viewer | None:
    """Recognise nobody: what is used as long as no other way is set up."""
    return None


async def viewer_of(connection: HTTPConnection, identify: Identify) -> Viewer:
    """Return who sends a request, in the role that it names.

    Raises:
        NotLetIn: nobody who is known to be let in, or not in that role.
        CannotActAs: the role cannot be named so.
    """
    viewer = await identify(connection)
    if viewer is None:
        raise NotLetIn("Say who you are.")
    return acting_as(viewer, connection.headers.get(ACT_AS))


def acting_as(viewer: Viewer, wanted: str | None) -> Viewer:
    """Return the viewer who acts as `ROLE` or `ROLE UUID` says; unchanged where nobody says it.

    Raises:
        CannotActAs: who asks is known without it, or there is no such role or id.
        NotLetIn: the role was not granted.
    """
    if viewer.roles:
        return _in_role(viewer, wanted)
    if wanted is None:
        return viewer
    if not viewer.believed:
        # Left unread it would mislead: the caller would take the answer for another role's.
        raise CannotActAs(f"{ACT_AS} is for development only: leave it out.")
    role, _, principal = wanted.strip().partition(" ")
    try:
        acts = UUID(principal.strip()) if principal else viewer.actor.principal
        actor = replace(viewer.actor, role=ActorRole(role), principal=acts)
    except ValueError:
        raise CannotActAs(f"{ACT_AS} is ROLE or ROLE UUID, of {', '.join(ActorRole)}.") from None
    return replace(viewer, actor=actor)


def _in_role(viewer: Viewer, wanted: str | None) -> Viewer:
    """Return the viewer in one of the roles that were granted, the only one if none is chosen."""
    if wanted is None and len(viewer.roles) > 1:
        raise CannotActAs(f"Choose a role with {ACT_AS}: {' or '.join(viewer.roles)}.")
    role = viewer.roles[0] if wanted is None else wanted.strip()
    if role not in list(ActorRole):
        raise CannotActAs(f"{ACT_AS} is one of {', '.join(viewer.roles)}.")
    if role not in viewer.roles:
        raise NotLetIn(f"The role {role} was not granted: {', '.join(viewer.roles)}.", 403)
    return replace(viewer, actor=replace(viewer.actor, role=role))
