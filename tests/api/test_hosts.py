"""Development mode answers to this machine only: no page of elsewhere may point its name here."""

from socket import create_connection

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from opps.api.identity import development
from tests.api.support import PATIENCE_S, PROTOCOL, Api, Installation, served_api

HEAD = {"query": "{ logHead { position } }"}


def status(api: Api, host: str) -> int:
    return api.client.post(api.url, json=HEAD, headers={"host": host}).status_code


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:8000", "opps.localhost:1", "127.0.0.1:8000", "[::1]:8000"]
)
def test_the_names_of_this_machine_are_answered(api: Api, host: str) -> None:
    assert status(api, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "elsewhere.example:8000",
        "localhost.elsewhere.example",
        "192.0.2.7",
        "[",
        "elsewhere.example@localhost",
    ],
)
def test_another_name_is_not_answered_and_told_which_are(api: Api, host: str) -> None:
    answer = api.client.post(api.url, json=HEAD, headers={"host": host})
    [error] = answer.json()["errors"]

    assert (answer.status_code, error["extensions"]["code"]) == (421, "MISDIRECTED")
    assert "data" not in answer.json()
    assert "localhost" in error["message"]
    assert "OPPS_HOST" in error["message"]


def test_another_name_gets_no_socket_even_from_a_page_of_that_name(api: Api) -> None:
    port = int(api.address.rpartition(":")[2])
    origin = Origin(f"http://elsewhere.example:{port}")
    line = create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    address = f"ws://elsewhere.example:{port}/graphql"
    with connect(
        address, sock=line, proxy=None, origin=origin, subprotocols=[PROTOCOL]
    ) as connection:
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=PATIENCE_S)

        assert connection.close_code == 4403


def test_the_name_that_it_listens_on_is_answered(installation: Installation) -> None:
    with served_api(installation, development(installation.tenant, host="opps.example")) as api:
        assert status(api, "opps.example:8000") == 200


@pytest.mark.parametrize(("host", "answered"), [("192.0.2.7", 200), ("elsewhere.example", 421)])
def test_a_server_for_everybody_is_reached_by_any_address_but_not_by_any_name(
    installation: Installation, host: str, answered: int
) -> None:
    with served_api(installation, development(installation.tenant, host="0.0.0.0")) as api:
        assert status(api, host) == answered
