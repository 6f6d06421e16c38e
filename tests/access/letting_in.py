"""A server that lets in whoever a provider signed in, and what grants roles and keys there."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from opps.access.known import KnownAccess, KnownTenants
from opps.access.provider import Provider
from opps.access.signing_keys import SigningKeys
from opps.access.tokens import LEEWAY_S, Tokens, principal_of
from opps.api.identity import Identify
from opps.api.signed_in import SignedIn
from opps.application import Request, operator
from opps.domain.access.commands import (
    AnyAccessCommand,
    GrantRole,
    IssueApiKey,
    KeyScope,
    RevokeApiKey,
    RevokeRole,
)
from opps.domain.access.key_text import SECRET_BYTES, digest_of, text_of
from opps.domain.roles import ActorRole
from tests.access.provider import AUDIENCE, FakeProvider
from tests.api.support import Api, Installation, served_api


class Door:
    """A server with its provider: who is let in, and how that is changed."""

    def __init__(self, of: Installation, provider: FakeProvider, api: Api) -> None:
        self.of = of
        self.provider = provider
        self.api = api

    def principal(self, subject: str) -> UUID:
        """Return how opps knows somebody."""
        return principal_of(self.provider.issuer, subject)

    def grant(self, subject: str, *roles: ActorRole) -> None:
        """Let somebody act in roles."""
        for role in roles:
            self._carry_out(GrantRole(principal=self.principal(subject), role=role))

    def take(self, subject: str, role: ActorRole) -> None:
        """Let somebody act in a role no more."""
        self._carry_out(RevokeRole(principal=self.principal(subject), role=role))

    def key(
        self,
        *scopes: KeyScope,
        role: ActorRole = ActorRole.INTEGRATOR,
        expires_at: datetime | None = None,
    ) -> str:
        """Return the text of a new key."""
        secret, command_id = secrets.token_bytes(SECRET_BYTES), uuid4()
        command = IssueApiKey(
            name="Export", role=role, scopes=scopes or (KeyScope.READ,), expires_at=expires_at
        )
        request = Request(tenant=self.of.tenant, actor=operator(), command_id=command_id)
        done = asyncio.run(self.of.application.access(command, request, digest_of(secret)))
        return text_of("acme", [*done.after.keys][-1], secret)

    def revoke(self, key_id: UUID) -> None:
        """Let a key open nothing any more."""
        self._carry_out(RevokeApiKey(key_id=key_id))

    def _carry_out(self, command: AnyAccessCommand) -> None:
        request = Request(tenant=self.of.tenant, actor=operator(), command_id=uuid4())
        asyncio.run(self.of.application.access(command, request))


def letting_in(
    of: Installation,
    provider: FakeProvider,
    *,
    leeway_s: int = LEEWAY_S,
    tenant_claim: str | None = None,
    algorithms: tuple[str, ...] = ("RS256", "ES256", "EdDSA"),
) -> Identify:
    """Return who asks, as a server outside development tells it."""
    settings = Provider(
        issuer=provider.issuer,
        audience=AUDIENCE,
        algorithms=algorithms,
        tenant_claim=tenant_claim,
    )

    async def find(slug: str) -> UUID | None:
        return await of.log.aside(of.log.find_tenant, slug)

    tokens = Tokens(settings, SigningKeys(settings.issuer), leeway_s=leeway_s)
    access = KnownAccess(of.application.access_of)
    return SignedIn(access, KnownTenants(find), tokens, "acme").identify


@contextmanager
def door_of(of: Installation, provider: FakeProvider, identify: Identify) -> Iterator[Door]:
    """Yield a running server."""
    with served_api(of, identify) as api:
        yield Door(of, provider, api)
