"""Many sockets that follow a feed, and cost their own process as little as can be."""

import asyncio
from collections.abc import Callable

import orjson

_HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
TEXT, PING, PONG = 0x1, 0x9, 0xA
_SHORT, _LONG, _LONGEST = 126, 127, 0xFFFF

Heard = Callable[[bytes], None]


def frame(opcode: int, payload: bytes) -> bytes:
    """Return a message of a client, under a mask of zeros."""
    size = len(payload)
    if size < _SHORT:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size <= _LONGEST:
        head = bytes([0x80 | opcode, 0x80 | _SHORT]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x80 | opcode, 0x80 | _LONG]) + size.to_bytes(8, "big")
    return head + bytes(4) + payload


def message(**of: object) -> bytes:
    """Return a message of graphql-transport-ws as a frame."""
    return frame(TEXT, orjson.dumps(of))


class Follower(asyncio.Protocol):
    """One socket with one subscription; `heard` is told of each of its results."""

    def __init__(self, path: str, query: str, variables: dict[str, object], heard: Heard) -> None:
        self._path = path
        self._subscribe = {"query": query, "variables": variables}
        self._heard = heard
        self._buffer = b""
        self._open = False
        self.transport: asyncio.Transport | None = None
        self.following: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a socket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(_HANDSHAKE.format(path=self._path).encode())

    def data_received(self, data: bytes) -> None:
        """Take what came, whole messages of it."""
        self._buffer += data
        if not self._open:
            head, done, rest = self._buffer.partition(b"\r\n\r\n")
            if not done:
                return
            assert b" 101 " in head, head
            self._open, self._buffer = True, rest
            self._send(message(type="connection_init"))
        self._take()

    def _take(self) -> None:
        buffer, place, end = self._buffer, 0, len(self._buffer)
        while end - place >= 2:
            size, begin = buffer[place + 1], place + 2
            if size == _SHORT:
                size, begin = int.from_bytes(buffer[begin : begin + 2], "big"), begin + 2
            elif size == _LONG:
                size, begin = int.from_bytes(buffer[begin : begin + 8], "big"), begin + 8
            if begin + size > end:
                break
            self._hear(buffer[place] & 0xF, buffer[begin : begin + size])
            place = begin + size
        self._buffer = buffer[place:]

    def _hear(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self._send(frame(PONG, payload))
        elif opcode != TEXT:
            return
        elif b'"connection_ack"' in payload:
            self._send(message(type="subscribe", id="1", payload=self._subscribe))
        elif b'"next"' in payload[:40] or b'"next"' in payload[-40:]:
            if not self.following.done():
                self.following.set_result(None)
            self._heard(payload)
        else:
            assert b'"error"' not in payload, payload[:500]

    def _send(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)


async def followers(
    port: int, count: int, path: str, query: str, variables: dict[str, object], heard: Heard
) -> list[Follower]:
    """Return sockets that have heard something, such as that all of the past was sent."""
    loop, made = asyncio.get_running_loop(), []
    for start in range(0, count, 100):
        some = [
            await loop.create_connection(
                lambda: Follower(path, query, variables, heard), "127.0.0.1", port
            )
            for _ in range(min(100, count - start))
        ]
        made += [follower for _, follower in some]
        await asyncio.gather(*(follower.following for _, follower in some))
    return made


def leave(made: list[Follower]) -> None:
    """Close all sockets."""
    for one in made:
        if one.transport is not None:
            one.transport.abort()
