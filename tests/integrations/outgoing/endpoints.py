"""Endpoints on this machine that answer as they like, and keep what they were sent."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Endpoint:
    """A listening endpoint: its port, and the requests that arrived."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    written: int = 0

    @property
    def url(self) -> str:
        """Where it is, by its address."""
        return f"http://127.0.0.1:{self.port}/hook?a=b"


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """Return a whole request with its content."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    return head + await reader.readexactly(length)


def answering(*parts: bytes) -> Behaviour:
    """Return what reads a request, answers with these bytes and hangs up."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
        await writer.drain()

    return behave


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Wait until the other side hangs up."""
    while await reader.read(1_000):
        pass


@asynccontextmanager
async def endpoint(
    behave: Behaviour, *, tls: ssl.SSLContext | None = None, reads: bool = True
) -> AsyncIterator[Endpoint]:
    """Yield an endpoint that behaves so with each connection."""
    found = Endpoint()
    if tls is not None:

        def named(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
            found.names.append(name)

        tls.sni_callback = named

    served: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        served.add(task)
        try:
            if reads:
                found.requests.append(await request_of(reader))
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await asyncio.gather(*served)
        await server.wait_closed()


class Reroute:
    """Takes connections to any address, remembers it, and leads to endpoints of this machine."""

    def __init__(self, *ports: int | None) -> None:
        self._ports = list(ports)
        self.addresses: list[str] = []

    async def __call__(
        self, address: str, port: int, **how: object
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self.addresses.append(str(ip_address(address)))
        led = self._ports.pop(0) if len(self._ports) > 1 else self._ports[0]
        if led is None:
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", led, **how)  # type: ignore[arg-type]  # as given
