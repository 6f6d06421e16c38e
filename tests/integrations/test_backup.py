"""A restored log is the log that was backed up, or nothing is restored at all."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from opps.domain.events import LogRestored
from opps.eventstore import Log, UnknownTenant, register_tenant, transfer
from opps.eventstore.transfer import SlugTaken, Step, TenantNotEmpty, restore_stream
from opps.integrations.backup import Restored, back_up, restore_backup
from opps.integrations.backup_file import (
    BackupAltered,
    BackupReader,
    BackupWriter,
    NewerBackup,
    NotABackup,
)
from opps.recording import codec
from tests.eventstore.support import append, rows, settings
from tests.integrations.support import contents, fill

Change = Callable[[list[Step]], list[Step]]


@pytest.fixture
def backup(database: str, log: Log, tenant: UUID, tmp_path: Path) -> Path:
    """Return the file of a small log's backup."""
    fill(log, tenant)
    path = tmp_path / "acme.backup"
    back_up(database, tenant, path, written_by="test")
    return path


def restored(database: str, path: Path, *, slug: str | None = None) -> Restored:
    """Restore a file as the command does."""
    return restore_backup(database, BackupReader(path), slug=slug)


def test_a_restored_log_is_the_same_to_the_byte(
    database: str, elsewhere: str, tenant: UUID, backup: Path
) -> None:
    done = restored(elsewhere, backup)

    assert (done.tenant, done.slug, done.size) == (tenant, "acme", 8)
    assert contents(elsewhere, tenant, 8) == contents(database, tenant, 8)


def test_the_restore_is_itself_an_event(elsewhere: str, tenant: UUID, backup: Path) -> None:
    done = restored(elsewhere, backup)

    with Log(settings(elsewhere)) as log:
        (last,) = log.read(tenant, 8, 10)
    assert (last.position, last.stream) == (done.position, restore_stream(tenant))
    assert codec.decode(last).event == LogRestored(source_hash=done.sha256, head=8)


def test_a_restored_log_goes_on_as_if_it_had_never_moved(
    database: str, elsewhere: str, log: Log, tenant: UUID, backup: Path
) -> None:
    restored(elsewhere, backup)
    first = log.read(tenant, 0, 1)[0]

    with Log(settings(elsewhere)) as moved:
        again = moved.append_now(append(tenant, events=3, command_id=first.command_id))
        further = moved.append_now(append(tenant, first.stream, expected=5))

    assert (again.replayed, again.result, again.first_position) == (True, b"answer", 1)
    assert further.first_position == 10


def test_a_restored_log_can_be_backed_up_and_restored_again(
    database: str, elsewhere: str, tenant: UUID, backup: Path, tmp_path: Path
) -> None:
    restored(elsewhere, backup)
    again = tmp_path / "again.backup"
    back_up(elsewhere, tenant, again, written_by="test")

    assert len([step for step in BackupReader(again).steps() if step.events]) == 5


