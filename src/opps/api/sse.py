"""GraphQL as server-sent events: a connection for each operation, as graphql-sse has it."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from random import randrange
from typing import Any

import orjson
from graphql import GraphQLError, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from strawberry import Schema

from opps.api.answers import PRIVATE, said_no
from opps.api.bodies import Asked, asked
from opps.api.context import Services
from opps.api.documents import read
from opps.api.ending import Ended
from opps.api.errors import fault, refused
from opps.api.feeds.operation import begun
from opps.api.feeds.sent import Sent, TooSlow
from opps.api.identity import Identify, Viewer
from opps.api.negotiation import DONE, EVENTS, GRAPHQL_JSON, UNPROCESSABLE, accepted
from opps.api.refusing import METHOD_NOT_ALLOWED, MUTATE_BY_POST, Refused
from opps.api.shutdown import Draining
from opps.api.standing import Standing
from opps.telemetry.asking import Asking
from opps.telemetry.observing import SUBSCRIPTION

logger = logging.getLogger("opps.api")

LAST_EVENT_ID = "Last-Event-ID"
SEND_TIMEOUT_S = 60.0
LOOK_EVERY_S = 5.0
CLOSE_TIMEOUT_S = 1.0
# Proxies give up on a line that says nothing, some of them after half a minute.
SILENT_FOR_S = 10.0
# Whoever is cut off comes back after so long, not all of them at once.
BACK_AFTER_MS = (1_000, 3_000)

# A proxy that collects what it passes on would hold all of it back.
HEADERS = {**PRIVATE, "Content-Type": f"{EVENTS}; charset=utf-8", "X-Accel-Buffering": "no"}
_ALIVE = b":\n\n"
# A browser passes on no event without data.
_COMPLETE = b"event: complete\ndata:\n\n"


class EventStream:
    """The answer to one request for a stream of events: an application of its own."""

    def __init__(self, schema: Schema, services: Services, identify: Identify) -> None:
        self._schema = schema
        self._services = services
        self._identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer: refuse before the stream begins, or stream until one of both has had enough."""
        request = Request(scope, receive)
        with self._services.observing.asked(request.headers) as asking:
            standing = Standing(request, self._identify)
            try:
                viewer = await standing.let_in()
                results = await self._begun(request, viewer, asking)
            except ClientDisconnect:
                return
            except Exception as error:
                response = _refusal(request, error, asking)
                response.headers["X-Request-Id"] = asking.request_id
                await response(scope, receive, send)
                return
            await Stream(self._services.draining, asking, standing, send).serve(results, receive)

    async def _begun(
        self, request: Request, viewer: Viewer, asking: Asking
    ) -> AsyncGenerator[Sent, None]:
        """Return the results of the operation; what is wrong with it is one of them."""
        services = self._services
        wanted = await asked(request, services.limits.body_bytes)
        try:
            if request.method != "POST" and self._writes(viewer, wanted):
                raise Refused(MUTATE_BY_POST, status=METHOD_NOT_ALLOWED)
            after = request.headers.get(LAST_EVENT_ID)
            return await begun(self._schema, services, viewer, wanted, asking, after)
        except Refused as error:
            if error.status != UNPROCESSABLE:
                raise
            # A browser shows its page nothing of an answer that is no stream.
            asking.outcome = "refused"
            return _one(error.errors)

    def _writes(self, viewer: Viewer, wanted: Asked) -> bool:
        """Tell whether a mutation is asked for, if that can be told."""
        services, name = self._services, wanted.operation_name
        try:
            text = services.persisted.resolved(viewer.tenant, wanted).query
            document = read(self._schema._schema, text, services.limits)
        except (GraphQLError, Refused):
            return False
        return document.does(OperationType.MUTATION, name)


