"""From the name of a host to its addresses, by threads that nobody else waits for."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from opps.integrations.outgoing.addresses import Address, address_of

# Every address of a name, for a port.
Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
_THREADS = 4


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    # Apart from the threads of the event loop: a name server that is silent holds one for long.
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="opps names")


async def resolved(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a name, each once, in the order to try them.

    Raises:
        OSError: it has none, or no name server answers.
    """
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_threads(), _looked_up, host, port)
    return list(dict.fromkeys(found))


def _looked_up(host: str, port: int) -> list[Address]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [address for *_, place in answers if (address := address_of(str(place[0]))) is not None]
