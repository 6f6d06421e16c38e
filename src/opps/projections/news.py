"""News from the projector for readers in an event loop: how far they can read, and when to look."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg

from opps.eventstore.database import patient
from opps.projections.books import CHANNEL

_BACK_OFF_S = 0.5


class News:
    """Listens for the projector's notifications; without them, readers look by themselves."""

    def __init__(self, direct_url: str) -> None:
        self._direct_url = direct_url
        self._reached: dict[UUID, int] = {}
        self._woken: dict[UUID, set[asyncio.Event]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()

    async def open(self) -> None:
        """Begin to listen; return at the latest when the first attempt has failed."""
        self._listening = asyncio.create_task(self._listen(), name="opps-news")
        await self._heard.wait()

    async def close(self) -> None:
        """Stop listening, and wake everybody who waits."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        self._wake(None)

    def reached(self, tenant: UUID) -> int:
        """Return the last position that was heard of, 0 if none was."""
        return self._reached.get(tenant, 0)

    def learn(self, tenant: UUID, position: int) -> None:
        """Take note of how far readers can read, and wake those who wait for it."""
        if position > self.reached(tenant):
            self._reached[tenant] = position
            self._wake(tenant)

    @asynccontextmanager
    async def waking(self, tenant: UUID) -> AsyncIterator[asyncio.Event]:
        """Yield an event that is set at any news of the tenant."""
        woken = asyncio.Event()
        waiting = self._woken.setdefault(tenant, set())
        waiting.add(woken)
        try:
            yield woken
        finally:
            waiting.discard(woken)

    async def _listen(self) -> None:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    patient(self._direct_url, "opps news"), autocommit=True
                )
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # A server that crashed may have lost rows that it had told of.
                    self._reached.clear()
                    self._heard.set()
                    self._wake(None)  # what was said while nobody listened
                    async for notification in connection.notifies():
                        self._hear(notification.payload)
            except psycopg.Error:
                self._heard.set()
                await asyncio.sleep(_BACK_OFF_S)

    def _hear(self, payload: str) -> None:
        tenant, _, position = payload.partition(":")
        with suppress(ValueError):  # anybody can notify anything
            self.learn(UUID(tenant), int(position))

    def _wake(self, tenant: UUID | None) -> None:
        for one in list(self._woken) if tenant is None else [tenant]:
            for woken in self._woken.get(one, ()):
                woken.set()
