"""GraphQL over WebSocket: the protocol graphql-transport-ws, and no other."""

import asyncio
from collections.abc import Callable, Coroutine, MutableMapping
from contextlib import suppress
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry import Schema

from opps.api.bodies import Asked, Unreadable, read_asked
from opps.api.context import Services
from opps.api.ending import (
    BAD_MESSAGE,
    FORBIDDEN,
    GOING_AWAY,
    ID_TAKEN,
    INIT_TIMEOUT,
    TOO_LARGE,
    TOO_MANY_INITS,
    TRY_AGAIN,
    UNAUTHORIZED,
    WRONG_PROTOCOL,
    Ended,
)
from opps.api.errors import fault, refused
from opps.api.feeds.operation import pour
from opps.api.feeds.sent import Sent, TooSlow
from opps.api.identity import Identify, Misdirected, Viewer
from opps.api.refusing import Refused
from opps.api.sending import Sending
from opps.api.socket_messages import read_message, size_of
from opps.api.standing import Standing, same_origin, without_credentials
from opps.telemetry.asking import Asking, request_id
from opps.telemetry.observing import REQUEST_ID, SUBSCRIPTION

PROTOCOL = "graphql-transport-ws"
INIT_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 1.0
MOST_OPERATIONS = 100
# Every message of an operation repeats it.
LONGEST_ID = 255
MOST_WAITING = 16


def websocket_endpoint(
    schema: Schema, services: Services, identify: Identify
) -> Callable[[WebSocket], Coroutine[Any, Any, None]]:
    """Return the endpoint that serves every operation, subscriptions above all."""

    async def serve(websocket: WebSocket) -> None:
        if not same_origin(websocket):
            await websocket.close(FORBIDDEN)
            return
        if PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(WRONG_PROTOCOL, f"Use the protocol {PROTOCOL}.")
            return
        await websocket.accept(PROTOCOL)
        try:
            # What a page may not do is refused before it says who it is.
            await identify(without_credentials(websocket))
        except Misdirected:
            await websocket.close(FORBIDDEN, "Forbidden: the Host header names another server.")
            return
        connection = _Connection(websocket, schema, services, Standing(websocket, identify))
        try:
            await connection.serve()
        except Ended as end:
            # Whoever takes nothing does not take this either: the server then drops the line.
            with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await websocket.close(end.code, end.reason)
        except WebSocketDisconnect:
            pass
        finally:
            await connection.end()

    return serve


