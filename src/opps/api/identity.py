"""Who asks: the seam between a request and the organisation it may see."""

from collections.abc import Awaitable, Callable
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Struct
from starlette.requests import HTTPConnection

from opps.domain.recorded import Actor, Via

DEVELOPER = uuid5(NAMESPACE_URL, "opps:development")
ADMIN = "ADMIN"


class Viewer(Struct, frozen=True, kw_only=True):
    """Who acts, and in which organisation."""

    tenant: UUID
    slug: str
    actor: Actor


# Tells who sends a request; None when nobody is known to, and then nothing is answered.
Identify = Callable[[HTTPConnection], Awaitable[Viewer | None]]


def development(tenant: UUID, slug: str = "default") -> Identify:
    """Return the identity of development mode: everybody is the one administrator."""
    actor = Actor(principal=DEVELOPER, role=ADMIN, via=Via.GRAPHQL)
    viewer = Viewer(tenant=tenant, slug=slug, actor=actor)

    async def identify(connection: HTTPConnection) -> Viewer | None:
        return viewer

    return identify


async def nobody(connection: HTTPConnection) -> Viewer | None:
    """Recognise nobody: what is used as long as no other way is set up."""
    return None
