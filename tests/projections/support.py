"""What tests of the read models share: telling the log what happened, and looking at rows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
from psycopg.abc import Buffer
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier
from psycopg.types.datetime import TimestamptzLoader

from opps.domain.clock import clock_stream
from opps.domain.events import AccountRegistered, DayTurned, Event, PersonRegistered
from opps.domain.personal import Sealed
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.projections.registry import PROJECTIONS
from opps.recording import codec
from opps.recording.keyring import MemoryKeyring
from opps.recording.personal import sealed
from tests.domain.given import SELLER

METADATA = codec.encode_metadata(
    Metadata(actor=Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL))
)
# Nobody reads what these tests seal: one key ring and one event id will do.
KEYRING = MemoryKeyring()
SEALED_IN = UUID(int=0)
TABLES = tuple(table for projection in PROJECTIONS for table in projection.tables)


class Teller:
    """Tells a tenant's log what happened, without asking whether it may."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self.log = log
        self.tenant = tenant
        self._versions: dict[UUID, int] = {}

    def tell(self, stream: UUID, *events: Event) -> int:
        """Append events to a stream by one command; return the last position."""
        safe = [sealed(event, SEALED_IN, KEYRING) for event in events]
        return self.tell_bytes(
            stream, *((codec.tag_of(event), codec.encode(event)) for event in safe)
        )

    def tell_bytes(self, stream: UUID, *stored: tuple[str, bytes]) -> int:
        """Append what has a tag and a payload, whatever they are."""
        version = self._versions.get(stream, -1)
        appended = self.log.append_now(
            Append(
                tenant=self.tenant,
                command_id=uuid4(),
                expected={stream: version},
                events=tuple(_new(stream, tag, payload) for tag, payload in stored),
            )
        )
        self._versions[stream] = version + len(stored)
        assert appended.last_position is not None
        return appended.last_position

    def turn(self, day: date) -> int:
        """Append the tick of a day."""
        return self.tell(clock_stream(self.tenant), DayTurned(day=day, zone="UTC"))

    def history(self) -> list[Recorded[Event]]:
        """Return everything that was recorded."""
        return [codec.decode(one) for one in self.log.read(self.tenant, 0, 100_000)]


def _new(stream: UUID, tag: str, payload: bytes) -> NewEvent:
    return NewEvent(
        stream=stream, event_id=uuid4(), tag=tag, schema=1, payload=payload, metadata=METADATA
    )


def settings(database: str) -> LogSettings:
    """Return settings for a test server, which is not durable."""
    return LogSettings(url=database, durable=False)


def person_registered() -> PersonRegistered:
    """Return that a person became known, with a name that nobody can read."""
    return PersonRegistered(name=Sealed("name", b"sealed"))


def account_registered(name: str) -> AccountRegistered:
    """Return that a buying organisation became known."""
    return AccountRegistered(name=name)


class _Endless(TimestamptzLoader):
    """Reads an instant, and the end of all time as the last one that Python has."""

    def load(self, data: Buffer) -> datetime:
        if bytes(data) == b"infinity":
            return datetime.max.replace(tzinfo=UTC)
        return super().load(data)


def rows(database: str, table: str, tenant: UUID) -> list[dict[str, Any]]:
    """Return the rows of a tenant, in an order that depends on nothing but them."""
    query = SQL("SELECT * FROM opps_views.{} WHERE tenant = %s").format(Identifier(table))
    with psycopg.connect(database, row_factory=dict_row) as connection:
        connection.adapters.register_loader("timestamptz", _Endless)
        found = connection.execute(query, [tenant]).fetchall()
    return sorted(found, key=repr)


def all_rows(database: str, tenant: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every read model of a tenant."""
    return {table.name: rows(database, table.name, tenant) for table in TABLES}


def run(database: str, *statements: str) -> None:
    """Run statements as the superuser of the test server."""
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def deals(count: int) -> Sequence[UUID]:
    """Return ids of opportunities, the same each time."""
    return [uuid5(SELLER, f"deal {number}") for number in range(count)]