class _Connection:
    """One socket with its running operations."""

    def __init__(
        self, websocket: WebSocket, schema: Schema, services: Services, standing: Standing
    ) -> None:
        self._websocket = websocket
        self._schema = schema
        self._of = schema._schema
        self._services = services
        self._limits = services.limits
        self._standing = standing
        self._viewer: Viewer | None = None
        self._watching: asyncio.Task[None] | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._sending = Sending(websocket, self._end_with)
        self._incoming: asyncio.Queue[MutableMapping[str, Any] | Ended] = asyncio.Queue(
            MOST_WAITING
        )
        self._listening: asyncio.Task[None] | None = None
        self._request_id = request_id(websocket.headers.get(REQUEST_ID))

    async def serve(self) -> None:
        """Answer messages until the socket closes or the server is stopping."""
        self._listening = asyncio.create_task(self._listen())
        with self._services.draining.told(self._drain):
            try:
                async with asyncio.timeout(INIT_TIMEOUT_S):
                    while self._viewer is None:
                        await self._handle(await self._receive())
            except TimeoutError:
                raise Ended(INIT_TIMEOUT, "Connection initialisation timeout") from None
            while True:
                await self._handle(await self._receive())

    async def end(self) -> None:
        """Stop what is still running."""
        self._sending.end()
        others = filter(None, [self._listening, self._watching])
        running = [*self._operations.values(), *others]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _listen(self) -> None:
        received: MutableMapping[str, Any] = {"type": ""}
        while received["type"] != "websocket.disconnect":
            received = await self._websocket.receive()
            if size_of(received) > self._limits.body_bytes:
                # Not kept: what waits to be handled is bounded in size too.
                await self._incoming.put(Ended(TOO_LARGE, "The message is too large."))
            else:
                await self._incoming.put(received)

    async def _receive(self) -> dict[str, Any]:
        received = await self._incoming.get()
        if not isinstance(received, Ended):
            return read_message(received)
        if received.code == GOING_AWAY and self._operations:
            # Subscriptions end by themselves now; each says so before the socket closes.
            await asyncio.wait(self._operations.values(), timeout=1.0)
        raise received

    async def _handle(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._init(message.get("payload"))
            case "ping":
                await self._sending.message({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                self._complete(message.get("id"))
            case _:
                raise Ended(BAD_MESSAGE, "There is no message of this type.")

    def _drain(self) -> None:
        self._end_with(Ended(GOING_AWAY, "The server is stopping: subscribe again."))

    async def _init(self, payload: object) -> None:
        if self._viewer is not None:
            raise Ended(TOO_MANY_INITS, "Too many initialisation requests")
        self._viewer = await self._standing.begin(payload)
        self._watching = asyncio.create_task(self._watch())
        await self._sending.message({"type": "connection_ack"})

    async def _watch(self) -> None:
        """End the connection once whoever opened it may not be here any more."""
        self._end_with(await self._standing.last())

    async def _subscribe(self, message: dict[str, Any]) -> None:
        id_ = message.get("id")
        if not isinstance(id_, str) or not 0 < len(id_) <= LONGEST_ID:
            raise Ended(BAD_MESSAGE, f"'id' must be a text of at most {LONGEST_ID} characters.")
        if self._viewer is None:
            raise Ended(UNAUTHORIZED, "Unauthorized")
        if id_ in self._operations:
            raise Ended(ID_TAKEN, "Subscriber for this id already exists")
        try:
            wanted = read_asked(message.get("payload"))
        except Unreadable as error:
            raise Ended(BAD_MESSAGE, error.message) from None
        if len(self._operations) >= MOST_OPERATIONS:
            full = refused(f"{MOST_OPERATIONS} operations are running on this socket: end one.")
            await self._sending.message({"id": id_, "type": "error", "payload": full})
            return
        task = asyncio.create_task(self._run(id_, wanted, self._viewer))
        self._operations[id_] = task

    def _complete(self, id_: object) -> None:
        task = self._operations.pop(id_, None) if isinstance(id_, str) else None
        if task is not None:
            task.cancel()

    async def _run(self, id_: str, wanted: Asked, viewer: Viewer) -> None:
        with self._services.observing.asked(self._websocket.headers, self._request_id) as asking:
            await self._answer(id_, wanted, viewer, asking)

    async def _answer(self, id_: str, wanted: Asked, viewer: Viewer, asking: Asking) -> None:
        end: Ended | None = None
        try:
            try:
                await self._stream(id_, wanted, viewer, asking)
                last: dict[str, Any] = {"id": id_, "type": "complete"}
            except WebSocketDisconnect:
                raise
            except Refused as error:
                last = {"id": id_, "type": "error", "payload": error.errors}
            except TooSlow as error:
                last = {"id": id_, "type": "error", "payload": error.errors}
                end = Ended(TRY_AGAIN, str(error))
            except Exception as error:
                last = {"id": id_, "type": "error", "payload": fault(error)}
            if last["type"] == "error":
                asking.outcome = "errors"
            # Forgotten before the last message: its id may be used again at once.
            self._forget(id_)
            # A server that stops breaks off what would go on: its clients come back for the rest.
            stopping = self._services.draining.begun and asking.kind == SUBSCRIPTION
            if not (stopping and last["type"] == "complete"):
                await self._sending.message(last)
            if end is not None:
                self._end_with(end)
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(id_)

    async def _stream(self, id_: str, wanted: Asked, viewer: Viewer, asking: Asking) -> None:
        """Send the results of an operation."""
        before = b'{"type":"next","id":%b,"payload":' % orjson.dumps(id_)

        async def send(sent: Sent) -> None:
            if not self._standing.holds:
                # The socket is about to be closed for it, and says why.
                raise WebSocketDisconnect(FORBIDDEN)
            await self._sending.text((before + sent.payload + b"}").decode())

        await pour(self._schema, self._services, viewer, wanted, asking, send)

    def _end_with(self, end: Ended) -> None:
        """Let the connection end, whatever else it was told."""
        while not self._incoming.empty():
            self._incoming.get_nowait()
        self._incoming.put_nowait(end)

    def _forget(self, id_: str) -> None:
        if self._operations.get(id_) is asyncio.current_task():
            del self._operations[id_]
