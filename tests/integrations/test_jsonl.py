"""A log that was exported and imported again shows the same, with times and places of its own."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from opps.domain.clock import clock_stream
from opps.eventstore import Log, LogSettings, register_tenant
from opps.integrations.backup import restore_backup
from opps.integrations.backup_file import BackupReader
from opps.integrations.jsonl import Exported, JsonlRefused, export_jsonl, import_jsonl
from opps.projections.projector import catch_up
from opps.recording import codec
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import RESERVED, MemoryKeyring
from opps.sample import write_backup
from tests.eventstore.support import append, settings

TODAY = date(2026, 3, 2)
VIEWS = {
    "accounts": "account_id",
    "persons": "person_id",
    "board": "opportunity_id",
    "timeline": "opportunity_id, position",
    "score_trend": "opportunity_id, position, ordinal",
    "score_current": "opportunity_id",
    "opinions": "opportunity_id, position",
    "account_timeline": "account_id, position",
    "wrong_beliefs": "opportunity_id, position, fact_id",
}
# When it was recorded is what a new log cannot keep; the source's time takes its place.
OF_THE_RECORDING = {"tenant", "recorded_at", "changed_at", "source_recorded_at", "lag_s"}


@pytest.fixture(scope="module")
def keyring() -> MemoryKeyring:
    """Return the keys of the sample's persons."""
    return MemoryKeyring()


@pytest.fixture
def sample(database: str, keyring: MemoryKeyring, tmp_path: Path) -> UUID:
    """Return the tenant of a restored sample."""
    backup = tmp_path / "sample.backup"
    tenant = uuid4()
    write_backup(backup, tenant, TODAY, keyring)
    restore_backup(database, BackupReader(backup))
    return tenant


def exported(
    database: str, tenant: UUID, path: Path, keyring: MemoryKeyring | None = None
) -> Exported:
    return export_jsonl(database, tenant, path, keyring=keyring)


