"""The page on coaching keeps its word: each operation in it gets the answer below it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from opps.api.identity import ACT_AS
from tests.cli.processes import Process, running
from tests.pages import bare, pairs

PAGE = "coaching.md"
NAME = re.compile(r"^(?:query|mutation) (?P<name>[A-Z]\w*)")
TITLE = "Model 7"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Yield a running demo."""
    home = tmp_path_factory.mktemp("coaching")
    with running("demo", "--port", "0", data_directory=home) as process:
        yield process


class Desk:
    """Sends operations as those whom the names of the operations speak of."""

    def __init__(self, address: str) -> None:
        self._url = f"{address}/graphql"
        self.manager, self.seller = str(uuid4()), str(uuid4())

    def ask(self, operation: str, variables: dict[str, Any]) -> Any:
        """Return the answer to whoever asks."""
        body = {"query": operation, "variables": variables}
        headers = self._acting(NAME.match(operation))
        answer = httpx.post(self._url, json=body, headers=headers, timeout=30.0, trust_env=False)
        return answer.json()

    def _acting(self, named: re.Match[str] | None) -> dict[str, str]:
        name = named["name"] if named else ""
        if name.startswith("Manager"):
            return {ACT_AS: f"MANAGER {self.manager}"}
        if name.startswith("Seller"):
            return {ACT_AS: f"SELLER {self.seller}"}
        return {ACT_AS: f"MANAGER {uuid4()}"} if name == "Stranger" else {}


def test_each_operation_gets_the_answer_below_it(demo: Process) -> None:
    desk = Desk(demo.address)
    search = f'{{ opportunities(filter: {{search: "{TITLE}"}}) {{ nodes {{ id }} }} }}'
    [deal] = desk.ask(search, {})["data"]["opportunities"]["nodes"]
    names = ("team", "gap", "assignment", "fact", "criterion")
    told = {
        **{name: str(uuid4()) for name in names},
        "manager": desk.manager,
        "seller": desk.seller,
        "deal": deal["id"],
        "due": str(datetime.now(UTC).date() + timedelta(days=30)),
    }

    for operation, answer in pairs(PAGE):
        head = desk.ask("{ logHead { position } }", {})["data"]["logHead"]["position"]
        given = {**told, "commandId": str(uuid4()), "atLeast": head}
        variables = {name: value for name, value in given.items() if f"${name}:" in operation}
        found = json.dumps(bare(desk.ask(operation, variables)))
        plain = found.replace(desk.seller, "SELLER").replace(told["gap"], "GAP")
        assert json.loads(plain) == answer
