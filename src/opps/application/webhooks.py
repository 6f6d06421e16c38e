"""What people do about webhooks beside commands: secrets, deliveries, and sending them again."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID, uuid5

from msgspec import Struct

from opps.application.executing import Executed
from opps.application.planning import Request
from opps.domain.roles import ActorRole, needs
from opps.domain.webhooks.commands import (
    AnyWebhookCommand,
    ChangeWebhookEndpoint,
    RegisterWebhookEndpoint,
    RemoveWebhookEndpoint,
    ReplayWebhook,
    RotateWebhookSecret,
)
from opps.domain.webhooks.decide import endpoint_id_of
from opps.domain.webhooks.errors import UnknownWebhookMessage, WebhookUrlRefused
from opps.domain.webhooks.secret_text import text_of
from opps.domain.webhooks.state import Endpoint, Webhooks
from opps.eventstore import Log, webhook_log, webhooks
from opps.eventstore.webhook_rows import LAST_KIND, Attempt, Lane, Standing, Waiting
from opps.recording.keyring import Keyring, SubjectKeyMissing


class Carried(Struct, frozen=True, kw_only=True):
    """What a command on an endpoint did: the endpoint, None once removed, and a new secret."""

    executed: Executed[Webhooks]
    endpoint: Endpoint | None
    secret: str | None


class Carrying(Protocol):
    """What carries out commands on webhook endpoints."""

    async def webhook(self, command: AnyWebhookCommand, request: Request) -> Executed[Webhooks]:
        """Carry out a command."""

    async def webhooks_of(self, tenant: UUID) -> Webhooks:
        """Return the endpoints of a tenant."""


class Outside(Protocol):
    """The addresses of endpoints, as they are reached from here."""

    async def check(self, url: str) -> None:
        """Refuse an address to which nothing could be sent.

        Raises:
            WebhookUrlRefused: it is none, or leads to where no message goes.
        """

    async def ping(self, tenant: UUID, endpoint: Endpoint, ping_id: UUID) -> Attempt:
        """Send a message that says nothing, now and once."""


class WebhookDesk:
    """The endpoints of any tenant, as administrators deal with them."""

    def __init__(
        self,
        carrying: Carrying,
        log: Log,
        keyring_of: Callable[[UUID], Keyring],
        now: Callable[[], datetime],
    ) -> None:
        self._carrying, self._log, self._keyring_of, self._now = carrying, log, keyring_of, now
        self._outside: Callable[[], Outside] | None = None

    def reach_by(self, outside: Callable[[], Outside]) -> None:
        """Check addresses and ping by what is given; it is asked for when first needed."""
        self._outside = outside

    async def carry_out(self, command: AnyWebhookCommand, request: Request) -> Carried:
        """Carry out a command; a new secret is told once, not when the command is repeated.

        Raises what `Application.opportunity` raises.
        """
        await self._check(command, request)
        done = await self._carrying.webhook(command, request)
        endpoint_id = _meant(command, request)
        endpoint = done.after.endpoints.get(endpoint_id)
        if isinstance(command, RemoveWebhookEndpoint):
            forget = partial(webhook_log.forget, tenant=request.tenant, endpoint_id=endpoint_id)
            await self._log.aside(self._log.run, forget)
        if ended := _ended(done, endpoint_id, self._now()):
            keyring = self._keyring_of(request.tenant)
            await self._log.aside(keyring.destroy_keys, ended)
        makes_one = isinstance(command, RegisterWebhookEndpoint | RotateWebhookSecret)
        secret = None
        if makes_one and endpoint is not None and not done.replayed:
            keyring = self._keyring_of(request.tenant)
            made = await self._log.aside(keyring.key_or_new, endpoint.secrets[0].secret_id)
            secret = text_of(made)
        return Carried(executed=done, endpoint=endpoint, secret=secret)

    async def secret(self, tenant: UUID, secret_id: UUID) -> str | None:
        """Return a secret as its receiver knows it: a key of the tenant, kept with the others.

        None where it is not here. None is made then: nobody would know it, and the one of a copy
        of the keys could not be taken over beside it.
        """
        keyring = self._keyring_of(tenant)
        try:
            return text_of(await self._log.aside(keyring.key, secret_id))
        except SubjectKeyMissing:
            return None

    async def standing(self, tenant: UUID, endpoint_id: UUID) -> Standing:
        """Return how an endpoint is doing."""
        read = partial(webhooks.standing, tenant=tenant, endpoint_id=endpoint_id)
        return await self._log.aside(self._log.run, read)

    async def attempts(
        self,
        tenant: UUID,
        endpoint_id: UUID,
        limit: int,
        *,
        before: UUID | None = None,
        message_id: UUID | None = None,
        failed: bool = False,
    ) -> list[Attempt]:
        """Return what was tried within the last 30 days, the last first."""
        read = partial(
            webhook_log.attempts,
            tenant=tenant,
            endpoint_id=endpoint_id,
            limit=limit,
            before=before,
            message_id=message_id,
            failed=failed,
        )
        return await self._log.aside(self._log.run, read)

    async def dead(
        self, tenant: UUID, endpoint_id: UUID, limit: int, after: UUID | None = None
    ) -> list[Waiting]:
        """Return what was given up within the last 30 days, in order, from behind a message on."""
        read = partial(
            webhook_log.dead, tenant=tenant, endpoint_id=endpoint_id, limit=limit, after=after
        )
        return await self._log.aside(self._log.run, read)

    async def replay_dead(
        self, tenant: UUID, endpoint_id: UUID, since: datetime | None = None
    ) -> int:
        """Let what was given up be tried anew, all of it or since an instant; return how many."""
        write = partial(
            webhook_log.revive, tenant=tenant, endpoint_id=endpoint_id, at=self._now(), since=since
        )
        return await self._log.aside(self._log.run, write)

    async def replay_one(
        self, tenant: UUID, endpoint_id: UUID, message_id: UUID, replay_id: UUID
    ) -> None:
        """Let one message be sent again, under its id; once for each id of a replay.

        Raises:
            UnknownWebhookMessage: nobody tried to deliver it within the last 30 days.
        """
        lane_id = uuid5(endpoint_id, str(replay_id))
        revive = partial(
            webhook_log.revive,
            tenant=tenant,
            endpoint_id=endpoint_id,
            at=self._now(),
            message_id=message_id,
            ended=_lane(lane_id, 0, 0, only=message_id),
        )
        if await self._log.aside(self._log.run, revive):
            return
        tried = await self.attempts(tenant, endpoint_id, 1, message_id=message_id)
        if not tried or not tried[0].position:  # a ping has no place in the log
            raise UnknownWebhookMessage(message_id=message_id)
        lane = _lane(lane_id, tried[0].position - 1, tried[0].position, only=message_id)
        await self._begin(tenant, endpoint_id, lane)

    async def replay_range(
        self, tenant: UUID, endpoint_id: UUID, after: int, until: int | None, replay_id: UUID
    ) -> int:
        """Let all be sent again that lies behind a position, up to another; return up to which.

        Asked again under its id, it is not begun anew.
        It is what the endpoint asks for now; nothing behind the end of the log as it is now.
        """
        head = await self._log.aside(self._log.head, tenant)
        size = 0 if head is None else head.size
        last = size if until is None else min(until, size)
        if after < last:
            lane_id = uuid5(endpoint_id, str(replay_id))
            await self._begin(tenant, endpoint_id, _lane(lane_id, after, last))
        return last

    async def note(self, tenant: UUID, endpoint_id: UUID, attempt: Attempt) -> None:
        """Keep an attempt in the delivery log that was made out of turn, such as a ping."""
        write = partial(webhook_log.note, tenant=tenant, endpoint_id=endpoint_id, told=[attempt])
        await self._log.aside(self._log.run, write)

    async def replay(self, command: ReplayWebhook, request: Request) -> None:
        """Let messages be sent again; whoever delivers does it.

        Raises:
            RoleNeeded: only administrators do.
            UnknownWebhookEndpoint, UnknownWebhookMessage: there is no such thing to send again.
        """
        needs(request.actor, ActorRole.ADMIN)
        tenant, endpoint_id = request.tenant, command.endpoint_id
        (await self._carrying.webhooks_of(tenant)).endpoint(endpoint_id)
        if command.message_id is not None:
            await self.replay_one(tenant, endpoint_id, command.message_id, request.command_id)
        elif command.after is not None or command.until is not None:
            span = (command.after or 0, command.until)
            await self.replay_range(tenant, endpoint_id, *span, request.command_id)
        else:
            await self.replay_dead(tenant, endpoint_id, command.failed_since)

    async def ping(self, tenant: UUID, endpoint_id: UUID, ping_id: UUID) -> Attempt:
        """Send a message that says nothing to an endpoint, enabled or not; return what came back.

        Asked again under its id, it tells what came back then.

        Raises:
            UnknownWebhookEndpoint: there is none of that id, or no more.
        """
        endpoint = (await self._carrying.webhooks_of(tenant)).endpoint(endpoint_id)
        if before := await self.attempts(tenant, endpoint_id, 1, message_id=ping_id):
            return before[0]
        assert self._outside is not None, "whoever serves says how endpoints are reached"
        attempt = await self._outside().ping(tenant, endpoint, ping_id)
        await self.note(tenant, endpoint_id, attempt)
        return attempt

    async def _check(self, command: AnyWebhookCommand, request: Request) -> None:
        """Refuse an address that leads inside, unless the command was carried out before."""
        if self._outside is None:
            return
        if not isinstance(command, RegisterWebhookEndpoint | ChangeWebhookEndpoint):
            return
        try:
            await self._outside().check(command.url)
        except WebhookUrlRefused:
            if not await self._log.aside(self._log.command, request.tenant, request.command_id):
                raise

    async def _begin(self, tenant: UUID, endpoint_id: UUID, lane: Lane) -> None:
        write = partial(webhook_log.begin_replay, tenant=tenant, endpoint_id=endpoint_id, lane=lane)
        await self._log.aside(self._log.run, write)


def _ended(done: Executed[Webhooks], endpoint_id: UUID, now: datetime) -> list[UUID]:
    """Return the secrets of an endpoint that sign no more."""
    before = None if done.before is None else done.before.endpoints.get(endpoint_id)
    after = done.after.endpoints.get(endpoint_id)
    held = () if before is None else before.secrets
    signing = () if after is None else after.signing(now)
    return [one.secret_id for one in held if one.secret_id not in signing]


def _meant(command: AnyWebhookCommand, request: Request) -> UUID:
    if isinstance(command, RegisterWebhookEndpoint):
        return endpoint_id_of(request.command_id)
    return command.endpoint_id


def _lane(lane_id: UUID, after: int, until: int, only: UUID | None = None) -> Lane:
    return Lane(
        lane_id=lane_id, position=after, kind=LAST_KIND, ordinal=0, until=until, only_message=only
    )
