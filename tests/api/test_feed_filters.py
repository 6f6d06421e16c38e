"""Which changes and events a feed sends: of whose opportunities, of what, and how far they went."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from opps.api.identity import ACT_AS
from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api, Socket
from tests.api.test_coaching import Team

SCORES = """subscription ($after: ScoreCursor, $filter: ScoreFilter) {
  scoreChanged(after: $after, filter: $filter) {
    __typename
    ... on ScoreChanged { cursor opportunityId cause points before { p } after { p } }
    ... on StreamCaughtUp { position }
  }
}"""
EVENTS = """subscription ($after: Position, $filter: EventNewsFilter) {
  events(after: $after, filter: $filter) {
    __typename
    ... on Event { position tag opportunityId content }
    ... on StreamCaughtUp { position }
  }
}"""
ZONES = """subscription ($after: ScoreCursor, $filter: DangerZoneFilter) {
  dangerZoneChanged(after: $after, filter: $filter) {
    __typename
    ... on DangerZoneChange { opportunityId }
    ... on StreamCaughtUp { position }
  }
}"""
SHOWN = "query ($p: Position) { opportunities(atLeast: $p) { totalCount } }"


@contextmanager
def following(api: Api, query: str, who: str = "", **variables: Any) -> Iterator[Socket]:
    """Yield a socket that is sent a feed."""
    with api.raw_socket(additional_headers={ACT_AS: who} if who else {}) as connection:
        socket = Socket(connection)
        socket.send(type="connection_init")
        assert socket.receive() == {"type": "connection_ack"}
        socket.subscribe(query, **variables)
        yield socket


def until_caught_up(socket: Socket) -> Iterator[dict[str, Any]]:
    """Yield what is sent up to the hand-over mark."""
    while True:
        [one] = socket.next().values()
        if one["__typename"] == "StreamCaughtUp":
            return
        yield one


def sent(api: Api, query: str, who: str = "", **variables: Any) -> list[dict[str, Any]]:
    """Return what is sent of the past."""
    with following(api, query, who, **variables) as socket:
        return list(until_caught_up(socket))


def why_not(api: Api, query: str, **variables: Any) -> dict[str, Any]:
    """Return why a subscription is not carried out."""
    with api.socket() as socket:
        socket.subscribe(query, **variables)
        message = socket.receive()
    assert message["type"] == "error", message
    error: dict[str, Any] = message["payload"][0]
    return error


def team_of(api: Api, *sellers: str) -> str:
    """Return the id of a new team of these sellers."""
    formed = api.done("formTeam", "teams { teamId }", name=f"Team {new_id()}")
    team_id: str = formed["teams"][-1]["teamId"]
    for seller in sellers:
        api.done("assignTeamMember", teamId=team_id, member=seller)
    return team_id


def deal_of(api: Api, owner: str) -> str:
    """Return the id of a deal with a supporter, of a seller."""
    id_, cfo = opened(api, owner=owner), new_id()
    learned(api, id_, stated(evaluator(cfo)), stated(leaning(cfo)))
    shown(api)
    return id_


def shown(api: Api) -> int:
    """Return how long the log is, once all of it is shown."""
    head: int = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask(SHOWN, p=head)
    return head


def deals(found: list[dict[str, Any]]) -> set[str]:
    return {one["opportunityId"] for one in found}


@pytest.mark.parametrize(
    ("query", "after"), [(SCORES, "0"), (ZONES, "0"), (EVENTS, 0)], ids=["score", "zone", "event"]
)
def test_a_team_is_sent_what_happens_to_the_deals_of_its_sellers(
    api: Api, query: str, after: object
) -> None:
    clara, eva = new_id(), new_id()
    ours, theirs = deal_of(api, clara), deal_of(api, eva)
    team = team_of(api, clara)

    assert deals(sent(api, query, after=after, filter={"teamId": team})) == {ours}
    both = {"teamId": team, "opportunityIds": [ours, theirs]}
    assert deals(sent(api, query, after=after, filter=both)) == {ours}
    none = {"teamId": team, "opportunityIds": [theirs]}
    assert sent(api, query, after=after, filter=none) == []


def test_a_deal_is_sent_live_to_the_team_that_it_comes_to(api: Api) -> None:
    clara = new_id()
    team = team_of(api, clara)
    with api.socket() as socket:
        socket.subscribe(SCORES, filter={"teamId": team})
        assert socket.next()["scoreChanged"]["__typename"] == "StreamCaughtUp"
        deal_of(api, new_id())
        ours = deal_of(api, clara)
        first = socket.next()["scoreChanged"]

    assert (first["opportunityId"], first["cause"]) == (ours, "OpportunityOpened")


@pytest.mark.parametrize("query", [SCORES, ZONES, EVENTS], ids=["score", "zone", "event"])
def test_a_team_that_is_not_there_is_refused(api: Api, query: str) -> None:
    error = why_not(api, query, filter={"teamId": str(UUID(int=7))})

    assert error["extensions"]["code"] == "UNKNOWN_TEAM"


def test_only_what_crosses_a_probability_that_way_is_sent(api: Api) -> None:
    id_ = deal_of(api, new_id())
    of = {"opportunityIds": [id_]}
    *_, opening, last = sent(api, SCORES, after="0", filter=of)
    between = (last["before"]["p"] + last["after"]["p"]) / 2
    assert opening["after"]["p"] < between < last["after"]["p"]

    def crossing(direction: str) -> list[dict[str, Any]]:
        at = {"probability": between, "direction": direction}
        return sent(api, SCORES, after="0", filter={**of, "crossing": at})

    assert crossing("UP") == crossing("EITHER") == [last]
    assert crossing("DOWN") == []


@pytest.mark.parametrize("probability", [0, 1, -0.5])
def test_a_probability_that_no_score_can_cross_is_refused(api: Api, probability: float) -> None:
    error = why_not(api, SCORES, filter={"crossing": {"probability": probability}})

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "between the two" in error["message"]


def test_only_changes_that_some_events_led_to_are_sent(api: Api) -> None:
    of = {"opportunityIds": [deal_of(api, new_id())], "causes": ["OpportunityOpened"]}
    [only] = sent(api, SCORES, after="0", filter=of)

    assert only["cause"] == "OpportunityOpened"


def test_each_part_of_a_filter_has_to_let_a_change_through(api: Api) -> None:
    id_ = deal_of(api, new_id())
    every = sent(api, SCORES, after="0")
    moved = [(one, abs(one["points"])) for one in every]
    for causes, points, probability in product(
        (["FactLearned"], ["OpportunityOpened", "FactLearned"]), (0, 0.5, 50), (None, 0.1, 0.25)
    ):
        parts = {"opportunityIds": [id_], "causes": causes, "minPoints": points}
        if probability is not None:
            parts["crossing"] = {"probability": probability}
        wanted = [
            one
            for one, far in moved
            if one["opportunityId"] == id_ and one["cause"] in causes and far >= points
            if probability is None or crosses_at(one, probability)
        ]
        assert sent(api, SCORES, after="0", filter=parts) == wanted


def crosses_at(change: dict[str, Any], probability: float) -> bool:
    sides = [one["p"] >= probability for one in (change["before"], change["after"]) if one]
    return len(set(sides)) == 2


@pytest.mark.parametrize(
    ("query", "filter_"), [(SCORES, {"causes": ["DealWon"]}), (EVENTS, {"tags": ["DealWon"]})]
)
def test_a_name_that_no_event_has_is_refused(api: Api, query: str, filter_: dict[str, Any]) -> None:
    error = why_not(api, query, filter=filter_)

    assert error["message"] == "no event is called 'DealWon': names are such as FactLearned"


def test_the_log_is_sent_in_order_and_goes_on_live(api: Api) -> None:
    id_ = deal_of(api, new_id())
    with api.socket() as socket:
        socket.subscribe(EVENTS, after=0, filter={"opportunityIds": [id_]})
        past = [socket.next()["events"] for _ in range(4)]
        learned(api, id_, stated(evaluator(new_id(), "CEO")))
        live = socket.next()["events"]

    assert [one["__typename"] for one in past] == ["Event"] * 3 + ["StreamCaughtUp"]
    assert [one["tag"] for one in past[:3]] == ["OpportunityOpened", "FactLearned", "FactLearned"]
    assert (live["tag"], live["opportunityId"]) == ("FactLearned", id_)
    places = [one["position"] for one in (*past[:3], live)]
    assert places == sorted(places)


def test_every_event_is_sent_where_nothing_is_left_out(api: Api) -> None:
    deal_of(api, new_id())
    head = shown(api)

    assert [one["position"] for one in sent(api, EVENTS, after=0)] == [*range(1, head + 1)]


def test_what_is_told_of_a_gap_is_sent_to_those_alone_who_take_part(api: Api) -> None:
    team = Team(api)
    team.gap(note="Three proposals, no criterion")
    shown(api)
    named = {"tags": ["PerformanceGapIdentified"]}

    [told] = sent(api, EVENTS, f"SELLER {team.clara.id}", after=0, filter=named)
    assert told["content"]["seller"] == team.clara.id
    for stranger in (f"SELLER {new_id()}", f"MANAGER {team.eva.id}", "AUDITOR"):
        assert sent(api, EVENTS, stranger, after=0, filter=named) == []


def test_who_asks_the_same_at_the_same_time_is_sent_what_is_for_them_alone(api: Api) -> None:
    team = Team(api)
    shown(api)
    clara, stranger = f"SELLER {team.clara.id}", f"SELLER {new_id()}"
    with following(api, EVENTS, clara) as hers, following(api, EVENTS, stranger) as theirs:
        assert list(until_caught_up(hers)) == list(until_caught_up(theirs)) == []
        team.gap()
        opened(api)
        first, other = hers.next()["events"], theirs.next()["events"]

    assert (first["tag"], other["tag"]) == ("PerformanceGapIdentified", "AccountRegistered")
