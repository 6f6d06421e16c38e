"""Who asks outside development: whoever has a token of the identity provider, or an API key."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from opps.access.fetching import ProviderAway
from opps.access.known import KnownAccess, KnownTenants
from opps.access.tokens import TokenRefused, Tokens
from opps.api.identity import Identify, NotLetIn, Viewer
from opps.domain.access.key_text import PREFIX, KeyNamed, read_text
from opps.domain.access.state import Access
from opps.domain.recorded import Actor, Via

NO_SUCH_KEY = "The API key is not known here, or it was revoked or has expired."
PROVIDER_AWAY = "The identity provider does not answer: try again in a moment."


class SignedIn:
    """Recognises people by the tokens of one provider, and programs by their keys.

    `slug` names the organisation of a token that does not say one itself.
    """

    def __init__(
        self,
        access: KnownAccess,
        tenants: KnownTenants,
        tokens: Tokens | None,
        slug: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._access = access
        self._tenants = tenants
        self._tokens = tokens
        self._slug = slug
        self._now = now

    @property
    def identify(self) -> Identify:
        """What tells who sends a request.

        Raises:
            NotLetIn: they say who they are, and it does not hold.
        """
        return self._identify

    async def _identify(self, connection: HTTPConnection) -> Viewer | None:
        given = bearer(connection.headers)
        if given is None:
            return None
        if given.startswith(PREFIX):
            return await self._program(read_text(given))
        return await self._person(given)

    async def _program(self, named: KeyNamed | None) -> Viewer:
        tenant = None if named is None else await self._tenants.named(named.slug)
        if named is None or tenant is None:
            raise NotLetIn(NO_SUCH_KEY)
        access = await self._access.of(tenant, lambda held: named.key_id in held.keys)
        key = access.keys.get(named.key_id)
        if key is None or not hmac.compare_digest(key.digest, named.digest):
            raise NotLetIn(NO_SUCH_KEY)
        if not key.opens(self._now()):
            raise NotLetIn(NO_SUCH_KEY)
        return Viewer(
            tenant=tenant,
            slug=named.slug,
            actor=Actor(principal=key.principal, role=key.role, via=Via.GRAPHQL),
            roles=(key.role,),
            scopes=frozenset(key.scopes),
            until=key.expires_at,
        )

    async def _person(self, token: str) -> Viewer:
        if self._tokens is None:
            raise NotLetIn("No identity provider is set up here: send an API key.")
        try:
            found = await self._tokens.read(token)
        except TokenRefused as reason:
            raise NotLetIn(f"The token is refused. {reason}", again=reason.expired) from None
        except ProviderAway:
            raise NotLetIn(PROVIDER_AWAY, 503, again=True) from None
        slug = found.slug or self._slug
        tenant = await self._tenants.named(slug)
        if tenant is None:
            raise NotLetIn(f"There is no organisation {slug[:63]!r} here.", 403)
        access = await self._access_of(tenant, found.principal)
        roles = access.roles_of(found.principal)
        acts = access.acts_as(found.principal)
        return Viewer(
            tenant=tenant,
            slug=slug,
            actor=Actor(principal=acts, role=roles[0], via=Via.GRAPHQL),
            roles=roles,
            until=found.until,
        )

    async def _access_of(self, tenant: UUID, principal: UUID) -> Access:
        """Return who may do what, somebody who signs in among them."""
        access = await self._access.of(tenant, lambda held: bool(held.roles_of(principal)))
        if not access.roles_of(principal):
            raise NotLetIn(
                f"You are known as {principal}, and no role was granted to you yet: ask whoever "
                "runs opps for `opps access grant`.",
                403,
                again=True,
            )
        return access


def bearer(headers: Headers) -> str | None:
    """Return what a request bears to say who sends it, None where it says nothing.

    Raises:
        NotLetIn: it says it twice, or in another way than as a bearer.
    """
    given = headers.getlist("authorization")
    if not given:
        return None
    scheme, _, rest = given[0].strip().partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer" or not rest.strip():
        raise NotLetIn("Send one header, `Authorization: Bearer` and then a token or an API key.")
    return rest.strip()
