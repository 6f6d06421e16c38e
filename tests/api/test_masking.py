"""What errors give away: a code each, nothing from inside, and no hint at what nobody asked for."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from graphql import GraphQLError, NameNode, execute_sync, get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from opps.api.bodies import BATCHED
from opps.api.errors import formatted
from opps.api.identity import nobody
from opps.api.limits import Limits
from opps.api.schema import schema
from opps.api.timing import TookTooLong
from opps.application.read_saving import ReadNotSaved
from opps.eventstore import LogUnavailable, ReadOnlyDatabase, StatementTimeout
from tests.api.support import PATIENCE_S, Api, Installation, Socket, check_codes, served_api

HEAD = {"query": "{ logHead { position } }"}
ALL_OF_IT = "{ __schema { types { name } } }"
SORTED = "query ($by: OpportunityOrder) { opportunities(orderBy: $by) { totalCount } }"
RENAME = """mutation ($input: RenameOpportunityInput!) {
  renameOpportunity(input: $input) { version }
}"""

MISSPELT: dict[str, tuple[str, dict[str, Any], str]] = {
    "a field": ("{ viewer { rol } }", {}, "role"),
    "a type": ("{ viewer { ... on Viewerr { role } } }", {}, "Viewer"),
    "an argument": ("{ opportunities(firstt: 1) { totalCount } }", {}, "first"),
    "a value": ("{ opportunities(filter: {status: OPENN}) { totalCount } }", {}, "OPEN"),
    "a key of a variable": (RENAME, {"input": {"learnd": None}}, "learned"),
}


@pytest.fixture(scope="module")
def at_home(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server on the machine of a developer."""
    with served_api(installation, limits=Limits(suggestions=True)) as client:
        yield client


@pytest.fixture(scope="module")
def silent(installation: Installation) -> Iterator[Api]:
    """Yield a client of a server that does not answer about its schema."""
    with served_api(installation, limits=Limits(introspection=False)) as client:
        yield client


@pytest.mark.parametrize("what", MISSPELT)
def test_who_guesses_is_told_that_it_is_wrong_and_not_what_would_be_right(
    api: Api, at_home: Api, what: str
) -> None:
    query, variables, meant = MISSPELT[what]
    guessed = "\n".join(one["message"] for one in api.errors(query, **variables))
    helped = "\n".join(one["message"] for one in at_home.errors(query, **variables))

    assert guessed
    assert "Did you mean" not in guessed
    assert f"'{meant}'" not in guessed
    assert "Did you mean" in helped
    assert meant in helped.partition("Did you mean")[2]


def test_over_a_socket_nothing_is_suggested_either(api: Api, at_home: Api) -> None:
    def told(of: Api) -> str:
        with of.socket() as socket:
            socket.subscribe("{ viewer { rol } }")
            return json.dumps(socket.receive())

    assert "Did you mean" not in told(api)
    assert "Did you mean" in told(at_home)


@pytest.mark.parametrize(
    "query",
    [
        ALL_OF_IT,
        '{ __type(name: "Viewer") { name } }',
        "{ a: __schema { types { name } } }",
        "{ ...F } fragment F on Query { __schema { types { name } } }",
        "{ ... { ... on Query { __schema { types { name } } } } }",
        "{ viewer { role } __schema { types { name } } }",
    ],
    ids=range(6),
)
def test_a_server_may_keep_its_schema_to_itself(silent: Api, query: str) -> None:
    [error] = silent.errors(query)

    assert error["extensions"]["code"] == "INTROSPECTION_OFF"


def test_a_server_that_does_still_tells_what_type_something_has(silent: Api) -> None:
    query = '{ viewer { __typename } opportunities(filter: {search: "__schema"}) { __typename } }'

    assert silent.ask(query)["viewer"] == {"__typename": "Viewer"}


def test_over_a_socket_it_keeps_it_too(silent: Api) -> None:
    with silent.socket() as socket:
        socket.subscribe(ALL_OF_IT)

        assert socket.receive()["payload"][0]["extensions"]["code"] == "INTROSPECTION_OFF"


def test_only_who_is_let_in_is_told_what_there_is_to_ask(
    api: Api, installation: Installation
) -> None:
    with served_api(installation, nobody) as closed:
        answer = closed.post(ALL_OF_IT)

    assert answer.status_code == 401
    assert "data" not in answer.json()
    assert "types" in api.ask(ALL_OF_IT)["__schema"]


def test_a_batch_is_refused_in_plain_words_and_nothing_of_it_is_carried_out(api: Api) -> None:
    for batch in ([HEAD], [HEAD, HEAD], [[HEAD]]):
        answer = api.client.post(api.url, json=batch)

        assert answer.status_code == 400
        assert answer.json() == {
            "errors": [{"message": BATCHED, "extensions": {"code": "BAD_REQUEST"}}]
        }


