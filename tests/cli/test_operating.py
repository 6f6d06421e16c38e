"""Keeping a copy from the command line, as docs/operating.md shows it."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Run
from tests.cli.stock import NAME, stock

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_COPY = "copy"


def test_the_commands_of_the_page_do_what_it_says(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(home))
    monkeypatch.setenv("OPPS_TENANT", slug)
    monkeypatch.chdir(tmp_path)
    stock(slug)

    section = PAGE.read_text().partition("## Keeping a copy")[2].partition("\n##")[0]
    for line in "".join(_BLOCK.findall(section)).splitlines():
        outcome = _typed(run, line.replace("/srv/elsewhere", str(tmp_path / "elsewhere")))
        assert outcome.code == 0, f"{line}\n{outcome.err}"

    run("export", "jsonl", "copied.jsonl", "--tenant", _COPY, "--with-personal-data")
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(tmp_path / "elsewhere"))
    run("export", "jsonl", "restored.jsonl", "--with-personal-data")
    assert all(NAME in Path(file).read_text() for file in ("copied.jsonl", "restored.jsonl"))


def _typed(run: Run, line: str) -> Outcome:
    """Run a line as a shell would: settings first, then the command."""
    words = shlex.split(line, comments=True)
    at = words.index("opps")
    with pytest.MonkeyPatch.context() as given:
        for setting in words[:at]:
            given.setenv(*setting.split("=", 1))
        return run(*words[at + 1 :])
