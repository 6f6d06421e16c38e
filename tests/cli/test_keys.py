"""The keys of personal data from the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.stock import NAME, stock


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, run: Run, slug: str, tmp_path: Path) -> Path:
    """Return where a tenant with a person keeps its keys, apart from those of other tests."""
    directory = tmp_path / "keys"
    monkeypatch.setenv("OPPS_KEYS_DIRECTORY", str(directory))
    monkeypatch.setenv("OPPS_TENANT", slug)
    stock(slug)
    return directory


def readable(run: Run, tmp_path: Path) -> bool:
    """Tell whether the name of the person can be read."""
    file = tmp_path / "open.jsonl"
    outcome = run("export", "jsonl", file, "--with-personal-data", "--force")
    return outcome.code == 0 and NAME in file.read_text()


def test_rotating_the_root_key_leaves_everything_readable(
    run: Run, home: Path, tmp_path: Path
) -> None:
    before = (home / "root.key").read_bytes()

    assert run("keys", "rotate-root", "--json").answer == {"tenants": 1}
    assert (home / "root.key").read_bytes() != before
    assert readable(run, tmp_path)


def test_rotating_the_tenant_key_leaves_everything_readable(
    run: Run, home: Path, tmp_path: Path
) -> None:
    [file] = home.glob("*.jsonl")
    before = file.read_bytes().splitlines()

    assert run("keys", "rotate-tenant", "--json").answer["keys"] == len(before) - 1
    assert not set(before) & set(file.read_bytes().splitlines())
    assert readable(run, tmp_path)


def test_lost_keys_come_back_from_their_copies(run: Run, home: Path, tmp_path: Path) -> None:
    keys, root = tmp_path / "acme.keys", tmp_path / "copy.key"
    written = run("keys", "backup", keys, "--json").answer
    assert run("keys", "copy-root", root).code == 0
    for file in home.iterdir():
        file.unlink()

    without = run("keys", "restore", keys)
    restored = run("keys", "restore", keys, "--root-key", root, "--json").answer

    assert (without.code, "--root-key FILE" in without.err) == (2, True)
    assert restored["new"] == written["keys"] > 0
    assert readable(run, tmp_path)


def test_a_file_that_holds_no_keys_is_not_taken_for_one_that_does(
    run: Run, home: Path, tmp_path: Path
) -> None:
    backup, before = tmp_path / "acme.backup", {file: file.read_bytes() for file in home.iterdir()}
    assert run("backup", backup).code == 0

    refused = run("keys", "restore", backup)

    assert (refused.code, "holds no keys: give the file" in refused.err) == (2, True)
    assert {file: file.read_bytes() for file in home.iterdir()} == before


def test_keys_move_into_postgresql(
    run: Run, home: Path, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "acme.keys"
    run("keys", "backup", keys)
    monkeypatch.setenv("OPPS_KEYS_URL", database)
    assert run("keys", "restore", keys).code == 0
    for file in home.glob("*.jsonl"):
        file.unlink()

    assert readable(run, tmp_path)
    assert run("keys", "rotate-root", "--json").answer == {"tenants": 1}
    assert readable(run, tmp_path)


def test_a_root_key_that_a_program_keeps_is_not_copied(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPPS_ROOT_KEY_COMMAND", "keeper")

    refused = run("keys", "copy-root", tmp_path / "copy.key")

    assert (refused.code, "OPPS_ROOT_KEY_COMMAND" in refused.err) == (2, True)


def test_the_doctor_finds_that_the_root_key_is_gone(run: Run, home: Path) -> None:
    sound = {one["subject"]: one["verdict"] for one in run("doctor", "--json").answer}
    (home / "root.key").unlink()

    outcome = run("doctor", "--json")

    assert sound["keys"] == "good"
    assert outcome.code == 1
    # Other tenants of this database have their keys, and their register, in another directory.
    mend = [one for one in outcome.answer if one["verdict"] == "mend"]
    [found] = [one for one in mend if not one["subject"].startswith("erasures of ")]
    assert (found["subject"], "root.key" in found["advice"]) == ("keys", True)
