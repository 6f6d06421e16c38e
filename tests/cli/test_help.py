"""Whoever asks for help gets it, and whoever goes wrong hears what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

COMMANDS = [
    "serve",
    "project",
    "demo",
    "migrate",
    "import",
    "export",
    "backup",
    "benchmark",
    "restore",
    "rebuild",
    "verify",
    "schema",
    "events",
    "documents",
    "doctor",
    "status",
    "keys",
    "key",
    "webhook",
    "access",
    "privacy",
    "ledger",
    "tenant",
    "model",
    "rules",
    "teams",
    "coaching",
    "map",
    "brief",
    "proposal",
    "warehouse",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    outcome = run(command, "--help")

    assert outcome.code == 0
    assert f"opps {command}" in outcome.out


def test_the_help_lists_every_command_and_the_exit_codes(run: Run) -> None:
    outcome = run("--help")

    assert all(command in outcome.out for command in COMMANDS)
    assert "Exit codes" in outcome.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete_commands(shell: str) -> None:
    assert "status" in completed(shell, "opps st")


def completed(shell: str, words: str) -> str:
    """Return what a shell would offer for the last of some words."""
    return subprocess.run(
        [sys.executable, "-c", "from opps.cli import main; main()"],
        env={
            "_OPPS_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
            "_TYPER_COMPLETE_ARGS": words,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
    ).stdout


def test_shells_can_complete_the_names_of_projections() -> None:
    assert "score_trend" in completed("bash", "opps rebuild sc")


@pytest.mark.parametrize(
    "arguments",
    [["unknown"], ["status", "--unknown"], ["backup"], ["restore", "no such file"], ["import"]],
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).code == 2


def test_the_version_is_that_of_the_package(run: Run) -> None:
    from opps import __version__

    assert run("--version").out.strip() == f"opps {__version__}"


def test_the_help_names_every_setting(run: Run) -> None:
    from opps.config import NAMES

    shown = run("--help").out

    assert [name for name in NAMES if name not in shown] == []


def test_the_help_of_rebuild_names_every_projection(run: Run) -> None:
    from opps.projections.registry import PROJECTIONS

    shown = run("rebuild", "--help").out

    assert [one.name for one in PROJECTIONS if one.name not in shown] == []


def test_the_help_breaks_no_line_in_the_middle_of_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")

    for command in (["restore"], ["migrate"], ["import", "jsonl"]):
        about = run(*command, "--help").out.partition("Arguments")[0].partition("Options ─")[0]
        paragraphs = [line.strip() for line in about.splitlines() if line.strip(" ╭─")]
        assert [one for one in paragraphs[1:] if not one.endswith(".")] == []


def test_wrong_settings_are_told_all_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPPS_PORT", "many")
    monkeypatch.setenv("OPPS_TENANT", "No Slug")

    outcome = run("status")

    assert outcome.code == 2
    assert "OPPS_PORT" in outcome.err
    assert "OPPS_TENANT" in outcome.err


def test_an_unexpected_error_is_told_without_its_innards(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opps.cli.catalogue.catalogue", lambda: 1 // 0)

    outcome = run("events")

    assert outcome.code == 2
    assert "ZeroDivisionError" in outcome.err
    assert "Traceback" not in outcome.err
    assert "OPPS_DEBUG=1" in outcome.err


def test_another_major_version_is_told_and_left_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("12\n")
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(tmp_path))

    outcome = run("status")

    assert outcome.code == 2
    assert "PostgreSQL 12" in outcome.err
    assert "opps backup" in outcome.err


def test_a_database_that_is_away_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPPS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/opps")

    outcome = run("status")

    assert outcome.code == 2
    assert "OPPS_DATABASE_URL" in outcome.err
    assert "safe to try again" in outcome.err
