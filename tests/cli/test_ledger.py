"""Seal and prove from the command line."""

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from opps.embedded import EmbeddedPostgres
from opps.eventstore.migrations import migrate
from opps.ledger.checkpoint import read_checkpoint
from opps.ledger.note import open_note, read_verifier
from tests.cli.conftest import Run
from tests.cli.stock import open_deal, stock

EVENTS_GUARDS = ["refuse_statement", "refuse_row"]


@pytest.fixture
def sealed(run: Run, slug: str) -> str:
    """Return the short name of a tenant whose log of two events is sealed."""
    stock(slug)
    assert run("ledger", "seal", "--tenant", slug).code == 0
    return slug


def tenant_of(run: Run, slug: str) -> UUID:
    found = run("tenant", "list", "--json").answer
    return UUID(next(one["tenant"] for one in found if one["slug"] == slug))


def tamper(
    installation: Path, table: str, guards: Sequence[str], change: str, tenant: UUID
) -> None:
    """Change a table of the log, as somebody could who owns the database."""
    url = EmbeddedPostgres(installation / "postgres").conninfo()
    with psycopg.connect(url) as connection:
        for guard in guards:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        connection.execute(f"{change} WHERE tenant = %s", [tenant])
        for guard in guards:
            connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")


def test_what_is_sealed_is_told_and_sealed_again_it_is_the_same(run: Run, sealed: str) -> None:
    again = run("ledger", "seal", "--tenant", sealed, "--json").answer

    assert again == run("ledger", "checkpoint", "--tenant", sealed, "--json").answer
    assert again["size"] == 2
    assert again["origin"] == f"opps/{tenant_of(run, sealed)}/1"


def test_a_checkpoint_is_printed_as_the_note_that_auditors_keep(run: Run, sealed: str) -> None:
    note = run("ledger", "checkpoint", "--tenant", sealed).out
    key = run("ledger", "public-key", "--tenant", sealed).out

    assert read_checkpoint(note, [read_verifier(key)]).size == 2


def test_a_checkpoint_is_told_to_a_webhook_as_a_cloud_event(run: Run, sealed: str) -> None:
    told = run("ledger", "checkpoint", "--webhook-payload", "--tenant", sealed).answer
    again = run("ledger", "checkpoint", "--webhook-payload", "--tenant", sealed).answer
    answer = run("ledger", "checkpoint", "--tenant", sealed, "--json").answer

    assert (told["specversion"], told["type"]) == ("1.0", "opps.ledger.checkpoint.v1")
    assert told["id"] == again["id"] == sha256(answer["note"].encode()).hexdigest()
    assert (told["source"], told["time"]) == (answer["origin"], answer["signed_at"])
    assert told["data"] == {name: answer[name] for name in ("origin", "size", "root", "note")}


def test_a_proof_is_printed_as_a_file_of_its_own(run: Run, sealed: str) -> None:
    proof = run("ledger", "proof", 2, "--tenant", sealed).out
    answer = run("ledger", "proof", 2, "--tenant", sealed, "--json").answer

    assert proof.startswith("c2sp.org/tlog-proof@v1\nindex 1\n")
    assert proof.endswith("\n\n" + answer["checkpoint"])
    assert (answer["index"], answer["size"], len(answer["hashes"])) == (1, 2, 1)


def test_the_log_is_shown_to_have_only_grown(run: Run, sealed: str) -> None:
    stock(sealed)
    run("ledger", "seal", "--tenant", sealed)

    answer = run("ledger", "consistency", 2, 4, "--tenant", sealed, "--json").answer
    lines = run("ledger", "consistency", 2, "--tenant", sealed).out.splitlines()

    assert (answer["from"], answer["to"]) == (2, 4)
    assert lines == [
        f"from 2 {answer['from_root']}",
        f"to 4 {answer['to_root']}",
        *answer["hashes"],
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("proof", 3), "Position 3 is not sealed: there are proofs for 1 to 2"),
        (("proof", 0), "Position 0 is not sealed"),
        (("consistency", 2, 1), "From 2 to 1 nothing can be proven"),
        (("consistency", 1, 9), "From 1 to 9 nothing can be proven"),
        (("new-epoch",), "Nobody can take this back"),
    ],
)
def test_what_cannot_be_done_is_told(
    run: Run, sealed: str, arguments: tuple[object, ...], told: str
) -> None:
    outcome = run("ledger", *arguments, "--tenant", sealed)

    assert outcome.code == 2
    assert told in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [("checkpoint",), ("proof", 1), ("public-key",), ("rotate-key",), ("new-epoch", "--yes")],
)
def test_before_the_first_seal_there_is_nothing_to_show(
    run: Run, slug: str, arguments: tuple[object, ...]
) -> None:
    outcome = run("ledger", *arguments, "--tenant", slug)

    assert outcome.code == 2
    assert "Nothing is sealed yet" in outcome.err


