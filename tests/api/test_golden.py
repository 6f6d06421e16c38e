"""Each operation beside its expected answer: the pair is the documentation that reviewers read.

To write the answers anew: OPPS_WRITE_GOLDEN=1 pytest tests/api/test_golden.py
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from opps.eventstore import register_tenant
from tests.api import story
from tests.api.support import Api, given_id, installed, served_api

OPERATIONS = Path(__file__).parents[2] / "operations"
GOLDEN = Path(__file__).parent / "golden"
WRITE = bool(os.environ.get("OPPS_WRITE_GOLDEN"))
BEGAN = datetime.now(UTC)
# Such a cursor holds the value that the list is ordered by, to its last digit.
CURSOR = re.compile(r"\A.*[^0-9.].*\Z")

QUERIES: dict[str, dict[str, Any]] = {
    "five-questions": {"id": story.OPPORTUNITY},
    "board": {"filter": {"status": ["OPEN"]}, "orderBy": {"field": "PROBABILITY"}},
    "what-is-known": {"id": story.OPPORTUNITY},
    "facts": {"id": story.OPPORTUNITY, "filter": {"objectives": ["FUNDING", "ALTERNATIVES"]}},
    "timeline": {"id": story.OPPORTUNITY, "axis": "LEARNED"},
    "score-trend": {"id": story.OPPORTUNITY},
    "information-objectives": {},
    "events": {"filter": {"tags": ["OpportunityOpened", "FactLearned"]}, "first": 3},
}
MUTATIONS: dict[str, dict[str, Any]] = {
    "open-opportunity": {
        "input": {
            "commandId": given_id(1),
            "accountId": story.ACCOUNT,
            "title": "Cold chain sensors",
            "currency": "EUR",
        }
    },
    "learn-fact": {
        "input": {
            "commandId": given_id(1),
            "opportunityId": story.OPPORTUNITY,
            "expectedVersion": None,
            "learned": {"period": {"period": "2026-03-12", "zone": "Europe/Madrid"}},
            "stated": {
                "fact": {"leaning": {"evaluatorId": story.CFO, "level": "NEUTRAL"}},
                "provenance": {
                    "source": "BUYER_SAID",
                    "channel": "CALL",
                    "toldBy": story.CFO,
                },
            },
        }
    },
    "raise-question": {
        "input": {
            "commandId": given_id(1),
            "opportunityId": story.OPPORTUNITY,
            "expectedVersion": None,
            "facet": "DECISION_DATE",
            "text": "When does the board meet?",
        }
    },
}
SUBSCRIPTIONS: dict[str, dict[str, Any]] = {
    "score-changed": {"filter": {"opportunityIds": [story.OPPORTUNITY]}, "after": "0"}
}


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    """Return a client of a server where the story was told, and is shown."""
    story.play(api)
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=head)
    return api


@pytest.fixture
def told_anew(database: str) -> Iterator[Api]:
    """Yield a client of a server of its own where the story was told."""
    tenant = register_tenant(database, uuid4(), "acme")
    with installed(database, tenant) as installation, served_api(installation) as api:
        story.play(api)
        yield api


def operation(name: str) -> str:
    return (OPERATIONS / f"{name}.graphql").read_text()


def compare(name: str, variables: dict[str, Any], answer: Any) -> None:
    """Compare an answer with the expected one, or write it down when that is asked for."""
    path = GOLDEN / f"{name}.json"
    found = {"variables": variables, "answer": settled(answer)}
    if WRITE:
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")

    assert found == json.loads(path.read_text())


def settled(value: Any) -> Any:
    """Return a value without what differs from run to run: recorded times, and last digits."""
    match value:
        case dict():
            return {
                key: settled(CURSOR.sub("CURSOR", one) if key == "endCursor" and one else one)
                for key, one in value.items()
            }
        case list():
            return [settled(one) for one in value]
        case float():
            return round(value, 6)
        case str() if _recent(value):
            return "NOW"
        case _:
            return value


def _recent(text: str) -> bool:
    try:
        return text.endswith("Z") and datetime.fromisoformat(text) >= BEGAN
    except ValueError:
        return False


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_answered_as_written_down(told: Api, name: str) -> None:
    compare(name, QUERIES[name], told.ask(operation(name), **QUERIES[name]))


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_command_is_answered_as_written_down(told_anew: Api, name: str) -> None:
    compare(name, MUTATIONS[name], told_anew.ask(operation(name), **MUTATIONS[name]))


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_a_subscription_sends_what_is_written_down(told: Api, name: str) -> None:
    with told.socket() as socket:
        socket.subscribe(operation(name), **SUBSCRIPTIONS[name])
        sent = [socket.next()]
        while sent[-1]["scoreChanged"]["__typename"] != "StreamCaughtUp":
            sent.append(socket.next())

    compare(name, SUBSCRIPTIONS[name], sent)


def test_every_operation_has_its_answer_and_every_answer_its_operation() -> None:
    operations = {path.stem for path in OPERATIONS.glob("*.graphql")}
    answers = {path.stem for path in GOLDEN.glob("*.json")}

    assert operations == answers == {*QUERIES, *MUTATIONS, *SUBSCRIPTIONS}


def test_what_an_event_did_to_the_score_adds_up_exactly(told: Api) -> None:
    trend = told.ask(operation("score-trend"), id=story.OPPORTUNITY)["opportunity"]["scoreTrend"]
    effects = [[one["milliPoints"] for one in node["effects"]] for node in trend["nodes"]]
    query = "query ($id: ID!) { opportunity(id: $id) { score { points } } }"
    [first, *_, last] = [node["after"] for node in trend["nodes"]]

    assert [round(1000 * node["points"]) for node in trend["nodes"]] == list(map(sum, effects))
    assert first["p"] == pytest.approx(0.2475)
    assert told.ask(query, id=story.OPPORTUNITY)["opportunity"]["score"]["points"] == pytest.approx(
        sum(map(sum, effects)) / 1000 + _points(first["p"])
    )
    assert last["low"] < last["p"] < last["high"]


def _points(p: float) -> float:
    from math import log2

    return round(10_000 * log2(p / (1 - p))) / 1000
