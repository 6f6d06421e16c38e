"""GraphQL over HTTP: what is answered to whom, and what a broken request gets."""

import json
import logging
from typing import Any

import pytest

from opps.api.bodies import DEEPEST_BODY
from opps.api.identity import nobody
from opps.api.limits import DEFAULTS, Limits
from opps.api.negotiation import GRAPHQL_JSON
from opps.api.picture import Picture
from tests.api.deals import opened
from tests.api.support import Api, Installation, served_api

JSON = {"content-type": "application/json"}
HEAD = {"query": "{ logHead { position } }"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b"[]",
        b'"text"',
        b"{",
        b'{"query": "  "}',
        b'{"query": "\xff"}',
        b"[" * 2_000,
        b'{"query": ' + b"[" * 2_000 + b"]" * 2_000 + b"}",
        b'{"query": "{ logHead { position } }", "variables": {"a": '
        + b'{"a":' * DEEPEST_BODY
        + b"1"
        + b"}" * DEEPEST_BODY
        + b"}}",
    ],
    ids=range(11),
)
def test_what_is_no_json_object_with_a_document_is_answered_with_400(api: Api, body: bytes) -> None:
    answer = api.client.post(api.url, content=body, headers=JSON)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"query": null}',
        b'{"query": 7}',
        b'{"qeury": "{ logHead { position } }"}',
        b'{"query": "{ logHead { position } }", "variables": []}',
        b'{"query": "{ logHead { position } }", "operationName": 7}',
        b'{"query": "{ logHead { position } }", "extensions": 7}',
    ],
    ids=range(7),
)
def test_an_object_that_is_no_request_is_answered_with_422(api: Api, body: bytes) -> None:
    answer = api.client.post(api.url, content=body, headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_null_is_the_same_as_nothing_and_what_nobody_knows_is_not_read(api: Api) -> None:
    more = {"variables": None, "operationName": None, "extensions": None, "batch": [7]}

    assert "data" in api.client.post(api.url, json=HEAD | more).json()


def test_several_requests_in_one_body_are_refused(api: Api) -> None:
    assert api.client.post(api.url, json=[HEAD, HEAD]).status_code == 400


def test_a_body_that_is_too_large_is_answered_with_413(api: Api) -> None:
    body = json.dumps({"query": "#" * DEFAULTS.body_bytes})
    answer = api.client.post(api.url, content=body, headers=JSON)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/graphql"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
)
def test_a_body_of_another_type_is_answered_with_415(api: Api, headers: dict[str, str]) -> None:
    answer = api.client.post(api.url, content=b'{"query": "{ __typename }"}', headers=headers)

    assert answer.status_code == 415


def test_a_body_may_say_that_it_is_in_utf_8(api: Api) -> None:
    headers = {"content-type": 'Application/JSON ; charset="UTF-8"'}
    body = json.dumps(HEAD).encode()

    assert "data" in api.client.post(api.url, content=body, headers=headers).json()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_is_answered_with_405(api: Api, method: str) -> None:
    answer = api.client.request(method, api.url)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("text/html, application/json;q=0.9", "application/json"),
        ("application/graphql-response+json", GRAPHQL_JSON),
        ("Application/GraphQL-Response+JSON", GRAPHQL_JSON),
        ("application/graphql-response+json, application/json", GRAPHQL_JSON),
        ("application/json, application/graphql-response+json", "application/json"),
        ("application/json;q=0.9, application/graphql-response+json", GRAPHQL_JSON),
        ("application/json;q=0.5, application/*", GRAPHQL_JSON),
        ("application/json;q=0, */*", GRAPHQL_JSON),
        ("application/json;q=nonsense, */*;q=0.1", GRAPHQL_JSON),
    ],
)
def test_the_caller_chooses_the_type_of_the_answer(api: Api, accept: str, kind: str) -> None:
    answer = api.client.post(api.url, json=HEAD, headers={"accept": accept})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"


