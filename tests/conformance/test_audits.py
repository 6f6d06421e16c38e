"""GraphQL over HTTP, judged by the audit suite of the npm package graphql-http."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api.support import Api

HERE = Path(__file__).parent
# Checks that look for 400, as an older draft had it, where the specification of September 2026
# has 422 (its section on status codes). The first says SHOULD, all others MAY.
OLDER = {
    "86EE": "variables that do not fit",
    "423L": "no query at all",
    "3E3A": "a misspelt query",
    **{f"LKJ{index}": "a query that is no text" for index in range(4)},
    **{f"6C0{index}": "an operationName that is no text" for index in range(4)},
    **{f"476{index}": "variables that are no object" for index in range(4)},
    **{f"58B{index}": "extensions that are no object" for index in range(4)},
}


@pytest.fixture(scope="module")
def audits(api: Api, node_clients: Path) -> list[dict[str, Any]]:
    """Return what became of each check."""
    run = subprocess.run(
        ["node", str(HERE / "audit.cjs"), api.url],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: list[dict[str, Any]] = json.loads(run.stdout)
    return found


def test_every_check_passes_but_those_that_a_newer_specification_contradicts(
    audits: list[dict[str, Any]],
) -> None:
    failed = [one for one in audits if one["status"] != "ok"]

    assert {one["id"] for one in failed} == OLDER.keys(), failed
    assert {one["reason"] for one in failed} == {"Response status code is not 400"}


def test_nothing_that_must_be_is_among_them(audits: list[dict[str, Any]]) -> None:
    assert len(audits) > 50
    assert not [one for one in audits if one["status"] == "error"]
