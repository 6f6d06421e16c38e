"""Everybody has so many points a minute; whoever has spent them is told when to come back."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.api import throttling
from opps.api.admission import READ_FOR_NOTHING, REFUSED_COST
from opps.api.identity import ACT_AS
from opps.api.limits import Limits
from opps.api.throttling import Taken, Throttle
from tests.api.support import Api, Installation, Socket, served_api
from tests.api.watched import Somebody, somebody
from tests.support import eventually

A_MINUTE = 600
DEAR = "{ opportunities(first: 100) { nodes { id title currency version accountId } } }"
DEAR_COST = 1 + 1 + 5 * 100
CHEAP = "{ viewer { role } }"
CHANGES = "subscription { scoreChanged { __typename } }"
REGISTER = """mutation ($id: UUID!) {
  registerAccount(input: {commandId: $id, name: "Acme"}) { position userErrors { code } }
}"""


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture(scope="module")
def throttled(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server on which everybody has 600 points a minute."""
    with served_api(installation, limits=Limits(cost_per_minute=A_MINUTE)) as client:
        yield client


@pytest.fixture
def anna(throttled: Api) -> Somebody:
    """Return somebody who has spent nothing yet."""
    return somebody(throttled, "ADMIN")


def test_the_points_of_a_minute_may_be_spent_to_the_last_and_not_one_more() -> None:
    throttle = Throttle(A_MINUTE, Clock())

    assert throttle.take("anna", A_MINUTE - 1) == Taken(1)
    assert throttle.take("anna", 1) == Taken(0)
    assert throttle.take("anna", 1) == Taken(0, again_in_s=1)


def test_whoever_waits_as_long_as_they_were_told_is_served() -> None:
    clock = Clock()
    throttle = Throttle(A_MINUTE, clock)
    throttle.take("anna", A_MINUTE)
    told = throttle.take("anna", 45)
    clock.s += 4.4
    early = throttle.take("anna", 45)
    clock.s += 0.6

    assert told == Taken(0, again_in_s=5)
    assert early == Taken(44, again_in_s=1)
    assert throttle.take("anna", 45) == Taken(5)


def test_nobody_pays_for_another() -> None:
    throttle = Throttle(A_MINUTE, Clock())
    throttle.take("anna", A_MINUTE)

    assert throttle.take("boris", 1) == Taken(A_MINUTE - 1)


def test_what_is_dearer_than_a_minute_is_done_and_paid_off_afterwards() -> None:
    clock = Clock()
    throttle = Throttle(A_MINUTE, clock)

    assert throttle.take("anna", 3 * A_MINUTE) == Taken(0)
    assert throttle.take("anna", 1) == Taken(0, again_in_s=121)
    clock.s += 121
    assert throttle.take("anna", 1) == Taken(9)


def test_with_no_points_a_minute_nobody_is_throttled() -> None:
    assert Throttle(0).take("anna", 10**9) is None


def test_whoever_has_a_full_bucket_again_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "_SWEPT_AT", 100)
    clock = Clock()
    throttle = Throttle(A_MINUTE, clock)
    for number in range(1_000):
        throttle.take(number, 10)
        clock.s += 0.1

    assert len(throttle._buckets) <= 101


def test_many_who_are_all_served_are_not_looked_through_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttling, "_SWEPT_AT", 100)
    throttle, swept = Throttle(A_MINUTE, Clock()), 0
    sweep = throttle._sweep

    def counted(now_s: float) -> None:
        nonlocal swept
        swept += 1
        sweep(now_s)

    monkeypatch.setattr(throttle, "_sweep", counted)
    for number in range(1_000):
        throttle.take(number, A_MINUTE)

    assert swept == 4


@given(
    st.lists(st.tuples(st.integers(0, A_MINUTE), st.floats(0, 20)), max_size=60),
)
def test_in_no_span_of_time_is_more_given_than_a_bucket_and_what_flows_in(
    asked: list[tuple[int, float]],
) -> None:
    clock = Clock()
    throttle = Throttle(A_MINUTE, clock)
    given_at: list[tuple[float, int]] = []
    for points, pause_s in asked:
        taken = throttle.take("anna", points)
        assert taken is not None
        if taken.again_in_s is None:
            given_at.append((clock.s, points))
        clock.s += pause_s

    for first, (began_s, _) in enumerate(given_at):
        given_then = 0
        for at_s, points in given_at[first:]:
            given_then += points
            assert given_then <= A_MINUTE + (at_s - began_s) * A_MINUTE / 60 + 1e-6


@given(st.integers(0, 2 * A_MINUTE), st.integers(0, 2 * A_MINUTE))
def test_coming_back_when_told_to_always_succeeds(first: int, second: int) -> None:
    clock = Clock()
    throttle = Throttle(A_MINUTE, clock)
    throttle.take("anna", first)
    told = throttle.take("anna", second)
    assert told is not None
    clock.s += told.again_in_s or 0
    again = throttle.take("anna", second)

    assert told.again_in_s is None or (again is not None and again.again_in_s is None)


