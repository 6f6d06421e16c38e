"""Tenants of the log: registered once, found by their slug."""

from uuid import UUID

import psycopg


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
