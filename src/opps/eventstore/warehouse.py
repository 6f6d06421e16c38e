"""Who may read which tenant's views in the warehouse: logins of the database, let in one by one."""

from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.errors import UndefinedObject
from psycopg.sql import SQL, Identifier

from opps.eventstore.errors import UnknownTenant
from opps.eventstore.tenants import list_tenants


class WarehouseLogin(Struct, frozen=True, kw_only=True):
    """A login that may read the views of a tenant."""

    login: str
    tenant: UUID
    slug: str


class NoSuchLogin(Exception):
    """The database has no login of that name."""


def let_in(direct_url: str, login: str, tenant: UUID) -> bool:
    """Let a login read the views of a tenant; tell whether it could not before.

    Raises:
        NoSuchLogin: there is none of that name.
        UnknownTenant: there is no such tenant.
        psycopg.errors.InsufficientPrivilege: who asks may not let anybody in.
        psycopg.OperationalError: the database is away.
    """
    with psycopg.connect(direct_url, application_name="opps warehouse") as connection:
        try:
            connection.execute(SQL("GRANT opps_warehouse TO {}").format(Identifier(login)))
        except UndefinedObject:
            raise NoSuchLogin(login) from None
        connection.execute("SET LOCAL ROLE opps_owner")
        try:
            added = connection.execute(
                "INSERT INTO opps.warehouse_logins VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [login, tenant],
            )
        except psycopg.errors.ForeignKeyViolation:
            raise UnknownTenant(tenant) from None
        return added.rowcount == 1


def shut_out(direct_url: str, login: str, tenant: UUID) -> bool:
    """Let a login no longer read the views of a tenant; tell whether it could before.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    with psycopg.connect(direct_url, application_name="opps warehouse") as connection:
        connection.execute("SET LOCAL ROLE opps_owner")
        removed = connection.execute(
            "DELETE FROM opps.warehouse_logins WHERE login = %s AND tenant = %s", [login, tenant]
        )
        return removed.rowcount == 1


def let_in_logins(direct_url: str) -> list[WarehouseLogin]:
    """Return who may read which tenant.

    Raises:
        psycopg.OperationalError: the database is away.
    """
    slugs = {one.tenant: one.slug for one in list_tenants(direct_url)}
    with psycopg.connect(direct_url, application_name="opps warehouse") as connection:
        connection.execute("SET LOCAL ROLE opps_owner")
        found = connection.execute(
            "SELECT login::text, tenant FROM opps.warehouse_logins ORDER BY 1, 2"
        ).fetchall()
    return [WarehouseLogin(login=login, tenant=one, slug=slugs[one]) for login, one in found]