class Stream:
    """One stream that has begun: results as events, until one of both ends has had enough."""

    def __init__(self, draining: Draining, asking: Asking, standing: Standing, send: Send) -> None:
        self._draining = draining
        self._asking = asking
        self._standing = standing
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._sending_since_s: float | None = None
        self._sent_s = self._loop.time()

    async def serve(self, results: AsyncGenerator[Sent, None], receive: Receive) -> None:
        """Send every result, until there are no more or the caller is gone or may not stay."""
        self._asking.status = DONE
        sending = asyncio.create_task(self._all_of(results))
        ending = asyncio.create_task(self._standing.last())
        others = [asyncio.create_task(one) for one in (_left(receive), self._stay_alive())]
        tasks = [sending, ending, *others]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
            elif ending.done():
                sending.cancel()
                await asyncio.wait((sending,))
                await self._may_not_stay(ending.result())
            else:
                self._asking.outcome = "left"
        finally:
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _all_of(self, results: AsyncGenerator[Sent, None]) -> None:
        headers = {**HEADERS, "X-Request-Id": self._asking.request_id}
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._put({"type": "http.response.start", "status": DONE, "headers": encoded})
        await self._bytes(b"retry: %d\n\n" % randrange(*BACK_AFTER_MS))
        async with aclosing(results):
            last = await self._told(results)
        await self._bytes(last, more=False)

    async def _told(self, results: AsyncGenerator[Sent, None]) -> bytes:
        """Send results as they come; return what is said at last."""
        try:
            async for sent in results:
                while not self._standing.holds:
                    await asyncio.sleep(LOOK_EVERY_S)
                await self._bytes(frame(sent))
        except TooSlow as error:
            self._asking.outcome = "errors"
            await self._bytes(frame(_errors(error.errors)))
            return b""
        except Exception as error:
            self._asking.outcome = "errors"
            told = error.errors if isinstance(error, Refused) else fault(error)
            await self._bytes(frame(_errors(told)))
        # A server that stops breaks off what would go on: whoever hears no end comes back.
        stopping = self._draining.begun and self._asking.kind == SUBSCRIPTION
        return b"" if stopping else _COMPLETE

    async def _may_not_stay(self, end: Ended) -> None:
        self._asking.outcome = "errors"
        # Not the end of it: whoever is let in once more comes back, and goes on.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._bytes(frame(_errors(refused(end.reason, end.told))), more=False)

    async def _stay_alive(self) -> None:
        """Give signs of life, until nothing was taken for too long."""
        while True:
            await asyncio.sleep(min(LOOK_EVERY_S, SILENT_FOR_S))
            now_s = self._loop.time()
            if self._sending_since_s is None:
                if now_s - self._sent_s < SILENT_FOR_S:
                    continue
                try:
                    await asyncio.wait_for(self._bytes(_ALIVE), SEND_TIMEOUT_S)
                except TimeoutError:
                    break
            elif now_s - self._sending_since_s >= SEND_TIMEOUT_S:
                break
        # What was not taken is still in the log: the reader goes on after the last id.
        logger.warning("A client took nothing for %s s and is let go", SEND_TIMEOUT_S)

    async def _bytes(self, body: bytes, *, more: bool = True) -> None:
        await self._put({"type": "http.response.body", "body": body, "more_body": more})

    async def _put(self, message: Message) -> None:
        self._sending_since_s = self._loop.time()
        await self._send(message)
        self._sending_since_s, self._sent_s = None, self._loop.time()


def frame(sent: Sent) -> bytes:
    """Return a result as an event; it has no line break, as JSON of one line has none."""
    id_ = b"" if sent.cursor is None else b"id: %b\n" % sent.cursor.encode()
    return b"%bevent: next\ndata: %b\n\n" % (id_, sent.payload)


def _errors(errors: list[dict[str, Any]]) -> Sent:
    return Sent(orjson.dumps({"errors": errors}))


async def _one(errors: list[dict[str, Any]]) -> AsyncGenerator[Sent, None]:
    yield _errors(errors)


async def _left(receive: Receive) -> None:
    """Wait until whoever asked is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _refusal(request: Request, error: Exception, asking: Asking) -> Response:
    response = said_no(accepted(request.headers.get("accept", "")) or GRAPHQL_JSON, error)
    asking.status = response.status_code
    asking.outcome = "refused" if asking.status < 500 else "broken"
    return response
