"""Documents that clients send by their SHA-256, as the command line lists them."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Run

WHO = "query Who { viewer { role } }\n"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return a directory with one document."""
    (tmp_path / "who.graphql").write_text(WHO)
    return tmp_path


def test_documents_are_listed_with_what_clients_send_for_them(run: Run, directory: Path) -> None:
    identifier = f"sha256:{sha256(WHO.encode()).hexdigest()}"
    told, shown = run("documents", directory, "--json"), run("documents", directory)
    [one] = told.answer["documents"]

    assert one == {
        "document_id": identifier,
        "file": "who.graphql",
        "operations": ["query Who"],
        "cost": 2,
        "fault": None,
    }
    assert (told.code, shown.code) == (0, 0)
    assert identifier in shown.out


def test_one_that_would_be_refused_is_named(run: Run, directory: Path) -> None:
    (directory / "wrong.graphql").write_text("{ nothing }")
    (directory / "broken.graphql").write_text("{ viewer {")
    outcome = run("documents", directory)

    assert outcome.code == 1
    assert "wrong.graphql would be refused: Cannot query field 'nothing'" in outcome.err
    assert "broken.graphql would be refused: Syntax Error" in outcome.err


def test_the_directory_of_the_settings_is_meant_where_none_is_named(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = run("documents")
    monkeypatch.setenv("OPPS_PERSISTED_DOCUMENTS", str(directory))

    assert nowhere.code == 2
    assert "OPPS_PERSISTED_DOCUMENTS" in nowhere.err
    assert run("documents").code == 0


def test_a_directory_without_documents_cannot_be_listed(run: Run, tmp_path: Path) -> None:
    outcome = run("documents", tmp_path)

    assert outcome.code == 2
    assert "There is no document" in outcome.err
