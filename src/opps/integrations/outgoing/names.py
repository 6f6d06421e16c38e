"""From the name of a host to its addresses, by threads that nobody else waits for."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from queue import SimpleQueue
from threading import Thread

from msgspec import Struct

from opps.domain.webhooks.destination import Address, address_of

# Every address of a name, for a port.
Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
_THREADS = 8


class _Asked(Struct, frozen=True, eq=False):
    """A name that somebody in an event loop waits for."""

    host: str
    port: int
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[Sequence[Address]]"


async def resolved(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a name, each once, in the order to try them.

    Raises:
        OSError: it has none, or no name server answers.
    """
    loop = asyncio.get_running_loop()
    asked = _Asked(host, port, loop, loop.create_future())
    _queue().put(asked)
    return await asked.answer


@lru_cache(maxsize=1)
def _queue() -> "SimpleQueue[_Asked]":
    # Not the threads of the event loop, which a name server that is silent would hold for long;
    # and daemons, since such a look-up would hold up the end of the process as well.
    queue: SimpleQueue[_Asked] = SimpleQueue()
    for number in range(_THREADS):
        Thread(target=_answer, args=[queue], name=f"opps names {number}", daemon=True).start()
    return queue


def _answer(queue: "SimpleQueue[_Asked]") -> None:
    while True:
        asked = queue.get()
        if asked.answer.cancelled():  # whoever waited has gone
            continue
        try:
            found: Sequence[Address] | Exception = _looked_up(asked.host, asked.port)
        except (OSError, UnicodeError) as error:
            found = error
        with suppress(RuntimeError):  # the loop was closed
            asked.loop.call_soon_threadsafe(_settle, asked.answer, found)


def _settle(
    answer: "asyncio.Future[Sequence[Address]]", found: Sequence[Address] | Exception
) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def _looked_up(host: str, port: int) -> list[Address]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = (address_of(str(place[0])) for *_, place in answers)
    return list(dict.fromkeys(address for address in found if address is not None))
