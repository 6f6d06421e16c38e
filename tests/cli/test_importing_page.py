"""docs/importing.md: what it shows is what the commands print."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "importing.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_COMMAND = re.compile(r"^\$ opps (.*)\n", re.MULTILINE)


def test_the_page_shows_what_the_commands_print(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("OPPS_TENANT", slug)

    for block in _BLOCK.findall(PAGE.read_text()):
        _, *said = _COMMAND.split(block)
        for command, shown in zip(said[::2], said[1::2], strict=True):
            outcome = run(*command.split())
            assert outcome.code == 0, outcome.err
            if shown:
                assert _without_times(outcome.out) == _without_times(shown)


def _without_times(printed: str) -> list[str]:
    """Return the lines of a table, without how long it took."""
    lines = [line.rstrip() for line in printed.strip().splitlines()]
    return [line for line in lines if not line.endswith("rows a second.")]
