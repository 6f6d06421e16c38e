"""Tenants of the log: registered once, found by their slug, each sealed by one ledger."""

from datetime import datetime
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row


class RegisteredTenant(msgspec.Struct, frozen=True):
    """A tenant, and how long its log is."""

    tenant: UUID
    slug: str
    size: int
    recorded_at: datetime


def register_tenant(direct_url: str, tenant: UUID, slug: str) -> UUID:
    """Return the tenant of a slug; register `tenant` under it if the slug is new.

    Raises:
        psycopg.Error: the slug breaks the rules, or the database is away.
    """
    with psycopg.connect(direct_url, autocommit=True) as connection:
        row = connection.execute("SELECT opps.register_tenant(%s, %s)", [tenant, slug]).fetchone()
    assert row is not None
    registered: UUID = row[0]
    return registered


def list_tenants(url: str) -> list[RegisteredTenant]:
    """Return every tenant of the database, in order of their slugs.

    Raises:
        psycopg.Error: the database is away.
    """
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL ROLE opps_reader")
        cursor = connection.cursor(row_factory=class_row(RegisteredTenant))
        return cursor.execute("SELECT * FROM opps.list_tenants()").fetchall()


def claim_ledger(
    connection: psycopg.Connection,
    tenant: UUID,
    first_key: str | None = None,
    *,
    taking_over: bool = False,
) -> str | None:
    """Return the first key of the ledger that seals a tenant's log: ours, if there was none.

    Taking over, it is ours in any case; without a key of ours it stays as it is.
    """
    row = connection.execute(
        "SELECT opps.claim_ledger(%s, %s, %s)", [tenant, first_key, taking_over]
    ).fetchone()
    assert row is not None
    found: str | None = row[0]
    return found