def test_whoever_says_nothing_of_types_gets_json(api: Api) -> None:
    request = api.client.build_request("POST", api.url, json=HEAD)
    del request.headers["accept"]
    answer = api.client.send(request)

    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_a_type_that_nobody_can_answer_with_gets_406(api: Api) -> None:
    assert api.client.post(api.url, json=HEAD, headers={"accept": "image/png"}).status_code == 406
    nothing = {"accept": "*/*;q=0"}
    assert api.client.post(api.url, json=HEAD, headers=nothing).status_code == 406


def test_an_address_that_is_too_long_is_answered_with_414(installation: Installation) -> None:
    with served_api(installation, limits=Limits(body_bytes=100)) as api:
        assert api.client.get(api.url, params=HEAD).status_code == 200
        long = api.client.get(api.url, params=HEAD | {"extensions": " " * 100})

    assert long.status_code == 414


def test_a_head_request_is_answered_like_a_get_without_a_body(api: Api) -> None:
    answer = api.client.head(api.url, params=HEAD)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_a_null_in_an_address_is_a_name_and_nothing_is_none(api: Api) -> None:
    null = {"query": "query null { logHead { position } }", "operationName": "null"}
    empty = HEAD | {"operationName": "", "variables": "", "extensions": ""}

    assert "data" in api.client.get(api.url, params=null).json()
    assert "data" in api.client.get(api.url, params=empty).json()
    assert api.client.get(api.url, params=HEAD | {"variables": "{"}).status_code == 400
    assert api.client.get(api.url, params=HEAD | {"variables": "[]"}).status_code == 422


def test_queries_may_be_sent_by_get(api: Api) -> None:
    answer = api.client.get(api.url, params=HEAD)

    assert "logHead" in answer.json()["data"]


