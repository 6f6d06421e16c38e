"""What is due at one endpoint is sent: what waits first, then what happened since, in order."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from msgspec import Struct
from msgspec.structs import replace

from opps.application import Application, Request
from opps.domain.events import WebhookEnd
from opps.domain.recorded import Actor, Via
from opps.domain.webhooks.commands import GiveUpWebhookEndpoint
from opps.domain.webhooks.schedule import GIVE_UP_AFTER, due_again
from opps.domain.webhooks.state import Endpoint
from opps.eventstore import webhooks
from opps.eventstore.webhook_rows import Attempt, Lane, Standing, Waiting
from opps.eventstore.webhooks import Report
from opps.integrations.webhooks.attempting import Now, Sending
from opps.integrations.webhooks.outbox import Message, Outbox

DELIVERER = uuid5(NAMESPACE_URL, "opps:webhooks")
_ACTOR = Actor(principal=DELIVERER, role="WEBHOOKS", via=Via.SYSTEM)
SUBJECTS_AT_ONCE = 8
RETRIED_AT_ONCE = 100
MOST_WAITING = 10_000
"""With so many that wait, an endpoint is told nothing new: the log keeps it."""
ENOUGH_FAILED = 3
"""Where so many failed one after the other and none arrived, nobody answers there just now."""
LEFT_ALONE = timedelta(minutes=5)
_GONE = 410
_ALL = 2**63 - 1

Jitter = Callable[[], float]


class Visited(Struct, frozen=True):
    """What a visit did: how many attempts, and whether there is more to do right away.

    `reached` is up to where all was read, and `waits` whether something waits for its time.
    """

    attempts: int = 0
    more: bool = False
    reached: int = 0
    waits: bool = False


class _Round:
    """What became of the messages of one visit so far."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.arrived: list[UUID] = []
        self.kept: list[Waiting] = []
        self.gone = False

    @property
    def in_vain(self) -> bool:
        """Whether nobody seems to be there."""
        return not self.arrived and len(self.attempts) >= ENOUGH_FAILED


