"""Reads marked for audit: saved before their answer leaves, found again, faded, and forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import psycopg
from psycopg.errors import ForeignKeyViolation
from psycopg.rows import class_row

FORGOTTEN_AT_ONCE = 1_000

_SAVE = f"SELECT opps.save_read({', '.join(['%s'] * 12)})"
_SAVE_SUBJECT = "SELECT opps.save_read_subject(%s, %s, %s, %s)"
_FIND = f"SELECT * FROM opps.find_reads({', '.join(['%s'] * 10)})"
_ERASED = "SELECT stream, position FROM opps.read_streams(%s, %s) WHERE tag = 'PersonErased'"
# Any number that nobody else locks in this database: saving and purging reads take turns by it.
_TURN = 0x52656164

Touched = Mapping[UUID, Sequence[str]]


class NewRead(msgspec.Struct, frozen=True, kw_only=True):
    """A read to be saved: who asked what at which end of the log, and the digest of the answer.

    `touched` says of whom personal data was shown, and where in the answer. `document` is stored
    once under its id; without an id it is none of its own.
    """

    tenant: UUID
    read_id: UUID
    read_at: datetime
    kind: str
    principal: UUID
    role: str
    operation: str | None
    position: int
    document_id: bytes | None
    document: bytes | None
    sealed: bytes
    answer: bytes | None
    touched: Touched


class SavedRead(msgspec.Struct, frozen=True, kw_only=True):
    """A read as it was saved; `sealed` and `answer` are gone once somebody in it was erased."""

    read_id: UUID
    read_at: datetime
    kind: str
    principal: UUID
    role: str
    operation: str | None
    position: int
    ended_position: int | None
    sealed: bytes | None
    answer: bytes | None
    document: bytes | None
    subjects: list[UUID]
    paths: list[str]

    @property
    def purged(self) -> bool:
        """Whether what was asked is gone."""
        return self.sealed is None


class ReadsWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which reads to find; what is absent does not matter. `before` is not among them."""

    read_id: UUID | None = None
    principal: UUID | None = None
    subject: UUID | None = None
    operation: str | None = None
    since: datetime | None = None
    before: datetime | None = None


EVERY_READ = ReadsWanted()


def save_reads(connection: psycopg.Connection, reads: Sequence[NewRead]) -> None:
    """Save reads durably, all or none; safe to repeat."""
    try:
        _save(connection, reads)
    except ForeignKeyViolation:
        # A document was forgotten with its last read a moment ago: now it is stored again.
        _save(connection, reads)


def _save(connection: psycopg.Connection, reads: Sequence[NewRead]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(_SAVE, [_row(read) for read in reads])
        touched = [
            row for read in reads for row in _touched(read.tenant, read.read_id, read.touched)
        ]
        if touched:
            cursor.executemany(_SAVE_SUBJECT, touched)
            for tenant in sorted({read.tenant for read in reads}):  # locks in one order
                _fade_late(cursor, tenant, [one for one in reads if one.tenant == tenant])


def _fade_late(cursor: psycopg.Cursor, tenant: UUID, reads: Sequence[NewRead]) -> None:
    """Let what was asked go at once where somebody whom a read showed was erased since."""
    shown: dict[UUID, int] = {}
    for read in reads:
        for subject in read.touched:
            shown[subject] = min(read.position, shown.get(subject, read.position))
    _purge_late(cursor, tenant, shown)


def _purge_late(cursor: psycopg.Cursor, tenant: UUID, shown: Mapping[UUID, int]) -> None:
    """Purge the reads of persons who were erased behind the end of the log that was shown.

    No purge runs beside it, so that one of both sees the read: this one, or the erasure's own.
    """
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", [_TURN, str(tenant)])
    cursor.execute(_ERASED, [tenant, list(shown)])
    late = [subject for subject, position in cursor if shown[subject] < position]
    if late:
        cursor.execute("SELECT opps.purge_reads(%s, %s)", [tenant, late])


def end_read(
    connection: psycopg.Connection, tenant: UUID, read_id: UUID, position: int, touched: Touched
) -> None:
    """Save up to where a subscription was sent, and whose personal data it showed."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT opps.end_read(%s, %s, %s)", [tenant, read_id, position])
        if touched:
            cursor.executemany(_SAVE_SUBJECT, _touched(tenant, read_id, touched))
            _purge_late(cursor, tenant, dict.fromkeys(touched, 0))


def find_reads(
    connection: psycopg.Connection,
    tenant: UUID,
    wanted: ReadsWanted = EVERY_READ,
    *,
    behind: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[SavedRead]:
    """Return saved reads, the latest first, from behind one of them."""
    at, read_id = behind or (None, None)
    asked = msgspec.structs.astuple(wanted)
    cursor = connection.cursor(row_factory=class_row(SavedRead))
    return cursor.execute(_FIND, [tenant, *asked, at, read_id, limit]).fetchall()


def purge_reads(connection: psycopg.Connection, tenant: UUID, person_ids: Sequence[UUID]) -> int:
    """Take what was asked, and the digest of the answer, from all reads that showed these persons.

    Who saw them, and when, stays. Returns how many reads were purged; safe to repeat.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TURN, str(tenant)])
    found = connection.execute("SELECT opps.purge_reads(%s, %s)", [tenant, list(person_ids)])
    return _number(found.fetchone())


def forget_reads(connection: psycopg.Connection, tenant: UUID, before: datetime) -> int:
    """Delete the reads from before an instant, in portions; return how many."""
    total = 0
    while True:
        found = connection.execute(
            "SELECT opps.forget_reads(%s, %s, %s)", [tenant, before, FORGOTTEN_AT_ONCE]
        )
        forgotten = _number(found.fetchone())
        total += forgotten
        if forgotten < FORGOTTEN_AT_ONCE:
            return total


def _row(read: NewRead) -> tuple[object, ...]:
    return (
        read.tenant,
        read.read_id,
        read.read_at,
        read.kind,
        read.principal,
        read.role,
        read.operation,
        read.position,
        read.document_id,
        read.document,
        read.sealed,
        read.answer,
    )


def _touched(tenant: UUID, read_id: UUID, touched: Touched) -> list[tuple[object, ...]]:
    return [(tenant, read_id, subject, sorted(paths)) for subject, paths in touched.items()]


def _number(row: tuple[object, ...] | None) -> int:
    assert row is not None
    return int(str(row[0]))
