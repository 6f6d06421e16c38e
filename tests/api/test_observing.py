"""What is told of operations: figures with few labels, lines with ids, and nothing stated."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from opps.api.picture import Picture
from opps.operating.graphql import GraphqlFigures
from opps.operating.known import shipped_operations
from opps.telemetry import logs
from opps.telemetry.observing import Observing
from tests.api.deals import opened
from tests.api.support import Api, Installation, served_api
from tests.support import eventually

PLANTED = [f"{word}{uuid4().hex}" for word in ("variable", "literal", "comment", "name")]
VARIABLE, LITERAL, COMMENT, NAME = PLANTED
BOARD = "query Board { opportunities(first: 1) { nodes { title } } }"
REGISTER = """mutation Register($input: RegisterPersonInput!) {
  registerPerson(input: $input) { position userErrors { code } } }"""
WAIT = "subscription Wait { scoreChanged { __typename } }"


class Observed:
    """A server and what it tells of itself."""

    def __init__(self, api: Api, registry: CollectorRegistry, told: io.StringIO) -> None:
        self.api = api
        self._registry = registry
        self._told = told

    @property
    def said(self) -> str:
        return self._told.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.said.splitlines()]

    def answered(self, request_id: str) -> dict[str, Any]:
        """Return the line about a request, which is told once it is answered."""

        def found() -> list[dict[str, Any]]:
            return [
                one
                for one in self.lines
                if one.get("request_id") == request_id and one["message"] == "answered"
            ]

        eventually(found)
        return found()[-1]

    def figure(self, name: str, **labels: str) -> float | None:
        return self._registry.get_sample_value(name, labels)

    @property
    def figures(self) -> str:
        return generate_latest(self._registry).decode()


@pytest.fixture
def seen(installation: Installation) -> Iterator[Observed]:
    """Yield a server that tells of every operation."""
    registry, told = CollectorRegistry(), io.StringIO()
    observing = Observing(shipped_operations(), GraphqlFigures(registry).told)
    root, own = logging.getLogger(), logging.getLogger("opps")
    before, levels = root.handlers[:], (root.level, own.level)
    handler = logs.begin("json", "info", told)
    try:
        with served_api(installation, observing=observing) as api:
            yield Observed(api, registry, told)
    finally:
        root.removeHandler(handler)
        root.handlers[:] = before
        root.setLevel(levels[0])
        own.setLevel(levels[1])
        logging.raiseExceptions = True


def sent(seen: Observed, query: str, **variables: Any) -> str:
    """Send an operation and return the id of its request."""
    return seen.api.post(query, variables).headers["x-request-id"]


def test_a_request_is_told_with_its_id_its_operation_and_how_it_ended(seen: Observed) -> None:
    line = seen.answered(sent(seen, BOARD))

    assert (line["operation"], line["kind"]) == ("Board", "query")
    assert (line["outcome"], line["status"]) == ("ok", 200)
    assert line["ms"] > 0


def test_the_id_of_a_proxy_goes_through_to_line_and_answer(seen: Observed) -> None:
    given = uuid4().hex
    headers = {"X-Request-Id": given}
    answer = seen.api.client.post(seen.api.url, json={"query": BOARD}, headers=headers)

    assert answer.headers["x-request-id"] == given
    assert seen.answered(given)["operation"] == "Board"


def test_a_command_is_told_with_its_ids_and_so_are_its_events(
    seen: Observed, installation: Installation
) -> None:
    command, undertaking = str(uuid4()), uuid4()
    body = {"query": REGISTER, "variables": {"input": {"commandId": command, "name": VARIABLE}}}
    headers = {"X-Correlation-Id": str(undertaking)}
    answer = seen.api.client.post(seen.api.url, json=body, headers=headers)
    id_ = answer.headers["x-request-id"]
    seen.answered(id_)
    [told] = [one for one in seen.lines if one["logger"] == "opps.commands"]

    assert (told["command"], told["outcome"]) == ("RegisterPerson", "stored")
    assert (told["request_id"], told["command_id"]) == (id_, command)
    assert told["correlation_id"] == str(undertaking)
    assert seen.figure("opps_commands_total", outcome="stored") == 1
    with psycopg.connect(installation.database) as connection:
        found = connection.execute(
            "SELECT metadata FROM opps.events WHERE command_id = %s", [command]
        ).fetchone()
    assert found is not None
    assert str(undertaking).encode() in found[0]


def test_a_refused_command_is_told_by_the_name_of_its_refusal(seen: Observed) -> None:
    input_ = {"commandId": str(uuid4()), "opportunityId": str(uuid4()), "stage": VARIABLE,
              "expectedVersion": None}  # fmt: skip
    query = "mutation($i: SetStageInput!) { setStage(input: $i) { userErrors { code } } }"
    seen.answered(sent(seen, query, i=input_))
    told = [one for one in seen.lines if one["logger"] == "opps.commands"]

    assert [one["outcome"] for one in told] == ["UnknownOpportunity"]
    assert seen.figure("opps_commands_total", outcome="refused") == 1


def test_callers_cannot_make_up_labels(seen: Observed) -> None:
    for number in range(30):
        sent(seen, f"query Made{number} {{ viewer {{ role }} }}")
    seen.answered(sent(seen, BOARD))

    assert seen.figure("opps_graphql_seconds_count", operation="other") == 30
    assert seen.figure("opps_graphql_seconds_count", operation="Board") == 1
    assert "Made1" not in seen.figures


def test_subscriptions_are_counted_while_they_run_and_not_timed(
    installation: Installation,
) -> None:
    registry = CollectorRegistry()
    observing = Observing(shipped_operations(), GraphqlFigures(registry).told)
    with served_api(installation, observing=observing) as api:
        with api.socket() as socket:
            socket.subscribe(WAIT)
            socket.next()
            assert observing.subscriptions == 1
        eventually(lambda: observing.subscriptions == 0)

    assert registry.get_sample_value("opps_graphql_seconds_count", {"operation": "other"}) is None
    ended = {"kind": "subscription", "outcome": "left"}
    assert registry.get_sample_value("opps_graphql_operations_total", ended) == 1


def test_a_document_that_cannot_be_read_is_counted_as_refused(seen: Observed) -> None:
    line = seen.answered(sent(seen, "{ nothing"))

    assert (line["kind"], line["outcome"], line["status"]) == ("unread", "refused", 200)


def test_nothing_that_was_sent_is_found_in_a_line_or_a_figure(
    seen: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = opened(seen.api)

    def broken(_: Any) -> Any:
        raise ZeroDivisionError(VARIABLE)

    monkeypatch.setattr(Picture, "facts", broken)
    fault = f"query {NAME}($id: ID!) {{ opportunity(id: $id) {{ facts {{ kind }} }} }} # {COMMENT}"
    look = f'query {NAME}($s: String) {{ a: accounts(search: "{LITERAL}") {{ nodes {{ name }} }}'
    look += " b: accounts(search: $s) { nodes { name } } }"
    headers = {"X-Request-Id": f"{NAME} {VARIABLE}", "X-Correlation-Id": NAME,
               "traceparent": VARIABLE}  # fmt: skip
    for query, variables in (
        (fault, {"id": id_}),
        (look, {"s": VARIABLE}),
        (REGISTER, {"input": {"commandId": str(uuid4()), "name": VARIABLE}}),
        (REGISTER, {"input": {"commandId": VARIABLE, "name": LITERAL}}),
        (f"{{ {NAME}(a: $b) }}", {"b": VARIABLE}),
        (f'{{ "{LITERAL}', {}),
    ):
        body = {"query": query, "variables": variables, "operationName": None}
        seen.api.client.post(seen.api.url, json=body, headers=headers)
    with seen.api.socket() as socket:
        socket.subscribe(fault, id=NAME, id_=VARIABLE)
        socket.receive()
        socket.connection.send(f'{{"type": "{NAME}", "payload": "{VARIABLE}')
    seen.answered(sent(seen, BOARD))

    assert "ZeroDivisionError" in seen.said
    assert [one for one in PLANTED if one in seen.said] == []
    assert [one for one in PLANTED if one in seen.figures] == []