def test_a_batch_over_a_socket_ends_it_with_the_same_words(api: Api) -> None:
    with api.socket() as socket:
        socket.send(type="subscribe", id="1", payload=[HEAD, HEAD])
        with pytest.raises(ConnectionClosed):
            socket.connection.recv(timeout=PATIENCE_S)

        assert socket.connection.close_code == 4400
        assert socket.connection.close_reason == BATCHED


@pytest.mark.parametrize(
    ("method", "headers", "content", "code"),
    [
        ("PUT", {}, b"", "METHOD_NOT_ALLOWED"),
        ("POST", {"accept": "image/png"}, b"{}", "NOT_ACCEPTABLE"),
        ("POST", {}, b"{}", "BAD_REQUEST"),
        ("POST", {"content-type": "text/plain"}, b"{}", "BAD_REQUEST"),
        ("POST", {"content-type": "application/json"}, b"\xff", "BAD_REQUEST"),
        ("POST", {"content-type": "application/json", "opps-act-as": "KING"}, b"?", "BAD_REQUEST"),
        ("GET", {"host": "elsewhere.example"}, b"", "BAD_REQUEST"),
        ("GET", {"host": "elsewhere.example"}, b"query", "MISDIRECTED"),
    ],
)
def test_every_way_to_be_turned_away_has_a_code(
    api: Api, method: str, headers: dict[str, str], content: bytes, code: str
) -> None:
    body = json.dumps(HEAD).encode() if content == b"?" else content
    params = HEAD if content == b"query" else None
    answer = api.client.request(
        method, api.url, headers=headers, params=params, content=b"" if params else body
    )

    assert answer.status_code >= 400
    check_codes(answer.json()["errors"])
    assert answer.json()["errors"][0]["extensions"]["code"] == code


SECRET = "postgresql://opps:secret@db/opps"
CAUSES = st.none() | st.sampled_from(
    [
        ZeroDivisionError(SECRET),
        ValueError(SECRET),
        KeyError(SECRET),
        RecursionError(SECRET),
        psycopg.OperationalError(SECRET),
        LogUnavailable(SECRET),
        StatementTimeout(SECRET),
        ReadOnlyDatabase(SECRET),
        TookTooLong(SECRET),
        ReadNotSaved(SECRET),
    ]
)


@given(
    cause=CAUSES,
    depth=st.integers(1, 3),
    path=st.none() | st.just(["viewer", "role"]),
    located=st.booleans(),
    suggestions=st.booleans(),
)
def test_whatever_goes_wrong_has_a_code_and_tells_nothing_from_inside(
    cause: Exception | None, depth: int, path: list[str] | None, located: bool, suggestions: bool
) -> None:
    nodes = [NameNode(value="role")] if located else None
    error = GraphQLError("Said to the caller", nodes, path=path)
    if cause is not None:
        error = GraphQLError(str(cause), nodes, path=path, original_error=cause)
    for _ in range(depth - 1):
        error = GraphQLError(error.message, nodes, path=path, original_error=error)
    told = formatted([error], suggestions=suggestions)
    # What a scalar says of a value of the request is for the caller.
    of_the_request = isinstance(cause, ValueError) and path is None and located

    check_codes(told)
    assert SECRET not in json.dumps(told) or of_the_request
    assert cause is not None or told[0]["message"] == "Said to the caller"


def test_no_error_of_the_tests_themselves_may_lack_a_code() -> None:
    with pytest.raises(KeyError):
        check_codes([{"message": "no extensions"}])
    with pytest.raises(AssertionError):
        check_codes([{"message": "no code", "extensions": {"code": "oops"}}])


def test_a_socket_that_nobody_opened_is_told_nothing(installation: Installation) -> None:
    with served_api(installation, nobody) as closed, closed.raw_socket() as connection:
        socket = Socket(connection)
        socket.send(type="connection_init")
        with pytest.raises(ConnectionClosed):
            socket.receive()

        assert connection.close_code == 4403


@pytest.mark.parametrize(
    "query",
    [
        get_introspection_query(descriptions=True),
        "{ __typename a: __schema { types { ...T } } } fragment T on __Type { name kind }",
        '{ __type(name: "Viewer") { fields { name } } }',
        "{ __typename }",
    ],
    ids=["all of it", "a fragment", "one type", "a name"],
)
def test_what_the_schema_says_of_itself_is_said_alike_however_often_it_is_asked(
    api: Api, query: str
) -> None:
    known = execute_sync(schema()._schema, parse(query)).data
    first, again = api.ask(query), api.ask(query)

    assert first == again == known


def test_a_question_about_the_schema_with_variables_is_answered_for_each(api: Api) -> None:
    query = "query ($name: String!) { __type(name: $name) { name } }"

    assert api.ask(query, name="Viewer") == {"__type": {"name": "Viewer"}}
    assert api.ask(query, name="Account") == {"__type": {"name": "Account"}}