def test_an_altered_event_is_named_and_not_sealed(
    run: Run, sealed: str, installation: Path
) -> None:
    tenant = tenant_of(run, sealed)
    tamper(
        installation,
        "opps.events",
        EVENTS_GUARDS,
        "UPDATE opps.events SET header = set_byte(header, 60, 7),"
        " leaf = sha256('\\x00'::bytea || set_byte(header, 60, 7))",
        tenant,
    )

    outcome = run("ledger", "seal", "--tenant", sealed)

    assert outcome.code == 2
    assert "The event at position 1 is not the one that was sealed" in outcome.err


def test_a_log_that_became_shorter_is_refused_until_somebody_begins_again(
    run: Run, sealed: str, installation: Path
) -> None:
    before = run("ledger", "checkpoint", "--tenant", sealed, "--json").answer
    old_key = run("ledger", "public-key", "--tenant", sealed).out
    tenant = tenant_of(run, sealed)
    tamper(
        installation,
        "opps.tenant_head",
        ["forward"],
        "UPDATE opps.tenant_head SET size = 1",
        tenant,
    )

    refused = run("ledger", "seal", "--tenant", sealed)
    begun = run("ledger", "new-epoch", "--yes", "--tenant", sealed, "--json").answer

    assert refused.code == 2
    assert "The log holds 1 events, but 2 were sealed" in refused.err
    assert begun["ended_at"] == 2
    assert (begun["checkpoint"]["size"], begun["checkpoint"]["origin"]) == (
        1,
        before["origin"].removesuffix("/1") + "/2",
    )
    [statement] = run("ledger", "public-key", "--tenant", sealed, "--json").answer["statements"]
    text, _ = open_note(statement, [read_verifier(old_key)])
    assert before["root"] in text


@pytest.fixture
def moved(
    run: Run,
    sealed: str,
    installation: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., None]]:
    """Yield a function that restores a backup of now in another installation, ledger and all."""
    backup, elsewhere = tmp_path / "acme.backup", tmp_path / "elsewhere"
    assert run("backup", backup, "--tenant", sealed).code == 0

    def move(*, with_ledger: bool = True) -> None:
        if with_ledger:
            copytree(installation / "ledger", elsewhere / "ledger")
        monkeypatch.setenv("OPPS_DATA_DIRECTORY", str(elsewhere))
        assert run("restore", backup, "--without-keys").code == 0

    with EmbeddedPostgres(elsewhere / "postgres") as server:
        migrate(server.conninfo())
        yield move


def test_a_log_that_moved_is_sealed_on_under_the_same_key(
    run: Run, sealed: str, moved: Callable[[], None]
) -> None:
    key = run("ledger", "public-key", "--tenant", sealed).out
    before = run("ledger", "checkpoint", "--tenant", sealed, "--json").answer
    moved()

    after = run("ledger", "seal", "--tenant", sealed, "--json").answer
    proof = run("ledger", "consistency", 2, "--tenant", sealed, "--json").answer

    assert run("ledger", "public-key", "--tenant", sealed).out == key
    assert (before["size"], after["size"]) == (2, 3)
    assert (proof["from_root"], proof["to_root"]) == (before["root"], after["root"])


def test_an_older_copy_of_a_log_is_not_sealed(
    run: Run, sealed: str, moved: Callable[[], None]
) -> None:
    stock(sealed)
    assert run("ledger", "seal", "--tenant", sealed, "--json").answer["size"] == 4
    moved()

    refused = run("ledger", "seal", "--tenant", sealed)
    stock(sealed)
    grown = run("ledger", "seal", "--tenant", sealed)

    assert "The log holds 3 events, but 4 were sealed" in refused.err
    assert "The event at position 3 is not the one that was sealed" in grown.err
    assert (refused.code, grown.code) == (2, 2)


