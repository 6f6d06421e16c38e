"""The API keys of programs in the schema: issued, shown once, listed and revoked."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.organisation import organisation_mutation
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Executed, Request
from opps.domain.access.commands import IssueApiKey, RevokeApiKey
from opps.domain.access.key_text import SECRET_BYTES, digest_of, text_of
from opps.domain.access.state import Access
from opps.domain.access.state import ApiKey as State
from opps.domain.events import ApiKeyIssued
from opps.domain.roles import ActorRole

enum_of(ActorRole)


@strawberry.type(description="A key that was issued to a program; its text is not kept.")
class ApiKey:
    state: strawberry.Private[State]

    @strawberry.field(description="Its id, which the text of the key holds too.")
    def key_id(self) -> UUID:
        return self.state.key_id

    @strawberry.field(description="What it is for.")
    def name(self) -> str:
        return self.state.name

    @strawberry.field(description="Who the program is, as events name it.")
    def principal(self) -> UUID:
        return self.state.principal

    @strawberry.field(description="In which role the program acts.")
    def role(self) -> ActorRole:
        return self.state.role

    @strawberry.field(description="What it may be used for: READ, WRITE.")
    def scopes(self) -> list[str]:
        return list(self.state.scopes)

    @strawberry.field(description="When it was issued.")
    def issued_at(self) -> datetime:
        return self.state.issued_at

    @strawberry.field(description="Until when it opens; null for ever.")
    def expires_at(self) -> datetime | None:
        return self.state.expires_at

    @strawberry.field(description="When it was revoked; null if it was not.")
    def revoked_at(self) -> datetime | None:
        return self.state.revoked_at

    @strawberry.field(description="Why it was revoked.")
    def reason(self) -> str | None:
        return self.state.reason

    @strawberry.field(description="Whether it opens now.")
    def opens(self, info: Info) -> bool:
        return self.state.opens(info.context.services.application.now())


@strawberry.type(description="What issuing a key answers.")
class IssueApiKeyPayload(Payload):
    api_key: ApiKey | None = strawberry.field(description="The key; null when refused.")
    text: str | None = strawberry.field(
        description="What the program sends as `Authorization: Bearer`. It is shown in this answer "
        "and never again, not even when the command is repeated: revoke a key that got lost."
    )


@strawberry.type(description="What revoking a key answers.")
class RevokeApiKeyPayload(Payload):
    api_key: ApiKey | None = strawberry.field(description="The key; null when refused.")


@strawberry.type
class ApiKeysAsked:
    @strawberry.field(
        description="The API keys, the one issued last first; for administrators and auditors."
    )
    async def api_keys(self, info: Info) -> list[ApiKey]:
        tenant = info.context.viewer.tenant
        access = await info.context.services.application.access_of(tenant)
        return [ApiKey(state=one) for one in [*access.keys.values()][::-1]]


def api_key_mutations() -> dict[str, Any]:
    """Return the mutations on API keys, by their names."""
    return {
        "issueApiKey": organisation_mutation(
            IssueApiKey, IssueApiKeyPayload, _issue, api_key=None, text=None
        ),
        "revokeApiKey": organisation_mutation(
            RevokeApiKey, RevokeApiKeyPayload, _revoke, api_key=None
        ),
    }


async def _issue(info: Info, command: IssueApiKey, request: Request) -> IssueApiKeyPayload:
    secret = secrets.token_bytes(SECRET_BYTES)
    application = info.context.services.application
    done = await application.access(command, request, digest_of(secret))
    [issued] = [one.key_id for one in done.events if isinstance(one, ApiKeyIssued)]
    text = None if done.replayed else text_of(info.context.viewer.slug, issued, secret)
    shown = ApiKey(state=done.after.keys[issued])
    return IssueApiKeyPayload(**_told(done), api_key=shown, text=text)


async def _revoke(info: Info, command: RevokeApiKey, request: Request) -> RevokeApiKeyPayload:
    done = await info.context.services.application.access(command, request)
    shown = ApiKey(state=done.after.keys[command.key_id])
    return RevokeApiKeyPayload(**_told(done), api_key=shown)


def _told(done: Executed[Access]) -> dict[str, Any]:
    return {
        "version": done.after.version,
        "position": Position(done.position),
        "replayed": done.replayed,
        "user_errors": [],
    }
