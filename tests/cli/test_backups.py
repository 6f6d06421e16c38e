"""Back up, restore, export and import from the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.stock import NAME, stock


@pytest.fixture
def stocked(run: Run, slug: str) -> str:
    """Return the short name of a tenant with an account and a person."""
    stock(slug)
    return slug


@pytest.fixture
def root(run: Run, stocked: str, tmp_path: Path) -> Path:
    """Return a copy of the root key of the installation that is left."""
    file = tmp_path / "root.key"
    assert run("keys", "copy-root", file).code == 0
    return file


def elsewhere(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    """Go on in another installation, whose server runs only as long as each command."""
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(directory / "elsewhere"))


def test_a_tenant_moves_to_another_installation(
    run: Run, stocked: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, keys = tmp_path / "acme.backup", tmp_path / "acme.keys"
    written = run("backup", file, "--keys", keys, "--tenant", stocked, "--json").answer
    elsewhere(monkeypatch, tmp_path)

    without = run("restore", file, "--keys", keys)
    restored = run("restore", file, "--keys", keys, "--root-key", root, "--json").answer
    again = run("restore", file, "--keys", keys, "--slug", "another")

    assert (without.code, "--root-key FILE" in without.err) == (2, True)
    assert (restored["events"], restored["sha256"]) == (2, written["sha256"])
    assert restored["keys"] == written["keys"] > 0
    assert (again.code, "has a log already" in again.err) == (2, True)
    assert "OPPS_DATA_DIRECTORY" in again.err
    export = tmp_path / "moved.jsonl"
    assert run("export", "jsonl", export, "--tenant", stocked, "--with-personal-data").code == 0
    assert NAME in export.read_text()


def test_a_backup_does_not_replace_a_file_unasked(run: Run, stocked: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.backup"
    file.write_text("dear to somebody")

    refused = run("backup", file, "--tenant", stocked)

    assert (refused.code, "--force" in refused.err) == (2, True)
    assert file.read_text() == "dear to somebody"
    assert run("backup", file, "--tenant", stocked, "--force").code == 0


def test_a_restore_where_the_short_name_is_taken_says_how_to_give_another(
    run: Run, stocked: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, keys = tmp_path / "acme.backup", tmp_path / "acme.keys"
    run("backup", file, "--keys", keys, "--tenant", stocked)
    elsewhere(monkeypatch, tmp_path)
    run("tenant", "create", stocked)

    refused = run("restore", file, "--keys", keys, "--root-key", root)
    restored = run("restore", file, "--keys", keys, "--root-key", root, "--slug", "acme")

    assert (refused.code, "--slug NAME" in refused.err) == (2, True)
    assert restored.code == 0
    assert "No read models yet" in restored.out


def test_a_backup_of_an_empty_log_ends_with_1(run: Run, slug: str, tmp_path: Path) -> None:
    outcome = run("backup", tmp_path / "acme.backup", "--tenant", slug)

    assert outcome.code == 1
    assert f"The log of {slug} is empty" in outcome.err
    assert "0 events" in outcome.out


@pytest.mark.parametrize("command", ["backup", "export jsonl"])
def test_a_folder_that_is_not_there_is_named(
    run: Run, stocked: str, tmp_path: Path, command: str
) -> None:
    folder = tmp_path / "not" / "there"

    refused = run(*command.split(), folder / "acme", "--tenant", stocked)

    assert (refused.code, f"no folder {folder}. Make it" in refused.err) == (2, True)


def test_a_damaged_backup_is_refused(run: Run, stocked: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.backup"
    run("backup", file, "--tenant", stocked)
    file.write_bytes(file.read_bytes()[:-100])

    refused = run("restore", file, "--without-keys")

    assert (refused.code, "damaged or was altered" in refused.err) == (2, True)


def test_an_exported_log_is_imported_as_another_tenant(
    run: Run, stocked: str, tmp_path: Path
) -> None:
    file, keys = tmp_path / "acme.jsonl", tmp_path / "acme.keys"
    run("export", "jsonl", file, "--keys", keys, "--tenant", stocked)
    copy = f"copy-{stocked}"
    run("tenant", "create", copy)

    done = run("import", "jsonl", file, "--keys", keys, "--tenant", copy, "--json").answer
    again = run("import", "jsonl", file, "--tenant", copy)

    assert (done["events"], done["repeated"]) == (2, 0)
    assert (again.code, again.out.startswith("Nothing new")) == (0, True)
    assert "imported" not in again.out.lower()
    assert run("import", "jsonl", file, "--tenant", stocked).code == 0
    assert run("import", "jsonl", keys, "--tenant", copy).code == 2


def test_personal_data_is_exported_readable_only_when_asked(
    run: Run, stocked: str, tmp_path: Path
) -> None:
    closed, opened = tmp_path / "closed.jsonl", tmp_path / "open.jsonl"
    run("export", "jsonl", closed, "--tenant", stocked)
    run("export", "jsonl", opened, "--tenant", stocked, "--with-personal-data")

    assert NAME not in closed.read_text()
    assert NAME in opened.read_text()


@pytest.mark.parametrize(
    "command", [("export", "jsonl"), ("backup",), ("keys", "backup")], ids=" ".join
)
def test_nothing_is_written_to_where_somebody_else_can_read_it(
    run: Run, stocked: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    wanted, theirs = tmp_path / "wanted", tmp_path / "theirs"
    wanted.write_text("old")
    wanted.chmod(0o644)
    theirs.touch()
    (tmp_path / "wanted.unfinished").symlink_to(theirs)

    assert run(*command, wanted, "--tenant", stocked, "--force").code == 0
    assert wanted.stat().st_mode & 0o777 == 0o600
    assert theirs.read_bytes() == b""


def test_an_unknown_tenant_is_told_how_to_be_made(run: Run, tmp_path: Path) -> None:
    outcome = run("backup", tmp_path / "none.backup", "--tenant", "nobody")

    assert (outcome.code, "opps tenant create nobody" in outcome.err) == (2, True)


def test_a_restore_asks_for_the_keys(run: Run, stocked: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.backup"
    run("backup", file, "--tenant", stocked)

    refused = run("restore", file)

    assert (refused.code, "--keys FILE" in refused.err) == (2, True)
