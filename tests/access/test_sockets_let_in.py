"""A socket is let in by its first message, and closed once whoever opened it may not stay."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from opps.api.identity import ACT_AS
from opps.domain.access.key_text import read_text
from opps.domain.roles import ActorRole
from tests.access.letting_in import Door, door_of, letting_in
from tests.access.provider import FakeProvider
from tests.api.support import PATIENCE_S, Installation, Socket

WHO = "{ viewer { principal role organisation } }"
REGISTER = """mutation ($id: UUID!) {
  registerAccount(input: {commandId: $id, name: "Widgets"}) {
    userErrors { code } account { name }
  }
}"""


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server look at sockets many times a second."""
    monkeypatch.setattr("opps.api.standing.LOOKED_AT_EVERY_S", 0.05)


@pytest.fixture
def socket(door: Door) -> Iterator[ClientConnection]:
    """Yield a socket that has said nothing yet."""
    with door.api.raw_socket() as connection:
        yield connection


def begun(connection: ClientConnection, token: str, **more: str) -> Socket:
    """Return a socket that was let in."""
    said = Socket(connection)
    said.send(type="connection_init", payload={"Authorization": f"Bearer {token}", **more})
    assert said.receive() == {"type": "connection_ack"}
    return said


def end_of(connection: ClientConnection) -> tuple[int | None, str | None]:
    """Return how a socket is closed."""
    with pytest.raises(ConnectionClosed):
        connection.recv(timeout=PATIENCE_S)
    return connection.close_code, connection.close_reason


def test_a_socket_is_let_in_by_its_first_message(door: Door, socket: ClientConnection) -> None:
    said = begun(socket, door.provider.token("boris"), **{ACT_AS: "MANAGER"})
    said.subscribe(WHO)

    assert said.next()["viewer"]["role"] == "MANAGER"


def test_a_socket_is_let_in_by_its_header_too(door: Door) -> None:
    headers = {"Authorization": f"Bearer {door.key()}"}
    with door.api.raw_socket(additional_headers=headers) as connection:
        said = Socket(connection)
        said.send(type="connection_init")
        assert said.receive() == {"type": "connection_ack"}
        said.subscribe(WHO)

        assert said.next()["viewer"]["role"] == "INTEGRATOR"


def test_a_socket_that_shows_nothing_may_try_again(door: Door, socket: ClientConnection) -> None:
    Socket(socket).send(type="connection_init")

    assert end_of(socket) == (4403, "Forbidden: say who you are.")


def test_a_key_that_reads_does_not_write_over_a_socket(
    door: Door, socket: ClientConnection
) -> None:
    said = begun(socket, door.key())
    said.subscribe(REGISTER, id=str(uuid4()))

    message = said.receive()
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"]["code"] == "OUT_OF_SCOPE"


def test_a_socket_is_closed_when_the_token_expires_and_may_come_back(
    installation: Installation, signing: FakeProvider
) -> None:
    with door_of(installation, signing, letting_in(installation, signing, leeway_s=0)) as strict:
        strict.grant("anna", ActorRole.ADMIN)
        soon = int((datetime.now(UTC) + timedelta(seconds=3)).timestamp())
        with strict.api.raw_socket() as connection:
            begun(connection, signing.token("anna", exp=soon))
            ended = end_of(connection)

    assert ended == (4403, "The token is refused. It has expired.")


@pytest.mark.usefixtures("watched")
def test_a_socket_is_closed_when_its_key_is_revoked(door: Door, socket: ClientConnection) -> None:
    key = door.key()
    named = read_text(key)
    assert named is not None
    begun(socket, key)
    door.revoke(named.key_id)

    code, reason = end_of(socket)
    assert code == 4401
    assert "revoked" in (reason or "")


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("instead", [None, ActorRole.AUDITOR])
def test_a_socket_is_closed_when_the_role_is_taken_back(
    door: Door, socket: ClientConnection, instead: ActorRole | None
) -> None:
    subject = f"eva {uuid4()}"
    door.grant(subject, ActorRole.SELLER)
    begun(socket, door.provider.token(subject))
    door.take(subject, ActorRole.SELLER)
    if instead is not None:
        door.grant(subject, instead)

    assert end_of(socket)[0] == 4403
