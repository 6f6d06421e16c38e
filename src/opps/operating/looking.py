"""One look at the database with little patience: which revision, and how far behind are rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.conninfo import make_conninfo
from psycopg.rows import class_row

_PATIENCE_S = 2
_BEGINNING = 0

_BEHIND = (
    "SELECT h.tenant, p.projection, p.position, h.size, coalesce(k.parked, 0) AS parked"
    " FROM opps.tenant_head h LEFT JOIN opps_views.positions p"
    " ON p.tenant = h.tenant AND p.projection = ANY (%(names)s)"
    " LEFT JOIN (SELECT tenant, projection, count(*) AS parked"
    " FROM opps_views.parked GROUP BY tenant, projection) k"
    " ON k.tenant = p.tenant AND k.projection = p.projection"
)
_NOT_BUILT = (
    "SELECT tenant, NULL AS projection, NULL AS position, size, 0 AS parked FROM opps.tenant_head"
)
# Each event waits since it was recorded, by the clock that wrote that down.
_WAITING = (
    "SELECT w.tenant, w.position,"
    " extract(epoch FROM clock_timestamp() - e.recorded_at)::float8 AS seconds"
    " FROM unnest(%s::uuid[], %s::bigint[]) w(tenant, position),"
    " LATERAL opps.read_log(w.tenant, w.position, NULL, NULL, 1) e"
)
# All that was received is shown, or else the last of it tells how old that is.
_REPLAYING = (
    "SELECT r.connected, CASE"
    " WHEN r.connected AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0"
    " ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END::float8"
    " FROM (SELECT count(pid) > 0 AS connected FROM pg_stat_wal_receiver) r"
    " WHERE pg_is_in_recovery()"
)


class Replay(Struct, frozen=True):
    """How far a replica is behind its primary, as far as it knows, and whether it hears of it."""

    connected: bool
    seconds: float


class Lag(Struct, frozen=True):
    """How far a projection is behind the log, in the tenant where it is the furthest."""

    projection: str
    events: int
    seconds: float
    parked: int


class Seen(Struct, frozen=True):
    """What one look at the database found."""

    revision: str | None
    at: datetime
    tenants: int
    events: int
    lags: tuple[Lag, ...]
    replay: Replay | None = None
    """None on a primary."""

    @property
    def lag_s(self) -> float:
        """How long the longest waiting event has been waiting to be shown."""
        return max((one.seconds for one in self.lags), default=0.0)


class _Row(Struct, frozen=True):
    tenant: UUID
    projection: str | None
    position: int | None
    size: int
    parked: int


def look(direct_url: str, projections: Sequence[str]) -> Seen:
    """Return what there is to see; within seconds, whatever the database does.

    Raises:
        psycopg.Error: it cannot be seen.
    """
    # All in one transaction: should a pooler stand before it, nothing of this is left behind.
    with psycopg.connect(_impatient(direct_url)) as connection:
        connection.execute(f"SET LOCAL statement_timeout = '{_PATIENCE_S}s'")
        revision = _revision(connection)
        if revision is None:
            return Seen(None, _now(connection), 0, 0, ())
        connection.execute("SET LOCAL ROLE opps_projector")
        rows = _rows(connection, projections)
        seconds = _seconds(connection, rows)
        sizes = {row.tenant: row.size for row in rows}
        return Seen(
            revision=revision,
            at=_now(connection),
            tenants=len(sizes),
            events=sum(sizes.values()),
            lags=tuple(_lag(name, rows, seconds) for name in projections),
            replay=_replay(connection),
        )


def _replay(connection: psycopg.Connection) -> Replay | None:
    found = connection.execute(_REPLAYING).fetchone()
    return None if found is None else Replay(found[0], max(0.0, found[1] or 0.0))


def _lag(projection: str, rows: Sequence[_Row], seconds: dict[tuple[UUID, int], float]) -> Lag:
    """Return the lag of a projection over all tenants.

    Where a tenant has rows of others only, a newer version has not led yet, and will make its own:
    waiting for that would keep the version from starting that does it.
    """
    own = [row for row in rows if row.projection in (projection, None)]
    return Lag(
        projection=projection,
        events=max((row.size - (row.position or _BEGINNING) for row in own), default=0),
        seconds=max((seconds.get(_place(row), 0.0) for row in own), default=0.0),
        parked=sum(row.parked for row in own),
    )


def _rows(connection: psycopg.Connection, projections: Sequence[str]) -> list[_Row]:
    there = connection.execute("SELECT to_regclass('opps_views.parked') IS NOT NULL").fetchone()
    query = _BEHIND if there == (True,) else _NOT_BUILT
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        return cursor.execute(query, {"names": list(projections)}).fetchall()


def _seconds(connection: psycopg.Connection, rows: Sequence[_Row]) -> dict[tuple[UUID, int], float]:
    places = {_place(row) for row in rows if row.size > (row.position or _BEGINNING)}
    if not places:
        return {}
    tenants, positions = zip(*places, strict=True)
    found = connection.execute(_WAITING, [list(tenants), list(positions)])
    return {(tenant, position): max(0.0, waits) for tenant, position, waits in found}


def _place(row: _Row) -> tuple[UUID, int]:
    return row.tenant, row.position or _BEGINNING


def _revision(connection: psycopg.Connection) -> str | None:
    there = connection.execute("SELECT to_regclass('opps.alembic_version') IS NOT NULL").fetchone()
    if there != (True,):
        return None
    found = connection.execute("SELECT version_num FROM opps.alembic_version").fetchone()
    return None if found is None else str(found[0])


def _now(connection: psycopg.Connection) -> datetime:
    [now] = connection.execute("SELECT clock_timestamp()").fetchone() or ()
    assert isinstance(now, datetime)
    return now


def _impatient(url: str) -> str:
    return make_conninfo(
        url,
        application_name="opps readiness",
        connect_timeout=_PATIENCE_S,
        tcp_user_timeout=_PATIENCE_S * 1_000,
    )
