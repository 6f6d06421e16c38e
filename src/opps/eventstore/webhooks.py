"""What the deliverer reads and keeps: up to where each endpoint was told, and what waits."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.rows import class_row

from opps.eventstore.webhook_rows import LAST_KIND, Attempt, Lane, Standing, Waiting, of_tenant


class Report(Struct, frozen=True, kw_only=True):
    """What became of some messages: all of it is kept, or nothing.

    `arrived` wait no more, `waiting` begin to, and `retried` wait on in their place. The standing
    is that after the attempts, if there were any.
    """

    attempts: Sequence[Attempt] = ()
    arrived: Sequence[UUID] = ()
    waiting: Sequence[Waiting] = ()
    retried: Sequence[Waiting] = ()
    lane: Lane | None = None
    standing: Standing | None = None


class Fenced(Exception):
    """Another process has taken over: nothing of the report is kept."""


def take_turn(connection: psycopg.Connection, tenant: UUID) -> int:
    """Return the number of our turn; whoever had an earlier one reports in vain from now on."""
    with of_tenant(connection, tenant):
        found = connection.execute(
            "INSERT INTO opps.webhook_turns AS t VALUES (%s, 1)"
            " ON CONFLICT (tenant) DO UPDATE SET turn = t.turn + 1 RETURNING turn",
            [tenant],
        ).fetchone()
    assert found is not None
    return int(found[0])


def lanes(connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID) -> list[Lane]:
    """Return the lanes of an endpoint that go on, its own first."""
    with of_tenant(connection, tenant), connection.cursor(row_factory=class_row(Lane)) as cursor:
        return cursor.execute(
            "SELECT lane_id, position, kind, ordinal, until, only_message FROM opps.webhook_lanes"
            " WHERE endpoint_id = %s"
            " AND (until IS NULL OR (position, kind, ordinal) < (until, %s, 0))"
            " ORDER BY lane_id <> endpoint_id, lane_id",
            [endpoint_id, LAST_KIND],
        ).fetchall()


def due(
    connection: psycopg.Connection,
    tenant: UUID,
    endpoint_id: UUID,
    now: datetime,
    enabled_at: datetime | None,
    limit: int,
) -> list[Waiting]:
    """Return the first message of each subject that waits, where it is time for another attempt.

    What was last tried before the endpoint was enabled is due by that.
    """
    with of_tenant(connection, tenant), connection.cursor(row_factory=class_row(Waiting)) as cursor:
        return cursor.execute(
            "SELECT w.message_id, w.subject, w.type, w.position, w.body, w.tried, w.tried_at,"
            " w.due_at, w.died_at FROM (SELECT DISTINCT ON (subject) * FROM opps.webhook_waiting"
            "  WHERE endpoint_id = %s AND died_at IS NULL ORDER BY subject, queued) w"
            " WHERE w.due_at <= %s OR w.tried_at < %s ORDER BY w.due_at, w.queued LIMIT %s",
            [endpoint_id, now, enabled_at, limit],
        ).fetchall()


def held_back(
    connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, subjects: Sequence[UUID]
) -> set[UUID]:
    """Return of which subjects something waits, so that nothing later may go before it."""
    with of_tenant(connection, tenant):
        found = connection.execute(
            "SELECT DISTINCT subject FROM opps.webhook_waiting"
            " WHERE endpoint_id = %s AND died_at IS NULL AND subject = ANY (%s)",
            [endpoint_id, list(subjects)],
        )
        return {one for (one,) in found}


def standing(connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID) -> Standing:
    """Return how an endpoint is doing."""
    with of_tenant(connection, tenant), connection.cursor(row_factory=class_row(Standing)) as told:
        found = told.execute(
            "SELECT s.failing_since, s.delivered_at, w.waiting, w.dead FROM"
            " (SELECT count(*) FILTER (WHERE died_at IS NULL) AS waiting,"
            "  count(died_at) AS dead FROM opps.webhook_waiting WHERE endpoint_id = %(of)s) w"
            " LEFT JOIN opps.webhook_standing s ON s.endpoint_id = %(of)s",
            {"of": endpoint_id},
        ).fetchone()
    assert found is not None
    return found


def record(
    connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, turn: int, report: Report
) -> None:
    """Keep what became of messages, and up to where the endpoint was told; safe to repeat.

    Raises:
        Fenced: it is another's turn by now.
    """
    with of_tenant(connection, tenant):
        held = connection.execute("SELECT turn FROM opps.webhook_turns FOR SHARE").fetchone()
        if held != (turn,):
            raise Fenced
        write_attempts(connection, tenant, endpoint_id, report.attempts)
        connection.execute(
            "DELETE FROM opps.webhook_waiting WHERE endpoint_id = %s AND message_id = ANY (%s)",
            [endpoint_id, list(report.arrived)],
        )
        queue(connection, tenant, endpoint_id, report.waiting)
        _wait_on(connection, endpoint_id, report.retried)
        if report.lane is not None:
            _move(connection, tenant, endpoint_id, report.lane)
        if report.standing is not None:
            _stand(connection, tenant, endpoint_id, report.standing)


def write_attempts(
    connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, attempts: Sequence[Attempt]
) -> None:
    """Keep attempts in the delivery log, in the transaction under way."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO opps.webhook_attempts (tenant, endpoint_id, attempt_id, message_id,"
            " subject, type, position, number, tried_at, status, ms, why, detail)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (tenant, endpoint_id, *(getattr(one, name) for name in Attempt.__struct_fields__))
                for one in attempts
            ],
        )


def queue(
    connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, messages: Sequence[Waiting]
) -> None:
    """Let messages wait in their order, in the transaction under way.

    One that waits already stays as it is; one that was given up waits again.
    """
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO opps.webhook_waiting AS w (tenant, endpoint_id, message_id, subject, type,"
            " position, body, tried, tried_at, due_at, died_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (tenant, endpoint_id, message_id) DO UPDATE SET tried = excluded.tried,"
            " tried_at = excluded.tried_at, due_at = excluded.due_at, died_at = excluded.died_at"
            " WHERE w.died_at IS NOT NULL",
            [
                (tenant, endpoint_id, *(getattr(one, name) for name in Waiting.__struct_fields__))
                for one in messages
            ],
        )


def _move(connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, lane: Lane) -> None:
    # One that ended stays: a replay that is asked for again under its id is not begun anew.
    connection.execute(
        "INSERT INTO opps.webhook_lanes VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (tenant, endpoint_id, lane_id) DO UPDATE SET position = excluded.position,"
        " kind = excluded.kind, ordinal = excluded.ordinal",
        [tenant, endpoint_id, lane.lane_id, *lane.place, lane.until, lane.only_message],
    )


def _wait_on(
    connection: psycopg.Connection, endpoint_id: UUID, messages: Sequence[Waiting]
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE opps.webhook_waiting SET tried = %s, tried_at = %s, due_at = %s, died_at = %s"
            " WHERE endpoint_id = %s AND message_id = %s",
            [
                (one.tried, one.tried_at, one.due_at, one.died_at, endpoint_id, one.message_id)
                for one in messages
            ],
        )


def _stand(
    connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, standing: Standing
) -> None:
    connection.execute(
        "INSERT INTO opps.webhook_standing VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (tenant, endpoint_id) DO UPDATE SET"
        " failing_since = excluded.failing_since, delivered_at = excluded.delivered_at",
        [tenant, endpoint_id, standing.failing_since, standing.delivered_at],
    )
