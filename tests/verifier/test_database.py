"""The rows of a database are checked as a backup of them would be, by a role that only reads."""

import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from benchmarks.signer import Signer
from opps.eventstore import Log, register_tenant
from opps.integrations.backup import back_up
from tests.eventstore.support import append, settings
from tests.integrations.support import fill
from tests.verifier.logs import Found, check, found, naive_root
from verifier.opps_verify import (
    CANNOT_CHECK,
    SOUND,
    TAMPERED,
    Report,
    Trust,
    check_database,
    read_key,
    reported,
)

TENANT = UUID("0190a8c4-7e2b-7c3d-9f10-2b3c4d5e6f70")
SIGNER = Signer(f"opps/{TENANT}/1", b"1" * 32)


@pytest.fixture
def filled(database: str) -> str:
    """Return a database with eight events of five commands."""
    register_tenant(database, TENANT, "acme")
    with Log(settings(database)) as log:
        fill(log, TENANT)
    return database


@pytest.fixture
def unguarded(filled: str) -> str:
    """Return it after somebody with all rights took its guards away."""
    forge(
        filled,
        "ALTER TABLE opps.events DISABLE TRIGGER ALL, DROP CONSTRAINT events_sound",
        "ALTER TABLE opps.commands DISABLE TRIGGER ALL",
        "ALTER TABLE opps.tenant_head DISABLE TRIGGER ALL",
    )
    return filled


@pytest.fixture
def auditor(filled: str) -> Iterator[str]:
    """Yield the database as somebody reaches it who may only read."""
    name = f"auditor_{uuid4().hex}"
    forge(filled, f"CREATE ROLE {name} LOGIN PASSWORD 'x'", f"GRANT opps_reader TO {name}")
    yield make_conninfo(filled, user=name, password="x")
    forge(filled, f"DROP ROLE {name}")


def forge(database: str, *statements: str) -> None:
    """Carry out what the application itself never does."""
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def verify(database: str, tenant: str = "acme", notes: dict[str, str] | None = None) -> Report:
    """Return what the verifier says of the rows of a tenant."""
    trust = Trust([read_key(SIGNER.vkey)])
    return reported(
        "db", lambda report: check_database(report, database, tenant, trust, notes or {})
    )


def leaves(database: str) -> list[bytes]:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT leaf FROM opps.events ORDER BY position").fetchall()
    return [row[0] for row in rows]


def test_an_honest_database_is_sound_and_gives_the_root_of_its_backup(
    filled: str, tmp_path: Path
) -> None:
    report = verify(filled)
    path = tmp_path / "acme.backup"
    back_up(filled, TENANT, path, written_by="test")

    assert (report.exit_code, found(report)) == (SOUND, [])
    assert (report.facts["events"], report.facts["commands"]) == (8, 5)
    assert check(path.read_bytes()).facts["root"] == report.facts["root"]


def test_whoever_may_only_read_can_check(auditor: str) -> None:
    assert verify(auditor).exit_code == SOUND
    assert verify(auditor, str(TENANT)).facts["events"] == 8


def test_a_tenant_without_events_is_sound(filled: str) -> None:
    register_tenant(filled, uuid4(), "new")

    assert (verify(filled, "new").exit_code, verify(filled, "new").facts["events"]) == (SOUND, 0)


def test_another_tenant_is_none_of_this_one(filled: str) -> None:
    other = register_tenant(filled, uuid4(), "other")
    with Log(settings(filled)) as log:
        log.append_now(append(other, events=2))

    assert verify(filled).facts["events"] == 8
    assert verify(filled, "other").facts["events"] == 2


def test_rows_are_compared_with_a_checkpoint(filled: str) -> None:
    note = SIGNER.checkpoint(5, naive_root(leaves(filled)[:5]))
    other = SIGNER.checkpoint(5, bytes(32))

    assert verify(filled, notes={"kept": note}).exit_code == SOUND
    assert found(verify(filled, notes={"kept": other})) == [(None, "root", "ROOT_DIFFERS")]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE opps.events SET payload = 'other' WHERE position = 3",
            [(3, "payload", "BYTES_DIFFER")],
        ),
        (
            "UPDATE opps.events SET tag = 'other' WHERE position = 3",
            [(3, "tag", "COLUMN_DIFFERS")],
        ),
        (
            "UPDATE opps.events SET recorded_at = recorded_at + interval '1 microsecond'"
            " WHERE position = 4",
            [(4, "recorded_at", "COLUMN_DIFFERS"), (4, "recorded_at", "COMMAND_DIFFERS")],
        ),
        (
            "DELETE FROM opps.events WHERE position = 2",
            [
                (3, "position", "POSITION_GAP"),
                (3, "version", "VERSION_GAP"),
                (3, "previous_leaf", "CHAIN_BROKEN"),
            ],
        ),
        (
            "DELETE FROM opps.events WHERE position = 8",
            [
                (8, "count", "COUNT_DIFFERS"),
                (None, "size", "COUNT_DIFFERS"),
            ],
        ),
        (
            "DELETE FROM opps.commands WHERE first_position = 7",
            [(7, "command_id", "COMMAND_DIFFERS"), (8, "command_id", "COMMAND_DIFFERS")],
        ),
        ("UPDATE opps.tenant_head SET size = 9", [(None, "size", "COUNT_DIFFERS")]),
        (
            "UPDATE opps.tenant_head SET recorded_at = recorded_at + interval '1 microsecond'",
            [(None, "recorded_at", "COLUMN_DIFFERS")],
        ),
    ],
)
def test_whatever_somebody_with_all_rights_alters_is_found(
    statement: str, expected: Found, unguarded: str
) -> None:
    forge(unguarded, statement)
    report = verify(unguarded)

    assert report.exit_code == TAMPERED
    assert set(expected) <= set(found(report))


def test_the_size_that_the_head_says_is_told(unguarded: str) -> None:
    forge(unguarded, "UPDATE opps.tenant_head SET size = 9")

    assert verify(unguarded).findings[-1].message == "the head says 9 events; there are 8"


def test_the_rows_are_read_where_nothing_can_be_written(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[psycopg.Connection] = []

    def connect(*arguments: str, **options: str) -> psycopg.Connection:
        made.append(opened(*arguments, application_name=options["application_name"]))
        return made[-1]

    opened = psycopg.connect
    monkeypatch.setattr(psycopg, "connect", connect)

    assert verify(filled).exit_code == SOUND
    assert [one.read_only for one in made] == [True]


def test_an_unknown_tenant_cannot_be_checked(filled: str) -> None:
    report = verify(filled, "nobody")

    assert (report.exit_code, found(report)) == (CANNOT_CHECK, [])
    assert report.unchecked == ["there is no tenant 'nobody' in this database"]


def test_a_role_without_rights_cannot_check(filled: str) -> None:
    name = f"nobody_{uuid4().hex}"
    forge(filled, f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    report = verify(make_conninfo(filled, user=name, password="x"))
    forge(filled, f"DROP ROLE {name}")

    assert report.exit_code == CANNOT_CHECK
    assert "permission denied" in report.unchecked[0]


def test_without_a_database_nothing_can_be_checked() -> None:
    report = verify("postgresql://127.0.0.1:1/none?connect_timeout=2")

    assert report.exit_code == CANNOT_CHECK
    assert report.unchecked[0].startswith("the database does not answer: ")


def test_without_its_driver_the_verifier_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    assert verify("postgresql://").unchecked == [
        "psycopg is not installed: pip install 'opps-verify[db]'"
    ]