class Delivering:
    """Visits endpoints, one at a time each; whoever holds the turn of a tenant does."""

    def __init__(
        self, application: Application, outbox: Outbox, sending: Sending, now: Now, jitter: Jitter
    ) -> None:
        self._application, self._outbox, self._sending = application, outbox, sending
        self._log, self._now, self._jitter = application.log, now, jitter

    async def visit(self, tenant: UUID, endpoint: Endpoint, turn: int) -> Visited:
        """Send what is due at an endpoint, and keep what became of it.

        Raises:
            Fenced: another process has taken over.
            LogFault: the database is away.
        """
        of = _Of(tenant, endpoint, turn)
        standing = await self._application.webhook_desk.standing(tenant, endpoint.endpoint_id)
        retried = await self._retry(of, standing)
        if retried.attempts:
            return retried
        # Only now: where nobody was here to try for a while, that is no fault of the endpoint.
        if await self._given_up(of, standing):
            return Visited()
        if standing.waiting >= MOST_WAITING:
            return Visited(reached=_ALL, waits=True)
        return await self._go_on(of, standing)

    async def _given_up(self, of: "_Of", standing: Standing) -> bool:
        since = _failing_since(of.endpoint, standing)
        if since is None or self._now() < since + GIVE_UP_AFTER:
            return False
        await self._give_up(of, WebhookEnd.FAILING)
        return True

    async def _give_up(self, of: "_Of", reason: WebhookEnd) -> None:
        held = (await self._application.webhooks_of(of.tenant)).endpoints.get(
            of.endpoint.endpoint_id
        )
        if held is None or held.url != of.endpoint.url:
            return  # it is told elsewhere by now, or not at all
        command = GiveUpWebhookEndpoint(endpoint_id=of.endpoint.endpoint_id, reason=reason)
        request = Request(tenant=of.tenant, actor=_ACTOR, command_id=uuid4())
        await self._application.webhook(command, request)

    async def _retry(self, of: "_Of", standing: Standing) -> Visited:
        """Try anew what is due: of each subject the first that waits."""
        read = partial(
            webhooks.due,
            tenant=of.tenant,
            endpoint_id=of.endpoint.endpoint_id,
            now=self._now(),
            enabled_at=of.endpoint.enabled_at,
            limit=RETRIED_AT_ONCE,
        )
        due = await self._log.aside(self._log.run, read)
        if not due:
            return Visited()
        told = await self._send(of, [[one] for one in due])
        await self._report(of, told, standing, Report(retried=told.kept))
        # What arrived or was given up frees what waits behind it.
        freed = told.arrived or any(one.died_at is not None for one in told.kept)
        return Visited(len(told.attempts), more=bool(freed) and not told.gone)

    async def _go_on(self, of: "_Of", standing: Standing) -> Visited:
        """Tell what happened since, in each lane."""
        attempts, more, reached, waits = 0, False, _ALL, standing.waiting > 0
        for lane in await self._lanes(of):
            if of.gone:
                break
            page = await self._outbox.page(of.tenant, of.endpoint, lane)
            reached = min(reached, page.place.position if lane.until is None else _ALL)
            if page.place == lane.place and not page.messages:
                continue
            chains = await self._chains(of, page.messages)
            told = await self._send(of, chains)
            report = Report(waiting=told.kept, lane=lane.moved(page.place))
            await self._report(of, told, standing, report)
            attempts, more = attempts + len(told.attempts), more or page.full
            waits = waits or bool(told.kept)
        more = more and not of.gone
        return Visited(attempts, more, reached, waits)

    async def _lanes(self, of: "_Of") -> Sequence[Lane]:
        read = partial(webhooks.lanes, tenant=of.tenant, endpoint_id=of.endpoint.endpoint_id)
        found = await self._log.aside(self._log.run, read)
        if any(one.lane_id == of.endpoint.endpoint_id for one in found):
            return found
        return [await self._outbox.beginning(of.tenant, of.endpoint), *found]

    async def _chains(self, of: "_Of", messages: Iterable[Message]) -> list[list[Waiting]]:
        """Return the messages of each subject in order; where one waits, all behind it do."""
        now, chains = self._now(), dict[UUID, list[Waiting]]()
        for one in messages:
            chains.setdefault(one.subject, []).append(_new(one, now))
        read = partial(
            webhooks.held_back,
            tenant=of.tenant,
            endpoint_id=of.endpoint.endpoint_id,
            subjects=list(chains),
        )
        held = await self._log.aside(self._log.run, read) if chains else set()
        of.held = held
        return list(chains.values())

    async def _send(self, of: "_Of", chains: Iterable[Sequence[Waiting]]) -> _Round:
        told, places = _Round(), asyncio.Semaphore(SUBJECTS_AT_ONCE)

        async def send(chain: Sequence[Waiting]) -> None:
            async with places:
                await self._send_in_order(of, chain, told)

        async with asyncio.TaskGroup() as sending:
            for chain in chains:
                sending.create_task(send(chain))
        return told

    async def _send_in_order(self, of: "_Of", chain: Sequence[Waiting], told: _Round) -> None:
        """Send messages of one subject until one fails: none goes before an earlier one."""
        for place, message in enumerate(chain):
            if message.subject in of.held:
                told.kept += chain[place:]
                return
            if told.in_vain or told.gone:
                told.kept += [self._left_alone(message), *chain[place + 1 :]]
                return
            attempt, sent = await self._sending.attempt(of.tenant, of.endpoint, message)
            told.attempts.append(attempt)
            if attempt.why is not None:
                told.gone = told.gone or sent.status == _GONE
                tried = self._tried(message, attempt, sent.retry_after_s)
                told.kept += [tried, *chain[place + 1 :]]
                return
            told.arrived.append(message.message_id)

    def _left_alone(self, message: Waiting) -> Waiting:
        now = self._now()
        looked_at = None if message.tried_at is None else now
        return replace(message, due_at=now + LEFT_ALONE, tried_at=looked_at)

    def _tried(self, message: Waiting, attempt: Attempt, asked_s: int | None) -> Waiting:
        now = self._now()
        due_at = due_again(attempt.number, now, self._jitter(), asked_s)
        return replace(
            message,
            tried=attempt.number,
            tried_at=attempt.tried_at,
            due_at=due_at or now,
            died_at=now if due_at is None else None,
        )

    async def _report(self, of: "_Of", told: _Round, standing: Standing, report: Report) -> None:
        whole = replace(
            report,
            attempts=told.attempts,
            arrived=told.arrived,
            standing=self._stands(of.endpoint, told, standing),
        )
        write = partial(
            webhooks.record,
            tenant=of.tenant,
            endpoint_id=of.endpoint.endpoint_id,
            turn=of.turn,
            report=whole,
        )
        await self._log.aside(self._log.run, write)
        if told.gone:
            of.gone = True
            await self._give_up(of, WebhookEnd.GONE)

    def _stands(self, endpoint: Endpoint, told: _Round, before: Standing) -> Standing | None:
        if not told.attempts:
            return None
        now = self._now()
        if told.arrived:
            return Standing(delivered_at=now)
        return Standing(
            failing_since=_failing_since(endpoint, before) or now, delivered_at=before.delivered_at
        )


class _Of:
    """Which endpoint is visited, in which turn, and of which subjects something waits there."""

    def __init__(self, tenant: UUID, endpoint: Endpoint, turn: int) -> None:
        self.tenant, self.endpoint, self.turn = tenant, endpoint, turn
        self.held: set[UUID] = set()
        self.gone = False


def _failing_since(endpoint: Endpoint, standing: Standing) -> datetime | None:
    """Return since when nothing arrives; what was before it was enabled does not count."""
    since, enabled_at = standing.failing_since, endpoint.enabled_at
    if since is None or (enabled_at is not None and since < enabled_at):
        return None
    return since


def _new(message: Message, now: datetime) -> Waiting:
    return Waiting(
        message_id=message.message_id,
        subject=message.subject,
        type=message.type,
        position=message.position,
        body=message.body,
        due_at=now,
    )
