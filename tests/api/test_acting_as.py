"""In development a request may say who acts; anywhere else that is refused, never overheard."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from starlette.requests import HTTPConnection
from websockets.exceptions import ConnectionClosed

from opps.api.identity import ACT_AS, DEVELOPER, Viewer, nobody
from opps.domain.recorded import Actor, Via
from opps.domain.roles import ActorRole
from tests.api.support import PATIENCE_S, Api, Installation, Socket, served_api

WHO = "{ viewer { principal role } }"
SOMEBODY = "00000000-0000-4000-8000-00000000005e"
BAD = ["", "BOSS", "admin", f"{SOMEBODY} ADMIN", "ADMIN me", f"ADMIN,{SOMEBODY}"]


def ask(api: Api, who: str | None) -> httpx.Response:
    headers = {} if who is None else {ACT_AS: who}
    return api.client.post(api.url, json={"query": WHO}, headers=headers)


@pytest.fixture(scope="module")
def known(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server that knows by itself who asks."""
    actor = Actor(principal=uuid4(), role=ActorRole.SELLER, via=Via.GRAPHQL)
    viewer = Viewer(tenant=installation.tenant, slug="acme", actor=actor)

    async def identify(_: HTTPConnection) -> Viewer | None:
        return viewer

    with served_api(installation, identify) as client:
        yield client


def test_who_says_nothing_is_the_administrator_of_development(api: Api) -> None:
    shown = ask(api, None).json()["data"]["viewer"]

    assert shown == {"principal": str(DEVELOPER), "role": "ADMIN"}


@pytest.mark.parametrize("role", ActorRole)
def test_every_role_can_be_acted_in(api: Api, role: str) -> None:
    shown = ask(api, role).json()["data"]["viewer"]

    assert shown == {"principal": str(DEVELOPER), "role": role}


def test_somebody_else_can_be_acted_for_by_an_id(api: Api) -> None:
    shown = ask(api, f"DPO {SOMEBODY}").json()["data"]["viewer"]

    assert shown == {"principal": SOMEBODY, "role": "DPO"}


@pytest.mark.parametrize("who", BAD)
def test_what_names_no_role_is_refused_and_told_which_there_are(api: Api, who: str) -> None:
    answer = ask(api, who)
    [error] = answer.json()["errors"]

    assert (answer.status_code, error["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert "data" not in answer.json()
    assert all(role in error["message"] for role in ActorRole)


def test_a_socket_says_it_when_it_begins(api: Api) -> None:
    with api.raw_socket() as connection:
        socket = Socket(connection)
        socket.send(type="connection_init", payload={ACT_AS: f"AUDITOR {SOMEBODY}"})
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe(WHO)

        assert socket.next() == {"viewer": {"principal": SOMEBODY, "role": "AUDITOR"}}


def test_a_socket_may_say_it_in_its_header_too(api: Api) -> None:
    with api.raw_socket(additional_headers={ACT_AS: "SELLER"}) as connection:
        socket = Socket(connection)
        socket.send(type="connection_init")
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe(WHO)

        assert socket.next()["viewer"]["role"] == "SELLER"


@pytest.mark.parametrize("who", [*BAD, 7, ["ADMIN"]])
def test_a_socket_that_names_no_role_is_closed_with_the_reason(api: Api, who: object) -> None:
    with api.raw_socket() as connection:
        Socket(connection).send(type="connection_init", payload={ACT_AS: who})
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=PATIENCE_S)

        assert connection.close_code == 4400
        assert "SELLER" in (connection.close_reason or "")


def test_where_who_asks_is_known_nobody_can_say_otherwise(known: Api) -> None:
    assert ask(known, None).json()["data"]["viewer"]["role"] == "SELLER"
    answer = ask(known, "ADMIN")
    [error] = answer.json()["errors"]

    assert answer.status_code == 400
    assert "development only" in error["message"]
    assert "data" not in answer.json()


def test_a_socket_of_somebody_known_cannot_say_otherwise(known: Api) -> None:
    with known.raw_socket() as connection:
        Socket(connection).send(type="connection_init", payload={ACT_AS: "ADMIN"})
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=PATIENCE_S)

        assert connection.close_code == 4400
        assert "development only" in (connection.close_reason or "")


def test_where_nobody_is_known_saying_a_role_opens_nothing(installation: Installation) -> None:
    with served_api(installation, nobody) as closed:
        assert ask(closed, "ADMIN").status_code == 401
