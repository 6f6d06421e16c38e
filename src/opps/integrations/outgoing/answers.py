"""One question and its answer over HTTP/1.1, read within limits from whoever it is."""

import asyncio
from contextlib import suppress

import h11

MOST_HEAD_BYTES = 16_384
MOST_BYTES = 65_536
_READ_BYTES = 16_384


class Malformed(Exception):
    """What came back is no answer in HTTP; the message says why."""


class Exchange:
    """A request over a connection of its own, and as much of the answer as is wanted."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD_BYTES)
        self._left = MOST_BYTES

    async def head(self, request: h11.Request, body: bytes) -> h11.Response:
        """Return the head of the answer to a request.

        Raises:
            Malformed: the other side does not speak HTTP, says nothing, or begins endlessly.
            OSError: the connection broke.
        """
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            self._writer.write(self._talk.send(event) or b"")
        # Who answers before having read everything may have closed by now; the answer counts.
        with suppress(ConnectionError):
            await self._writer.drain()
        while True:
            event_ = await self._next()
            if isinstance(event_, h11.Response):
                return event_
            if isinstance(event_, h11.ConnectionClosed):
                raise Malformed("it closed the connection without an answer")

    async def end(self, within_s: float) -> None:
        """Read on for a moment, since a connection cut at once looks broken, and hang up.

        What follows the head changes nothing: it may be slow, endless, or not what was promised.
        """
        try:
            async with asyncio.timeout(within_s):
                while not isinstance(await self._next(), h11.EndOfMessage | h11.ConnectionClosed):
                    pass
        except (OSError, Malformed):  # a time that is over is an OSError too
            pass
        finally:
            self._writer.transport.abort()

    async def _next(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return what the answer goes on with."""
        try:
            while (event := self._talk.next_event()) is h11.NEED_DATA:
                if not self._left:  # many small answers of the kind "wait" are endless as well
                    raise Malformed(f"its answer goes on after {MOST_BYTES} bytes")
                part = await self._reader.read(min(self._left, _READ_BYTES))
                self._left -= len(part)
                self._talk.receive_data(part)
        except h11.RemoteProtocolError:
            # What it says is told to nobody: h11 repeats it.
            raise Malformed("it does not answer in HTTP") from None
        return event
