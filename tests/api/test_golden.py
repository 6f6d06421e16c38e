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
from tests.api.support import Api, Installation, installed, served_api
from tests.conftest import PostgresServer, made_database

OPERATIONS = Path(__file__).parents[2] / "operations"
GUIDE = OPERATIONS / "README.md"
GOLDEN = Path(__file__).parent / "golden"
VARIABLES = ".variables.json"
WRITE = bool(os.environ.get("OPPS_WRITE_GOLDEN"))
BEGAN = datetime.now(UTC)
# Such a cursor holds the value that the list is ordered by, to its last digit.
CURSOR = re.compile(r"\A.*[^0-9.].*\Z")
# What was hashed holds recorded times and the organisation's id: another one each time.
HASHED = re.compile(
    r"\A(opps/[-0-9a-f]{36}/1(\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44})?|[A-Za-z0-9+/]{43}=)\Z"
)

# One deal from its first line to its last; each step goes on where the one before it ended.
WALK = (
    "register-account",
    "register-person",
    "open-opportunity",
    "record-facts",
    "raise-question",
    "ask-question",
    "learn-fact",
    "learn-fact.stale",
    "answer-question",
    "learn-fact.disputed",
    "resolve-contradiction",
    "retract-fact",
    "lose-opportunity",
    "reopen-opportunity",
    "win-opportunity",
    "win-loss-review",
    "activate-scoring-model",
    "publish-sales-process",
    "open-opportunity.mapped",
    "start-sales-process",
    "state-desired-outcome",
    "pass-gate",
    "account-map",
    "raise-exception",
    "acknowledge-exception",
    "exceptions",
    "form-team",
    "offer-learning-activity",
    "identify-gap",
    "coaching",
)
CASES = sorted(path.name.removesuffix(VARIABLES) for path in OPERATIONS.glob(f"*{VARIABLES}"))
SUBSCRIPTIONS = ("events-live", "score-changed", "score-changed.crossing")
QUERIES = [name for name in CASES if name not in WALK and name not in SUBSCRIPTIONS]


@pytest.fixture(scope="module")
def told(api: Api, installation: Installation) -> Api:
    """Return a client of a server where the story was told, sealed, and is shown."""
    story.play(api)
    installation.seal()
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=head)
    return api


@pytest.fixture(scope="module")
def walked(postgres: PostgresServer, template: str) -> Iterator[dict[str, Any]]:
    """Yield what a server without any data answered to each step of the walk."""
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        tenant = register_tenant(database, uuid4(), "acme")
        with installed(database, tenant) as installation, served_api(installation) as api:
            yield {step: api.ask(operation(step), **variables(step)) for step in WALK}


def operation(name: str) -> str:
    """Return the document of a case; several cases of one add a word behind a dot."""
    return (OPERATIONS / f"{name.partition('.')[0]}.graphql").read_text()


def variables(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OPERATIONS / f"{name}{VARIABLES}").read_text())
    return found


def compare(name: str, answer: Any) -> None:
    """Compare an answer with the expected one, or write it down when that is asked for."""
    path = GOLDEN / f"{name}.json"
    found = settled(answer)
    if WRITE:
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")

    assert found == json.loads(path.read_text())


def settled(value: Any) -> Any:
    """Return a value without what differs from run to run: recorded times, hashes, last digits."""
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
        case str() if HASHED.match(value):
            return "HASHED"
        case _:
            return value


def _recent(text: str) -> bool:
    try:
        return text.endswith("Z") and datetime.fromisoformat(text) >= BEGAN
    except ValueError:
        return False


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_answered_as_written_down(told: Api, name: str) -> None:
    compare(name, told.ask(operation(name), **variables(name)))


@pytest.mark.parametrize("name", WALK)
def test_a_command_is_answered_as_written_down(walked: dict[str, Any], name: str) -> None:
    compare(name, walked[name])


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_a_subscription_sends_what_is_written_down(told: Api, name: str) -> None:
    with told.socket() as socket:
        socket.subscribe(operation(name), **variables(name))
        sent = [socket.next()]
        while [one["__typename"] for one in sent[-1].values()] != ["StreamCaughtUp"]:
            sent.append(socket.next())

    compare(name, sent)


def test_every_operation_has_variables_and_an_answer_and_no_answer_is_without_them() -> None:
    operations = {path.stem for path in OPERATIONS.glob("*.graphql")}
    answers = {path.stem for path in GOLDEN.glob("*.json")}

    assert answers == set(CASES)
    assert operations == {name.partition(".")[0] for name in CASES}


def test_the_guide_to_the_operations_walks_as_the_test_does() -> None:
    guide = GUIDE.read_text().replace("\\\n", " ")
    [steps] = re.findall(r"for name in ([^;]+);", guide)

    assert steps.split() == [*WALK]


def test_the_guide_to_the_operations_shows_a_refusal_as_it_is() -> None:
    [shown] = re.findall(r"```json\n(.*?)```", GUIDE.read_text(), re.DOTALL)

    assert json.loads(shown)["data"] == json.loads((GOLDEN / "learn-fact.stale.json").read_text())


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
