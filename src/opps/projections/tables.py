"""The schema of the read models: made when missing, guarded by row security, never migrated."""

from collections.abc import Iterable

import psycopg
from psycopg.sql import SQL, Composed

from opps.projections.projection import Projection
from opps.projections.table import LIVE, Place, Table
from opps.projections.warehouse import publish_changed
from opps.projections.warehouse_views import VIEWS

# Any number that nobody else locks in this database.
_MAKING_LOCK = 0x6F707076

_BOOKS = (
    """
    CREATE TABLE opps_views.projections (
      projection text PRIMARY KEY,
      version    bigint NOT NULL,  -- of the code that made the tables
      built_at   timestamptz NOT NULL DEFAULT clock_timestamp()
    )""",
    """
    CREATE TABLE opps_views.positions (
      tenant      uuid   NOT NULL,
      projection  text   NOT NULL,
      generation  bigint NOT NULL,  -- a rebuild makes the next one and fences the older one
      position    bigint NOT NULL,  -- the last event whose rows are committed
      unknown     bigint NOT NULL,  -- events of a tag that this version does not know
      advanced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (tenant, projection)
    ) WITH (fillfactor = 50)""",
    """
    CREATE TABLE opps_views.parked (
      tenant     uuid   NOT NULL,
      projection text   NOT NULL,
      stream     uuid   NOT NULL,
      position   bigint NOT NULL,  -- of the first event whose rows could not be made
      event_id   uuid   NOT NULL,
      tag        text   NOT NULL,
      reason     text   NOT NULL,
      parked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (tenant, projection, stream)
    )""",
)

# A check of a row cannot look into a list by itself.
_SUM = """
    CREATE FUNCTION opps_views.milli_points_of(effects jsonb) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(sum((effect ->> 'milli_points')::bigint), 0)
            FROM jsonb_array_elements(effects) AS effect)"""


def connect_role(connection: psycopg.Connection) -> None:
    """Take the projector's role for the session.

    What is lost with the last moments before a crash is lost together with its position, and
    projected again: the projector need not wait for the disk.
    """
    connection.execute("SET ROLE opps_projector")
    connection.execute("SET synchronous_commit = off")


class NewerReadModels(Exception):
    """A newer version of opps built a projection: update this one before it projects."""

    def __init__(self, projection: str) -> None:
        super().__init__(f"{projection} was built by a newer version of opps: update this one")


def make_tables(
    connection: psycopg.Connection, projections: Iterable[Projection]
) -> list[Projection]:
    """Make what is missing; return the projections whose tables an older version made.

    Raises:
        NewerReadModels: a newer version of opps made one, which this one must not take back.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING_LOCK])
        _make_books(connection)
        _make_sum(connection)
        found = _versions(connection)
        for projection in projections:
            if projection.name not in found:
                make(connection, projection, LIVE)
                index(connection, projection.tables, LIVE)
                note_version(connection, projection)
        publish_changed(connection, VIEWS, _versions(connection))
    for projection in projections:
        if found.get(projection.name, 0) > projection.version:
            raise NewerReadModels(projection.name)
    return [one for one in projections if found.get(one.name, one.version) < one.version]


def make(connection: psycopg.Connection, projection: Projection, place: Place) -> None:
    """Make the empty tables of a projection, guarded but without further indexes."""
    for table in projection.tables:
        connection.execute(table.create(place))
        for statement in _guards(place, table.name):
            connection.execute(statement)


def index(connection: psycopg.Connection, tables: Iterable[Table], place: Place) -> None:
    """Index tables; quicker once they are full."""
    for table in tables:
        for statement in table.create_indexes(place):
            connection.execute(statement)


def drop(connection: psycopg.Connection, projection: Projection, place: Place) -> None:
    """Throw the tables of a projection away."""
    for table in projection.tables:
        connection.execute(SQL("DROP TABLE IF EXISTS {}").format(place(table.name)))


def note_version(connection: psycopg.Connection, projection: Projection) -> None:
    """Write down which version of the code made the live tables."""
    connection.execute(
        "INSERT INTO opps_views.projections (projection, version) VALUES (%s, %s)"
        " ON CONFLICT (projection) DO UPDATE"
        " SET version = excluded.version, built_at = clock_timestamp()",
        [projection.name, projection.version],
    )


def _versions(connection: psycopg.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT projection, version FROM opps_views.projections"))


def _guards(place: Place, name: str) -> list[Composed]:
    """Return what lets each tenant's readers see their own rows only, and the projector write."""
    table = place(name)
    return [
        SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY").format(table),
        SQL(
            "CREATE POLICY own_tenant ON {} TO opps_projector, opps_reader"
            " USING (tenant = opps.current_tenant()) WITH CHECK (tenant = opps.current_tenant())"
        ).format(table),
        SQL("GRANT SELECT ON {} TO opps_reader").format(table),
    ]


def _make_sum(connection: psycopg.Connection) -> None:
    there = connection.execute(
        "SELECT to_regprocedure('opps_views.milli_points_of(jsonb)') IS NOT NULL"
    ).fetchone()
    if there != (True,):
        connection.execute(_SUM)


def _make_books(connection: psycopg.Connection) -> None:
    there = connection.execute("SELECT to_regclass('opps_views.parked') IS NOT NULL").fetchone()
    if there == (True,):
        return
    for statement in _BOOKS:
        connection.execute(statement)
    for name in ("positions", "parked"):
        table = LIVE(name)
        for guard in (
            "ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            "CREATE POLICY own_tenant ON {} TO opps_reader USING (tenant = opps.current_tenant())",
            "CREATE POLICY every_tenant ON {} TO opps_projector USING (true)",
            "GRANT SELECT ON {} TO opps_reader",
        ):
            connection.execute(SQL(guard).format(table))
    connection.execute("GRANT SELECT ON opps_views.projections TO opps_reader")
