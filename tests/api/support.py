"""A running server for the tests of the API, and clients that speak to it over the network."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvicorn
from starlette.applications import Starlette
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.support import eventually

PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE_S = 20.0


@contextmanager
def served(app: Starlette) -> Iterator[tuple[str, uvicorn.Server]]:
    """Yield the address of a server that runs the application in a thread."""
    config = uvicorn.Config(
        app,
        port=0,
        log_level="warning",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started or not thread.is_alive())
    assert server.started, "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE_S)
        assert not thread.is_alive(), "the server did not stop"


class Api:
    """A client of a running server."""

    def __init__(self, address: str, client: httpx.Client, server: uvicorn.Server) -> None:
        self.address = address
        self.client = client
        self.server = server

    def post(self, query: str, variables: Mapping[str, Any] | None = None) -> httpx.Response:
        """Send an operation and return the answer as it came."""
        body = {"query": query, "variables": variables}
        return self.client.post(f"{self.address}/graphql", json=body)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send an operation and return its data; it must have no errors."""
        answer = self.post(query, variables).json()
        assert "errors" not in answer, json.dumps(answer["errors"], indent=2)
        data: dict[str, Any] = answer["data"]
        return data

    def errors(self, query: str, **variables: Any) -> list[dict[str, Any]]:
        """Send an operation and return its top-level errors."""
        found: list[dict[str, Any]] = self.post(query, variables).json().get("errors", [])
        return found

    def command(self, name: str, input: Mapping[str, Any], show: str = "") -> dict[str, Any]:
        """Carry out a command with a new id and return its payload."""
        kind = f"{name[0].upper()}{name[1:]}Input!"
        query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {PAYLOAD} {show} }} }}"
        payload: dict[str, Any] = self.ask(query, input={"commandId": str(uuid4()), **input})[name]
        return payload

    @contextmanager
    def socket(self) -> Iterator["Socket"]:
        """Yield a socket that was acknowledged."""
        with self.raw_socket() as connection:
            socket = Socket(connection)
            socket.send(type="connection_init")
            assert socket.receive() == {"type": "connection_ack"}
            yield socket

    def raw_socket(self, **options: Any) -> ClientConnection:
        """Return a socket that has said nothing yet."""
        address = self.address.replace("http", "ws") + "/graphql"
        options.setdefault("subprotocols", [PROTOCOL])
        connection: ClientConnection = connect(address, proxy=None, compression=None, **options)
        return connection


class Socket:
    """A client of graphql-transport-ws."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(timeout=PATIENCE_S))
        return message

    def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        self.send(type="subscribe", id=id, payload={"query": query, "variables": variables})

    def next(self, id: str = "1") -> dict[str, Any]:
        """Return the data of the next result of an operation."""
        message = self.receive()
        assert (message["type"], message["id"]) == ("next", id), message
        data: dict[str, Any] = message["payload"]["data"]
        return data


PAYLOAD = "version position replayed userErrors { __typename code message path }"


def given_id(number: int) -> str:
    """Return an id that reads well in expected answers."""
    return str(UUID(int=(0x0190A8C4 << 96) | (7 << 76) | (8 << 60) | number))
