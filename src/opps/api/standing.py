"""How whoever opened a socket stands: said when it begins, and looked at anew while it is open."""

import asyncio
import logging
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from opps.api.ending import BAD_MESSAGE, FORBIDDEN, TRY_AGAIN, Ended, not_let_in, shortened
from opps.api.errors import fault
from opps.api.identity import ACT_AS, CannotActAs, Identify, NotLetIn, Viewer, acting_as

logger = logging.getLogger("opps.api")

LOOKED_AT_EVERY_S = 20.0
# Where it cannot be told for so long who somebody is, they do not stay.
UNSEEN_FOR_S = 60.0
AUTHORIZATION = "Authorization"


class Standing:
    """Who is at the other end of a socket, and whether they still may be."""

    def __init__(self, websocket: WebSocket, identify: Identify) -> None:
        self._websocket = websocket
        self._identify = identify
        self._payload: dict[str, Any] = {}
        self._begun: Viewer | None = None

    async def begin(self, payload: object) -> Viewer:
        """Return who says so in the payload of the first message, or in the header before it.

        Raises:
            Ended: what they say does not hold.
        """
        self._payload = payload if isinstance(payload, dict) else {}
        try:
            self._begun = await self._look()
        except Exception as error:
            raise _end(error) from None
        return self._begun

    async def last(self) -> Ended:
        """Return how the socket ends, once whoever opened it may stay no longer."""
        viewer, seen_at = self._begun, monotonic()
        assert viewer is not None, "it has begun"
        while True:
            await asyncio.sleep(_wait_s(viewer))
            try:
                found = await self._look()
            except Exception as error:
                end = _end(error)
                if end.code != TRY_AGAIN or monotonic() - seen_at >= UNSEEN_FOR_S:
                    return end
                continue
            seen_at = monotonic()
            if (found.tenant, found.actor, found.scopes) != (
                viewer.tenant,
                viewer.actor,
                viewer.scopes,
            ):
                return Ended(FORBIDDEN, "What you may do has changed: connect again.")

    async def _look(self) -> Viewer:
        viewer = await self._identify(saying(self._websocket, self._payload))
        if viewer is None:
            raise NotLetIn("Forbidden: say who you are.", again=True)
        wanted = self._payload.get(ACT_AS)
        wanted = self._websocket.headers.get(ACT_AS) if wanted is None else str(wanted)
        return acting_as(viewer, wanted)


def _end(error: Exception) -> Ended:
    """Return how a socket ends whose client could not be recognised."""
    match error:
        case NotLetIn():
            return not_let_in(error)
        case CannotActAs():
            return Ended(BAD_MESSAGE, shortened(str(error)))
        case _:
            [told] = fault(error)
            return Ended(TRY_AGAIN, shortened(told["message"]))


def _wait_s(viewer: Viewer) -> float:
    """Return how long to wait before the next look: until the token expires, if that is soon."""
    if viewer.until is None:
        return LOOKED_AT_EVERY_S
    left_s = (viewer.until - datetime.now(UTC)).total_seconds()
    # A moment later it has expired for whoever looks.
    return min(max(left_s, 0.0) + 0.05, LOOKED_AT_EVERY_S)


def same_origin(websocket: WebSocket) -> bool:
    """Tell whether a browser's page comes from this server; other programs send no origin."""
    origin = websocket.headers.get("origin")
    return origin is None or origin.partition("://")[2] == websocket.headers.get("host")


def saying(websocket: WebSocket, payload: dict[str, Any]) -> HTTPConnection:
    """Return the request that opened a socket, with what its first message says of who sends it."""
    given = payload.get(AUTHORIZATION, payload.get(AUTHORIZATION.lower()))
    if given is None:
        return websocket
    return _with(websocket, str(given).encode("latin-1", "replace"))


def without_credentials(websocket: WebSocket) -> HTTPConnection:
    """Return the request that opened a socket, without who sends it."""
    return _with(websocket, None)


def _with(websocket: WebSocket, authorization: bytes | None) -> HTTPConnection:
    others = [one for one in websocket.scope["headers"] if one[0] != b"authorization"]
    said = [] if authorization is None else [(b"authorization", authorization)]
    return HTTPConnection({**websocket.scope, "headers": [*others, *said]})
