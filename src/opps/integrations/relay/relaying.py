"""Carries a log to a stream, event by event, and goes on where it ended, whatever broke."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from opps.eventstore import Log, LogUnavailable
from opps.integrations.backup_file import Progress
from opps.integrations.relay.jetstream import (
    Broker,
    BrokerAway,
    OutOfStep,
    Place,
    RelayRefused,
    connected,
)
from opps.integrations.relay.messages import message_of, subjects_of

AT_ONCE = 500
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_FRUITLESS = 5

Pause = Callable[[float], Awaitable[None]]
Say = Callable[[str], None]


class Route(Struct, frozen=True, kw_only=True):
    """From which log to which stream; `after` is where a new stream begins."""

    url: str
    tenant: UUID
    slug: str
    stream: str
    after: int | None = None
    credentials: Path | None = None


class Relay:
    """Keeps a stream up with a log.

    The stream itself says how far it is, so nothing else has to be kept: its sequence is the
    position in the log, and the broker takes an event only behind the one before it.
    """

    def __init__(
        self,
        log: Log,
        route: Route,
        *,
        progress: Progress,
        say: Say,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._log, self._route = log, route
        self._progress, self._say, self._pause = progress, say, pause
        self.position = route.after or 0
        self.relayed = 0

    async def run(self, *, once: bool) -> None:
        """Relay until stopped; `once` until all is relayed that the log held by then.

        Raises:
            NatsMissing: nats-py is not installed.
            RelayRefused: nothing can be relayed there.
            BrokerAway: no server answered at the first attempt.
        """
        fruitless, began = 0, False
        while True:
            before = self.relayed
            try:
                async with connected(self._route.url, self._route.credentials) as broker:
                    self.position = await self._opened(broker)
                    began = True
                    await self._follow(broker, once=once)
                return
            except BrokerAway as away:
                if not began or (once and fruitless >= _FRUITLESS):
                    raise
                self._say(f"The broker is away: {away}. What it misses is relayed when it is back.")
            except LogUnavailable:
                self._say("The database is away. The relay goes on when it is back.")
            except OutOfStep as other:
                if fruitless >= _FRUITLESS:
                    raise RelayRefused(
                        f"The stream {self._route.stream} does not take the event after position "
                        f"{self.position}: {other}."
                    ) from None
            fruitless = fruitless + 1 if self.relayed == before else 0
            await self._pause(_PAUSES_S[min(fruitless, len(_PAUSES_S) - 1)])

    async def _opened(self, broker: Broker) -> int:
        """Return up to which position a stream holds the log, once that is certain."""
        route = self._route
        size = await self._size()
        if (route.after or 0) > size:
            raise RelayRefused(f"The log ends at position {size}: nothing is after {route.after}.")
        place = await broker.opened(
            route.stream, route.tenant, subjects_of(route.slug), route.after
        )
        if place.position > size:
            raise RelayRefused(
                f"The stream {route.stream} holds events up to position {place.position}, and the "
                f"log ends at {size}: it was restored from an older copy, or somebody else writes "
                "to the stream. Relay to a new one with --stream."
            )
        await self._check(place)
        return place.position

    async def _check(self, place: Place) -> None:
        """Refuse a stream whose last message is no event of this log."""
        if place.event_id is None:
            return
        (event,) = await self._log.aside(self._log.read, self._route.tenant, place.position - 1, 1)
        if str(event.event_id) != place.event_id:
            raise RelayRefused(
                f"What the stream {self._route.stream} holds at {place.position} is not what the "
                "log does: somebody else writes to it, or it is of another log. Relay to a new "
                "one with --stream."
            )

    async def _follow(self, broker: Broker, *, once: bool) -> None:
        route = self._route
        until = await self._size()
        async with aclosing(self._log.follow(route.tenant, self.position, AT_ONCE)) as batches:
            async for batch in batches:
                if batch:
                    await broker.publish(
                        route.stream,
                        [
                            message_of(
                                route.tenant, route.slug, route.stream, one, broker.most_bytes
                            )
                            for one in batch
                        ],
                    )
                    self.position = batch[-1].position
                    self.relayed += len(batch)
                    self._progress(self.position, max(until, self.position))
                if once and self.position >= until:
                    return

    async def _size(self) -> int:
        head = await self._log.aside(self._log.head, self._route.tenant)
        return 0 if head is None else head.size
