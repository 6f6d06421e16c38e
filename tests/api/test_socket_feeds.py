"""Sockets that follow a feed: kept alive, told when they are too slow, and let go in time."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from opps.api import sending, standing
from opps.api.feeds import places, reader
from opps.api.identity import development
from opps.eventstore import register_tenant
from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import PATIENCE_S, Api, Installation, Socket, served_api

SCORES = """subscription Scores($after: ScoreCursor) {
  scoreChanged(after: $after) {
    __typename
    ... on ScoreChanged { cursor cause facts { factId } }
    ... on StreamCaughtUp { cursor }
  }
}"""
FOLLOWERS = 60


@pytest.fixture
def following(api: Api) -> Iterator[Socket]:
    """Yield a socket that has been sent all of the past."""
    with api.socket() as followed:
        followed.subscribe(SCORES)
        assert followed.next()["scoreChanged"]["__typename"] == "StreamCaughtUp"
        yield followed


def supported(api: Api) -> None:
    """Let the score of a new opportunity move three times."""
    id_, cfo = opened(api), new_id()
    learned(api, id_, stated(evaluator(cfo)), stated(leaning(cfo)))


def change(of: Socket) -> dict[str, Any]:
    event: dict[str, Any] = of.next()["scoreChanged"]
    return change(of) if event["__typename"] == "StreamCaughtUp" else event


def end_of(of: Socket) -> tuple[int | None, str | None]:
    """Return how the server closes a socket, whatever it sends before."""
    with suppress(ConnectionClosed):
        while of.connection.recv(timeout=PATIENCE_S):
            pass
    return of.connection.close_code, of.connection.close_reason


def test_sockets_that_follow_the_same_are_sent_the_same(api: Api) -> None:
    with ExitStack() as stack:
        several = [stack.enter_context(api.socket()) for _ in range(5)]
        for one in several:
            one.subscribe(SCORES)
            one.next()
        supported(api)
        heard = [[change(one) for _ in range(3)] for one in several]

    assert all(one == heard[0] for one in heard)
    assert [one["cause"] for one in heard[0]] == ["OpportunityOpened", "FactLearned", "FactLearned"]
    assert all(one["facts"] for one in heard[0][1:])


def test_whoever_is_too_slow_is_told_where_to_go_on(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    supported(api)
    monkeypatch.setattr(reader, "LONGEST_BEHIND_S", -1.0)
    with api.socket() as slow:
        slow.subscribe(SCORES, after="0")
        messages = [slow.receive()]
        while messages[-1]["type"] == "next":
            messages.append(slow.receive())
        *sent, last = messages
        ended = end_of(slow)

    [error] = last["payload"]
    place = sent[-1]["payload"]["data"]["scoreChanged"]["cursor"]
    assert (last["type"], error["extensions"]["code"]) == ("error", "TOO_SLOW")
    assert error["extensions"]["resumeAfter"] == place
    assert ended == (1013, f"Too slow: go on after {place}.")


def test_a_quiet_socket_carries_a_ping_now_and_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "KEEP_ALIVE_S", 0.1)
    with api.socket() as quiet:
        assert quiet.receive() == {"type": "ping"}
        quiet.send(type="pong")
        assert quiet.receive() == {"type": "ping"}


def test_a_ping_of_the_protocol_below_is_answered(api: Api, following: Socket) -> None:
    answered = following.connection.ping()

    assert answered.wait(PATIENCE_S)


def shaken_hands(api: Api, *more: str) -> tuple[socket.socket, str]:
    """Return a line whose end speaks no WebSocket beyond the first request, and the answer."""
    host, _, port = api.address.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
    request = [
        "GET /graphql HTTP/1.1",
        f"Host: {host}:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol: graphql-transport-ws",
        *more,
    ]
    line.sendall("\r\n".join([*request, "", ""]).encode())
    return line, line.recv(4_096).decode("latin-1").lower()


def test_messages_are_never_compressed(api: Api) -> None:
    line, answer = shaken_hands(api, "Sec-WebSocket-Extensions: permessage-deflate")
    line.close()

    assert answer.startswith("http/1.1 101")
    assert "permessage-deflate" not in answer


def test_a_line_of_which_only_one_half_is_left_is_given_up(installation: Installation) -> None:
    with served_api(installation, ping_s=0.2) as api:
        line, answer = shaken_hands(api)
        assert answer.startswith("http/1.1 101")
        # It answers no ping: as a machine does that has gone to sleep.
        with line, suppress(ConnectionResetError):
            while line.recv(4_096):
                pass


def test_nothing_is_sent_to_whom_nobody_has_let_in_lately(
    api: Api, following: Socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "UNSEEN_FOR_S", -1.0)
    monkeypatch.setattr(standing, "LOOKED_AT_EVERY_S", 60.0)
    with api.socket() as unseen:
        unseen.subscribe(SCORES, id="a")
        unseen.send(type="ping")
        assert unseen.receive() == {"type": "pong"}
        supported(api)
        change(following)
        unseen.send(type="ping")

        assert unseen.receive() == {"type": "pong"}


def test_many_who_follow_are_let_go_within_a_second(installation: Installation) -> None:
    with served_api(installation) as api, ExitStack() as stack:
        several = [stack.enter_context(api.socket()) for _ in range(FOLLOWERS)]
        for one in several:
            one.subscribe(SCORES)
        for one in several:
            one.next()
        begun = time.monotonic()
        api.drain()
        codes = {end_of(one)[0] for one in several}
        took_s = time.monotonic() - begun

    assert codes == {1001}
    assert took_s < 1.0


def test_a_cursor_of_another_organisation_shows_nothing_of_it(
    api: Api, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "LATE_FOR_S", 0.0)
    supported(api)
    with api.socket() as ours:
        ours.subscribe(SCORES, after="0")
        cursor = change(ours)["cursor"]
    other = register_tenant(installation.database, uuid4(), f"other-{uuid4().hex[:8]}")
    with served_api(installation, development(other)) as elsewhere, elsewhere.socket() as theirs:
        theirs.subscribe(SCORES, id="a", after=cursor)
        refused = theirs.receive()
        theirs.subscribe(SCORES, after="0")
        first = theirs.next()["scoreChanged"]

    assert refused["payload"][0]["extensions"]["code"] == "NOT_IN_THE_LOG"
    assert first == {"__typename": "StreamCaughtUp", "cursor": "0"}


def test_a_line_that_breaks_leaves_the_others_alone(api: Api, following: Socket) -> None:
    with api.socket() as broken:
        broken.subscribe(SCORES)
        broken.next()
        broken.connection.socket.shutdown(socket.SHUT_RDWR)
        supported(api)

        assert change(following)["cause"] == "OpportunityOpened"