def test_whoever_has_spent_their_minute_gets_429_and_when_to_come_back(anna: Somebody) -> None:
    first, second = anna.post(DEAR), anna.post(DEAR)
    [error] = second.json()["errors"]

    assert first.json()["extensions"]["cost"] == {
        "requested": DEAR_COST,
        "limit": 20_000,
        "perMinute": A_MINUTE,
        "left": A_MINUTE - DEAR_COST,
    }
    assert (second.status_code, error["extensions"]["code"]) == (429, "THROTTLED")
    assert int(second.headers["retry-after"]) == error["extensions"]["retryAfter"] > 30
    assert "come back in" in error["message"]
    assert "data" not in second.json()


def test_a_command_costs_too_and_is_not_carried_out_without_points(anna: Somebody) -> None:
    anna.post(DEAR)
    for _ in range(A_MINUTE - DEAR_COST):
        last = anna.post(REGISTER, id=str(uuid4()))
        if last.status_code != 200:
            break

    assert last.status_code == 429
    assert "data" not in last.json()


def test_what_is_refused_for_its_document_costs_as_well(anna: Somebody) -> None:
    answers = [anna.post("{ nothing }").status_code for _ in range(A_MINUTE // REFUSED_COST + 1)]

    assert answers[-1] == 429
    assert set(answers[:-1]) == {200}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_whoever_guesses_documents_by_their_hash_pays_for_each_guess(
    anna: Somebody, method: str, accept: str
) -> None:
    told = [guess(anna, method, accept) for _ in range(A_MINUTE // REFUSED_COST + 1)]

    assert ["THROTTLED" in one for one in told] == [False] * (len(told) - 1) + [True]


def guess(who: Somebody, method: str, accept: str) -> str:
    """Ask for a document that nobody knows, and return the answer."""
    asked = {"documentId": f"sha256:{uuid4().hex * 2}"}
    sent: dict[str, Any] = {"params": asked} if method == "GET" else {"json": asked}
    headers = {ACT_AS: f"{who.role} {who.principal}", "accept": accept}
    return who.api.client.request(method, who.api.url, headers=headers, **sent).text


def test_a_long_document_is_paid_for_until_it_was_carried_out(anna: Somebody) -> None:
    text = "#" + "x" * READ_FOR_NOTHING + f"\n{CHEAP}"
    first, second = (anna.post(text).json()["extensions"]["cost"]["left"] for _ in range(2))

    assert first == A_MINUTE - 2 - (len(text) - READ_FOR_NOTHING)
    assert second >= first - 2


def test_a_socket_spends_from_the_same_minute_and_stays_open(anna: Somebody) -> None:
    anna.post(DEAR)
    with anna.api.raw_socket() as connection:
        socket = Socket(connection)
        socket.send(type="connection_init", payload={ACT_AS: f"{anna.role} {anna.principal}"})
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe(DEAR, id="1")
        told = socket.receive()
        socket.subscribe(CHEAP, id="2")

        assert (told["type"], told["id"]) == ("error", "1")
        assert told["payload"][0]["extensions"]["code"] == "THROTTLED"
        assert told["payload"][0]["extensions"]["retryAfter"] > 30
        assert socket.next("2") == {"viewer": {"role": "ADMIN"}}


def test_another_person_has_a_minute_of_their_own(anna: Somebody) -> None:
    anna.post(DEAR)

    assert "data" in somebody(anna.api, "ADMIN").post(DEAR).json()


def test_nobody_has_more_subscriptions_than_they_may_at_a_time(installation: Installation) -> None:
    with served_api(installation, limits=Limits(subscriptions=2)) as api, api.socket() as socket:
        for id_ in ("1", "2", "3"):
            socket.subscribe(CHANGES, id=id_)
        told = [socket.receive() for _ in range(3)]
        [refused] = [one["payload"] for one in told if one["type"] == "error"]
        headers = {"accept": "text/event-stream"}
        streamed = api.client.post(api.url, json={"query": CHANGES}, headers=headers)
        other = somebody(api, "SELLER").post(CHEAP)
        with api.raw_socket() as connection:
            another = Socket(connection)
            another.send(type="connection_init", payload={ACT_AS: f"SELLER {uuid4()}"})
            another.receive()
            another.subscribe(CHANGES)
            assert "scoreChanged" in another.next()
        socket.send(type="complete", id="1")
        eventually(lambda: begins(socket))

    assert refused[0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
    assert (streamed.status_code, "data" in other.json()) == (429, True)


def begins(socket: Socket) -> bool:
    """Tell whether one more subscription begins."""
    socket.subscribe(CHANGES, id=str(uuid4()))
    return "next" in socket.receive().values()
