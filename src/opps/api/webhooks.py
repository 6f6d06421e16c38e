"""Webhook endpoints in the schema: who is told of what, what was tried, and what was given up."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.connections import (
    After,
    Connection,
    First,
    cursor_at,
    page_of,
    page_size,
    read_cursor,
)
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.parties import node_id
from opps.api.scalars import Position
from opps.domain.events import WebhookEnd
from opps.domain.roles import ActorRole, needs
from opps.domain.webhooks.state import Endpoint, Secret
from opps.domain.webhooks.types import EVERYTHING, TYPES
from opps.eventstore.webhook_rows import Attempt, Standing, Waiting
from opps.projections.until import NotReplayable

LOOKERS = (ActorRole.ADMIN, ActorRole.AUDITOR)

enum_of(WebhookEnd)


@strawberry.type(description="Something that signs messages; what it is was shown once.")
class WebhookSecret:
    secret_id: UUID = strawberry.field(description="Its id.")
    until: datetime | None = strawberry.field(
        description="Until when it signs beside a newer one; null of the newest."
    )


@strawberry.type(description="How an endpoint is doing.")
class WebhookStanding:
    delivered_at: datetime | None = strawberry.field(
        description="When something last arrived; null if nothing ever did."
    )
    failing_since: datetime | None = strawberry.field(
        description="Since when nothing arrives; null where the last attempt did. After 120 hours "
        "the endpoint is disabled."
    )
    waiting: int = strawberry.field(
        description="How many messages wait for another attempt, or behind one that does."
    )
    dead: int = strawberry.field(
        description="How many were given up within the last 30 days, and not sent again since."
    )


@strawberry.type(description="One attempt to deliver a message.")
class WebhookAttempt:
    message_id: UUID = strawberry.field(description="The message: webhook-id, each time the same.")
    type: str = strawberry.field(description="What it told, such as opps.ScoreChanged.")
    position: Position = strawberry.field(description="Its place in the log; 0 of a ping.")
    number: int = strawberry.field(description="Which attempt it was, from 1 on.")
    tried_at: datetime = strawberry.field(description="When it was sent.")
    status: int | None = strawberry.field(description="What was answered; null where nothing was.")
    ms: int = strawberry.field(description="How many milliseconds that took.")
    why: str | None = strawberry.field(
        description="Why it did not arrive, by a stable name; null where it arrived."
    )
    detail: str = strawberry.field(description="The same in words, none of them the receiver's.")


@strawberry.type(description="A message that was given up after ten attempts: a dead letter.")
class WebhookDeadLetter:
    message_id: UUID = strawberry.field(description="The message.")
    type: str = strawberry.field(description="What it told, such as opps.ScoreChanged.")
    position: Position = strawberry.field(description="Its place in the log.")
    tried: int = strawberry.field(description="How often it was sent.")
    died_at: datetime = strawberry.field(description="When it was given up.")


@strawberry.type(description="An address that is told of what happens.")
class WebhookEndpoint:
    state: strawberry.Private[Endpoint]

    @strawberry.field(description="Its id.")
    def endpoint_id(self) -> UUID:
        return self.state.endpoint_id

    @strawberry.field(description="Where messages are posted to.")
    def url(self) -> str:
        return self.state.url

    @strawberry.field(description="What it is for.")
    def description(self) -> str | None:
        return self.state.description

    @strawberry.field(description="Which types it is told of; opps.* for all.")
    def types(self) -> list[str]:
        return list(self.state.types)

    @strawberry.field(description="Of which opportunities alone; of all where empty.")
    def opportunity_ids(self) -> list[strawberry.ID]:
        return [node_id(NodeType.OPPORTUNITY, one) for one in self.state.opportunity_ids]

    @strawberry.field(description="Of which team's opportunities alone, those below it included.")
    def team_id(self) -> UUID | None:
        return self.state.team_id

    @strawberry.field(description="What signs its messages, the newest first.")
    def secrets(self) -> list[WebhookSecret]:
        return [_secret(one) for one in self.state.secrets]

    @strawberry.field(description="When it was registered.")
    def registered_at(self) -> datetime:
        return self.state.registered_at

    @strawberry.field(description="Why nothing is sent to it; null where something is.")
    def disabled(self) -> WebhookEnd | None:
        return self.state.disabled

    @strawberry.field(description="Since when nothing is sent to it.")
    def disabled_at(self) -> datetime | None:
        return self.state.disabled_at

    @strawberry.field(description="How it is doing now.")
    async def standing(self, info: Info) -> WebhookStanding:
        desk, tenant = info.context.services.application.webhook_desk, info.context.viewer.tenant
        return _standing(await desk.standing(tenant, self.state.endpoint_id))

    @strawberry.field(description="What was tried within the last 30 days, the last first.")
    async def attempts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        message_id: Annotated[
            UUID | None, strawberry.argument(description="Only those of this message.")
        ] = None,
        failed: Annotated[
            bool, strawberry.argument(description="Only what did not arrive.")
        ] = False,
    ) -> Connection[WebhookAttempt]:
        size = page_size(first)
        found = await info.context.services.application.webhook_desk.attempts(
            info.context.viewer.tenant,
            self.state.endpoint_id,
            size + 1,
            before=None if after is None else read_cursor(after, UUID),
            message_id=message_id,
            failed=failed,
        )
        items = [(cursor_at(one.attempt_id), attempt_shown(one)) for one in found]
        return page_of(items, size, begun=after is not None)

    @strawberry.field(description="What was given up within the last 30 days, oldest first.")
    async def dead_letters(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[WebhookDeadLetter]:
        size = page_size(first)
        found = await info.context.services.application.webhook_desk.dead(
            info.context.viewer.tenant,
            self.state.endpoint_id,
            size + 1,
            None if after is None else read_cursor(after, UUID),
        )
        items = [(cursor_at(one.message_id), _dead_letter(one)) for one in found]
        return page_of(items, size, begun=after is not None)


@strawberry.type
class WebhooksAsked:
    @strawberry.field(description="The webhook endpoints, in the order of their registration.")
    async def webhook_endpoints(self, info: Info) -> list[WebhookEndpoint]:
        viewer = info.context.viewer
        needs(viewer.actor, *LOOKERS)
        if info.context.replaying:
            raise NotReplayable("webhookEndpoints")
        found = await info.context.services.application.webhooks_of(viewer.tenant)
        return [WebhookEndpoint(state=one) for one in found.endpoints.values()]

    @strawberry.field(description="What webhook endpoints can be told of; opps.* for all of it.")
    def webhook_types(self) -> list[str]:
        return [EVERYTHING, *TYPES]


def attempt_shown(one: Attempt) -> WebhookAttempt:
    """Return an attempt for the schema."""
    return WebhookAttempt(
        message_id=one.message_id,
        type=one.type,
        position=Position(one.position),
        number=one.number,
        tried_at=one.tried_at,
        status=one.status,
        ms=one.ms,
        why=one.why,
        detail=one.detail,
    )


def _standing(found: Standing) -> WebhookStanding:
    return WebhookStanding(
        delivered_at=found.delivered_at,
        failing_since=found.failing_since,
        waiting=found.waiting,
        dead=found.dead,
    )


def _secret(one: Secret) -> WebhookSecret:
    return WebhookSecret(secret_id=one.secret_id, until=one.until)


def _dead_letter(one: Waiting) -> WebhookDeadLetter:
    assert one.died_at is not None
    return WebhookDeadLetter(
        message_id=one.message_id,
        type=one.type,
        position=Position(one.position),
        tried=one.tried,
        died_at=one.died_at,
    )
