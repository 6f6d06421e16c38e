"""What people see and do of deliveries: what was tried, what was given up, and sending it again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from opps.eventstore.webhook_rows import Attempt, Lane, Waiting, of_tenant
from opps.eventstore.webhooks import write_attempts

_WHAT_IS_TO_COME = ("lanes", "standing", "waiting")
_ATTEMPT = ", ".join(Attempt.__struct_fields__)
_WAITING = ", ".join(Waiting.__struct_fields__)


def attempts(
    connection: psycopg.Connection,
    tenant: UUID,
    endpoint_id: UUID,
    limit: int,
    *,
    before: UUID | None = None,
    message_id: UUID | None = None,
    failed: bool = False,
) -> list[Attempt]:
    """Return what was tried, the last first, from before an attempt; of one message if given."""
    with of_tenant(connection, tenant), connection.cursor(row_factory=class_row(Attempt)) as cursor:
        return cursor.execute(
            f"SELECT {_ATTEMPT} FROM opps.webhook_attempts WHERE endpoint_id = %(of)s"
            " AND (%(before)s::uuid IS NULL OR attempt_id < %(before)s)"
            " AND (%(message)s::uuid IS NULL OR message_id = %(message)s)"
            " AND (why IS NOT NULL OR NOT %(failed)s) ORDER BY attempt_id DESC LIMIT %(limit)s",
            {
                "of": endpoint_id,
                "before": before,
                "message": message_id,
                "failed": failed,
                "limit": limit,
            },
        ).fetchall()


def dead(
    connection: psycopg.Connection,
    tenant: UUID,
    endpoint_id: UUID,
    limit: int,
    after: UUID | None = None,
) -> list[Waiting]:
    """Return what was given up, in the order in which it happened, from behind a message on."""
    with of_tenant(connection, tenant), connection.cursor(row_factory=class_row(Waiting)) as cursor:
        return cursor.execute(
            f"SELECT {_WAITING} FROM opps.webhook_waiting w WHERE endpoint_id = %(of)s"
            " AND died_at IS NOT NULL AND (%(after)s::uuid IS NULL OR queued > (SELECT a.queued"
            "  FROM opps.webhook_waiting a WHERE a.endpoint_id = %(of)s"
            "  AND a.message_id = %(after)s)) ORDER BY queued LIMIT %(limit)s",
            {"of": endpoint_id, "after": after, "limit": limit},
        ).fetchall()


def revive(
    connection: psycopg.Connection,
    tenant: UUID,
    endpoint_id: UUID,
    at: datetime,
    *,
    since: datetime | None = None,
    message_id: UUID | None = None,
    ended: Lane | None = None,
) -> int:
    """Let what was given up wait again, all of it, since an instant or one; return how many.

    `ended` is kept with it, as a replay that is through: it is not begun once more.
    """
    with of_tenant(connection, tenant):
        revived = connection.execute(
            "UPDATE opps.webhook_waiting SET tried = 0, due_at = %(at)s, died_at = NULL"
            " WHERE endpoint_id = %(of)s AND died_at IS NOT NULL"
            " AND (%(since)s::timestamptz IS NULL OR died_at >= %(since)s)"
            " AND (%(message)s::uuid IS NULL OR message_id = %(message)s)",
            {"at": at, "of": endpoint_id, "since": since, "message": message_id},
        ).rowcount
        if revived and ended is not None:
            _begin(connection, tenant, endpoint_id, ended)
    return revived


def begin_replay(
    connection: psycopg.Connection,
    tenant: UUID,
    endpoint_id: UUID,
    lane: Lane,
) -> None:
    """Let an endpoint be told once more of what lies in a lane of its own; safe to repeat."""
    with of_tenant(connection, tenant):
        _begin(connection, tenant, endpoint_id, lane)


def _begin(connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, lane: Lane) -> None:
    connection.execute(
        "INSERT INTO opps.webhook_lanes VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [tenant, endpoint_id, lane.lane_id, *lane.place, lane.until, lane.only_message],
    )


def note(
    connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID, told: Sequence[Attempt]
) -> None:
    """Keep attempts that no turn is needed for, such as a ping."""
    with of_tenant(connection, tenant):
        write_attempts(connection, tenant, endpoint_id, told)


def forget(connection: psycopg.Connection, tenant: UUID, endpoint_id: UUID) -> None:
    """Delete all that is kept of an endpoint; safe to repeat."""
    with of_tenant(connection, tenant):
        for table in (*_WHAT_IS_TO_COME, "attempts"):
            connection.execute(
                f"DELETE FROM opps.webhook_{table} WHERE endpoint_id = %s".encode(), [endpoint_id]
            )


def forget_others(connection: psycopg.Connection, tenant: UUID, there: Sequence[UUID]) -> None:
    """Delete what is kept of endpoints that are not there: who was just sending kept some more.

    Attempts, of which there may be many, end by themselves after a while.
    """
    with of_tenant(connection, tenant):
        for table in _WHAT_IS_TO_COME:
            connection.execute(
                f"DELETE FROM opps.webhook_{table} WHERE endpoint_id <> ALL (%s)".encode(),
                [list(there)],
            )


def purge(connection: psycopg.Connection, tenant: UUID, before: datetime) -> int:
    """Delete what was tried, and what was given up, before an instant; return how many rows."""
    with of_tenant(connection, tenant):
        tried = connection.execute(
            "DELETE FROM opps.webhook_attempts WHERE tried_at < %s", [before]
        ).rowcount
        died = connection.execute(
            "DELETE FROM opps.webhook_waiting WHERE died_at < %s", [before]
        ).rowcount
    return tried + died
