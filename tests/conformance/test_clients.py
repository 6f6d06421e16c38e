"""Clients that people use already ask, command and subscribe as they would anywhere."""

import json
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.api.deals import opened
from tests.api.support import Api

HERE = Path(__file__).parent


def understood(*command: str) -> dict[str, Any]:
    """Return what a client understood."""
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def check(found: dict[str, Any]) -> None:
    """Check that a client got every answer, and every error with its code."""
    assert found["query"]["viewer"]["role"] == "ADMIN"
    registered = found["mutation"]["registerAccount"]
    assert registered["version"] == 0
    assert not registered["replayed"]
    assert registered["userErrors"] == []
    assert found["broken"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert found["partly"] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("name", ["apollo", "urql"])
def test_a_client_in_a_browser_gets_its_answers_and_errors(
    api: Api, node_clients: Path, name: str
) -> None:
    check(understood("node", str(HERE / "clients.cjs"), name, api.url, str(uuid4())))


def test_graphql_ws_asks_commands_and_subscribes(api: Api, node_clients: Path) -> None:
    opened(api)
    found = understood("node", str(HERE / "clients.cjs"), "graphql-ws", api.url, str(uuid4()))

    check(found)
    assert found["subscription"]["scoreChanged"]["__typename"] in ("ScoreChanged", "StreamCaughtUp")


def test_gql_fetches_the_schema_asks_commands_and_subscribes(api: Api, gql_python: str) -> None:
    opened(api)
    found = understood(gql_python, str(HERE / "gql_client.py"), api.url, str(uuid4()))

    check(found)
    assert found["subscription"]["scoreChanged"]["__typename"] in ("ScoreChanged", "StreamCaughtUp")
