"""What docs/integrating.md shows is what happens: it is run, and its code is that of examples."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from graphql import parse
from typer.testing import CliRunner

from opps.api.policies.asked import may
from opps.api.schema import schema
from opps.cli.main import application
from opps.integrations.thin_events import thin
from tests.api.conftest import api, installation
from tests.api.deals import opened
from tests.api.support import Api
from tests.examples.changes import TENANT, score_item

__all__ = ["api", "installation"]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/integrating.md").read_text()
COMMAND = re.compile(r"(?:`|^)(opps(?: [a-z][a-z-]+)+)", re.MULTILINE)
BLOCK = re.compile(r"^```(?P<kind>[a-z ]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"
TITLE = "Cold chain, line 3"
EXAMPLES = {
    "ts": ROOT / "examples/typescript/src",
    "python receiver": ROOT / "examples/python",
}


def blocks(kind: str) -> list[str]:
    return [block["text"] for block in BLOCK.finditer(PAGE) if block["kind"] == kind]


@pytest.fixture(scope="module")
def deal(api: Api) -> str:
    """Return the id of the only deal, once lists show it."""
    found = opened(api, TITLE)
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask("query ($at: Position) { opportunities(atLeast: $at) { totalCount } }", at=head)
    return found


@pytest.fixture(autouse=True)
def _straight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def curl(api: Api, command: str) -> str:
    """Run a line of the page against this server; of a stream that never ends, read four lines."""
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    words = shlex.split(command.replace(ADDRESS, api.address).replace("\\\n", " "))
    with subprocess.Popen([*words, "--max-time", "30"], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        lines = [line for _, line in zip(range(5), run.stdout, strict=False)]
        run.terminate()
    return "".join(lines)


def test_curl_asks_and_commands(api: Api, deal: str) -> None:
    ask, command = [one for one in blocks("sh") if one.startswith("curl -s ")]
    answer = blocks("json")[0]

    [node] = json.loads(curl(api, ask))["data"]["opportunities"]["nodes"]
    assert (node["id"], node["title"]) == (deal, TITLE)
    assert json.loads(curl(api, command))["data"] == json.loads(answer)["data"]


def test_curl_follows_from_the_last_event_on(api: Api, deal: str) -> None:
    [follow] = [one for one in blocks("sh") if one.startswith("curl -sN ")]
    [shown] = blocks("")

    got = curl(api, follow)

    assert [line.partition(":")[0] for line in got.splitlines()] == [
        line.partition(":")[0] for line in shown.splitlines()
    ]
    expected = json.loads(shown.splitlines()[-1].removeprefix("data: "))
    found = json.loads(got.splitlines()[-1].removeprefix("data: "))
    assert found["data"]["scoreChanged"] == {
        **expected["data"]["scoreChanged"],
        "opportunityId": deal,
    }


def test_python_asks_commands_and_follows(
    api: Api, deal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ask, command, follow = [one.replace(ADDRESS, api.address) for one in blocks("python")]

    exec(ask, {})
    assert re.fullmatch(rf"{TITLE}: \d+% to \d+%\n", capsys.readouterr().out)
    exec(command, {})
    assert capsys.readouterr().out == "[] False True\n"
    exec(follow, {})
    assert capsys.readouterr().out.startswith(f"{deal} ")


@pytest.mark.parametrize("name", ["pipeline", "score-changed", "events-live", "register-account"])
def test_what_programs_begin_with_is_for_their_role(name: str) -> None:
    document = parse((ROOT / f"operations/{name}.graphql").read_text())

    assert may(schema()._schema, document, None, "INTEGRATOR") is None


@pytest.mark.parametrize("command", sorted(set(COMMAND.findall(PAGE))))
def test_opps_knows_what_the_page_tells_you_to_run(command: str) -> None:
    result = CliRunner().invoke(application, [*command.split()[1:], "--help"])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_code_of_the_page_is_that_of_the_examples(kind: str) -> None:
    examples = "\n".join(path.read_text() for path in EXAMPLES[kind].glob("*.*"))
    shown = blocks(kind)

    assert shown
    assert [text for text in shown if text not in examples] == []


def test_the_webhook_of_the_page_has_what_a_webhook_has() -> None:
    shown = json.loads(blocks("json")[1])
    sent = json.loads(thin(TENANT, score_item()).body)

    assert shown == sent
