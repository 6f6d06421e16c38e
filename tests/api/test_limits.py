"""Each limit of a request: what is just allowed is answered, and one more is refused."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from time import process_time
from types import FrameType
from typing import Any

import pytest
from graphql import get_introspection_query
from starlette.requests import Request
from websockets.exceptions import ConnectionClosed

from opps.api import bodies, costs
from opps.api.bodies import DEEPEST_BODY, Unreadable, asked
from opps.api.documents import _read
from opps.api.limits import DEFAULTS, Limits
from opps.api.schema import schema
from tests.api.bombs import cycle, doubling, flood, misspelt, same
from tests.api.support import Api, Installation, served_api

ROLE = "{ viewer { role } }"


def padded(size: int) -> bytes:
    """Return a request of so many bytes."""
    body = json.dumps({"query": ROLE}).encode()
    return body + b" " * (size - len(body))


def document(bytes_: int) -> str:
    """Return a document of so many bytes; the last character of its comment has two."""
    return ROLE + "#" + "x" * (bytes_ - len(ROLE) - 3) + "é"


def tokens(count: int) -> str:
    """Return a document of so many tokens, most of them in a list."""
    return "{ nodes(ids: [" + '"" ' * (count - 12) + "]) { id } }"


def nested(levels: int) -> str:
    """Return an operation of so many levels, which the schema does not have."""
    return "{" + "a{" * (levels - 1) + "a" + "}" * levels


def aliases(count: int) -> str:
    """Return an operation with so many aliases, two thirds of them in a fragment spread twice."""
    third = count // 3
    spread = " ".join(f"f{number}: role" for number in range(third))
    rest = " ".join(f"a{number}: role" for number in range(count - 2 * third))
    fragment = f"fragment F on Viewer {{ {spread} }}"
    return f"{{ viewer {{ ...F {rest} ...F }} }} {fragment}"


def cost(of: int) -> str:
    """Return an operation that costs so much: fields of 100 rows each, and single ones."""
    each, single = divmod(of - 2, 100)
    rows = f"opportunities(first: 100) {{ nodes {{ {'id ' * each} }} }}"
    return f"{{ {rows} {'__typename ' * single} }}"


LIMITS: dict[str, tuple[Callable[[int], str], int, str]] = {
    "document": (document, DEFAULTS.document_bytes, "20001 bytes, 20000 may be"),
    "tokens": (tokens, DEFAULTS.tokens, "more than 2000 tokens"),
    "depth": (nested, DEFAULTS.depth, "13 levels deep, 12 may be"),
    "aliases": (aliases, DEFAULTS.aliases, "31 aliases, 30 may be"),
    "cost": (cost, DEFAULTS.cost, "counts as 20001 fields, 20000 may be"),
    # These cannot be set: they bound the work of the validation.
    "fields": (
        lambda count: (
            f"{{ viewer {{ {'...F ' * 10}{'x ' * ((count - 1) % 10)} }} }} "
            f"fragment F on Viewer {{ {'role ' * ((count - 1) // 10)} }}"
        ),
        2_000,
        "asks for 2001 fields, 2000 may be",
    ),
    "of a name": (lambda count: f"{{ viewer {{ {'role ' * count} }} }}", 100, "101 times for role"),
    "fragments": (
        lambda count: (
            f"{{ viewer {{ {' '.join(f'...F{n}' for n in range(count))} }} }} "
            + " ".join(f"fragment F{n} on Viewer {{ role }}" for n in range(count))
        ),
        50,
        "51 fragments, 50 may be",
    ),
    "name": (lambda size: f"{{ viewer {{ {'x' * size}: role }} }}", 100, "has 101 characters"),
    "page": (
        lambda size: f"{{ opportunities(first: {size}) {{ totalCount }} }}",
        100,
        "first is 101",
    ),
    "ids": (
        lambda count: (
            "{ nodes(ids: [" + '"00000000-0000-7000-8000-000000000000" ' * count + "]) { id } }"
        ),
        100,
        "101 ids are more than 100",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_just_allowed_is_answered_and_one_more_is_refused(
    api: Api, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made, most, said = LIMITS[name]
    if name != "of a name":
        # The same field that often would be refused for another reason.
        monkeypatch.setattr("opps.api.documents.MOST_OF_A_NAME", 2_000)
    allowed, refused = api.post(made(most)).json(), api.post(made(most + 1)).json()

    assert said not in json.dumps(allowed)
    assert "data" in allowed or "Cannot query" in allowed["errors"][0]["message"]
    assert said in refused["errors"][0]["message"]
    assert not refused.get("data")


def test_a_body_may_be_as_large_as_is_allowed_and_not_a_byte_larger(api: Api) -> None:
    def sent(size: int) -> int:
        headers = {"content-type": "application/json"}
        return api.client.post(api.url, content=padded(size), headers=headers).status_code

    assert sent(DEFAULTS.body_bytes) == 200
    assert sent(DEFAULTS.body_bytes + 1) == 413


def test_a_message_may_be_as_large_as_a_body_and_not_a_byte_larger(api: Api) -> None:
    def closed(size: int) -> int | None:
        text = json.dumps({"type": "ping", "payload": {}})
        with api.socket() as socket, suppress(ConnectionClosed):
            socket.connection.send(text + " " * (size - len(text)))
            return None if socket.receive()["type"] == "pong" else 0
        return socket.connection.close_code

    assert closed(DEFAULTS.body_bytes) is None
    assert closed(DEFAULTS.body_bytes + 1) == 1009


@pytest.mark.parametrize(("levels", "status"), [(DEEPEST_BODY, 200), (DEEPEST_BODY + 1, 400)])
def test_json_may_be_nested_so_deep_and_not_a_level_deeper(
    api: Api, levels: int, status: int
) -> None:
    inside = "[" * (levels - 1) + "]" * (levels - 1)
    body = f'{{"query": "{ROLE}", "more": {inside}}}'
    answer = api.client.post(api.url, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status


def test_a_text_that_is_never_closed_is_looked_through_once() -> None:
    around = b'{"query": "' + b'\\"' * 30_000 + b"[" * DEEPEST_BODY
    began_s = process_time()
    with pytest.raises(Unreadable) as refused:
        bodies.json(around)

    assert refused.value.status == 400
    assert process_time() - began_s < 1  # it takes half a minute if each quote begins one


async def test_a_body_is_counted_as_it_comes_and_no_more_of_it_is_taken() -> None:
    chunks = iter([{"type": "http.request", "body": b" " * 40, "more_body": True}] * 100)

    async def receive() -> dict[str, Any]:
        return next(chunks)

    headers = [(b"content-type", b"application/json")]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    with pytest.raises(Unreadable) as refused:
        await asked(request, 100)

    assert refused.value.status == 413
    assert len(list(chunks)) == 97


# What each lets through, and what it refuses.
SET: dict[str, tuple[Limits, str, str]] = {
    "document": (Limits(document_bytes=19), ROLE, "{ viewer { role id } }"),
    "tokens": (Limits(tokens=6), ROLE, "{ viewer { role role } }"),
    "depth": (Limits(depth=2), ROLE, "{ viewer { person { id } } }"),
    "aliases": (Limits(aliases=1), "{ a: logHead { position } }", "{ a: viewer { a: role } }"),
    "cost": (Limits(cost=2), ROLE, "{ viewer { role role } }"),
    "body": (Limits(body_bytes=32), ROLE, "{ viewer { role role } }"),
}


def post(api: Api, query: str) -> Any:
    """Send nothing but a document."""
    return api.client.post(api.url, json={"query": query})


@pytest.mark.parametrize("name", SET)
def test_every_limit_can_be_set(installation: Installation, name: str) -> None:
    limits, allowed, refused = SET[name]
    with served_api(installation, limits=limits) as api:
        assert "data" in post(api, allowed).json()
        assert "data" not in post(api, refused).json()


def test_an_answer_tells_what_it_cost_and_what_it_may(api: Api) -> None:
    answered = api.post("{ opportunities(first: 10) { nodes { id title } totalCount } }").json()
    refused = api.post(cost(20_001)).json()
    costs = [one["extensions"]["cost"] for one in (answered, refused)]

    # The field, its list and the count once, and two fields for each of ten rows.
    assert [one["requested"] for one in costs] == [23, 20_001]
    assert {one["limit"] for one in costs} == {20_000}
    assert {one["perMinute"] for one in costs} == {1_000_000}


def test_a_page_whose_size_is_a_variable_costs_as_much_as_the_largest(api: Api) -> None:
    query = "query ($first: Int) { opportunities(first: $first) { nodes { id } } }"
    answer = api.post(query, {"first": 1}).json()

    assert answer["extensions"]["cost"]["requested"] == 102


def test_the_cost_is_that_of_the_operation_that_is_named(api: Api) -> None:
    query = "query A { logHead { position } } query B { viewer { role id: role } }"
    answer = api.client.post(api.url, json={"query": query, "operationName": "B"}).json()

    assert answer["extensions"]["cost"]["requested"] == 3


def test_questions_about_the_schema_may_be_deeper(api: Api) -> None:
    answer = api.post(get_introspection_query(descriptions=True, input_value_deprecation=True))

    assert "errors" not in answer.json()


def test_nobody_hides_a_deep_query_behind_a_question_about_the_schema(api: Api) -> None:
    [error, *_] = api.errors("{ __typename " + nested(13)[1:])

    assert "13 levels deep" in error["message"]


def test_the_schema_cannot_be_asked_for_itself_over_and_over(api: Api) -> None:
    around = "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }"
    [error, *_] = api.errors(around)

    assert "introspection" in error["message"].lower()


HURTING: dict[str, tuple[Callable[[int], str], int]] = {
    "fragments that double": (doubling, 50),
    "fragments in a circle": (cycle, 51),
    "aliases": (flood, 120),
    "fields": (same, 120),
}


@pytest.mark.parametrize("name", HURTING)
def test_twice_as_long_a_document_is_refused_with_twice_the_work_and_not_its_square(
    name: str,
) -> None:
    made, size = HURTING[name]
    once, twice = (work(made(times * size)) for times in (1, 2))

    assert twice < 2.2 * once


@pytest.mark.parametrize("text", [cycle(50), same(100), flood(30), doubling(9), misspelt(600)])
def test_the_worst_that_is_not_refused_at_once_takes_bounded_work(text: str) -> None:
    assert work(text) < 300_000


def work(text: str) -> int:
    """Return how many calls it takes until a document is read, or refused."""
    of, calls = schema()._schema, 0
    _read(of, ROLE, DEFAULTS)  # what is worked out once a process

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(counted)
    try:
        _read(of, text, DEFAULTS)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", HURTING)
def test_what_is_made_to_hurt_is_refused_with_a_code(api: Api, name: str) -> None:
    made, size = HURTING[name]
    [error, *_] = api.errors(made(size))

    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_every_node_of_a_document_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = 0
    one = costs.Measure._one

    def counted(self: costs.Measure, node: Any) -> costs.Size:
        nonlocal measured
        measured += 1
        return one(self, node)

    monkeypatch.setattr(costs.Measure, "_one", counted)
    _read(schema()._schema, doubling(40), DEFAULTS)

    # Four nodes in each step, two in the last one, and the spread of the operation.
    assert measured == 40 * 4 + 1 + 2
