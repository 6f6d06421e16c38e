"""A running server for the tests of the API, and clients that speak to it over the network."""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from opps.api.app import create_app
from opps.api.context import MOST_FOLDED
from opps.api.identity import Identify, development
from opps.api.limits import DEFAULTS, Limits
from opps.api.persisted import PersistedDocuments
from opps.api.shutdown import Draining
from opps.application import Application
from opps.domain.audited_reads import AuditedReads
from opps.eventstore import Log, LogSettings
from opps.ledger.ledger import Ledger
from opps.ledger.sealer import seal
from opps.projections.projector import Projector
from opps.projections.reading import STATEMENT_TIMEOUT_S
from opps.projections.views import Views
from opps.recording.key_file import FileKeyring
from opps.sealing import TenantLeaves, now
from opps.telemetry.observing import Observing
from tests.eventstore.support import settings
from tests.support import eventually

PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE_S = 20.0
PING_S = 20.0


class Installation(Struct, frozen=True):
    """One database with its log, and what carries commands out on it."""

    database: str
    tenant: UUID
    log: Log
    application: Application
    keyring: FileKeyring
    ledger_of: Callable[[UUID], Ledger]
    log_settings: LogSettings

    def seal(self, tenant: UUID | None = None) -> None:
        """Sign a log as it is."""
        of = tenant or self.tenant
        seal(self.ledger_of(of), TenantLeaves(self.log, of), now)


@contextmanager
def installed(
    database: str, tenant: UUID, log_settings: LogSettings | None = None
) -> Iterator[Installation]:
    """Yield an open log and its application."""
    of = log_settings or settings(database)
    with TemporaryDirectory() as directory, Log(of) as log:
        keyring = FileKeyring(Path(directory) / "keys.jsonl")
        application = Application(log, lambda _: keyring)

        def ledger_of(tenant: UUID) -> Ledger:
            return Ledger(Path(directory), tenant)

        yield Installation(database, tenant, log, application, keyring, ledger_of, of)


@contextmanager
def served_api(
    of: Installation,
    identify: Identify | None = None,
    audited: AuditedReads | None = None,
    most_folded: int = MOST_FOLDED,
    observing: Observing | None = None,
    limits: Limits = DEFAULTS,
    persisted: PersistedDocuments | None = None,
    statement_s: float = STATEMENT_TIMEOUT_S,
    ping_s: float = PING_S,
) -> Iterator["Api"]:
    """Yield a client of a server of this installation, which saves the reads that are marked.

    It pings each socket every `ping_s`, and waits as long for an answer.
    """
    draining = Draining()
    views = Views(of.database, statement_s=statement_s)
    known = identify or development(of.tenant, "acme")
    app = create_app(
        of.application,
        views,
        of.ledger_of,
        known,
        draining,
        audited or AuditedReads(),
        most_folded,
        observing=observing,
        limits=limits,
        persisted=persisted,
    )
    projector = Projector(of.log, of.log_settings, poll_s=0.2)
    with (
        served(app, views, ping_s) as (address, loop),
        httpx.Client(timeout=30.0, trust_env=False, event_hooks=CODED) as client,
    ):
        projector.start()
        try:
            eventually(lambda: has_read_models(of.database))
            yield Api(address, client, lambda: loop.call_soon_threadsafe(draining.begin))
        finally:
            projector.close()


def with_codes(answer: httpx.Response) -> None:
    """Check that no error of an answer lacks a code: whatever the tests send, and it holds."""
    if "json" in answer.headers.get("content-type", "") and answer.read():
        told = answer.json()
        check_codes(told.get("errors") or [] if isinstance(told, dict) else [])


def check_codes(errors: list[dict[str, Any]]) -> None:
    """Check that each error has a code in capital letters."""
    for error in errors:
        assert CODE.fullmatch(error["extensions"]["code"]), error


CODE = re.compile(r"[A-Z][A-Z_]+")
CODED: dict[str, list[Callable[..., Any]]] = {"response": [with_codes]}


