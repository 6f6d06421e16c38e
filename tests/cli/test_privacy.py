"""Erasures, legal holds and retention from the command line; and what a restore brings back."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.api.ids import NodeType, to_global
from opps.app import Opps
from opps.config import settings
from opps.domain.events import PersonRegistered
from tests.cli.conftest import Run
from tests.cli.stock import NAME, stock

DPO, SECOND = uuid4(), uuid4()


@pytest.fixture
def nora(run: Run, slug: str) -> UUID:
    """Return the person of a stocked tenant."""
    stock(slug)
    with Opps(settings()) as opps:
        tags = (PersonRegistered.__name__,)
        [registered] = opps.log.read(opps.tenant(slug), 0, 100, tags=tags)
        return registered.stream


def erase(run: Run, slug: str, person: UUID) -> str:
    """Request and approve an erasure, and return its id."""
    asked = run("privacy", "request", person, "--basis", "objection", "--as", DPO, "--tenant", slug,
                "--json")  # fmt: skip
    erasure: str = asked.answer["erasure_id"]
    approved = run("privacy", "approve", erasure, "--as", SECOND, "--tenant", slug, "--json")
    assert approved.answer["status"] == "CARRIED_OUT"
    return erasure


def test_two_people_erase_a_person_and_get_a_certificate(run: Run, slug: str, nora: UUID) -> None:
    seen = run("privacy", "preview", nora, "--tenant", slug, "--json").answer
    asked = run("privacy", "request", nora, "--basis", "OBJECTION", "--as", DPO, "--tenant", slug,
                "--json").answer  # fmt: skip
    alone = run("privacy", "approve", asked["erasure_id"], "--as", DPO, "--tenant", slug)
    done = run("privacy", "approve", asked["erasure_id"], "--as", SECOND, "--tenant", slug)
    listed = run("privacy", "list", "--tenant", slug, "--json").answer["erasures"]
    assert run("ledger", "seal", "--tenant", slug).code == 0
    proven = run("privacy", "certificate", asked["erasure_id"], "--tenant", slug, "--json").answer

    assert sum(one["values"] for one in seen["places"] if one["erased"]) > 0
    assert (alone.code, "second person" in alone.err) == (2, True)
    assert (done.code, "CARRIED_OUT" in done.out) == (0, True)
    assert [one["status"] for one in listed] == ["CARRIED_OUT"]
    assert proven["proof"]["text"].startswith("c2sp.org/tlog-proof@v1")
    assert run("privacy", "finish", "--tenant", slug, "--json").answer == {"carried_out": []}


def test_people_are_named_by_the_ids_that_the_api_answers(run: Run, slug: str, nora: UUID) -> None:
    opaque = to_global(NodeType.PERSON, nora)
    deal = to_global(NodeType.OPPORTUNITY, uuid4())

    seen = run("privacy", "preview", opaque, "--tenant", slug, "--json").answer
    told = run("privacy", "export", opaque, "--tenant", slug, "--json").answer
    held = run("privacy", "holds", "place", "--person", opaque, "--opportunity", deal, "--reason",
               "File 12", "--tenant", slug, "--json").answer  # fmt: skip
    other = run("privacy", "preview", deal, "--tenant", slug)

    assert seen["person_id"] == told["person_id"] == str(nora)
    assert held["persons"] == [str(nora)]
    assert (other.code, "give one of person" in other.err) == (2, True)


def test_ids_are_shown_whole_on_a_narrow_screen(
    run: Run, slug: str, nora: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    erasure = erase(run, slug, nora)

    shown = run("privacy", "list", "--tenant", slug).out

    assert erasure in shown
    assert str(nora) in shown


def test_a_legal_hold_is_placed_listed_and_lifted(run: Run, slug: str, nora: UUID) -> None:
    placed = run("privacy", "holds", "place", "--person", nora, "--reason", "File 12", "--tenant",
                 slug, "--json").answer  # fmt: skip
    held = run("privacy", "request", nora, "--basis", "OBJECTION", "--tenant", slug)
    lifted = run("privacy", "holds", "lift", placed["hold_id"], "--reason", "Settled", "--tenant",
                 slug)  # fmt: skip
    [listed] = run("privacy", "holds", "list", "--tenant", slug, "--json").answer["holds"]

    assert (held.code, "legal hold" in held.err) == (2, True)
    assert lifted.code == 0
    assert listed["lifted_because"] == "Settled"


def test_retention_rules_are_set_and_nobody_is_due_without_an_opportunity(
    run: Run, slug: str, nora: UUID
) -> None:
    wrong = run("privacy", "retention", "set", "--rule", "LOST=never", "--tenant", slug)
    rules = run("privacy", "retention", "set", "--rule", "LOST=365:IDENTITY", "--rule", "WON=9",
                "--tenant", slug, "--json").answer["rules"]  # fmt: skip
    due = run("privacy", "retention", "due", "--request", "--tenant", slug, "--json").answer

    assert (wrong.code, "LOST=365" in wrong.err) == (2, True)
    assert [(one["outcome"], one["keep_days"], one["level"]) for one in rules] == [
        ("LOST", 365, "IDENTITY"), ("WON", 9, "FULL")
    ]  # fmt: skip
    assert due == {"due": [], "requested": []}


def test_a_copy_from_before_an_erasure_is_erased_again_before_anybody_reads_it(
    run: Run, slug: str, nora: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    installation: Path,
) -> None:  # fmt: skip
    root, older, keys = tmp_path / "root.key", tmp_path / "older.backup", tmp_path / "older.keys"
    assert run("keys", "copy-root", root).code == 0
    assert run("backup", older, "--keys", keys, "--tenant", slug).code == 0
    erasure = erase(run, slug, nora)
    register = (installation / "keys" / "erasures.jsonl").read_bytes()
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere" / "keys").mkdir(parents=True, mode=0o700)
    (tmp_path / "elsewhere" / "keys" / "erasures.jsonl").write_bytes(register)

    restored = run("restore", older, "--keys", keys, "--root-key", root, "--json").answer
    export = tmp_path / "restored.jsonl"
    assert run("export", "jsonl", export, "--tenant", slug, "--with-personal-data").code == 0

    assert restored["erased"] == 1
    assert NAME not in export.read_text()
    assert erasure in export.read_text()
    lines = [json.loads(one) for one in export.read_text().splitlines()]
    assert [one["tag"] for one in lines if "tag" in one][-2:] == [
        "PersonErased", "ErasureCarriedOut"
    ]  # fmt: skip


def test_who_was_erased_travels_with_the_keys(
    run: Run, slug: str, nora: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    installation: Path,
) -> None:  # fmt: skip
    root, older, keys = tmp_path / "root.key", tmp_path / "older.backup", tmp_path / "newer.keys"
    assert run("keys", "copy-root", root).code == 0
    assert run("backup", older, "--tenant", slug).code == 0
    erasure = erase(run, slug, nora)
    assert run("keys", "backup", keys, "--tenant", slug).code == 0
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(tmp_path / "elsewhere"))

    restored = run("restore", older, "--keys", keys, "--root-key", root, "--json").answer

    assert restored["erased"] == 1
    assert erasure in (tmp_path / "elsewhere" / "keys" / "erasures.jsonl").read_text()


def test_older_keys_do_not_bring_back_whom_the_register_tells(
    run: Run, slug: str, nora: UUID, tmp_path: Path, installation: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    root, keys = tmp_path / "root.key", tmp_path / "older.keys"
    assert run("keys", "copy-root", root).code == 0
    assert run("keys", "backup", keys, "--tenant", slug).code == 0
    erase(run, slug, nora)
    elsewhere = tmp_path / "keys"
    monkeypatch.setenv("OPPS_KEYS_DIRECTORY", str(elsewhere))

    assert run("keys", "restore", keys, "--root-key", root, "--tenant", slug).code == 0
    export = tmp_path / "restored.jsonl"
    assert run("export", "jsonl", export, "--tenant", slug, "--with-personal-data").code == 0
    assert NAME not in export.read_text()
    assert str(nora) in (elsewhere / "erasures.jsonl").read_text()


def test_the_doctor_holds_the_log_against_the_register_and_the_keys(
    run: Run, slug: str, nora: UUID, installation: Path
) -> None:
    def found() -> tuple[str, str | None]:
        [one] = [
            one for one in run("doctor", "--json").answer if one["subject"] == f"erasures of {slug}"
        ]
        return one["verdict"], one["advice"]

    erase(run, slug, nora)
    register = installation / "keys" / "erasures.jsonl"
    kept = register.read_text().splitlines(keepends=True)
    whole = found()
    register.write_text("".join(one for one in kept if str(nora) not in one))
    torn = found()
    assert run("privacy", "finish", "--tenant", slug).code == 0

    assert whole == ("good", None)
    assert (torn[0], f"opps privacy finish --tenant {slug}" in str(torn[1])) == ("mend", True)
    assert found() == ("good", None)


def test_a_copy_from_after_an_erasure_brings_no_key_back(
    run: Run, slug: str, nora: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, newer, keys = tmp_path / "root.key", tmp_path / "newer.backup", tmp_path / "older.keys"
    assert run("keys", "copy-root", root).code == 0
    assert run("backup", tmp_path / "x", "--keys", keys, "--tenant", slug).code == 0
    erase(run, slug, nora)
    assert run("backup", newer, "--tenant", slug).code == 0
    monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(tmp_path / "elsewhere"))

    restored = run("restore", newer, "--keys", keys, "--root-key", root, "--json")
    export = tmp_path / "restored.jsonl"
    assert run("export", "jsonl", export, "--tenant", slug, "--with-personal-data").code == 0

    assert restored.code == 0
    assert NAME not in export.read_text()