def test_the_same_log_gives_the_same_file(
    database: str, tenant: UUID, backup: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.backup"
    back_up(database, tenant, other, written_by="test")

    assert other.read_bytes() == backup.read_bytes()


def test_only_its_owner_can_read_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_is_of_one_instant_whatever_is_appended_meanwhile(
    database: str, log: Log, tenant: UUID
) -> None:
    fill(log, tenant)
    with transfer.snapshot(database, tenant) as shot:
        log.append_now(append(tenant, events=5))
        steps = list(shot.steps())

    assert shot.head.size == sum(len(step.events) for step in steps) == 8


def test_an_empty_log_can_be_moved_too(
    database: str, elsewhere: str, tenant: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "empty.backup"
    back_up(database, tenant, path, written_by="test")

    assert restored(elsewhere, path).position == 1


def test_an_unknown_tenant_has_no_backup_and_leaves_no_file(database: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownTenant):
        back_up(database, uuid4(), tmp_path / "none.backup", written_by="test")

    assert list(tmp_path.iterdir()) == []


def test_a_tenant_with_a_log_is_not_restored_into(
    database: str, tenant: UUID, backup: Path
) -> None:
    with pytest.raises(TenantNotEmpty):
        restored(database, backup)

    assert len(contents(database, tenant, 100)[0]) == 8


def test_a_tenant_that_only_remembers_a_command_is_not_empty(
    elsewhere: str, tenant: UUID, backup: Path
) -> None:
    register_tenant(elsewhere, tenant, "acme")
    with Log(settings(elsewhere)) as log:
        log.append_now(append(tenant, events=0))

    with pytest.raises(TenantNotEmpty):
        restored(elsewhere, backup)


def test_a_registered_tenant_without_a_log_is_restored_into(
    elsewhere: str, tenant: UUID, backup: Path
) -> None:
    register_tenant(elsewhere, tenant, "acme")

    assert restored(elsewhere, backup).size == 8


def test_another_tenants_slug_is_not_taken(elsewhere: str, backup: Path) -> None:
    other = register_tenant(elsewhere, uuid4(), "acme")

    with pytest.raises(SlugTaken, match=str(other)):
        restored(elsewhere, backup)
    assert restored(elsewhere, backup, slug="acme-2").slug == "acme-2"


@pytest.mark.parametrize("place", [0.0, 0.02, 0.05, 0.3, 0.6, 0.9, 0.97, 0.999])
def test_a_file_with_one_other_byte_is_refused(elsewhere: str, backup: Path, place: float) -> None:
    altered = bytearray(backup.read_bytes())
    altered[int(place * len(altered))] ^= 1
    backup.write_bytes(altered)

    with pytest.raises((BackupAltered, NotABackup)):
        restored(elsewhere, backup)
    assert rows(elsewhere, "SELECT * FROM opps.tenants") == []


@pytest.mark.parametrize("kept", [14, 50, 200, -73, -72, -1])
def test_a_truncated_file_is_refused(elsewhere: str, backup: Path, kept: int) -> None:
    backup.write_bytes(backup.read_bytes()[:kept])

    with pytest.raises(BackupAltered):
        restored(elsewhere, backup)


def test_another_kind_of_file_is_refused(elsewhere: str, tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear customer,\n")

    with pytest.raises(NotABackup, match="not a backup"):
        restored(elsewhere, other)


def test_a_file_of_a_newer_opps_is_refused(elsewhere: str, backup: Path) -> None:
    backup.write_bytes(backup.read_bytes().replace(b"opps backup 1\n", b"opps backup 2\n"))

    with pytest.raises(NewerBackup, match="format 2"):
        restored(elsewhere, backup)


def _event(number: int, **changed: object) -> Change:
    """Return a change of the first command's event of a number."""

    def change(steps: list[Step]) -> list[Step]:
        events = list(steps[0].events)
        events[number] = msgspec.structs.replace(events[number], **changed)
        return [Step(steps[0].command, tuple(events)), *steps[1:]]

    return change


def _as_written(steps: list[Step]) -> list[Step]:
    return steps


FORGERIES: dict[str, Change] = {
    "another payload": _event(0, payload=b"other"),
    "another actor": _event(0, metadata=b"other"),
    "another tag": _event(1, tag="fact_retracted"),
    "another leaf": _event(1, leaf=bytes(32)),
    "another header": _event(1, header=bytes(203)),
    "another version": _event(1, version=5),
    "another stream": _event(1, stream=uuid4()),
    "another event id": _event(1, event_id=uuid4()),
    "a command left out": lambda steps: steps[1:],
    "the last command left out and a hole before it": lambda steps: [*steps[:1], *steps[2:]],
    "two commands exchanged": lambda steps: [steps[1], steps[0], *steps[2:]],
    "a command twice": lambda steps: [steps[0], steps[0], *steps[1:]],
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_file_with_a_fresh_hash_is_refused(
    elsewhere: str, backup: Path, forgery: str
) -> None:
    rewrite(backup, FORGERIES[forgery])

    with pytest.raises(BackupAltered):
        restored(elsewhere, backup)
    assert rows(elsewhere, "SELECT * FROM opps.tenants") == []


def test_a_rewritten_file_that_says_the_same_is_accepted(elsewhere: str, backup: Path) -> None:
    rewrite(backup, _as_written)

    assert restored(elsewhere, backup).size == 8


def rewrite(path: Path, change: Change) -> None:
    """Write the backup again with other steps, under a hash that is right."""
    reader = BackupReader(path)
    steps = change(list(reader.steps()))
    with BackupWriter(path, reader.log.tenant, reader.log.slug, written_by="forger") as writer:
        for step in steps:
            writer.add(step)


@pytest.mark.parametrize("role", ["opps_writer", "opps_projector", "opps_reader"])
def test_a_server_that_answers_requests_cannot_set_a_recorded_time(
    elsewhere: str, role: str
) -> None:
    parameters = rows(
        elsewhere,
        "SELECT string_agg(format('NULL::%s', type::regtype), ', ' ORDER BY number)"
        " FROM pg_proc, unnest(proargtypes) WITH ORDINALITY t(type, number)"
        " WHERE oid = 'opps.restore_log'::regproc",
    )[0][0]
    with psycopg.connect(elsewhere) as connection:
        connection.execute(f"SET ROLE {role}")

        with pytest.raises(InsufficientPrivilege):
            connection.execute(f"SELECT opps.restore_log({parameters})")


def test_the_database_refuses_events_that_do_not_continue_a_log(
    elsewhere: str, tenant: UUID, backup: Path
) -> None:
    steps = [step for step in BackupReader(backup).steps() if step.events]
    after = append(tenant)
    gap = [steps[0], *steps[2:]]
    swapped = [Step(steps[0].command, steps[0].events[::-1]), *steps[1:]]

    for wrong in (gap, swapped):
        with pytest.raises(psycopg.Error, match="do not continue"):
            transfer.restore(elsewhere, tenant, "acme", wrong, after)
    assert transfer.restore(elsewhere, tenant, "acme", steps, after).first_position == 9
