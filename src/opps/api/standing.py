"""How whoever opened a socket stands: said when it begins, and looked at anew while it is open."""

import asyncio
import logging
from datetime import UTC, datetime
from math import inf
from time import monotonic
from typing import Any

from starlette.requests import HTTPConnection

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

    def __init__(self, connection: HTTPConnection, identify: Identify) -> None:
        self._connection = connection
        self._identify = identify
        self._payload: dict[str, Any] = {}
        self._begun: Viewer | None = None
        self._holds_until_s = 0.0

    @property
    def holds(self) -> bool:
        """Whether it was seen lately that they may be here: whatever they are sent waits for it."""
        return monotonic() < self._holds_until_s

    async def begin(self, payload: object) -> Viewer:
        """Return who says so in the payload of the first message, or in the header before it.

        Raises:
            Ended: what they say does not hold.
        """
        self._payload = payload if isinstance(payload, dict) else {}
        try:
            return await self.let_in()
        except Exception as error:
            raise _end(error) from None

    async def let_in(self) -> Viewer:
        """Return who says so in a header.

        Raises:
            NotLetIn: nobody who is known to be let in, or not in the role that they name.
            CannotActAs: the role cannot be named so.
        """
        self._begun = await self._look()
        return self._begun

    async def last(self) -> Ended:
        """Return how the socket ends, once whoever opened it may stay no longer."""
        viewer = self._begun
        assert viewer is not None, "it has begun"
        while True:
            await asyncio.sleep(_wait_s(viewer))
            try:
                found = await self._look()
            except Exception as error:
                end = _end(error)
                if end.code != TRY_AGAIN or not self.holds:
                    return end
                continue
            if (found.tenant, found.actor, found.scopes) != (
                viewer.tenant,
                viewer.actor,
                viewer.scopes,
            ):
                return Ended(FORBIDDEN, "What you may do has changed: connect again.")

    async def _look(self) -> Viewer:
        viewer = await self._identify(saying(self._connection, self._payload))
        if viewer is None:
            raise NotLetIn("Forbidden: say who you are.", again=True)
        wanted = self._payload.get(ACT_AS)
        wanted = self._connection.headers.get(ACT_AS) if wanted is None else str(wanted)
        found = acting_as(viewer, wanted)
        self._holds_until_s = monotonic() + min(_left_s(found), UNSEEN_FOR_S)
        return found


def _end(error: Exception) -> Ended:
    """Return how a socket ends whose client could not be recognised."""
    match error:
        case NotLetIn():
            return not_let_in(error)
        case CannotActAs():
            return Ended(BAD_MESSAGE, shortened(str(error)), "BAD_REQUEST")
        case _:
            [told] = fault(error)
            return Ended(TRY_AGAIN, shortened(told["message"]), told["extensions"]["code"])


def _wait_s(viewer: Viewer) -> float:
    """Return how long to wait before the next look: until the token expires, if that is soon."""
    # A moment later it has expired for whoever looks.
    return min(_left_s(viewer) + 0.05, LOOKED_AT_EVERY_S)


def _left_s(viewer: Viewer) -> float:
    """Return for how long what they showed holds at most."""
    if viewer.until is None:
        return inf
    return max((viewer.until - datetime.now(UTC)).total_seconds(), 0.0)


def same_origin(connection: HTTPConnection) -> bool:
    """Tell whether a browser's page comes from this server; other programs send no origin."""
    origin = connection.headers.get("origin")
    return origin is None or origin.partition("://")[2] == connection.headers.get("host")


def saying(connection: HTTPConnection, payload: dict[str, Any]) -> HTTPConnection:
    """Return the request that opened a socket, with what its first message says of who sends it."""
    given = payload.get(AUTHORIZATION, payload.get(AUTHORIZATION.lower()))
    if given is None:
        return connection
    return _with(connection, str(given).encode("latin-1", "replace"))


def without_credentials(connection: HTTPConnection) -> HTTPConnection:
    """Return the request that opened a socket, without who sends it."""
    return _with(connection, None)


def _with(connection: HTTPConnection, authorization: bytes | None) -> HTTPConnection:
    others = [one for one in connection.scope["headers"] if one[0] != b"authorization"]
    said = [] if authorization is None else [(b"authorization", authorization)]
    return HTTPConnection({**connection.scope, "headers": [*others, *said]})
