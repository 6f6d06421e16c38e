"""Small appends for tests of the log, and the header as the design fixes it."""

from collections.abc import Mapping
from hashlib import sha256
from struct import pack
from uuid import UUID, uuid4

import psycopg

from opps.eventstore import Append, LogSettings, NewEvent, SealedEvent

NO_LEAF = bytes(32)


def settings(database: str) -> LogSettings:
    """Return settings for a test server, which is not durable, with little patience."""
    return LogSettings(url=database, durable=False, patience_s=5.0, lock_timeout_s=1.0)


def event(stream: UUID, number: int = 0, *, tag: str = "fact_learned") -> NewEvent:
    return NewEvent(
        stream=stream,
        event_id=uuid4(),
        tag=tag,
        schema=1,
        payload=b"payload %d" % number,
        metadata=b"metadata %d" % number,
    )


def append(
    tenant: UUID,
    stream: UUID | None = None,
    *,
    expected: int = -1,
    events: int = 1,
    command_id: UUID | None = None,
    digest: bytes = b"",
    result: bytes = b"",
    checked: Mapping[UUID, int] | None = None,
    tag: str = "fact_learned",
) -> Append:
    """Return an append of some events to one stream, a new one by default."""
    stream = stream or uuid4()
    return Append(
        tenant=tenant,
        command_id=command_id or uuid4(),
        digest=digest,
        expected={stream: expected, **(checked or {})},
        events=tuple(event(stream, number, tag=tag) for number in range(events)),
        result=result,
    )


def header(tenant: UUID, stored: SealedEvent, previous: bytes, commitments: bytes = b"") -> bytes:
    """Return header version 1, written down a second time from the design."""
    epoch_us = round(stored.recorded_at.timestamp() * 1_000_000)
    tag = stored.tag.encode()
    return b"".join(
        (
            b"\x01",
            tenant.bytes,
            pack("!q", stored.position),
            stored.stream.bytes,
            pack("!q", stored.version),
            previous,
            pack("!q", epoch_us),
            stored.command_id.bytes,
            stored.event_id.bytes,
            sha256(stored.payload).digest(),
            sha256(stored.metadata).digest(),
            pack("!hh", stored.schema, len(tag)),
            tag,
            pack("!h", len(commitments) // 32),
            commitments,
        )
    )


def leaf(header: bytes) -> bytes:
    return sha256(b"\x00" + header).digest()


def execute(database: str, statement: str, *arguments: object, role: str = "") -> None:
    """Run one statement, as a role if one is given."""
    with psycopg.connect(database, autocommit=True) as connection:
        if role:
            connection.execute(f"SET ROLE {role}")
        connection.execute(statement, arguments or None)


def rows(database: str, statement: str, *arguments: object) -> list[tuple[object, ...]]:
    with psycopg.connect(database, autocommit=True) as connection:
        return connection.execute(statement, arguments or None).fetchall()
