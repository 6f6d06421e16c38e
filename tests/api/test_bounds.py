"""Requests made to hurt: each is refused at once, and no answer outgrows what was sent."""

import json
from base64 import urlsafe_b64encode
from socket import create_connection
from time import process_time
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLError

from opps.api import http, judging
from opps.api.errors import formatted
from opps.api.scalars import read_cursor
from tests.api.support import Api

TYPES = "__typename " * 200
WHO = "{ viewer { role } }"
DAYS = 'from: "2026-01-01", to: "2026-01-02"'
PAST = "a#: scoreExplanation(asOf: {position: #}) { summary }"
QUESTIONS = "a#: nextBestQuestions(first: 1) { words }"
MAPS = "a#: accountMap { markdown }"
ZONES = "a#: dangerZones { zone }"
BRIEFS = "a#: handoverBrief { html }"
FORECASTS = 'a#: forecast(from: "2026-01-01", to: "2026-01-31") { asOfPosition }'
TIMELINES = "a#: timeline(first: 1) { totalCount }"
ORDERS = ["CHANGED", "TITLE", "ACCOUNT", "AMOUNT", "COMMIT_DATE", "OPENED", "PROBABILITY"]


def many(count: int, text: str) -> str:
    """Return a text many times, each time with its number."""
    return " ".join(text.replace("#", str(number)) for number in range(count))


def fragments(count: int) -> str:
    """Return a query whose fragments are all to be compared with each other."""
    made = many(count, "fragment F# on Viewer { role a#: role }")
    return f"{{ viewer {{ {many(count, '...F#')} }} }} {made}"


