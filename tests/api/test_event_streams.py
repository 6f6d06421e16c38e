"""GraphQL as server-sent events: like any request until it begins, and then in order for ever."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from opps.api.identity import ACT_AS, nobody
from opps.api.limits import Limits
from opps.api.negotiation import streams
from opps.telemetry.observing import Observing
from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.listening import ALIVE, COMPLETE, STREAM, Event, Stream, listening
from tests.api.support import Api, Installation, served_api
from tests.support import eventually

SCORES = """subscription ($after: ScoreCursor, $filter: ScoreFilter) {
  scoreChanged(after: $after, filter: $filter) {
    __typename
    ... on ScoreChanged { cursor opportunityId cause }
    ... on StreamCaughtUp { cursor position }
  }
}"""
EVENTS = """subscription ($after: Position, $filter: EventNewsFilter) {
  events(after: $after, filter: $filter) {
    __typename ... on Event { position tag } ... on StreamCaughtUp { position }
  }
}"""
CONTENT = """subscription ($after: Position, $filter: EventNewsFilter) {
  events(after: $after, filter: $filter) { ... on Event { content } }
}"""
WHO = "{ viewer { role } }"
REGISTER = """mutation ($id: UUID!) {
  registerAccount(input: {commandId: $id, name: "Widgets"}) { account { name } }
}"""
SHOWN = "query ($p: Position) { opportunities(atLeast: $p) { totalCount } }"


def shown(api: Api) -> int:
    """Return how long the log is, once all of it is shown."""
    head: int = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask(SHOWN, p=head)
    return head


def deal(api: Api) -> str:
    """Return the id of a deal about which something is known."""
    id_ = opened(api)
    learned(api, id_, stated(evaluator(new_id())))
    shown(api)
    return id_


def until_caught_up(stream: Stream) -> list[Event]:
    """Return what comes before all of the past was sent, and the sign of it."""
    heard = [stream.next()]
    while heard[-1].item["__typename"] != "StreamCaughtUp":
        heard.append(stream.next())
    return heard


def change(stream: Stream) -> Event:
    """Return the next change, behind any sign that comes before it."""
    event = stream.next()
    return change(stream) if event.item["__typename"] == "StreamCaughtUp" else event


@pytest.mark.parametrize(
    ("accept", "streamed"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/json, text/event-stream", False),
        ("application/json;q=0.9, text/event-stream;q=0.9", False),
        ("text/event-stream;q=0.5, application/json", False),
        ("text/event-stream;q=0", False),
        ("text/event-stream;q=0.1, */*;q=0.2", False),
        ("application/graphql-response+json, application/json, text/event-stream", False),
        ("text/event-stream", True),
        ("text/*", True),
        ("text/event-stream, */*", True),
        ("text/event-stream, multipart/mixed", True),
        ("application/json;q=0.9, text/event-stream", True),
        ("*/*;q=0.1, text/event-stream;q=0.2", True),
    ],
)
def test_a_stream_is_sent_to_whom_it_is_dearer_than_json(accept: str, streamed: bool) -> None:
    assert streams(accept) is streamed


@pytest.mark.parametrize("get", [False, True])
def test_a_query_is_one_event_and_then_the_end(api: Api, get: bool) -> None:
    with listening(api, WHO, get=get) as stream:
        assert stream.rest() == [Event("next", {"data": {"viewer": {"role": "ADMIN"}}}), COMPLETE]


def test_a_stream_is_these_bytes_and_no_others(api: Api) -> None:
    answer = api.client.post(api.url, json={"query": WHO}, headers={"Accept": STREAM})

    retry, _, events = answer.content.partition(b"\n\n")
    assert re.fullmatch(rb"retry: [12]\d{3}", retry)
    assert events == (
        b'event: next\ndata: {"data":{"viewer":{"role":"ADMIN"}}}\n\nevent: complete\ndata:\n\n'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers


def test_a_command_is_carried_out_by_post_alone(api: Api) -> None:
    with listening(api, REGISTER, id=new_id()) as stream:
        [done, end] = stream.rest()
    by_get = api.client.get(api.url, params={"query": REGISTER}, headers={"Accept": STREAM})

    assert (done.item["account"]["name"], end) == ("Widgets", COMPLETE)
    assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")
    assert by_get.json()["errors"][0]["message"] == "Send mutations by POST."


def test_the_past_is_sent_and_then_what_happens_each_with_its_place(api: Api) -> None:
    id_, cfo = opened(api), new_id()
    learned(api, id_, stated(evaluator(cfo)))
    shown(api)
    with listening(api, SCORES, after="0", filter={"opportunityIds": [id_]}) as stream:
        *changes, mark = until_caught_up(stream)
        learned(api, id_, stated(leaning(cfo)))
        live = change(stream)

    assert [one.item["cause"] for one in changes] == ["OpportunityOpened", "FactLearned"]
    assert [one.id for one in (*changes, live)] == [one.item["cursor"] for one in (*changes, live)]
    assert mark.id == mark.item["cursor"]


@pytest.mark.parametrize("get", [False, True])
def test_whoever_comes_back_with_the_last_id_gets_exactly_what_was_missed(
    api: Api, get: bool
) -> None:
    first = deal(api)
    with listening(api, SCORES, get=get, after="0") as stream:
        *_, seen, _ = until_caught_up(stream)
    second = deal(api)
    # A browser sends the same request once more: what it began with does not count any more.
    again = {"Last-Event-ID": str(seen.id)}
    with listening(api, SCORES, get=get, headers=again, after="0") as stream:
        missed = [change(stream).item["opportunityId"] for _ in range(2)]

    assert seen.item["opportunityId"] == first
    assert missed == [second, second]


def test_the_last_id_counts_for_the_log_too(api: Api) -> None:
    deal(api)
    head = shown(api)
    with listening(api, EVENTS, headers={"Last-Event-ID": str(head - 2)}) as stream:
        *missed, mark = until_caught_up(stream)

    assert [one.item["position"] for one in missed] == [head - 1, head]
    assert [one.id for one in missed] == [str(head - 1), str(head)]
    assert mark.item["position"] == head


def test_line_breaks_in_what_people_write_break_no_event(api: Api) -> None:
    title = "Two\r\n\nlines\u2028and: three"
    id_ = opened(api, title)
    shown(api)
    with listening(api, CONTENT, after=0, filter={"opportunityIds": [id_]}) as stream:
        assert stream.next().item["content"]["title"] == title


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("next Tuesday", "BAD_USER_INPUT"),
        ("7" * 10_000, "BAD_USER_INPUT"),
        ("900000.7", "NOT_IN_THE_LOG"),
    ],
)
def test_an_id_that_is_no_place_of_this_log_is_said_to_be_none(
    api: Api, given: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opps.api.feeds.places.LATE_FOR_S", 0.01)
    with listening(api, SCORES, headers={"Last-Event-ID": given}) as stream:
        [error, end] = stream.rest()

    assert (error.codes, end) == ([code], COMPLETE)
    assert len(error.data["errors"][0]["message"]) < 600


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer {", "GRAPHQL_PARSE_FAILED"),
        ("query A { viewer { role } } query B { viewer { role } }", "BAD_REQUEST"),
        ("subscription { scoreChanged(after: 7) { __typename } }", "BAD_USER_INPUT"),
        (
            'subscription { scoreChanged(filter: {opportunityIds: ["x"]}) { __typename } }',
            "BAD_USER_INPUT",
        ),
    ],
)
def test_what_is_wrong_with_an_operation_is_an_event_for_pages_see_nothing_else(
    api: Api, query: str, code: str
) -> None:
    with listening(api, query) as stream:
        [error, end] = stream.rest()

    assert (error.name, error.codes, end) == ("next", [code], COMPLETE)
    assert "data" not in error.data


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, {"content": b"{", "headers": {"Content-Type": "application/json"}}),
        (400, {"json": [{"query": WHO}]}),
        (400, {"json": {"query": WHO}, "headers": {ACT_AS: "EMPEROR"}}),
        (413, {"json": {"query": WHO, "variables": {"x": "x" * 200_000}}}),
        (415, {"content": b"{}", "headers": {"Content-Type": "text/plain"}}),
        (421, {"json": {"query": WHO}, "headers": {"Host": "elsewhere.example"}}),
        (422, {"json": {"query": 7}}),
    ],
)
def test_what_is_no_request_is_refused_before_a_stream_begins(
    api: Api, status: int, sent: dict[str, Any]
) -> None:
    headers = {"Accept": STREAM, **sent.pop("headers", {})}
    refused = api.client.post(api.url, headers=headers, **sent)

    assert refused.status_code == status
    assert refused.headers["content-type"].startswith("application/graphql-response+json")
    assert refused.json()["errors"][0]["extensions"]["code"]


def test_who_is_not_known_gets_no_stream(installation: Installation) -> None:
    with served_api(installation, nobody) as api:
        headers = {"Accept": STREAM}
        refused = api.client.get(api.url, params={"query": SCORES}, headers=headers)

    assert (refused.status_code, refused.headers["www-authenticate"]) == (
        401,
        'Bearer realm="opps"',
    )


def test_who_has_asked_too_much_gets_no_stream(installation: Installation) -> None:
    with served_api(installation, limits=Limits(cost_per_minute=1)) as api:
        answers = [
            api.client.post(api.url, json={"query": WHO}, headers={"Accept": STREAM})
            for _ in range(2)
        ]

    assert [one.status_code for one in answers] == [200, 429]
    assert int(answers[1].headers["retry-after"]) >= 1


def test_what_is_not_for_a_role_is_no_stream_either(api: Api) -> None:
    headers = {"Accept": STREAM, ACT_AS: "SELLER"}
    refused = api.client.post(
        api.url, json={"query": "{ apiKeys { __typename } }"}, headers=headers
    )

    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server take a moment for a long time."""
    monkeypatch.setattr("opps.api.sse.SILENT_FOR_S", 0.01)
    monkeypatch.setattr("opps.api.sse.LOOK_EVERY_S", 0.01)


@pytest.mark.usefixtures("impatient")
def test_a_line_on_which_nothing_happens_shows_that_it_is_there(api: Api) -> None:
    with listening(api, SCORES) as stream:
        until_caught_up(stream)

        assert [stream.alive() for _ in range(3)] == [ALIVE] * 3


@pytest.fixture
def observed(installation: Installation) -> Iterator[tuple[Api, Observing]]:
    """Yield a server of its own, and what observes it."""
    observing = Observing()
    with served_api(installation, observing=observing) as api:
        yield api, observing


def test_whoever_leaves_is_followed_no_longer(observed: tuple[Api, Observing]) -> None:
    api, observing = observed
    with listening(api, SCORES) as stream:
        until_caught_up(stream)
        assert observing.subscriptions == 1

    eventually(lambda: observing.subscriptions == 0)


def test_a_server_that_stops_ends_streams_without_saying_that_there_is_no_more(
    observed: tuple[Api, Observing],
) -> None:
    api, observing = observed
    with listening(api, SCORES) as stream:
        *_, mark = until_caught_up(stream)
        api.drain()

        assert [one for one in stream.rest() if one.item["__typename"] != "StreamCaughtUp"] == []
    assert mark.id is not None
    eventually(lambda: observing.subscriptions == 0)
