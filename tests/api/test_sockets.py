"""Live updates over graphql-transport-ws: in order, with no gap, from any place on."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.typing import Origin, Subprotocol

from opps.api.identity import nobody
from opps.api.websocket import LONGEST_ID
from opps.projections.views import Views
from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import PATIENCE_S, Api, Installation, Socket, served_api


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server not wait for a log that is late."""
    monkeypatch.setattr("opps.api.feeds.places.LATE_FOR_S", 0.0)


SCORES = """subscription ($after: ScoreCursor, $filter: ScoreFilter) {
  scoreChanged(after: $after, filter: $filter) {
    __typename
    ... on ScoreChanged { cursor opportunityId cause points }
    ... on StreamCaughtUp { cursor position }
  }
}"""


def score_event(socket: Socket) -> dict[str, Any]:
    event: dict[str, Any] = socket.next()["scoreChanged"]
    return event


def change(socket: Socket) -> dict[str, Any]:
    """Return the next change, behind any mark that is sent before it."""
    event = score_event(socket)
    return change(socket) if event["__typename"] == "StreamCaughtUp" else event


def until_caught_up(socket: Socket) -> list[dict[str, Any]]:
    """Return what is sent up to the hand-over mark, which comes last."""
    events = [score_event(socket)]
    while events[-1]["__typename"] != "StreamCaughtUp":
        events.append(score_event(socket))
    return events


def deal_with_a_supporter(api: Api) -> str:
    id_, cfo = opened(api), new_id()
    payload = learned(api, id_, stated(evaluator(cfo)), stated(leaning(cfo)))
    # Shown, so that it is no news to whoever subscribes after it.
    api.ask(
        "query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=payload["position"]
    )
    return id_


def place(cursor: str) -> tuple[int, ...]:
    return tuple(int(part) for part in cursor.split("."))


def test_all_changes_of_the_past_are_sent_in_order_and_then_the_mark(api: Api) -> None:
    id_ = deal_with_a_supporter(api)
    payload = learned(api, id_, stated(evaluator(new_id(), "CEO")))
    api.ask(
        "query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=payload["position"]
    )
    with api.socket() as socket:
        socket.subscribe(SCORES, after="0")
        *changes, mark = until_caught_up(socket)

    cursors = [place(one["cursor"]) for one in changes]
    assert cursors == sorted(set(cursors))
    assert [one["cause"] for one in changes if one["opportunityId"] == id_] == [
        "OpportunityOpened",
        "FactLearned",
        "FactLearned",
    ]
    assert mark["position"] >= payload["position"]


def test_a_change_is_sent_as_it_happens(api: Api) -> None:
    with api.socket() as socket:
        socket.subscribe(SCORES)
        [mark] = until_caught_up(socket)
        id_ = deal_with_a_supporter(api)
        live = [change(socket) for _ in range(3)]

    assert {one["opportunityId"] for one in live} == {id_}
    assert place(live[0]["cursor"]) > place(mark["cursor"])
    assert live[-1]["points"] > 0


def test_whoever_comes_back_gets_exactly_what_was_missed(api: Api) -> None:
    with api.socket() as socket:
        socket.subscribe(SCORES)
        [mark] = until_caught_up(socket)
        first = deal_with_a_supporter(api)
        seen = change(socket)
    second = deal_with_a_supporter(api)
    with api.socket() as socket:
        socket.subscribe(SCORES, after=seen["cursor"])
        missed = [change(socket) for _ in range(5)]

    assert [one["opportunityId"] for one in missed] == [first] * 2 + [second] * 3
    assert place(mark["cursor"]) < place(seen["cursor"]) < place(missed[0]["cursor"])


