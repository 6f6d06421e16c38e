"""A small log with everything a copy could lose."""

from uuid import UUID, uuid4

from opps.eventstore import Log
from tests.eventstore.support import append, event, rows


def fill(log: Log, tenant: UUID) -> None:
    """Append commands of one and several streams, with and without events, digest and result."""
    shared, single = uuid4(), uuid4()
    log.append_now(append(tenant, shared, events=3, digest=b"first", result=b"answer"))
    log.append_now(append(tenant, single))
    log.append_now(append(tenant, shared, expected=2, events=0, digest=b"nothing to do"))
    both = append(tenant, shared, expected=2, checked={single: 0})
    log.append_now(
        type(both)(
            tenant=tenant,
            command_id=both.command_id,
            expected=both.expected,
            events=(*both.events, event(single, 7)),
        )
    )
    log.append_now(append(tenant, shared, expected=3, events=2))


def contents(database: str, tenant: UUID, until: int) -> list[list[tuple[object, ...]]]:
    """Return every stored column of a tenant's log up to a position."""
    return [
        rows(
            database,
            "SELECT * FROM opps.events WHERE tenant = %s AND position <= %s ORDER BY position",
            tenant,
            until,
        ),
        rows(
            database,
            "SELECT * FROM opps.commands WHERE tenant = %s AND coalesce(first_position, 0) <= %s"
            " ORDER BY command_id",
            tenant,
            until,
        ),
    ]
