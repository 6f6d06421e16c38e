"""The documents keep their word: commands exist, links lead somewhere, answers are given."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from opps.cli.main import application
from tests.cli.processes import Process, ask, running
from tests.support import eventually

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOLERANCE = 0.0005  # the README shows three digits

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)(?P<target>[^)#\s]+)[^)]*\)")
FILE = re.compile(r"`((?:src|tests|docs|examples)/[\w/.*-]+)`")
COMMAND = re.compile(r"(?:`|&& )(opps(?: [a-z][a-z-]+)+)")
TARGET = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)


def blocks(language: str) -> list[str]:
    """Return the blocks of code of one language in the README."""
    return [
        block["text"]
        for block in BLOCK.finditer(README.read_text())
        if block["language"] == language
    ]


def found(pattern: re.Pattern[str]) -> list[str]:
    """Return what README and CONTRIBUTING name by a pattern."""
    pages = (README, ROOT / "CONTRIBUTING.md")
    return sorted({name for page in pages for name in pattern.findall(page.read_text())})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of the demo."""
    return tmp_path_factory.mktemp("readme")


@pytest.fixture(scope="module")
def demo(home: Path) -> Iterator[Process]:
    """Yield a running demo."""
    with running("demo", "--port", "0", data_directory=home) as process:
        yield process


def test_the_query_of_the_readme_gets_the_answer_of_the_readme(demo: Process) -> None:
    query, _ = blocks("graphql")
    answer, _ = blocks("json")

    assert ask(demo.address, query)["data"] == _nearly(json.loads(answer)["data"])


def test_the_curl_of_the_readme_lists_the_twelve_opportunities(demo: Process) -> None:
    (line,) = [block for block in blocks("sh") if block.startswith("curl")]
    words = shlex.split(line)
    query = json.loads(words[words.index("-d") + 1])["query"]
    nodes = ask(demo.address, query)["data"]["opportunities"]["nodes"]

    assert words[1].endswith("/graphql")
    assert len(nodes) == 12


def test_the_pipeline_of_the_readme_comes_in_and_tells_what_the_readme_shows(
    demo: Process, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = [block for block in blocks("sh") if block.startswith("opps import")]
    _, query = blocks("graphql")
    _, answer = blocks("json")
    monkeypatch.chdir(ROOT)
    environment = {"OPPS_DATA_DIRECTORY": str(home)}
    before = ask(demo.address, "{ opportunities { totalCount } }")

    done = CliRunner(env=environment).invoke(application, shlex.split(line)[1:])
    assert done.exit_code == 0, done.output
    imported = before["data"]["opportunities"]["totalCount"] + 15
    eventually(
        lambda: (
            ask(demo.address, "{ opportunities { totalCount } }")["data"]["opportunities"]
            == {"totalCount": imported}
        )
    )

    assert ask(demo.address, query)["data"] == _nearly(json.loads(answer)["data"])


def test_the_wheel_of_the_readme_is_the_one_that_is_built() -> None:
    from opps import __version__

    assert f"dist/opps-{__version__}-py3-none-any.whl" in README.read_text()
    assert "install 'opps" not in "".join(page.read_text() for page in PAGES)


@pytest.mark.parametrize("target", found(TARGET))
def test_make_knows_what_the_documents_tell_you_to_make(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("command", found(COMMAND))
def test_opps_knows_what_the_documents_tell_you_to_run(command: str) -> None:
    result = CliRunner().invoke(application, [*command.split()[1:], "--help"])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", found(FILE))
def test_a_file_that_the_documents_name_is_there(name: str) -> None:
    assert list(ROOT.glob(name.rstrip("/")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_between_the_pages_leads_nowhere(page: Path) -> None:
    targets = [link["target"] for link in LINK.finditer(page.read_text())]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def _nearly(value: Any) -> Any:
    """Return an answer that equals any whose numbers lie as near as the README shows them."""
    if isinstance(value, dict):
        return {key: _nearly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_nearly(one) for one in value]
    return pytest.approx(value, abs=TOLERANCE) if isinstance(value, float) else value