def test_the_mark_is_never_before_what_was_sent(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    deal_with_a_supporter(api)
    position = Views.position

    async def before_the_last_changes(views: Views, tenant: UUID, *projections: str) -> int:
        return await position(views, tenant, *projections) - 2

    monkeypatch.setattr(Views, "position", before_the_last_changes)
    with api.socket() as socket:
        socket.subscribe(SCORES, after="0")
        *changes, mark = until_caught_up(socket)

    last, _ = place(changes[-1]["cursor"])
    assert (mark["cursor"], mark["position"]) == (str(last), last)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("cursor", ["900000.7", "900000", str(2**63 - 1)])
def test_a_cursor_beyond_the_end_of_the_log_is_refused(api: Api, cursor: str) -> None:
    with api.socket() as socket:
        socket.subscribe(SCORES, after=cursor)
        refused = socket.receive()

    [error] = refused["payload"]
    assert (refused["type"], error["extensions"]["code"]) == ("error", "NOT_IN_THE_LOG")
    assert "another organisation" in error["message"]


def test_a_cursor_at_the_very_end_of_the_log_is_none_too_far(api: Api) -> None:
    last = learned(api, opened(api), stated(evaluator(new_id())))["position"]
    with api.socket() as socket:
        socket.subscribe(SCORES, after=str(last))
        [mark] = until_caught_up(socket)

    assert mark["position"] >= last


def test_the_mark_is_a_place_to_come_back_to(api: Api) -> None:
    with api.socket() as socket:
        socket.subscribe(SCORES)
        [mark] = until_caught_up(socket)
    id_ = deal_with_a_supporter(api)
    with api.socket() as socket:
        socket.subscribe(SCORES, after=mark["cursor"])
        missed = [change(socket) for _ in range(3)]

    assert {one["opportunityId"] for one in missed} == {id_}


def test_only_what_the_filter_lets_through_is_sent(api: Api) -> None:
    quiet, wanted = deal_with_a_supporter(api), deal_with_a_supporter(api)
    learned(api, wanted, stated(evaluator(new_id())))
    with api.socket() as socket:
        filter_ = {"opportunityIds": [wanted], "minPoints": 1}
        socket.subscribe(SCORES, after="0", filter=filter_)
        sent = change(socket)

    assert quiet != wanted
    assert (sent["opportunityId"], sent["cause"]) == (wanted, "FactLearned")


def test_several_operations_share_a_socket_and_each_can_be_ended(api: Api) -> None:
    with api.socket() as socket:
        socket.subscribe(SCORES, id="a")
        assert socket.next("a")["scoreChanged"]["__typename"] == "StreamCaughtUp"
        socket.subscribe("{ viewer { role } }", id="b")
        assert socket.next("b") == {"viewer": {"role": "ADMIN"}}
        assert socket.receive() == {"type": "complete", "id": "b"}
        socket.send(type="complete", id="a")
        socket.subscribe("{ viewer { role } }", id="a")

        assert socket.next("a") == {"viewer": {"role": "ADMIN"}}


def test_a_subscription_that_cannot_be_is_answered_with_its_errors(api: Api) -> None:
    with api.socket() as socket:
        socket.subscribe("subscription { nothing }")
        refused = socket.receive()
        socket.subscribe(SCORES, after="nonsense")
        unreadable = socket.receive()
        socket.subscribe("{ viewer {")
        unparsed = socket.receive()

    assert (refused["type"], refused["id"]) == ("error", "1")
    assert unparsed["payload"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert unreadable["type"] == "error"
    assert "score cursor" in unreadable["payload"][0]["message"]


@pytest.mark.parametrize("name", [None, "C"])
def test_the_one_operation_to_carry_out_must_be_named(api: Api, name: str | None) -> None:
    query = "query A { viewer { role } } query B { viewer { role } }"
    with api.socket() as socket:
        payload = {"query": query, "operationName": name}
        socket.send(type="subscribe", id="1", payload=payload)
        refused = socket.receive()

    [error] = refused["payload"]
    assert (refused["type"], error["extensions"]["code"]) == ("error", "BAD_REQUEST")
    assert "operationName" in error["message"]


def test_a_ping_is_answered_even_before_the_connection_is_acknowledged(api: Api) -> None:
    with api.raw_socket() as connection:
        socket = Socket(connection)
        socket.send(type="ping")

        assert socket.receive() == {"type": "pong"}


def closed_with(connection: ClientConnection) -> int | None:
    """Return the code that the server closes a socket with."""
    with suppress(ConnectionClosed):
        while connection.recv(timeout=PATIENCE_S):
            pass
    return connection.close_code


def subscribes_first(connection: ClientConnection) -> None:
    Socket(connection).subscribe(SCORES)


def says_hello_twice(connection: ClientConnection) -> None:
    for _ in range(2):
        Socket(connection).send(type="connection_init")


def takes_an_id_twice(connection: ClientConnection) -> None:
    Socket(connection).send(type="connection_init")
    for _ in range(2):
        Socket(connection).subscribe(SCORES)


LONG = (
    '{"type": "subscribe", "payload": {"query": "{ a }"}, "id": "' + "x" * (LONGEST_ID + 1) + '"}'
)


def sends(*texts: str | bytes) -> Callable[[ClientConnection], None]:
    def send(connection: ClientConnection) -> None:
        Socket(connection).send(type="connection_init")
        for text in texts:
            connection.send(text)

    return send


@pytest.mark.parametrize(
    ("misbehave", "code"),
    [
        (subscribes_first, 4401),
        (says_hello_twice, 4429),
        (takes_an_id_twice, 4409),
        (sends("{"), 4400),
        (sends("null"), 4400),
        (sends("[" * 2_000), 4400),
        (sends(b"binary"), 4400),
        (sends('{"type": "start"}'), 4400),
        (sends('{"type": "ping", "payload": "%s"}' % ("x" * 1_100_000)), 1009),
        (sends('{"type": "subscribe"}'), 4400),
        (sends('{"type": "subscribe", "id": "1"}'), 4400),
        (sends('{"type": "subscribe", "id": "1", "payload": {"query": 7}}'), 4400),
        (sends('{"type": "subscribe", "id": 1, "payload": {"query": "{ a }"}}'), 4400),
        (sends(LONG), 4400),
    ],
)
def test_a_client_that_breaks_the_protocol_is_told_so(
    api: Api, misbehave: Callable[[ClientConnection], None], code: int
) -> None:
    with api.raw_socket() as connection:
        misbehave(connection)

        assert closed_with(connection) == code


def test_the_old_protocol_is_not_spoken(api: Api) -> None:
    with api.raw_socket(subprotocols=[Subprotocol("graphql-ws")]) as connection:
        assert closed_with(connection) == 4406


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://["])
def test_a_page_of_another_site_gets_no_socket(api: Api, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        api.raw_socket(origin=Origin(origin))

    assert refused.value.response.status_code == 403


def test_whoever_is_not_known_gets_no_subscription(installation: Installation) -> None:
    with (
        served_api(installation, nobody) as api,
        api.raw_socket() as connection,
    ):
        Socket(connection).send(type="connection_init")

        assert closed_with(connection) == 4403


def test_a_server_that_stops_does_not_say_that_there_is_no_more(installation: Installation) -> None:
    with served_api(installation) as api, api.socket() as socket:
        socket.subscribe(SCORES)
        until_caught_up(socket)
        api.drain()

        with pytest.raises(ConnectionClosed):
            socket.receive()
        assert socket.connection.close_code == 1001


def test_what_moved_a_score_is_sent_to_whoever_asks_for_it(api: Api) -> None:
    id_ = deal_with_a_supporter(api)
    asked = """subscription ($filter: ScoreFilter) { scoreChanged(after: "0", filter: $filter) {
      ... on ScoreChanged { milliPoints effects { milliPoints } contributions { topic } } } }"""
    with api.socket() as socket:
        socket.subscribe(asked, filter={"opportunityIds": [id_], "minPoints": 0.001})
        sent = score_event(socket)

    assert sent["contributions"]
    assert sum(one["milliPoints"] for one in sent["effects"]) == sent["milliPoints"] != 0
