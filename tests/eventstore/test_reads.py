"""Reads marked for audit: saved for good, seen by their tenant only, and forgotten by rule."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from opps.eventstore import register_tenant
from opps.eventstore.reads import (
    NewRead,
    ReadsWanted,
    SavedRead,
    end_read,
    find_reads,
    forget_reads,
    purge_reads,
    save_reads,
)
from tests.eventstore.support import execute, rows
from tests.support import eventually

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARIA, OTTO = UUID(int=101), UUID(int=102)
DOCUMENT_ID = bytes(range(32))
ANSWER = bytes(32)
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    """Yield a connection that may do what a server may."""
    with psycopg.connect(database, autocommit=True) as opened:
        opened.execute("SET ROLE opps_writer")
        yield opened


def read(tenant: UUID, at: datetime = AT, **changed: object) -> NewRead:
    of = NewRead(
        tenant=tenant,
        read_id=uuid4(),
        read_at=at,
        kind="QUERY",
        principal=uuid4(),
        role="MANAGER",
        operation="Dossier",
        position=7,
        document_id=DOCUMENT_ID,
        document=b"sealed document",
        sealed=b"sealed variables",
        answer=ANSWER,
        touched={MARIA: ["person.name.text", "person.email.text"]},
    )
    return replace(of, **changed)


def found(connection: psycopg.Connection, tenant: UUID, read_id: UUID) -> SavedRead | None:
    return next(iter(find_reads(connection, tenant, ReadsWanted(read_id=read_id))), None)


def test_a_read_is_found_as_it_was_saved(connection: psycopg.Connection, tenant: UUID) -> None:
    saved = read(tenant)
    save_reads(connection, [saved])

    again = found(connection, tenant, saved.read_id)

    assert again is not None
    assert (again.read_at, again.principal, again.role) == (AT, saved.principal, "MANAGER")
    assert (again.operation, again.position, again.ended_position) == ("Dossier", 7, None)
    assert (again.document, again.sealed) == (b"sealed document", b"sealed variables")
    assert again.answer == ANSWER
    assert again.subjects == [MARIA, MARIA]
    assert again.paths == ["person.email.text", "person.name.text"]
    assert not again.purged


def test_saving_twice_saves_once(connection: psycopg.Connection, tenant: UUID) -> None:
    saved = read(tenant)
    save_reads(connection, [saved, saved])
    save_reads(connection, [saved])

    assert len(find_reads(connection, tenant)) == 1


def test_a_document_is_stored_once_for_all_its_reads(
    connection: psycopg.Connection, database: str, tenant: UUID
) -> None:
    save_reads(connection, [read(tenant), read(tenant)])

    assert rows(database, "SELECT count(*) FROM opps.read_documents") == [(1,)]


def test_one_that_cannot_be_saved_takes_the_others_of_its_batch_with_it(
    connection: psycopg.Connection, tenant: UUID
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        save_reads(connection, [read(tenant), read(tenant, position=-1)])

    assert find_reads(connection, tenant) == []


def test_reads_are_found_the_latest_first_and_by_what_is_wanted(
    connection: psycopg.Connection, tenant: UUID
) -> None:
    hour = timedelta(hours=1)
    early = read(tenant, AT - hour)
    middle = read(tenant, AT, operation=None, touched={OTTO: ["owner.name.text"]})
    late = read(tenant, AT + hour, touched={})
    save_reads(connection, [middle, late, early])

    def ids(**wanted: Any) -> list[UUID]:
        return [one.read_id for one in find_reads(connection, tenant, ReadsWanted(**wanted))]

    assert ids() == [late.read_id, middle.read_id, early.read_id]
    assert ids(principal=middle.principal) == [middle.read_id]
    assert ids(subject=MARIA) == [early.read_id]
    assert ids(subject=uuid4()) == []
    assert ids(operation="Dossier") == [late.read_id, early.read_id]
    assert ids(since=AT) == [late.read_id, middle.read_id]
    assert ids(before=AT) == [early.read_id]


def test_reads_of_one_instant_are_paged_without_a_gap(
    connection: psycopg.Connection, tenant: UUID
) -> None:
    reads = [read(tenant) for _ in range(5)]
    saved = {one.read_id for one in reads}
    save_reads(connection, reads)
    behind: tuple[datetime, UUID] | None = None
    seen: list[UUID] = []
    while page := find_reads(connection, tenant, behind=behind, limit=2):
        seen += [one.read_id for one in page]
        behind = (page[-1].read_at, page[-1].read_id)

    assert len(seen) == len(saved)
    assert {*seen} == saved


def test_another_tenant_finds_none_of_them(
    connection: psycopg.Connection, database: str, tenant: UUID
) -> None:
    other = register_tenant(database, uuid4(), "other")
    saved = read(tenant)
    save_reads(connection, [saved])

    assert found(connection, other, saved.read_id) is None
    assert purge_reads(connection, other, [MARIA]) == 0
    assert forget_reads(connection, other, AT + timedelta(days=1)) == 0
    assert found(connection, tenant, saved.read_id) is not None


def test_a_subscription_ends_once_and_says_whom_it_showed(
    connection: psycopg.Connection, tenant: UUID
) -> None:
    saved = read(tenant, kind="SUBSCRIPTION", touched={}, answer=None)
    save_reads(connection, [saved])
    end_read(connection, tenant, saved.read_id, 9, {MARIA: ["scoreChanged.facts.person.text"]})
    end_read(connection, tenant, saved.read_id, 12, {})

    ended = found(connection, tenant, saved.read_id)

    assert ended is not None
    assert (ended.position, ended.ended_position) == (7, 9)
    assert ended.subjects == [MARIA]


def test_after_an_erasure_what_was_asked_is_gone_and_who_asked_stays(
    connection: psycopg.Connection, tenant: UUID
) -> None:
    of_maria, of_otto = read(tenant), read(tenant, touched={OTTO: ["owner.name.text"]})
    save_reads(connection, [of_maria, of_otto])

    assert purge_reads(connection, tenant, [MARIA]) == 1
    assert purge_reads(connection, tenant, [MARIA]) == 0

    purged = found(connection, tenant, of_maria.read_id)
    kept = found(connection, tenant, of_otto.read_id)
    assert purged is not None
    assert kept is not None
    assert purged.purged
    assert (purged.document, purged.answer) == (None, None)
    assert (purged.principal, purged.subjects) == (of_maria.principal, [MARIA, MARIA])
    assert not kept.purged


def test_only_what_is_older_than_the_limit_is_forgotten(
    connection: psycopg.Connection, database: str, tenant: UUID
) -> None:
    older = read(tenant, AT - timedelta(microseconds=1))
    at_the_limit = read(tenant, AT, document_id=None, document=None)
    save_reads(connection, [older, at_the_limit])

    assert forget_reads(connection, tenant, AT) == 1

    [kept] = find_reads(connection, tenant)
    assert kept.read_id == at_the_limit.read_id
    # Its document had no other read, and its persons go with it.
    assert rows(database, "SELECT count(*) FROM opps.read_documents") == [(0,)]
    assert rows(database, "SELECT DISTINCT read_id FROM opps.read_subjects") == [(kept.read_id,)]


def test_more_than_a_portion_is_forgotten_too(
    connection: psycopg.Connection, tenant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opps.eventstore.reads.FORGOTTEN_AT_ONCE", 2)
    save_reads(connection, [read(tenant) for _ in range(5)])

    assert forget_reads(connection, tenant, AT + timedelta(seconds=1)) == 5


def test_a_document_forgotten_at_this_moment_is_stored_again(
    connection: psycopg.Connection, database: str, tenant: UUID
) -> None:
    save_reads(connection, [read(tenant, AT - timedelta(days=1))])
    new = read(tenant)

    def save() -> None:
        with psycopg.connect(database, autocommit=True) as other:
            save_reads(other, [new])

    saving = Thread(target=save)
    with connection.transaction():
        assert forget_reads(connection, tenant, AT) == 1
        saving.start()
        eventually(lambda: rows(database, _WAITING) == [(1,)])
    saving.join()

    again = found(connection, tenant, new.read_id)
    assert again is not None
    assert again.document == b"sealed document"


@pytest.mark.parametrize("table", ["reads", "read_documents", "read_subjects"])
@pytest.mark.parametrize("role", ["opps_writer", "opps_projector", "opps_reader"])
@pytest.mark.parametrize("change", ["DELETE FROM opps.{}", "UPDATE opps.{} SET tenant = tenant"])
def test_nobody_but_the_functions_changes_them(
    database: str, table: str, role: str, change: str
) -> None:
    with pytest.raises(InsufficientPrivilege):
        execute(database, change.format(table), role=role)


@pytest.mark.parametrize("role", ["opps_writer", "opps_projector"])
def test_nobody_but_the_function_reads_them(database: str, role: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        execute(database, "SELECT FROM opps.reads", role=role)


@pytest.mark.parametrize(
    "change",
    [
        "principal = gen_random_uuid()",
        "read_at = now()",
        "position = 8",
        "role = 'SELLER'",
        "operation = 'Other'",
        "sealed = 'other'",
        "answer = sha256('other')",
    ],
)
def test_a_saved_read_is_never_changed_even_by_a_superuser(
    connection: psycopg.Connection, database: str, tenant: UUID, change: str
) -> None:
    save_reads(connection, [read(tenant)])

    with pytest.raises(RestrictViolation, match="never changed"):
        execute(database, f"UPDATE opps.reads SET {change}")
