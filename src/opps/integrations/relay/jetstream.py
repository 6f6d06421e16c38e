"""A stream of NATS JetStream whose sequence is the position in the log, and nothing else."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct

from opps.integrations.relay.credentials import read_credentials
from opps.integrations.relay.messages import MESSAGE_ID, Message

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

ACKNOWLEDGED_WITHIN_S = 10.0
_CONNECT_S = 5
_TENANT, _AFTER = "opps-tenant", "opps-after"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_OVERLAP = 10065


class NatsMissing(Exception):
    """nats-py is not installed; the message says how to get it."""

    def __init__(self) -> None:
        super().__init__(
            "The relay takes nats-py, which the extra `nats` of opps brings: pip install nats-py."
        )


class RelayRefused(Exception):
    """Nothing can be relayed there; the message says why, and what to do."""


class BrokerAway(Exception):
    """The broker does not answer just now."""


class OutOfStep(Exception):
    """The stream does not end where it was thought to: it has to be looked at again."""


class Place(Struct, frozen=True, kw_only=True):
    """Where a stream ends: its last position, and the id of the event there if it is kept."""

    position: int
    event_id: str | None


class Broker:
    """A connection to NATS, and the messages that wait for their acknowledgement."""

    def __init__(self, client: "Client") -> None:
        self._client, self._jetstream = client, client.jetstream()
        self._inbox = client.new_inbox()
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._forbidden: RelayRefused | None = None

    async def listen(self) -> None:
        """Begin to take acknowledgements."""
        with self._faults():
            await self._client.subscribe(f"{self._inbox}.*", cb=self._acknowledged)

    async def closed(self) -> None:
        """Let nobody wait for what a connection that is gone will not bring."""
        self._give_up(BrokerAway("the connection broke"))

    async def erred(self, error: Exception) -> None:
        """Let nobody wait for what the server does not allow; it says so beside the answers."""
        if "permissions violation" in str(error).lower():
            self._forbidden = RelayRefused(f"The server does not allow it: {error}.")
            self._give_up(self._forbidden)

    def _give_up(self, reason: Exception) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(reason)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            with _faults():
                yield
        except BrokerAway:
            if self._forbidden is not None:
                raise self._forbidden from None
            raise

    @property
    def most_bytes(self) -> int:
        """The largest message that the server takes."""
        return self._client.max_payload

    async def opened(self, name: str, tenant: UUID, subjects: str, after: int | None) -> Place:
        """Return where the stream of a tenant ends; one that is not there is made.

        Raises:
            RelayRefused: the stream is of somebody else, or begins elsewhere.
            BrokerAway: the broker does not answer.
        """
        from nats.js.errors import NotFoundError

        if not _NAME.fullmatch(name):
            raise RelayRefused(f"{name!r} is no name of a stream: letters, digits, - and _ may be.")
        with self._faults():
            try:
                found = await self._jetstream.stream_info(name)
            except NotFoundError:
                found = await self._made(name, tenant, subjects, after or 0)
        marks = found.config.metadata or {}
        if marks.get(_TENANT) != str(tenant):
            raise RelayRefused(
                f"The stream {name} is there already, and is not of this tenant. Name another one "
                "with --stream."
            )
        if found.config.subjects != [subjects]:
            raise RelayRefused(
                f"The stream {name} takes {', '.join(found.config.subjects or [])}, and not "
                f"{subjects} alone. Mend that, or name a new one with --stream."
            )
        if after is not None and marks.get(_AFTER) != str(after):
            raise RelayRefused(
                f"The stream {name} begins after position {marks.get(_AFTER)}. Leave out --after "
                "to go on where it ends, or name a new one with --stream."
            )
        with self._faults():
            return await self._end(name, found.state.last_seq, found.state.messages)

    async def publish(self, stream: str, messages: Sequence[Message]) -> None:
        """Store messages in this order, all of them, each at its position.

        Raises:
            OutOfStep: one would not be at its position.
            BrokerAway: the broker does not answer.
        """
        loop = asyncio.get_running_loop()
        self._waiting = {str(one.position): loop.create_future() for one in messages}
        with self._faults():
            for one in messages:
                await self._client.publish(
                    one.subject, one.body, f"{self._inbox}.{one.position}", one.headers
                )
            async with asyncio.timeout(ACKNOWLEDGED_WITHIN_S):
                answers = await asyncio.gather(*self._waiting.values())
        self._waiting = {}
        for one, answer in zip(messages, answers, strict=True):
            if answer.get("stream") != stream or answer.get("seq") != one.position:
                raise OutOfStep(_told(answer))

    async def _made(self, name: str, tenant: UUID, subjects: str, after: int) -> Any:
        from nats.js.api import StreamConfig
        from nats.js.errors import APIError

        config = StreamConfig(
            name=name,
            description="What opps recorded: the sequence is the position in the log.",
            subjects=[subjects],
            first_seq=after + 1,
            metadata={_TENANT: str(tenant), _AFTER: str(after)},
        )
        try:
            return await self._jetstream.add_stream(config)
        except APIError as error:
            if error.err_code == _OVERLAP:
                raise RelayRefused(
                    f"Another stream takes subjects of {subjects} already: each event would be in "
                    "two. Name that one with --stream, or remove it."
                ) from None
            raise

    async def _end(self, name: str, position: int, kept: int) -> Place:
        from nats.js.errors import NotFoundError

        event_id = None
        if kept:
            with suppress(NotFoundError):  # it was deleted, or is older than the stream keeps
                last = await self._jetstream.get_msg(name, seq=position)
                event_id = (last.headers or {}).get(MESSAGE_ID, "")
        return Place(position=position, event_id=event_id)

    async def _acknowledged(self, message: "Msg") -> None:
        waiting = self._waiting.get(message.subject.rpartition(".")[2])
        if waiting is None or waiting.done():
            return
        try:
            waiting.set_result(json.loads(message.data or b"{}"))
        except ValueError:
            waiting.set_result({})


def _told(answer: dict[str, Any]) -> str:
    error = answer.get("error") or {}
    return str(error.get("description") or answer)[:200]


@contextmanager
def _faults() -> Iterator[None]:
    """Turn what nats-py raises into what the relay knows."""
    from nats.errors import Error
    from nats.js.errors import APIError, ServiceUnavailableError

    try:
        yield
    except ServiceUnavailableError:  # nobody answers for JetStream, or there is none
        raise BrokerAway("JetStream does not answer. Is it switched on, with -js?") from None
    except APIError as error:
        if (error.code or 500) < 500:
            raise RelayRefused(f"The server refuses: {error.description}.") from None
        raise BrokerAway(str(error.description)) from None
    except (Error, OSError) as error:  # a time that is over is an OSError too
        raise BrokerAway(str(error) or "no answer in time") from None


@asynccontextmanager
async def connected(url: str, credentials: Path | None) -> AsyncIterator[Broker]:
    """Yield a connection to NATS; it is not made anew where it breaks, the caller does that.

    Raises:
        NatsMissing: nats-py is not installed.
        RelayRefused: the server does not let us in, or the address is none.
        BrokerAway: no server answers.
    """
    try:
        from nats.aio.client import Client
    except ModuleNotFoundError:
        raise NatsMissing from None
    given = {} if credentials is None else _given(credentials)
    client = Client()
    broker = Broker(client)
    try:
        await _connect(client, broker, url, given)
        await broker.listen()
        yield broker
    finally:
        await client.close()


async def _connect(client: "Client", broker: Broker, url: str, given: dict[str, Any]) -> None:
    from nats.errors import Error

    try:
        await client.connect(
            [one.strip() for one in url.split(",")],
            name="opps relay",
            allow_reconnect=False,
            connect_timeout=_CONNECT_S,
            max_reconnect_attempts=1,  # without it, it tries a first connection sixty times
            reconnect_time_wait=0,
            error_cb=broker.erred,
            closed_cb=broker.closed,
            **given,
        )
    except ValueError as error:
        raise RelayRefused(f"{_place(url)} is no address of NATS: {error}.") from None
    except (OSError, Error) as error:
        if "authorization" in str(error).lower():
            raise RelayRefused(
                f"{_place(url)} does not let us in: look at --credentials."
            ) from None
        raise BrokerAway(f"no NATS server answers at {_place(url)}") from None


def _given(credentials: Path) -> dict[str, Any]:
    """Return who we are, as the client of NATS asks for it."""
    try:
        found = read_credentials(credentials)
    except (OSError, ValueError) as error:
        raise RelayRefused(f"{credentials} is no credentials file of NATS: {error}.") from None
    return {"user_jwt_cb": lambda: found.token, "signature_cb": found.sign}


def _place(url: str) -> str:
    """Return an address without the user, password or token in it."""
    try:
        found = [urlsplit(one if "://" in one else f"nats://{one}") for one in url.split(",")]
        return ",".join(one.netloc.rpartition("@")[2] for one in found)
    except ValueError:
        return "it"
