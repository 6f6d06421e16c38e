"""Sockets that say nothing, ask for too much or carry too much are ended or refused."""

from contextlib import suppress

import pytest
from graphql import get_introspection_query
from websockets.exceptions import ConnectionClosed

from opps.api.websocket import MOST_OPERATIONS, MOST_WAITING
from tests.api.support import PATIENCE_S, Api, Socket
from tests.support import eventually

CHANGES = "subscription { scoreChanged { __typename } }"


def closing_code(socket: Socket) -> int | None:
    """Return the code with which the server ends a socket, whatever it sends before."""
    with suppress(ConnectionClosed):
        while socket.receive():
            pass
    return socket.connection.close_code


def test_whoever_never_says_hello_is_let_go(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opps.api.websocket.INIT_TIMEOUT_S", 0.1)
    with api.raw_socket() as connection:
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=PATIENCE_S)

        assert connection.close_code == 4408


def test_pings_are_no_hello(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opps.api.websocket.INIT_TIMEOUT_S", 0.3)
    with api.raw_socket() as connection:
        socket = Socket(connection)
        with suppress(ConnectionClosed):
            while True:
                socket.send(type="ping")
                socket.receive()

        assert connection.close_code == 4408


def test_a_socket_carries_a_bounded_number_of_operations(api: Api) -> None:
    with api.socket() as socket:
        for number in range(MOST_OPERATIONS + 1):
            socket.subscribe(CHANGES, id=str(number))
        messages = [socket.receive() for _ in range(MOST_OPERATIONS + 1)]
        [refused] = [one for one in messages if one["type"] == "error"]
        socket.send(type="complete", id="0")
        socket.subscribe("{ viewer { role } }", id="again")

        assert refused["id"] == str(MOST_OPERATIONS)
        assert refused["payload"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert socket.next("again") == {"viewer": {"role": "ADMIN"}}


def test_messages_that_are_too_large_are_not_kept_for_later(api: Api) -> None:
    with api.socket() as socket, suppress(ConnectionClosed):
        for _ in range(MOST_WAITING):
            socket.send(type="ping", payload="x" * 1_100_000)

    assert closing_code(socket) == 1009


def test_whoever_takes_nothing_for_too_long_is_let_go(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("opps.api.sending.SEND_TIMEOUT_S", 0.2)
    large = get_introspection_query()
    with api.raw_socket(max_queue=1, max_size=None) as connection:
        socket = Socket(connection)
        socket.send(type="connection_init")
        for number in range(40):
            socket.subscribe(large, id=str(number))
        eventually(lambda: "is let go" in caplog.text)

        assert closing_code(socket) != 1000


def test_whoever_goes_away_without_a_word_leaves_nothing_behind(api: Api) -> None:
    with api.socket() as gone:
        gone.subscribe(CHANGES)
        gone.connection.socket.close()
    with api.socket() as socket:
        socket.subscribe("{ viewer { role } }")

        assert socket.next() == {"viewer": {"role": "ADMIN"}}
