"""The books of the projector: how far each projection is, and which streams it gave up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.rows import class_row

from opps.projections.passage import Parked, Report
from opps.projections.projection import Projection

CHANNEL = "opps_views"


class Mark(Struct):
    """How far a projection is for one tenant, in which generation of its tables."""

    generation: int
    position: int


class Fenced(Exception):
    """Somebody else has moved the projection: another projector, or a rebuild."""


class Standing(Struct, frozen=True, kw_only=True):
    """How a projection is doing for one tenant, for people."""

    projection: str
    version: int
    position: int
    unknown: int
    parked: int
    advanced_at: datetime


def tenant_sizes(connection: psycopg.Connection) -> dict[UUID, int]:
    """Return how long the log of every tenant is."""
    return dict(connection.execute("SELECT tenant, size FROM opps.tenant_head", prepare=True))


def enter_tenant(connection: psycopg.Connection, tenant: UUID) -> None:
    """Make a tenant the one whose rows the session sees and writes."""
    connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])


def marks_of(
    connection: psycopg.Connection, tenant: UUID, projections: Sequence[Projection]
) -> dict[str, Mark]:
    """Return how far each projection is for a tenant; one that never ran begins at the start."""
    connection.execute(
        "INSERT INTO opps_views.positions (tenant, projection, generation, position, unknown)"
        " SELECT %s, projection, 0, 0, 0 FROM unnest(%s::text[]) projection"
        " ON CONFLICT DO NOTHING",
        [tenant, [projection.name for projection in projections]],
    )
    return marks_seen(connection, tenant, projections)


def marks_seen(
    connection: psycopg.Connection, tenant: UUID, projections: Sequence[Projection]
) -> dict[str, Mark]:
    """Return how far each projection is for a tenant, and write nothing: nobody waits for it."""
    rows = connection.execute(
        "SELECT projection, generation, position FROM opps_views.positions WHERE tenant = %s",
        [tenant],
    )
    found = {name: Mark(generation, at) for name, generation, at in rows}
    return {one.name: found.get(one.name, Mark(0, 0)) for one in projections}


def parked_of(
    connection: psycopg.Connection, tenant: UUID, projections: Sequence[Projection]
) -> dict[str, set[UUID]]:
    """Return the streams that each projection gave up."""
    parked: dict[str, set[UUID]] = {projection.name: set() for projection in projections}
    rows = connection.execute(
        "SELECT projection, stream FROM opps_views.parked WHERE tenant = %s", [tenant]
    )
    for name, stream in rows:
        if name in parked:
            parked[name].add(stream)
    return parked


def advance(
    connection: psycopg.Connection, tenant: UUID, marks: Mapping[str, Mark], position: int
) -> Callable[[], None]:
    """Move projections on from their marks, in the transaction that writes their rows.

    Call what is returned before committing.

    Raises, from that call:
        Fenced: one of them was no longer where its mark says.
    """
    moved = connection.execute(
        "UPDATE opps_views.positions p"
        " SET position = %s, advanced_at = clock_timestamp()"
        " FROM unnest(%s::text[], %s::bigint[], %s::bigint[])"
        " mark(projection, generation, position)"
        " WHERE p.tenant = %s AND p.projection = mark.projection"
        " AND p.generation = mark.generation AND p.position = mark.position",
        [
            position,
            list(marks),
            [mark.generation for mark in marks.values()],
            [mark.position for mark in marks.values()],
            tenant,
        ],
        prepare=True,
    )

    def check() -> None:
        if moved.rowcount != len(marks):
            raise Fenced(f"{', '.join(marks)} of tenant {tenant} were moved by another process")

    return check


def start_generation(
    connection: psycopg.Connection, tenant: UUID, projection: str, position: int
) -> None:
    """Go on from rebuilt tables; whoever holds a mark of the old ones is fenced."""
    connection.execute(
        "INSERT INTO opps_views.positions AS p (tenant, projection, generation, position, unknown)"
        " VALUES (%s, %s, 0, %s, 0) ON CONFLICT (tenant, projection) DO UPDATE"
        " SET generation = p.generation + 1, position = excluded.position, unknown = 0,"
        " advanced_at = clock_timestamp()",
        [tenant, projection, position],
    )


def note(
    connection: psycopg.Connection, tenant: UUID, projections: Sequence[str], report: Report
) -> None:
    """Write down what a batch brought beside rows."""
    if report.unknown:
        connection.execute(
            "UPDATE opps_views.positions SET unknown = unknown + %s"
            " WHERE tenant = %s AND projection = ANY (%s)",
            [report.unknown, tenant, list(projections)],
        )
    for parked in report.parked:
        note_parked(connection, tenant, parked)


def note_parked(connection: psycopg.Connection, tenant: UUID, parked: Parked) -> None:
    """Write down that a projection gave a stream up."""
    connection.execute(
        "INSERT INTO opps_views.parked"
        " (tenant, projection, stream, position, event_id, tag, reason)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [
            tenant,
            parked.projection,
            parked.stream,
            parked.position,
            parked.event_id,
            parked.tag,
            parked.reason.replace("\0", "\\0"),
        ],
    )


def tell(connection: psycopg.Connection, tenant: UUID, position: int) -> None:
    """Tell the readers, once the transaction has committed, up to where they can read."""
    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{tenant}:{position}"], prepare=True)


def standings(connection: psycopg.Connection, tenant: UUID) -> list[Standing]:
    """Return how each projection is doing for a tenant."""
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(
            "SELECT p.projection, coalesce(b.version, 0) AS version, p.position, p.unknown,"
            " p.advanced_at, (SELECT count(*) FROM opps_views.parked k"
            " WHERE k.tenant = p.tenant AND k.projection = p.projection) AS parked"
            " FROM opps_views.positions p LEFT JOIN opps_views.projections b USING (projection)"
            " WHERE p.tenant = %s ORDER BY p.projection",
            [tenant],
        ).fetchall()


def parked_streams(connection: psycopg.Connection, tenant: UUID) -> list[Parked]:
    """Return the streams that were given up, for people; `rebuild` tries them again."""
    with connection.cursor(row_factory=class_row(Parked)) as cursor:
        return cursor.execute(
            "SELECT projection, stream, position, event_id, tag, reason"
            " FROM opps_views.parked WHERE tenant = %s ORDER BY position, projection",
            [tenant],
        ).fetchall()
