"""The way out of a socket, and its end where nobody takes what is sent."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from opps.api.ending import TRY_AGAIN, Ended

logger = logging.getLogger("opps.api")

SEND_TIMEOUT_S = 60.0
# A socket that carries nothing else carries a ping now and again, so that both ends know.
KEEP_ALIVE_S = 25.0
LOOK_EVERY_S = 5.0
PING = {"type": "ping"}


class Sending:
    """Sends to one socket; `end_with` is told how it ends where nothing is taken for too long."""

    def __init__(self, websocket: WebSocket, end_with: Callable[[Ended], None]) -> None:
        self._websocket = websocket
        self._end_with = end_with
        self._loop = asyncio.get_running_loop()
        # How many messages wait to be taken, and since when none of them was.
        self._waiting = 0
        self._since_s: float | None = None
        self._last_s = self._loop.time()
        self._let_go = False
        self._pinging: asyncio.Task[None] | None = None
        self._looking = self._loop.call_later(self._wait_s(), self._look)

    async def message(self, message: dict[str, Any]) -> None:
        """Send a message; raises what `text` raises."""
        await self.text(orjson.dumps(message).decode())

    async def text(self, text: str) -> None:
        """Send a message that was encoded.

        Raises:
            WebSocketDisconnect: nobody is there any more.
        """
        if self._let_go:
            raise WebSocketDisconnect(TRY_AGAIN)
        self._last_s = self._loop.time()
        if not self._waiting:
            self._since_s = self._last_s
        self._waiting += 1
        try:
            await self._websocket.send_text(text)
        except RuntimeError:
            raise WebSocketDisconnect from None
        finally:
            self._waiting -= 1
            self._since_s = self._last_s if self._waiting else None

    def end(self) -> None:
        """Look after it no longer."""
        self._looking.cancel()
        if self._pinging is not None:
            self._pinging.cancel()

    def _look(self) -> None:
        """Let go whoever takes nothing, and give a sign of life where there was none."""
        now_s = self._loop.time()
        if self._since_s is not None and now_s - self._since_s >= SEND_TIMEOUT_S:
            # What was not taken is still in the log: the reader goes on after its last cursor.
            logger.warning("A client took nothing for %s s and is let go", SEND_TIMEOUT_S)
            self._let_go = True
            self._end_with(Ended(TRY_AGAIN, "Too slow: go on after your last cursor."))
            return
        if self._since_s is None and now_s - self._last_s >= KEEP_ALIVE_S:
            self._pinging = asyncio.create_task(self._ping())
        self._looking = self._loop.call_later(self._wait_s(), self._look)

    async def _ping(self) -> None:
        with suppress(WebSocketDisconnect):  # whoever listens is told, too
            await self.message(PING)

    def _wait_s(self) -> float:
        return min(LOOK_EVERY_S, SEND_TIMEOUT_S / 2, KEEP_ALIVE_S / 2)