TOO_LARGE = {
    "fragments": (fragments(51), "50 may be"),
    "names": (f"{{ viewer {{ {'role ' * 101} }} }}", "101 times for role"),
    "unused": (
        f"{{ viewer {{ role }} }} fragment F on Viewer {{ {'role ' * 100} }}",
        "101 times for role",
    ),
    "alias": (f"{{ viewer {{ {'x' * 101}: role }} }}", "101 characters"),
    "schema": (f"{{ {many(3, f'a#: __schema {{ {TYPES} }}')} }}", "smaller"),
    "days": (
        f"{{ {many(26, f'a#: portfolioTrend({DAYS}) {{ days {{ day }} }}')} }}",
        "smaller",
    ),
    "nodes": (f"{{ {many(3, f'a#: nodes(ids: []) {{ {TYPES} }}')} }}", "smaller"),
    "moments": (
        f"{{ opportunities {{ nodes {{ {many(7, PAST)} }} }} }}",
        "smaller",
    ),
    "suppositions": (
        f"{{ {many(20, 'a#: simulate(opportunityId: 1) { score { p } }')} }}",
        "smaller",
    ),
    "questions": (
        f"{{ opportunities {{ nodes {{ {many(25, QUESTIONS)} }} }} }}",
        "smaller",
    ),
    "maps": (
        f"{{ opportunities {{ nodes {{ {many(25, MAPS)} }} }} }}",
        "smaller",
    ),
    "zones": (
        f"{{ opportunities(first: 100) {{ nodes {{ {many(25, ZONES)} }} }} }}",
        "smaller",
    ),
    "timelines": (
        f"{{ opportunities(first: 100) {{ nodes {{ {many(19, TIMELINES)} }} }} }}",
        "smaller",
    ),
    "briefs": (
        f"{{ opportunities(first: 100) {{ nodes {{ {many(6, BRIEFS)} }} }} }}",
        "smaller",
    ),
    "forecasts": (
        f"{{ {many(26, FORECASTS)} }}",
        "smaller",
    ),
    "inboxes": (
        f"{{ {'exceptions(first: 1) { totalCount } ' * 100} }}",
        "smaller",
    ),
    "int": (f"{{ opportunities(first: {'9' * 5_000}) {{ totalCount }} }}", "'Int'"),
    "position": (f"{{ opportunities(atLeast: {'9' * 5_000}) {{ totalCount }} }}", "'Position'"),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_document_that_would_take_long_is_refused(api: Api, name: str) -> None:
    query, said = TOO_LARGE[name]
    answer = api.post(query).json()
    [error, *_] = answer["errors"]

    assert said in error["message"]
    assert "data" not in answer
    assert error["extensions"]["code"] != "INTERNAL"


LONG = "9" * 190_000
COUNT = "query ($v: %s) { opportunities(%s: $v) { totalCount } }"
ESTIMATE = "mutation ($v: EstimateAmountInput!) { estimateAmount(input: $v) { version } }"
RECORD = "mutation ($v: RecordFactsInput!) { recordFacts(input: $v) { version } }"
HUGE: dict[str, tuple[str, Any]] = {
    "text": (COUNT % ("String", "after"), LONG),
    "number": (COUNT % ("Int", "first"), 10**30),
    "no number": (COUNT % ("Int", "first"), 1e300),
    "keys": (COUNT % ("AsOf", "asOf"), {str(number): number for number in range(10_000)}),
    "instant": (COUNT % ("AsOf", "asOf"), {"screen": LONG}),
    "id": ("query ($v: ID!) { opportunity(id: $v) { title } }", LONG),
    "ids": ("query ($v: [ID!]!) { nodes(ids: $v) { id } }", ["x" * 20] * 8_000),
    "list": (RECORD, {"facts": [{}] * 60_000}),
    "amount": (ESTIMATE, {"amount": {"amount": LONG, "currency": "EUR"}}),
    "exponent": (ESTIMATE, {"amount": {"amount": "1e999999999", "currency": "EUR"}}),
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_variables_are_refused_with_a_code_and_in_few_words(api: Api, name: str) -> None:
    query, value = HUGE[name]
    answer = api.post(query, {"v": value})
    first = answer.json()["errors"][0]

    assert first["extensions"]["code"] == "BAD_USER_INPUT"
    assert not any((answer.json().get("data") or {}).values())
    assert len(answer.content) < 20_000


def test_variables_that_nobody_declared_are_not_read(api: Api) -> None:
    variables: dict[str, Any] = {f"v{number}": number for number in range(10_000)}

    assert "data" in api.post(WHO, variables | {"__proto__": {}}).json()


def test_a_body_that_never_ends_is_answered_with_408_and_the_line_is_closed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opps.api.bodies.BODY_TIMEOUT_S", 0.1)
    host, port = api.address.removeprefix("http://").split(":")
    head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with create_connection((host, int(port)), timeout=20) as line:
        line.sendall(f'{head}Content-Length: 100\r\n\r\n{{"query":'.encode())
        answer = b"".join(iter(lambda: line.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"BAD_REQUEST"' in answer


@pytest.mark.parametrize("day", ["2026-W01-1", "2026-02-30", "20260101", "today", ""])
def test_what_is_no_day_is_refused(api: Api, day: str) -> None:
    query = f'{{ opportunities(filter: {{commitFrom: "{day}"}}) {{ totalCount }} }}'
    [error] = api.errors(query)

    assert "'Date'" in error["message"]
    assert error["extensions"]["code"] != "INTERNAL"


def test_a_message_does_not_repeat_a_long_text_of_the_caller(api: Api) -> None:
    query = f"query ($id: ID!) {{ {many(30, 'a#: node(id: $id) { id }')} }}"
    answer = api.post(query, {"id": "x" * 190_000})

    assert len(answer.json()["errors"]) == 30
    assert len(answer.content) < 30_000


def test_a_refusal_does_not_repeat_a_long_text_either(api: Api) -> None:
    error = api.refused(
        "renameOpportunity", opportunityId="x" * 190_000, expectedVersion=None, title="New"
    )

    assert error["path"] == ["input", "opportunityId"]
    assert len(error["message"]) < 1_000


def test_what_a_message_repeats_is_not_looked_through_for_suggestions() -> None:
    error = GraphQLError("'" + " Did you mean" * 8_000)
    began_s = process_time()
    [shown] = formatted([error])

    assert process_time() - began_s < 1  # a long text that begins again and again takes minutes
    assert len(shown["message"]) < 1_000


@pytest.mark.parametrize(
    "query",
    [
        "{ opportunities(first: %s) { nodes { id } } }",
        "{ events(filter: {opportunityId: %s}) { nodes { tag } } }",
        '{ events(after: "%s") { nodes { tag } } }',
    ],
)
def test_a_number_of_a_whole_book_is_refused_in_our_words(api: Api, query: str) -> None:
    [error] = api.errors(query % ("9" * 5_000))

    assert error["extensions"]["code"] in ("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED")
    assert "sys." not in error["message"]


def test_a_place_of_a_whole_book_is_refused_in_our_words() -> None:
    with pytest.raises(ValueError, match="is no score cursor"):
        read_cursor("9" * 5_000)


def test_names_that_no_operation_has_are_not_remembered_at_any_length(api: Api) -> None:
    before = judging._remembered.cache_info().currsize
    for number in range(3):
        asked = {"query": WHO, "operationName": f"{number}" * 100_000}
        told = api.client.post(api.url, json=asked).json()
        assert codes(told) == {"BAD_REQUEST"}

    assert judging._remembered.cache_info().currsize == before


def test_a_search_for_a_whole_book_is_refused(api: Api) -> None:
    query = """query ($text: String) {
      accounts(search: $text) { nodes { id } }
      opportunities(filter: {search: $text}) { totalCount }
    }"""
    errors = api.errors(query, text="%_" * 101)

    assert {error["extensions"]["code"] for error in errors} == {"BAD_USER_INPUT"}
    assert all("200 may be" in error["message"] for error in errors)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("value", ["a\0b", "nonsense", "9" * 40])
def test_a_cursor_that_somebody_made_up_is_never_our_fault(
    api: Api, order: str, value: str
) -> None:
    cursor = forged([f"{order}-", value, str(uuid4())])
    query = """query ($order: BoardOrder!, $after: String) {
      opportunities(orderBy: {field: $order}, after: $after) { nodes { id } }
    }"""
    answer = api.post(query, {"order": order, "after": cursor}).json()

    assert codes(answer) <= {"BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "é",
        "====",
        "9" * 100_000,
        urlsafe_b64encode(b"{").decode(),
        urlsafe_b64encode(b'["accounts", "a\\u0000", "x"]').decode(),
        urlsafe_b64encode(b'["accounts", "a\\u0000", "%s"]' % str(uuid4()).encode()).decode(),
    ],
    ids=range(7),
)
@pytest.mark.parametrize("list_", ["opportunities", "accounts", "persons", "events"])
def test_what_is_no_cursor_of_a_list_is_refused(api: Api, list_: str, cursor: str) -> None:
    query = f"query ($after: String) {{ {list_}(after: $after) {{ pageInfo {{ endCursor }} }} }}"

    assert codes(api.post(query, {"after": cursor}).json()) == {"BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "query",
    [
        "query ($text: String) { opportunities(filter: {search: $text}) { totalCount } }",
        "query ($text: String) { opportunities(filter: {currency: $text}) { nodes { id } } }",
        "query ($text: String) { accounts(search: $text) { nodes { id } } }",
        "query ($text: String) { accounts(after: $text) { nodes { id } } }",
        "query ($text: ID!) { node(id: $text) { id } }",
        "query ($text: ID!) { opportunity(id: $text) { id } }",
        "query ($text: ID!) { persons(accountId: $text) { nodes { id } } }",
        "query ($text: String!) { events(filter: {tags: [$text]}) { nodes { tag } } }",
    ],
)
def test_a_nul_in_any_text_of_a_query_is_the_mistake_of_the_caller(api: Api, query: str) -> None:
    assert codes(api.post(query, {"text": "a\0b"}).json()) == {"BAD_USER_INPUT"}


def test_what_nobody_thought_of_is_answered_as_a_fault_under_an_id(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(http, "admitted", broken)
    answer = api.post("{ viewer { role } }")
    [error] = answer.json()["errors"]

    assert (answer.status_code, error["extensions"]["code"]) == (500, "INTERNAL")
    assert "secret" not in answer.text


def test_a_caller_who_leaves_in_the_middle_of_a_request_is_no_fault(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    address = api.client.build_request("POST", api.url).url
    head = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with create_connection((address.host, address.port or 0)) as line:
        line.sendall(head + b"Content-Length: 500\r\nExpect: 100-continue\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 100")  # it reads the body now
    for _ in range(3):
        api.ask("{ viewer { role } }")

    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def forged(place: list[str]) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode()


def codes(answer: dict[str, Any]) -> set[str]:
    return {error["extensions"]["code"] for error in answer.get("errors", [])}
