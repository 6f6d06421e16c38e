"""A server that is told to stop is gone within a second, whoever listens to it."""

import errno
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread
from time import monotonic
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from opps.cli import http
from opps.embedded import EmbeddedPostgres
from opps.eventstore import register_tenant
from opps.eventstore.migrations import migrate
from tests.cli.processes import Process, running
from tests.cli.test_operators import operators
from tests.support import eventually

# So many over sockets, and as many as streams of events.
LISTENERS = 20
SUBSCRIPTION = (
    'subscription { scoreChanged(after: "0") { __typename ... on StreamCaughtUp { position } } }'
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a database that is not the server's own, and goes on without it."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("database") / "postgres") as server:
        migrate(server.conninfo())
        register_tenant(server.conninfo(), uuid4(), "default")
        yield server.conninfo()


@contextmanager
def listening(process: Process) -> Iterator[ClientConnection]:
    """Yield a socket whose subscription has caught up."""
    address = process.address.replace("http", "ws", 1)
    protocol = Subprotocol("graphql-transport-ws")
    subscribe = {"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIPTION}}
    with connect(f"{address}/graphql", subprotocols=[protocol]) as connection:
        connection.send('{"type": "connection_init"}')
        assert json.loads(connection.recv(timeout=10))["type"] == "connection_ack"
        connection.send(json.dumps(subscribe))
        while "StreamCaughtUp" not in str(connection.recv(timeout=10)):
            pass
        yield connection


@contextmanager
def streaming(process: Process) -> Iterator[Iterator[str]]:
    """Yield what is left of a stream whose subscription has caught up."""
    url, asked = f"{process.address}/graphql", {"query": SUBSCRIPTION}
    headers = {"Accept": "text/event-stream"}
    with httpx.stream("POST", url, json=asked, headers=headers, timeout=10) as response:
        lines = response.iter_lines()
        while "StreamCaughtUp" not in next(lines):
            pass
        yield lines


def last_words(connection: ClientConnection) -> tuple[list[str], int | None]:
    """Return the kinds of message until the socket closes, and the code it closes with."""
    kinds = []
    with suppress(ConnectionClosed):
        while True:
            kinds.append(json.loads(connection.recv(timeout=10))["type"])
    return kinds, connection.close_code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_many_listeners_is_gone_within_a_second(
    url: str, tmp_path: Path, number: signal.Signals
) -> None:
    with (
        running("serve", "--port", "0", data_directory=tmp_path, **_settings(url)) as process,
        ExitStack() as opened,
    ):
        sockets = [opened.enter_context(listening(process)) for _ in range(LISTENERS)]
        streams = [opened.enter_context(streaming(process)) for _ in range(LISTENERS)]
        heard: list[tuple[list[str], int | None]] = []
        readers = [Thread(target=lambda one=one: heard.append(last_words(one))) for one in sockets]
        for reader in readers:
            reader.start()
        told_at = monotonic()
        process.child.send_signal(number)
        code = process.child.wait(10)
        took_s = monotonic() - told_at
        for reader in readers:
            reader.join()
        rest = {line for stream in streams for line in stream}

    assert code == 0
    assert took_s < 1.0
    # None is told that there is no more: clients take 1001 for a line to open again.
    assert heard == [([], 1001)] * LISTENERS
    # A stream that is not said to be complete is one that its client goes on with by itself.
    assert "event: complete" not in rest


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux can do it")
def test_a_line_on_which_nothing_is_taken_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_UNTAKEN_FOR_MS", 100)
    with (
        http.listening("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as line,
    ):
        line.settimeout(10)
        with pytest.raises(OSError, match=os.strerror(errno.ETIMEDOUT)):
            line.sendall(bytes(50_000_000))


def test_a_projector_is_gone_within_a_second(url: str, tmp_path: Path) -> None:
    with running("project", data_directory=tmp_path, **_settings(url)) as process:
        apart = operators(process)
        eventually(lambda: "opps_projector_leading 1.0" in httpx.get(f"{apart}/metrics").text)
        told_at = monotonic()
        process.child.send_signal(signal.SIGTERM)

        assert process.child.wait(10) == 0
        assert monotonic() - told_at < 1.0


def _settings(url: str) -> dict[str, str]:
    return {
        "OPPS_DATABASE_URL": url,
        "OPPS_ENVIRONMENT": "development",
        "OPPS_METRICS_PORT": "0",
    }
