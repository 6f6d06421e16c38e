"""The typed client sends what the shared operations say, and understands what is answered."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, get_type_hints

import httpx
import msgspec
import pytest

from clients.python.generator.names import snake
from opps_client import Client, Failed, enums, inputs
from tests.api.test_golden import CASES, GOLDEN, operation, variables

URL = "https://opps.example/graphql"
NAME = re.compile(r"^(query|mutation|subscription) (\w+)", re.MULTILINE)
# Expected answers have a word where each run has another instant.
INSTANT = "2026-03-10T09:00:00Z"
PAGE = {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
BOARD = {"opportunities": PAGE}


class Server:
    """Answers every request alike, and keeps the last one."""

    def __init__(self, answer: Any, status: int = 200, **headers: str) -> None:
        self.asked: dict[str, Any] = {}
        self.headers: Mapping[str, str] = {}
        self._answered = answer, status, headers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked, self.headers = json.loads(request.content), request.headers
        answer, status, headers = self._answered
        if "text/event-stream" not in request.headers["accept"]:
            return httpx.Response(status, json=answer, headers=headers)
        events = [f"event: next\ndata: {json.dumps({'data': one})}\n\n" for one in answer]
        return httpx.Response(200, text="".join(events) + "event: complete\ndata:\n\n")

    def client(self, *token: Any, **more: Any) -> Client:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return Client(URL, *token, http=http, **more)


def expected(name: str) -> Any:
    text = (GOLDEN / f"{name}.json").read_text()
    return json.loads(text.replace('"NOW"', f'"{INSTANT}"'))


def said(value: Any) -> Any:
    """Return a value without what is null: an answer of several types has a field for each."""
    if isinstance(value, dict):
        return {key: said(one) for key, one in value.items() if one is not None}
    return [said(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", CASES)
def test_each_operation_is_a_method_that_sends_and_understands_what_is_shared(case: str) -> None:
    answer, given = expected(case), variables(case)
    found = NAME.search(operation(case))
    assert found is not None
    if found[1] != "subscription":
        answer = answer.get("data", answer)
    server = Server({"data": answer} if found[1] != "subscription" else answer)
    client = server.client()
    method = getattr(client, snake(found[2]))
    kinds = get_type_hints(method)
    arguments = {snake(name): value for name, value in given.items()}
    typed = {
        name: msgspec.convert(one, kinds[name], strict=False) for name, one in arguments.items()
    }

    got = method(**typed)

    understood = [*got] if found[1] == "subscription" else got
    assert said(json.loads(msgspec.json.encode(understood))) == said(answer)
    assert server.asked["variables"] == given
    assert server.asked["query"] == operation(case)
    assert server.asked["operationName"] == found[2]


def test_a_server_may_know_each_document_by_its_hash() -> None:
    server = Server({"data": BOARD})
    server.client(persisted=True).board()

    text = operation("board").encode()
    assert server.asked["documentId"] == f"sha256:{sha256(text).hexdigest()}"
    assert "query" not in server.asked


def test_a_token_is_asked_for_anew_each_time() -> None:
    tokens = iter(["first", "second"])
    server = Server({"data": BOARD})
    client = server.client(lambda: next(tokens))
    client.board()
    first = server.headers["authorization"]
    client.board()

    assert (first, server.headers["authorization"]) == ("Bearer first", "Bearer second")


def test_whoever_holds_several_roles_says_in_which_one_they_act() -> None:
    server = Server({"data": BOARD})
    server.client("token", act_as="MANAGER").board()

    assert server.headers["opps-act-as"] == "MANAGER"


def test_a_field_that_a_newer_server_adds_is_passed_over_and_a_newer_value_is_kept() -> None:
    newer_page = {"data": {"opportunities": {"newer": 1, **PAGE}, "more": []}}
    with Server(newer_page).client() as client:
        assert client.board().opportunities.total_count == 0

    newer = msgspec.json.decode(b'["OPEN", "ASLEEP"]', type=list[enums.Status])
    assert newer == [enums.Status.OPEN, "ASLEEP"]
    assert msgspec.json.encode(newer) == b'["OPEN","ASLEEP"]'


def test_what_is_not_given_is_not_sent() -> None:
    server = Server({"data": BOARD})
    server.client().board(filter=inputs.OpportunityFilter(status=[enums.Status.OPEN], search=None))

    assert server.asked["variables"] == {"filter": {"status": ["OPEN"], "search": None}}


def test_exactly_one_moment_is_asked_for() -> None:
    assert msgspec.json.encode(inputs.AsOf(position=7)) == b'{"position":7}'
    with pytest.raises(ValueError, match="exactly one"):
        inputs.AsOf()


@pytest.mark.parametrize(
    ("answer", "status", "codes"),
    [
        ({"errors": [{"message": "No", "extensions": {"code": "FORBIDDEN"}}]}, 403, ["FORBIDDEN"]),
        ({"errors": [{"message": "In part"}], "data": BOARD}, 294, [None]),
        ({"data": None}, 200, []),
        ("a proxy's page", 502, []),
    ],
)
def test_what_is_no_answer_fails_with_its_codes(answer: Any, status: int, codes: list[Any]) -> None:
    with pytest.raises(Failed) as failed, Server(answer, status).client() as client:
        client.board()

    assert (failed.value.codes, failed.value.status) == (codes, status)
    assert (failed.value.data is not None) == (status == 294)


def test_whoever_is_throttled_learns_for_how_long() -> None:
    with pytest.raises(Failed) as failed:
        Server({"errors": [{"message": "Slow"}]}, 429, **{"Retry-After": "3"}).client().board()

    assert failed.value.retry_after_s == 3.0