def test_a_mutation_is_not_carried_out_by_get(api: Api) -> None:
    query = 'mutation { registerAccount(input: {commandId: "%s", name: "x"}) { position } }'
    answer = api.client.get(api.url, params={"query": query % ("0" * 32)})

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_subscription_over_http_is_told_where_to_go(api: Api) -> None:
    answer = api.post("subscription { scoreChanged { __typename } }")

    assert answer.status_code == 400
    assert "WebSocket" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ logHead {", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ opportunities(after: "x") { totalCount } }', "BAD_USER_INPUT"),
        ("{ opportunities(first: 0) { totalCount } }", "BAD_USER_INPUT"),
        ("{ opportunities(first: 101) { totalCount } }", "BAD_USER_INPUT"),
        ('{ node(id: "nonsense") { id } }', "BAD_USER_INPUT"),
        ('{ events(filter: {tags: ["Nothing"]}) { nodes { tag } } }', "BAD_USER_INPUT"),
        ('{ events(after: "-1") { nodes { tag } } }', "BAD_USER_INPUT"),
        ('{ opportunities(filter: {search: "\\u0000"}) { totalCount } }', "BAD_USER_INPUT"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(api: Api, query: str, code: str) -> None:
    [error, *_] = api.errors(query)

    assert error["extensions"]["code"] == code


NAMES = "query A { logHead { position } } query B { viewer { role } }"
PARTLY = '{ viewer { role } node(id: "nonsense") { id } }'
STATUSES: list[tuple[dict[str, Any], int]] = [
    (HEAD, 200),
    ({"query": PARTLY}, 294),
    ({"query": "{ logHead {"}, 400),
    ({"query": "{ a " * 900}, 400),
    ({"query": "{ nothing }"}, 422),
    ({"query": NAMES}, 422),
    ({"query": NAMES, "operationName": "C"}, 422),
    ({"query": "query ($id: ID!) { node(id: $id) { id } }"}, 422),
    ({"query": "query ($n: Int) { node(id: $n) { id } }", "variables": {"n": "x"}}, 422),
]


@pytest.mark.parametrize(("request_", "status"), STATUSES, ids=range(len(STATUSES)))
def test_the_status_tells_how_far_a_request_came_unless_the_caller_wants_plain_json(
    api: Api, request_: dict[str, Any], status: int
) -> None:
    told = api.client.post(api.url, json=request_, headers={"accept": GRAPHQL_JSON})
    plain = api.client.post(api.url, json=request_, headers={"accept": "application/json"})

    assert (told.status_code, plain.status_code) == (status, 200)
    assert ("data" in told.json()) is (status < 300)
    assert "errors" in told.json() or status == 200
    assert {**told.json(), "extensions": 0} == {**plain.json(), "extensions": 0}


def test_one_of_several_operations_must_be_named(api: Api) -> None:
    unnamed = api.client.post(api.url, json={"query": NAMES})
    unknown = api.client.post(api.url, json={"query": NAMES, "operationName": "C"})
    named = api.client.post(api.url, json={"query": NAMES, "operationName": "B"})

    assert "must name the one" in unnamed.text
    assert "must name the one" in unknown.text
    assert named.json()["data"] == {"viewer": {"role": "ADMIN"}}


def test_whoever_is_not_known_gets_no_answer(installation: Installation) -> None:
    with served_api(installation, nobody) as api:
        answer = api.client.post(api.url, json=HEAD)

        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in answer.json()


def test_a_mistake_of_ours_is_masked_and_logged_under_an_id(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    id_ = opened(api)

    def broken(_: Any) -> Any:
        raise ZeroDivisionError("a secret of the database")

    monkeypatch.setattr(Picture, "facts", broken)
    query = "query ($id: ID!) { opportunity(id: $id) { facts { kind } } }"
    with caplog.at_level(logging.ERROR, "opps.api"):
        [error] = api.errors(query, id=id_)

    assert error["extensions"]["code"] == "INTERNAL"
    assert "secret" not in json.dumps(error)
    assert error["extensions"]["id"] in caplog.text
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    "query",
    [
        "{" + "a{" * 1_500 + "b" + "}" * 1_501,
        "{ node(id: " + "[" * 4_000 + ") { id } }",
        "{" + "logHead{position}" * 2_000 + "}",
    ],
    ids=["nested", "lists", "long"],
)
def test_a_document_that_is_too_deep_or_too_long_is_refused(api: Api, query: str) -> None:
    [error] = api.errors(query)

    assert error["extensions"]["code"] in ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED")


@pytest.mark.parametrize(
    ("query", "answered"),
    [
        ("{ opportunities(first: 100) { nodes { facts { kind state key } } } }", True),
        ("{ opportunities(first: 100) { nodes { events(first: 100) { nodes { tag } } } } }", True),
        (
            "{ opportunities(first: 100) { nodes { events(first: 100) { nodes"
            " { tag position version recordedAt eventId } } } } }",
            False,
        ),
        ("query ($n: Int) { opportunities(first: $n) { nodes { %s } } }", False),
    ],
)
def test_an_answer_that_might_be_too_large_is_refused_before_it_is_worked_out(
    api: Api, query: str, answered: bool
) -> None:
    many = " ".join(f"e{n}: events(first: 99) {{ nodes {{ tag }} }}" for n in range(9))
    answer = api.post(query.replace("%s", many), {"n": 1}).json()

    assert ("data" in answer) is answered
    assert answered or "smaller pages" in answer["errors"][0]["message"]


def test_a_fragment_that_spreads_itself_is_refused(api: Api) -> None:
    [error] = api.errors("{ ...F } fragment F on Query { logHead { position } ...F }")

    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_introspection_is_answered_in_full(api: Api) -> None:
    from graphql import build_client_schema, get_introspection_query

    schema = build_client_schema(api.ask(get_introspection_query()))  # type: ignore[arg-type]  # a dict

    assert schema.subscription_type is not None