def test_a_log_restored_without_its_ledger_waits_for_it_or_begins_under_a_new_name(
    run: Run, sealed: str, moved: Callable[..., None]
) -> None:
    before = run("ledger", "checkpoint", "--tenant", sealed, "--json").answer
    moved(with_ledger=False)

    refused = run("ledger", "seal", "--tenant", sealed)
    begun = run("ledger", "new-epoch", "--yes", "--tenant", sealed, "--json").answer

    assert refused.code == 2
    assert "The log was restored (position 3 says so)" in refused.err
    assert "Copy that directory from where the log was" in refused.err
    assert begun["ended_at"] is None
    assert begun["checkpoint"]["origin"] == before["origin"].removesuffix("/1") + "/3"
    assert run("ledger", "seal", "--tenant", sealed).code == 0


def test_a_damaged_state_of_the_sealer_is_told_with_its_file(
    run: Run, sealed: str, installation: Path
) -> None:
    state = installation / "ledger" / str(tenant_of(run, sealed)) / "epoch-1" / "state.json"
    kept = json.loads(state.read_text())
    altered = {**kept, "checkpoint": kept["checkpoint"].replace("\n2\n", "\n1\n")}
    state.write_text(json.dumps(altered))
    commands = (("seal",), ("checkpoint",), ("proof", 1))
    told = [run("ledger", *command, "--tenant", sealed) for command in commands]
    examined = run("doctor", "--json")
    state.write_text(json.dumps(kept))

    assert [one.code for one in told] == [2, 2, 2]
    assert all(f"{state} cannot be trusted" in one.err for one in told)
    assert examined.code == 1
    assert finding(examined.answer, sealed)["verdict"] == "mend"


def test_the_doctor_looks_at_the_ledger(run: Run, sealed: str, installation: Path) -> None:
    keys = installation / "ledger" / str(tenant_of(run, sealed)) / "keys.json"

    sound = run("doctor", "--json").answer
    keys.chmod(0o644)
    readable = run("doctor", "--json").answer
    keys.chmod(0o600)

    assert finding(sound, sealed)["finding"] == "sealed up to 2, 0 events to go"
    assert "chmod go=" in finding(readable, sealed)["advice"]


def finding(examined: Any, slug: str) -> Any:
    """Return what the doctor found of a tenant's ledger."""
    return next(one for one in examined if one["subject"] == f"ledger of {slug}")


def test_a_bundle_is_written_for_auditors(run: Run, slug: str, tmp_path: Path) -> None:
    opportunity, file = open_deal(slug), tmp_path / "deal.json"
    run("ledger", "seal", "--tenant", slug)

    written = run("ledger", "bundle", opportunity, file, "--tenant", slug, "--json").answer
    again = run("ledger", "bundle", opportunity, file, "--tenant", slug)
    replaced = run("ledger", "bundle", opportunity, file, "--tenant", slug, "--force").out
    unknown = run("ledger", "bundle", uuid4(), tmp_path / "none.json", "--tenant", slug)
    unreadable = run("ledger", "bundle", "deal", tmp_path / "none.json", "--tenant", slug)

    held = json.loads(file.read_bytes())
    assert held["format"] == "opps-audit-bundle-1"
    assert (written["events"], len(held["events"])) == (1, 1)
    assert (again.code, unknown.code, unreadable.code) == (2, 2, 2)
    assert "1 event up to position" in replaced
    assert "There is no opportunity" in unknown.err
    assert "is no id" in unreadable.err


def test_the_tree_is_published_for_everybody(run: Run, sealed: str, tmp_path: Path) -> None:
    told = run("ledger", "publish", tmp_path / "www", "--tenant", sealed)
    answer = run("ledger", "publish", tmp_path / "www", "--tenant", sealed, "--json").answer

    assert "holds the tree of 2 events" in told.out
    assert (tmp_path / "www" / "checkpoint").read_text() == answer["note"]
    assert (tmp_path / "www" / "tile" / "0" / "000.p" / "2").stat().st_size == 64


def test_a_new_key_is_told_beside_the_old_one(run: Run, sealed: str) -> None:
    old = run("ledger", "public-key", "--tenant", sealed).out

    rotated = run("ledger", "rotate-key", "--tenant", sealed, "--json").answer

    assert rotated["keys"][0] == old.strip()
    assert len(rotated["keys"]) == 2
    note = run("ledger", "checkpoint", "--tenant", sealed).out
    assert read_checkpoint(note, [read_verifier(rotated["keys"][1])]).size == 2
