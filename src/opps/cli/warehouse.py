"""Commands for data warehouses: who may read the views, and what each column promises."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from opps.cli.output import Cannot, Json, Tenant, print_json, print_table, say

if TYPE_CHECKING:
    from opps.eventstore.warehouse import WarehouseLogin

warehouses = typer.Typer(
    help="Let logins of the database read views of what opps holds, in SQL.", no_args_is_help=True
)

Login = Annotated[
    str, typer.Argument(help="A login of the database, made for the warehouse.", metavar="LOGIN")
]


class Access(Struct, frozen=True, kw_only=True):
    """Whether a login reads a tenant's views now, and whether that is new."""

    login: str
    slug: str
    allowed: bool
    changed: bool


class ColumnAnswer(Struct, frozen=True, kw_only=True):
    """A column that a view promises."""

    view: str
    column: str
    type: str
    meaning: str


def add_to(application: typer.Typer) -> None:
    application.add_typer(warehouses, name="warehouse")


@warehouses.command("allow")
def allow(login: Login, tenant: Tenant = None, as_json: Json = False) -> None:
    """Let a login read the views of a tenant in the schema opps_warehouse, and nothing else.

    Make it first: CREATE ROLE metabase LOGIN PASSWORD '...'. It takes the login that migrates.
    """
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.eventstore.warehouse import NoSuchLogin, let_in

    with Opps(existing()) as opps:
        wanted = opps.tenant(tenant)
        slug = tenant or opps.settings.tenant
        try:
            changed = let_in(opps.database.direct_url, login, wanted)
        except NoSuchLogin:
            raise Cannot(
                f"The database has no login {login!r}. Make it first: "
                f"CREATE ROLE {login} LOGIN PASSWORD '...'; then say this again."
            ) from None
        opps.make_read_models()
    if as_json:
        print_json(Access(login=login, slug=slug, allowed=True, changed=changed))
    elif changed:
        say(f"{login} reads the views of {slug} in the schema opps_warehouse now.")
    else:
        say(f"{login} could read the views of {slug} already.")


@warehouses.command("deny")
def deny(login: Login, tenant: Tenant = None, as_json: Json = False) -> None:
    """Let a login no longer read the views of a tenant; at once, also where it is connected."""
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.eventstore.warehouse import shut_out

    with Opps(existing()) as opps:
        slug = tenant or opps.settings.tenant
        changed = shut_out(opps.database.direct_url, login, opps.tenant(tenant))
    if as_json:
        print_json(Access(login=login, slug=slug, allowed=False, changed=changed))
    elif changed:
        say(f"{login} reads nothing of {slug} any more.")
    else:
        say(f"{login} could not read the views of {slug}.")


@warehouses.command("list")
def list_logins(as_json: Json = False) -> None:
    """List which login reads which tenant's views."""
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.eventstore.warehouse import let_in_logins

    with Opps(existing()) as opps:
        found: list[WarehouseLogin] = let_in_logins(opps.database.direct_url)
    if as_json:
        print_json(found)
    else:
        print_table("", ("login", "slug", "tenant"), ((o.login, o.slug, o.tenant) for o in found))


@warehouses.command("columns")
def columns(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print them as the page of the documentation does.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List each column of each view with its type and meaning: a promise, also to files."""
    from opps.projections.warehouse_views import VIEWS

    found = [
        ColumnAnswer(view=view.name, column=one.name, type=view.sql_type(one), meaning=one.meaning)
        for view in VIEWS
        for one in view.columns
    ]
    if as_json:
        print_json(found)
    elif markdown:
        typer.echo(markdown_of_views(), nl=False)
    else:
        print_table(
            "", ("view", "column", "type"), ((one.view, one.column, one.type) for one in found)
        )


def markdown_of_views() -> str:
    """Return the promised columns as a part of docs/exporting.md."""
    from opps.projections.warehouse_views import VIEWS

    parts: list[str] = []
    for view in VIEWS:
        parts.append(f"### {view.name}\n\n{view.meaning} Key: {_code(view.key)}.\n")
        rows = [
            f"| `{one.name}` | `{view.sql_type(one)}` | {one.meaning} |" for one in view.columns
        ]
        parts.append("\n".join(["| Column | Type | Means |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
