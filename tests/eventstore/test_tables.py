"""Every table beside the log is one tenant's, row by row: also those that are yet to come."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from opps.eventstore import Log, register_tenant, webhooks
from opps.eventstore.webhook_rows import LAST_KIND, Attempt, Lane, Standing, Waiting
from opps.eventstore.webhooks import Report
from tests.eventstore.support import rows

# Whose rows are of everybody, with the reason.
OF_NO_TENANT = {
    "alembic_version": "one row, that of the last migration",
    "warehouse_views": "how views are made, the same for all",
}
# Where one value is never that of two tenants: the names of tenants and of logins.
NAMES = {"tenants": "slug", "warehouse_logins": "login"}
WEBHOOKS = [f"webhook_{one}" for one in ("turns", "lanes", "standing", "waiting", "attempts")]


def test_each_table_is_guarded_by_row_even_from_its_owner(database: str) -> None:
    found = rows(
        database,
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, pg_get_userbyid(c.relowner)"
        " FROM pg_class c WHERE c.relnamespace = 'opps'::regnamespace AND c.relkind IN ('r', 'p')",
    )
    guarded = {name: (secured, owner) for name, secured, owner in found}

    assert set(WEBHOOKS) <= guarded.keys()
    for name in guarded.keys() - OF_NO_TENANT.keys():
        assert guarded[name] == (True, "opps_owner"), name


def test_each_key_begins_with_the_tenant(database: str) -> None:
    found = rows(
        database,
        "SELECT c.relname, (SELECT attname FROM pg_attribute a WHERE a.attrelid = c.oid"
        "  AND a.attnum = i.indkey[0]) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE c.relnamespace = 'opps'::regnamespace AND i.indisunique",
    )

    for table, column in found:
        if table not in OF_NO_TENANT:
            assert column in ("tenant", NAMES.get(str(table))), table


@pytest.mark.parametrize("table", WEBHOOKS)
def test_nobody_sees_what_was_sent_for_another_tenant(
    database: str, log: Log, tenant: UUID, table: str
) -> None:
    other = register_tenant(database, uuid4(), "other")
    for one in (tenant, other):
        log.run(partial(_sent, tenant=one))

    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE opps_reader")
        connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
        seen = SQL("SELECT DISTINCT tenant FROM opps.{}").format(Identifier(table))
        assert connection.execute(seen).fetchall() == [(tenant,)]
        with pytest.raises(InsufficientPrivilege):
            connection.execute(SQL("DELETE FROM opps.{}").format(Identifier(table)))


def _sent(connection: psycopg.Connection, tenant: UUID) -> None:
    """Keep a row of each kind for an endpoint."""
    hook, now = uuid4(), datetime.now(UTC)
    message: dict[str, Any] = {
        "message_id": uuid4(),
        "subject": uuid4(),
        "type": "opps.FactLearned",
        "position": 1,
    }
    failed = Attempt(
        **message,
        attempt_id=uuid4(),
        number=1,
        tried_at=now,
        status=500,
        ms=7,
        why="STATUS",
        detail="",
    )
    report = Report(
        attempts=[failed],
        waiting=[Waiting(**message, body="{}", due_at=now)],
        lane=Lane(lane_id=hook, position=1, kind=LAST_KIND, ordinal=0),
        standing=Standing(failing_since=now),
    )
    webhooks.record(connection, tenant, hook, webhooks.take_turn(connection, tenant), report)
