"""The manager's week keeps its word: each query and command in it gets the answer below it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.cli.processes import Caller, Process, running
from tests.pages import bare, blocks, pairs
from tests.support import eventually

PAGE = "managing.md"
# Commands are about this deal of the sample.
TITLE = "Model 7"
TOLERANCE = 0.0005
# So often the inbox shows as many as before, once the watch has raised what there is.
STILL = 50


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Yield a running demo."""
    home = tmp_path_factory.mktemp("managing")
    with running("demo", "--port", "0", data_directory=home) as process:
        yield process


def found(caller: Caller, search: str, fields: str) -> dict[str, Any]:
    """Return fields of the one deal of the sample that a search finds."""
    query = f'{{ opportunities(filter: {{search: "{search}"}}) {{ nodes {{ {fields} }} }} }}'
    [node] = caller.ask(query)["data"]["opportunities"]["nodes"]
    deal: dict[str, Any] = node
    return deal


def drift(caller: Caller) -> str:
    """Return the id of the one exception of drift, once all that there is to raise was raised."""
    inbox = """{ drift: exceptions(filter: {causes: [DRIFT]}) { nodes { exceptionId } }
      all: exceptions(first: 1) { totalCount nodes { opportunity { title } } } }"""
    seen: list[int] = []

    def complete() -> bool:
        of = caller.ask(inbox)["data"]
        seen.append(of["all"]["totalCount"])
        return bool(of["drift"]["nodes"]) and seen.count(seen[-1]) >= STILL

    eventually(complete, 60.0)
    [one] = caller.ask(inbox)["data"]["drift"]["nodes"]
    id_: str = one["exceptionId"]
    return id_


def test_each_operation_gets_the_answer_below_it(demo: Process) -> None:
    caller = Caller(demo.address)
    today = datetime.now(UTC).date()
    told = {
        "opportunity": found(caller, TITLE, "id")["id"],
        "exception": drift(caller),
        "from": str(today - timedelta(days=45)),
        "to": str(today + timedelta(days=60)),
        "ago": f"{today - timedelta(days=30)}T00:00:00Z",
    }

    for operation, answer in pairs(PAGE):
        given = {**told, "commandId": str(uuid4())}
        variables = {name: value for name, value in given.items() if f"${name}:" in operation}
        assert bare(caller.ask(operation, variables)) == _nearly(answer)
    caller.close()


def test_the_map_on_paper_says_what_the_page_shows_of_it(demo: Process) -> None:
    caller = Caller(demo.address)
    printed = found(caller, "telematics", "accountMap { markdown }")["accountMap"]["markdown"]
    caller.close()

    for _, shown in blocks(PAGE, "markdown"):
        assert set(shown.splitlines()) <= set(printed.splitlines())


def _nearly(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _nearly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_nearly(one) for one in value]
    return pytest.approx(value, abs=TOLERANCE) if isinstance(value, float) else value