def has_read_models(database: str) -> bool:
    """Tell whether a projector has made its tables."""
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT to_regclass('opps_views.persons') IS NOT NULL")
        return found.fetchone() == (True,)


@contextmanager
def served(
    app: Starlette, views: Views, ping_s: float = PING_S
) -> Iterator[tuple[str, asyncio.AbstractEventLoop]]:
    """Yield the address of a server that runs the application in a thread, and its loop."""
    config = uvicorn.Config(
        app,
        port=0,
        log_level="warning",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=ping_s,
        ws_ping_timeout=ping_s,
        timeout_graceful_shutdown=5,
    )
    server, loop = uvicorn.Server(config), asyncio.new_event_loop()
    # Signals belong to the main thread: the tests tell the server by hand.
    thread = threading.Thread(
        target=loop.run_until_complete, args=[_serve(server, views)], daemon=True
    )
    thread.start()
    eventually(lambda: server.started or not thread.is_alive())
    assert server.started, "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", loop
    finally:
        server.should_exit = True
        thread.join(timeout=PATIENCE_S)
        assert not thread.is_alive(), "the server did not stop"
        loop.close()


async def _serve(server: uvicorn.Server, views: Views) -> None:
    async with views:
        await server.serve()


class Api:
    """A client of a running server."""

    def __init__(self, address: str, client: httpx.Client, drain: Any) -> None:
        self.address = address
        self.client = client
        self.drain = drain

    @property
    def url(self) -> str:
        return f"{self.address}/graphql"

    def post(self, query: str, variables: Mapping[str, Any] | None = None) -> httpx.Response:
        """Send an operation and return the answer as it came."""
        return self.client.post(self.url, json={"query": query, "variables": variables})

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

    def send(self, name: str, input: Mapping[str, Any], show: str = "") -> httpx.Response:
        """Send a command, with a new id unless it has one, and return the answer as it came."""
        kind = f"{name[0].upper()}{name[1:]}Input!"
        query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {PAYLOAD} {show} }} }}"
        return self.post(query, {"input": {"commandId": str(uuid4()), **input}})

    def command(self, name: str, show: str = "", /, **input: Any) -> dict[str, Any]:
        """Carry out a command and return its payload; it must have no top-level errors."""
        answer = self.send(name, input, show).json()
        assert "errors" not in answer, json.dumps(answer["errors"], indent=2)
        payload: dict[str, Any] = answer["data"][name]
        return payload

    def done(self, name: str, show: str = "", /, **input: Any) -> dict[str, Any]:
        """Carry out a command that is not refused and return its payload."""
        payload = self.command(name, show, **input)
        assert payload["userErrors"] == []
        return payload

    def refused(self, name: str, /, **input: Any) -> dict[str, Any]:
        """Return why a command is refused, and that nothing came of it."""
        payload = self.command(name, "", **input)
        assert (payload["version"], payload["position"]) == (None, None)
        [error] = payload["userErrors"]
        reason: dict[str, Any] = error
        return reason

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
        options.setdefault("subprotocols", [PROTOCOL])
        address = self.url.replace("http", "ws", 1)
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
        told = message.get("payload")
        check_codes(told if isinstance(told, list) else (told or {}).get("errors", []))
        return message

    def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        self.send(type="subscribe", id=id, payload={"query": query, "variables": variables})

    def next(self, id: str = "1") -> dict[str, Any]:
        """Return the data of the next result of an operation."""
        message = self.receive()
        assert (message["type"], message["id"]) == ("next", id), message
        assert "errors" not in message["payload"], message
        data: dict[str, Any] = message["payload"]["data"]
        return data


PAYLOAD = "version position replayed userErrors { __typename code message path }"


def given_id(number: int) -> str:
    """Return an id that reads well in expected answers."""
    return str(UUID(int=(0x0190A8C4 << 96) | (7 << 76) | (8 << 60) | number))
