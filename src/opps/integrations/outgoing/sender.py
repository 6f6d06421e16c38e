"""A message sent to an address that somebody else chose, and what became of it."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from time import monotonic
from typing import Any

import h11
from msgspec import Struct

from opps.domain.webhooks.destination import Address, Destination, NoDestination, destination
from opps.integrations.outgoing.allowed import Allowed, NotAllowed
from opps.integrations.outgoing.answers import Exchange, Malformed
from opps.integrations.outgoing.names import Resolve, resolved

MOST_ADDRESSES = 4
_MOST_RETRY_AFTER_S = 7 * 86_400

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
# asyncio.open_connection, or what a test puts in its place.
Connect = Callable[..., Awaitable[Streams]]


class Undelivered(StrEnum):
    """Why a message is not delivered; the names are kept in delivery logs for ever."""

    DESTINATION_REFUSED = "DESTINATION_REFUSED"
    """The address is malformed, or leads to where no message goes."""
    NAME_UNKNOWN = "NAME_UNKNOWN"
    """The host has no address just now."""
    UNREACHABLE = "UNREACHABLE"
    """Nobody takes the connection, or it broke."""
    TLS_FAILED = "TLS_FAILED"
    """The other side cannot prove to be that host."""
    TIMED_OUT = "TIMED_OUT"
    """There is no answer in time."""
    ANSWER_MALFORMED = "ANSWER_MALFORMED"
    """What came back is not HTTP, or has no end."""
    REDIRECTED = "REDIRECTED"
    """The answer names another address: nobody follows."""
    STATUS = "STATUS"
    """The answer is no success."""
    SECRET_MISSING = "SECRET_MISSING"
    """What would prove the message is not among the keys here: nothing was sent."""


class Sent(Struct, frozen=True, kw_only=True):
    """What became of one attempt; `why` is None where the message is delivered.

    `detail` is a line for people, with nothing in it that the other side wrote.
    """

    status: int | None = None
    retry_after_s: int | None = None
    ms: int = 0
    why: Undelivered | None = None
    detail: str = ""


class Times(Struct, frozen=True, kw_only=True):
    """How long an attempt may take: to find an address, or connect to it; until there is an answer;
    and for the rest of that, which nobody needs.
    """

    connect_s: float = 5.0
    total_s: float = 15.0
    rest_s: float = 1.0


class _Failed(Exception):
    def __init__(self, why: Undelivered, detail: str) -> None:
        super().__init__(detail)
        self.why, self.detail = why, detail


class Sender:
    """Sends to public addresses over https, and to what is allowed beside.

    Each attempt finds the addresses anew, checks every one and connects to one that was checked.
    It follows no redirect and takes no proxy from the environment.
    """

    def __init__(
        self,
        allowed: Allowed = Allowed(),  # noqa: B008 - immutable
        *,
        times: Times = Times(),  # noqa: B008 - immutable
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolved,
        connect: Connect = asyncio.open_connection,
    ) -> None:
        self._allowed, self._times = allowed, times
        self._tls = tls or ssl.create_default_context()
        self._resolve, self._connect = resolve, connect

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """Send a message once and return what became of it, also where nothing could be sent."""
        began = monotonic()
        try:
            async with asyncio.timeout(self._times.total_s):
                exchange, response = await self._asked(destination(url), headers, body)
        except _Failed as failed:
            sent = Sent(why=failed.why, detail=failed.detail)
        except (NoDestination, NotAllowed) as refused:
            sent = Sent(why=Undelivered.DESTINATION_REFUSED, detail=str(refused))
        except TimeoutError:
            sent = Sent(
                why=Undelivered.TIMED_OUT, detail=f"no answer in {self._times.total_s:g} seconds"
            )
        else:
            sent = _judged(response)
            took = monotonic() - began
            await exchange.end(self._times.rest_s)
            return _timed(sent, took)
        return _timed(sent, monotonic() - began)

    async def check(self, url: str) -> None:
        """Refuse an address to which nothing could be sent, as far as can be seen without trying.

        Raises:
            NoDestination: it is no address, or could be read in two ways.
            NotAllowed: it leads to where no message goes.
        """
        wanted = destination(url)
        try:
            async with asyncio.timeout(self._times.connect_s):
                await self._addresses(wanted)
        except (_Failed, TimeoutError):
            return  # it may be set up later; each attempt looks again

    async def _asked(
        self, wanted: Destination, headers: Mapping[str, str], body: bytes
    ) -> tuple[Exchange, h11.Response]:
        request = _request(wanted, headers, body)
        reader, writer = await self._connected(wanted, await self._addresses(wanted))
        exchange = Exchange(reader, writer)
        try:
            return exchange, await exchange.head(request, body)
        except BaseException as error:
            writer.transport.abort()
            if isinstance(error, Malformed):
                raise _Failed(Undelivered.ANSWER_MALFORMED, str(error)) from None
            if isinstance(error, OSError):
                raise _Failed(Undelivered.UNREACHABLE, "the connection broke") from None
            raise

    async def _addresses(self, wanted: Destination) -> Sequence[Address]:
        """Return where a destination is, all of it checked."""
        if wanted.address is not None:
            found: Sequence[Address] = [wanted.address]
        else:
            try:
                async with asyncio.timeout(self._times.connect_s):
                    found = await self._resolve(wanted.host, wanted.port)
            except (OSError, UnicodeError):
                found = []
        if not found:
            raise _Failed(Undelivered.NAME_UNKNOWN, f"{wanted.host} has no address")
        for address in found:
            self._allowed.check(wanted, address)
        return found[:MOST_ADDRESSES]

    async def _connected(self, wanted: Destination, addresses: Sequence[Address]) -> Streams:
        """Return a connection to the first address that takes one."""
        failed = _Failed(Undelivered.UNREACHABLE, "")
        for address in addresses:
            try:
                async with asyncio.timeout(self._times.connect_s):
                    return await self._connect(str(address), wanted.port, **self._encrypted(wanted))
            except ssl.SSLError as error:
                failed = _Failed(Undelivered.TLS_FAILED, f"{wanted.host}: {_reason(error)}")
            except OSError:
                detail = f"{wanted.authority} takes no connection at {address}"
                failed = _Failed(Undelivered.UNREACHABLE, detail)
        raise failed

    def _encrypted(self, wanted: Destination) -> dict[str, Any]:
        if wanted.scheme == "http":
            return {}
        name = wanted.host.removesuffix(".")
        return {"ssl": self._tls, "server_hostname": name}


def _reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}"
    return f"it does not speak TLS as it should ({error.reason or 'unknown'})"


def _request(wanted: Destination, headers: Mapping[str, str], body: bytes) -> h11.Request:
    own = {
        "host": wanted.authority,
        "user-agent": "opps",
        "accept": "*/*",
        "content-length": str(len(body)),
        "connection": "close",
    }
    given = {name.lower(): value for name, value in headers.items()}
    return h11.Request(method="POST", target=wanted.target, headers=list((given | own).items()))


def _judged(response: h11.Response) -> Sent:
    status = response.status_code
    if 200 <= status < 300:
        return Sent(status=status)
    redirected = 300 <= status < 400
    return Sent(
        status=status,
        retry_after_s=_retry_after_s(response),
        why=Undelivered.REDIRECTED if redirected else Undelivered.STATUS,
        detail=f"it answered {status}",
    )


def _retry_after_s(response: h11.Response) -> int | None:
    """Return after how many seconds the other side wants to be asked again, at most a week."""
    for name, value in response.headers:
        if name != b"retry-after":
            continue
        text = value.decode("ascii", "replace").strip()
        if re.fullmatch(r"[0-9]{1,10}", text):
            return min(int(text), _MOST_RETRY_AFTER_S)
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0, min(round((at - datetime.now(UTC)).total_seconds()), _MOST_RETRY_AFTER_S))
    return None


def _timed(sent: Sent, seconds: float) -> Sent:
    return Sent(
        status=sent.status,
        retry_after_s=sent.retry_after_s,
        ms=round(seconds * 1_000),
        why=sent.why,
        detail=sent.detail,
    )
