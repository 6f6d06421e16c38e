"""Importing from the command line, as docs/importing.md shows it."""

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


def test_rejected_rows_are_in_a_file_and_the_exit_code_says_so(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "history.csv"
    file.write_text(
        "deal_id;field;old_value;new_value;changed_at\nD-9;colour;;red;01/02/2026 09:00\n"
    )
    mapping = ROOT / "examples" / "mappings" / "crm-history.toml"

    outcome = run("import", "history-csv", file, "--mapping", mapping, "--tenant", slug)

    assert outcome.code == 1
    assert "They are in history.csv.rejected.jsonl" in outcome.err
    assert "NO_RULE" in Path("history.csv.rejected.jsonl").read_text()


def test_a_file_or_mapping_that_cannot_be_read_is_told_plainly(
    run: Run, slug: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("source = ")
    xes, mapping = ROOT / "examples/import/quotes.xes", ROOT / "examples/mappings/crm-history.toml"

    no_mapping = run("import", "xes", xes, "--mapping", broken, "--tenant", slug)
    no_csv = run("import", "history-csv", xes, "--mapping", mapping, "--tenant", slug)

    assert (no_mapping.code, no_csv.code) == (2, 2)
    assert "is no TOML" in no_mapping.err
    assert "there is no column deal_id" in no_csv.err
    assert "did not expect" not in no_mapping.err + no_csv.err


def _without_times(printed: str) -> list[str]:
    """Return the lines of a table, without how long it took."""
    lines = [line.rstrip() for line in printed.strip().splitlines()]
    return [line for line in lines if not line.endswith("rows a second.")]
