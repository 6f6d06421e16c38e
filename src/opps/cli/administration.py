"""Commands that prepare a database: migrate it, and make tenants."""

from typing import Annotated
from uuid import UUID, uuid4

import typer
from msgspec import Struct

from opps.cli.output import Cannot, Json, note, print_json, print_table, say

tenants = typer.Typer(help="List and make tenants, each with its log.", no_args_is_help=True)


class Tenant(Struct, frozen=True):
    """One tenant and its log."""

    slug: str
    tenant: UUID
    events: int


class Migrated(Struct, frozen=True):
    """The revisions of the database, before and now."""

    before: str | None
    revision: str


def add_to(application: typer.Typer) -> None:
    application.command()(migrate)
    application.add_typer(tenants, name="tenant")


def migrate(as_json: Json = False) -> None:
    """Bring the database to the revision that this opps needs.

    The embedded database is migrated by itself; run this for one of your own before a new version
    serves. It takes OPPS_DATABASE_DIRECT_URL where OPPS_DATABASE_URL leads to a pooler.
    """
    from opps.app import open_database
    from opps.config import settings
    from opps.eventstore import migrations

    with open_database(settings()) as database:
        before = migrations.current(database.direct_url)
        reached = migrations.migrate(database.direct_url, progress=note)
    if as_json:
        print_json(Migrated(before, reached))
    elif before == reached:
        say(f"The database is at revision {reached} already.")
    else:
        say(f"The database is at revision {reached} now.")


@tenants.command("list")
def show_tenants(as_json: Json = False) -> None:
    """List the tenants of the database with the sizes of their logs."""
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.eventstore.tenants import list_tenants

    with Opps(existing()) as opps:
        registered = list_tenants(opps.database.direct_url)
    found = [Tenant(one.slug, one.tenant, one.size) for one in registered]
    if as_json:
        print_json(found)
    else:
        print_table("", ("slug", "tenant", "events"), ((t.slug, t.tenant, t.events) for t in found))


@tenants.command("create")
def create_tenant(
    slug: Annotated[str, typer.Argument(help="Short name: a to z, 0 to 9 and -, such as acme.")],
    tenant: Annotated[
        UUID | None, typer.Option("--id", help="Its id; a new one unless given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a tenant with an empty log; making one that is there already changes nothing."""
    import psycopg

    from opps.app import Opps
    from opps.config import settings
    from opps.eventstore import register_tenant

    wanted = tenant or uuid4()
    with Opps(settings()) as opps:
        try:
            made = register_tenant(opps.database.direct_url, wanted, slug)
        except psycopg.errors.CheckViolation:
            raise Cannot(
                f"{slug!r} is no short name: it is 1 to 63 of a to z, 0 to 9 and -, and does not "
                "begin with -. Take one such as acme."
            ) from None
        except psycopg.errors.UniqueViolation:
            raise Cannot(
                f"The id {wanted} belongs to another tenant already: see `opps tenant list`. "
                "Leave --id out, or give another."
            ) from None
    if tenant is not None and made != tenant:
        raise Cannot(f"{slug!r} is another tenant already: {made}.")
    if as_json:
        print_json(Tenant(slug, made, 0))
    else:
        say(f"Tenant {slug} is {made}.")
