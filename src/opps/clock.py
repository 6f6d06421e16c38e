"""The clock writes each day that turned into the log: once, however often it is asked."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import psycopg

from opps.domain.clock import clock_stream, days_turned
from opps.domain.events import DayTurned
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.times import zone_of
from opps.eventstore import NEW_STREAM, Append, Log, NewEvent, VersionConflict
from opps.recording import codec
from opps.rounds import Rounds

_LOOK_EVERY_S = 30.0
_ROLE = "CLOCK"
# Any number that nobody else locks in this database.
_CLOCK = 0x6F7063


def tick(log: Log, tenant: UUID, zone: str, now: datetime) -> list[date]:
    """Append a `DayTurned` for each day of the zone since the last one; return those days.

    Days count from the tenant's first event: an empty log has no clock, and one that is held
    stands still. Several processes may tick at once.

    Raises:
        UnreadableTime: no zone has that name.
        LogFault: the database is away; safe to repeat.
    """
    zone_of(zone)

    def tick_alone(connection: psycopg.Connection) -> list[date]:
        with connection.transaction():
            lock = "SELECT pg_try_advisory_xact_lock(%s, %s)"
            free = connection.execute(lock, _lock_of(tenant)).fetchone() == (True,)
            return _tick(log, tenant, zone, now) if free else []

    return log.run(tick_alone)


@contextmanager
def held_clock(direct_url: str, tenant: UUID) -> Iterator[None]:
    """Let no day turn within the block, for what brings days of its own.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    with psycopg.connect(direct_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, %s)", _lock_of(tenant))
        yield
        # Said, because a server notices a closed connection a little later.
        connection.execute("SELECT pg_advisory_unlock(%s, %s)", _lock_of(tenant))


def _lock_of(tenant: UUID) -> tuple[int, int]:
    """Return what locks a tenant's clock; tenants that share it wait for each other."""
    return _CLOCK, int.from_bytes(tenant.bytes[:4], signed=True)


def _tick(log: Log, tenant: UUID, zone: str, now: datetime) -> list[date]:
    where = zone_of(zone)
    ticks = log.stream(tenant, clock_stream(tenant), newest_first=True, limit=1)
    started = ticks or log.read(tenant, 0, 1)
    if not started:
        return []
    last = codec.decode(started[0])
    if isinstance(last.event, DayTurned):
        after, version = last.event.day, last.version
    else:
        after, version = last.recorded_at.astimezone(where).date(), NEW_STREAM
    days = days_turned(after, now, where)
    try:
        for number, day in enumerate(days):
            log.append_now(_turn(tenant, day, zone, version + number))
    except VersionConflict:
        return []  # another process turned another day just now: the next look sees to the rest
    return days


class Ticker(Rounds):
    """Keeps the clocks of tenants going, in a thread of its own."""

    def __init__(
        self,
        log: Log,
        tenants: Callable[[], Iterable[UUID]],
        zone: str = "UTC",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        def visit(tenant: UUID) -> None:
            tick(log, tenant, zone, now())

        super().__init__("clock", tenants, visit, _LOOK_EVERY_S)


def _turn(tenant: UUID, day: date, zone: str, version: int) -> Append:
    stream = clock_stream(tenant)
    command_id = uuid5(stream, day.isoformat())
    event = DayTurned(day=day, zone=zone)
    actor = Actor(principal=stream, role=_ROLE, via=Via.SYSTEM)
    return Append(
        tenant=tenant,
        command_id=command_id,
        expected={stream: version},
        events=(
            NewEvent(
                stream=stream,
                event_id=uuid5(command_id, "0"),
                tag=codec.tag_of(event),
                schema=event.schema,
                payload=codec.encode(event),
                metadata=codec.encode_metadata(Metadata(actor=actor)),
            ),
        ),
    )
