"""GraphQL over HTTP: what is answered to whom, and what a broken request gets."""

import json
import logging
import time
from typing import Any

import pytest

from opps.api.bodies import DEEPEST_BODY, LARGEST_BODY_BYTES
from opps.api.identity import nobody
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
        b"{}",
        b'{"query": null}',
        b'{"query": 7}',
        b'{"query": "  "}',
        b'{"query": "{ logHead { position } }", "variables": []}',
        b'{"query": "{ logHead { position } }", "operationName": 7}',
        b'{"query": "\xff"}',
        b"[" * 2_000,
        b'{"query": ' + b"[" * 2_000 + b"]" * 2_000 + b"}",
        b'{"query": "{ logHead { position } }", "variables": {"a": '
        + b'{"a":' * DEEPEST_BODY
        + b"1"
        + b"}" * DEEPEST_BODY
        + b"}}",
    ],
    ids=range(16),
)
def test_a_malformed_body_is_answered_with_400(api: Api, body: bytes) -> None:
    answer = api.client.post(api.url, content=body, headers=JSON)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_a_body_that_is_too_large_is_answered_with_413(api: Api) -> None:
    body = json.dumps({"query": "#" * LARGEST_BODY_BYTES})
    answer = api.client.post(api.url, content=body, headers=JSON)

    assert answer.status_code == 413


def test_a_body_of_another_type_is_answered_with_415(api: Api) -> None:
    answer = api.client.post(api.url, content="{}", headers={"content-type": "text/plain"})

    assert answer.status_code == 415


def test_another_method_is_answered_with_405(api: Api) -> None:
    answer = api.client.put(api.url, json=HEAD)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/graphql-response+json"),
        ("*/*", "application/graphql-response+json"),
        ("application/json", "application/json"),
        ("application/json;q=0.5, application/*", "application/graphql-response+json"),
        ("text/html, application/json;q=0.9", "application/json"),
    ],
)
def test_the_caller_chooses_the_type_of_the_answer(api: Api, accept: str, kind: str) -> None:
    answer = api.client.post(api.url, json=HEAD, headers={"accept": accept})

    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


def test_a_type_that_nobody_can_answer_with_gets_406(api: Api) -> None:
    assert api.client.post(api.url, json=HEAD, headers={"accept": "image/png"}).status_code == 406


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


def test_a_document_that_is_refused_gets_400_unless_the_caller_wants_plain_json(api: Api) -> None:
    broken = {"query": "{ nothing }"}
    plain = {"accept": "application/json"}

    assert api.client.post(api.url, json=broken).status_code == 400
    assert api.client.post(api.url, json=broken, headers=plain).status_code == 200


def test_one_of_several_operations_must_be_named(api: Api) -> None:
    query = "query A { logHead { position } } query B { viewer { role } }"
    unnamed = api.client.post(api.url, json={"query": query})
    named = api.client.post(api.url, json={"query": query, "operationName": "B"})

    unknown = api.client.post(api.url, json={"query": query, "operationName": "C"})

    assert (unnamed.status_code, unknown.status_code) == (400, 400)
    assert named.json() == {"data": {"viewer": {"role": "ADMIN"}}}


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


def test_fragments_that_double_at_each_step_are_refused_at_once(api: Api) -> None:
    steps = 30
    spread = "".join(
        f"fragment F{n} on Query {{ ...F{n + 1} a{n}: logHead {{ position }} ...F{n + 1} }}"
        for n in range(steps)
    )
    last = f"fragment F{steps} on Query {{ logHead {{ position }} }}"
    began_s = time.perf_counter()
    [error, *_] = api.errors(f"{{ ...F0 }} {spread} {last}")

    assert "fields" in error["message"]
    assert time.perf_counter() - began_s < 2.0


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