def views(database: str, tenant: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every read model, brought up to the log, without times of recording."""
    shown = {}
    log_settings = msgspec.structs.replace(settings(database), statement_timeout_s=60.0)
    with Log(log_settings) as log:
        catch_up(log, log_settings)
    with psycopg.connect(database, row_factory=dict_row) as connection:
        for view, order in VIEWS.items():
            query = f"SELECT * FROM opps_views.{view} WHERE tenant = %s ORDER BY {order}"
            rows = connection.execute(query, [tenant]).fetchall()
            shown[view] = [
                {name: value for name, value in row.items() if name not in OF_THE_RECORDING}
                for row in rows
            ]
    return shown


def assert_shows_the_same(
    shown: dict[str, list[dict[str, Any]]], due: dict[str, list[dict[str, Any]]]
) -> None:
    for view in VIEWS:
        assert len(shown[view]) == len(due[view]) > 0, view
        for row, due_row in zip(shown[view], due[view], strict=True):
            assert row == due_row, view


@pytest.mark.parametrize("personal_data", ["clear", "sealed"])
def test_an_imported_log_gives_the_same_read_models(
    database: str,
    elsewhere: str,
    sample: UUID,
    keyring: MemoryKeyring,
    tmp_path: Path,
    personal_data: str,
) -> None:
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file, keyring if personal_data == "clear" else None)
    target = register_tenant(elsewhere, sample, "copy")
    keys = MemoryKeyring() if personal_data == "clear" else keyring
    with Log(settings(elsewhere)) as log:
        done = import_jsonl(log, target, file, keys)

    assert done.events == len(file.read_text().splitlines()) - 1
    assert done.repeated == 0
    assert_shows_the_same(views(elsewhere, target), views(database, sample))


def test_a_log_can_be_imported_as_another_tenants(
    database: str, elsewhere: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file)
    target = register_tenant(elsewhere, uuid4(), "another")
    with Log(settings(elsewhere)) as log:
        import_jsonl(log, target, file, keyring)

        ticks = log.stream(target, clock_stream(target))

    assert len(ticks) > 100
    assert_shows_the_same(views(elsewhere, target), views(database, sample))


def test_the_time_of_the_source_is_kept_and_the_recorded_time_is_new(
    database: str, elsewhere: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file)
    target = register_tenant(elsewhere, sample, "copy")
    with Log(settings(database)) as log:
        before = [codec.decode(event) for event in log.read(sample, 0, 20)]
    with Log(settings(elsewhere)) as log:
        import_jsonl(log, target, file, keyring)
        after = [codec.decode(event) for event in log.read(target, 0, 20)]

    for old, new in zip(before, after, strict=True):
        assert new.metadata.source_recorded_at == old.recorded_at < new.recorded_at
        assert (new.event, new.event_id, new.command_id) == (
            old.event,
            old.event_id,
            old.command_id,
        )


def test_a_second_import_changes_nothing(
    database: str, elsewhere: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file)
    target = register_tenant(elsewhere, sample, "copy")
    with Log(settings(elsewhere)) as log:
        first = import_jsonl(log, target, file, keyring)
        second = import_jsonl(log, target, file, keyring)
        head = log.head(target)

    assert head is not None
    assert (second.repeated, head.size) == (first.commands, first.events)


def test_a_tenant_with_another_log_is_left_alone(
    database: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file)
    other = register_tenant(database, uuid4(), "other")
    with Log(settings(database)) as log:
        log.append_now(append(other))

        with pytest.raises(JsonlRefused, match="another log"):
            import_jsonl(log, other, file, keyring)


def test_names_are_in_the_file_only_when_asked_for(
    database: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    opened, closed = tmp_path / "open.jsonl", tmp_path / "closed.jsonl"
    exported(database, sample, opened, keyring)
    exported(database, sample, closed)

    names = [
        event["event"]["name"]["text"]
        for event in map(json.loads, opened.read_text().splitlines()[1:])
        if event["tag"] == "PersonRegistered"
    ]
    assert names
    assert not any(name in closed.read_text() for name in names)


def test_the_keys_of_another_log_do_not_open_this_one(
    database: str, sample: UUID, tmp_path: Path
) -> None:
    with pytest.raises(JsonlRefused, match="keys are not those"):
        exported(database, sample, tmp_path / "sample.jsonl", MemoryKeyring())


def test_personal_data_that_nobody_here_could_read_is_not_taken_in(
    database: str, elsewhere: str, sample: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file)
    target = register_tenant(elsewhere, sample, "copy")
    with Log(settings(elsewhere)) as log:
        with pytest.raises(JsonlRefused, match="--keys FILE"):
            import_jsonl(log, target, file, MemoryKeyring())

        assert log.read(target, 0, 1) == []


def test_nobody_who_was_erased_comes_back(
    database: str, elsewhere: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file, keyring)
    erased = FileKeyring(tmp_path / "erased.jsonl")
    for subject in keyring.keys.keys() - RESERVED:
        erased.destroy(subject)
    target = register_tenant(elsewhere, sample, "copy")
    with Log(settings(elsewhere)) as log, pytest.raises(JsonlRefused, match="destroyed here"):
        import_jsonl(log, target, file, erased)


def _without_last_line(lines: list[str]) -> list[str]:
    return lines[:-1]


MALFORMED: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "an empty file": (lambda lines: [], "not a whole export"),
    "the last line missing": (_without_last_line, "not a whole export"),
    "a line missing in the middle": (lambda lines: [*lines[:5], *lines[6:]], "line 6"),
    "a line twice": (lambda lines: [*lines[:5], lines[4], *lines[5:]], "line 6"),
    "a line that is no JSON": (lambda lines: [*lines[:5], "{", *lines[6:]], "line 6"),
    "another kind of file": (lambda lines: ["Dear customer,"], "line 1"),
    "an event without its fields": (
        lambda lines: [line.replace('"title"', '"heading"') for line in lines],
        "title",
    ),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_file_is_refused_before_anything_is_stored(
    database: str, elsewhere: str, sample: UUID, keyring: MemoryKeyring, tmp_path: Path, kind: str
) -> None:
    change, told = MALFORMED[kind]
    file = tmp_path / "sample.jsonl"
    exported(database, sample, file)
    file.write_text("".join(line + "\n" for line in change(file.read_text().splitlines())))
    target = register_tenant(elsewhere, sample, "copy")
    with Log(settings(elsewhere)) as log:
        with pytest.raises(JsonlRefused, match=told):
            import_jsonl(log, target, file, keyring)

        assert log.head(target) is not None
        assert log.read(target, 0, 1) == []


def test_an_event_that_this_version_does_not_know_is_carried_along(
    database: str, elsewhere: str, keyring: MemoryKeyring, tmp_path: Path
) -> None:
    tenant = register_tenant(database, uuid4(), "future")
    with Log(settings(database)) as log:
        log.append_now(_of_the_future(tenant))
        due = log.read(tenant, 0, 1)[0]
    file = tmp_path / "future.jsonl"
    exported(database, tenant, file)
    register_tenant(elsewhere, tenant, "future")
    with Log(LogSettings(url=elsewhere, durable=False)) as log:
        import_jsonl(log, tenant, file, keyring)
        stored = log.read(tenant, 0, 1)[0]

    assert (stored.tag, stored.schema, stored.payload) == (due.tag, due.schema, due.payload)


@pytest.mark.parametrize("space", ["", " "])
def test_what_a_newer_version_told_in_clear_is_never_stored_so(
    database: str, elsewhere: str, keyring: MemoryKeyring, tmp_path: Path, space: str
) -> None:
    tenant = register_tenant(database, uuid4(), "future")
    with Log(settings(database)) as log:
        log.append_now(_of_the_future(tenant))
    file = tmp_path / "future.jsonl"
    exported(database, tenant, file)
    head, line = map(json.loads, file.read_text().splitlines())
    del line["event_base64"]
    clear = {"type": "clear", "subject": str(uuid4()), "text": "Anna Muster"}
    line["event"] = {"thoughts": [{"of": clear}]}
    lines = [json.dumps(one, separators=(",", f":{space}")) + "\n" for one in (head, line)]
    file.write_text("".join(lines))
    register_tenant(elsewhere, tenant, "future")
    with Log(settings(elsewhere)) as log:
        with pytest.raises(JsonlRefused, match=r"line 2: .* personal data in clear"):
            import_jsonl(log, tenant, file, keyring)

        assert log.read(tenant, 0, 1) == []


def _of_the_future(tenant: UUID) -> Any:
    made = append(tenant, tag="MindRead")
    actor = {"principal": str(uuid4()), "role": "ADMIN", "via": "TELEPATHY"}
    events = tuple(
        msgspec.structs.replace(
            event, payload=b"\x00\xff not JSON", metadata=msgspec.json.encode({"actor": actor})
        )
        for event in made.events
    )
    return msgspec.structs.replace(made, events=events)
