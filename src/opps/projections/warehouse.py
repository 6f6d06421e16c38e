"""Views for warehouses: what they promise, and how they stay while the tables below are swapped."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec
import psycopg
from msgspec import Struct
from psycopg.sql import SQL, Composed, Identifier

from opps.domain.opportunity.state import Status
from opps.projections.projection import Projection
from opps.projections.table import LIVE, NEXT, Place, Table

SCHEMA = "opps_warehouse"
# Any number that nobody else locks in this database.
_PUBLISHING_LOCK = 0x6F707077

Places = Callable[[Table], Place]
"""Where each table stands while a view is made."""


class Column(NamedTuple):
    """A column that is promised: its name, what it means, and the row's own name for it.

    `missing_at` is the value by which a row says that there is none.
    """

    name: str
    meaning: str
    of: str | None = None
    missing_at: int | None = None

    @property
    def source(self) -> str:
        """The column of the table."""
        return self.of or self.name

    def selected(self) -> Composed:
        """Return the expression of the column, named."""
        value = SQL("t.{}").format(Identifier(self.source))
        if self.missing_at is not None:
            value = SQL("nullif({}, {})").format(value, self.missing_at)
        return SQL("{} AS {}").format(value, Identifier(self.name))


class WarehouseView(Struct, frozen=True, kw_only=True):
    """A view over the rows of one projection; columns are added at the end, never taken away.

    With `opportunities`, the board, no row of one is shown that was withdrawn, and so never was one
    of ours. Of that table it reads nothing but the id and the status, which every version has.
    """

    name: str
    meaning: str
    projection: Projection
    table: Table
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    where: str = "true"
    opportunities: Table | None = None

    @property
    def reads(self) -> tuple[Table, ...]:
        """The tables below."""
        return (self.table,) if self.opportunities is None else (self.table, self.opportunities)

    def sql_type(self, column: Column) -> str:
        """Return the SQL type of a column."""
        return self.table.columns[column.source]

    def query(self, places: Places, *, with_tenant: bool = True) -> Composed:
        """Return the query that the view stands for."""
        wanted = [one.selected() for one in self.columns]
        if with_tenant:
            wanted.insert(0, SQL("t.tenant AS tenant").format())
        # A condition is written by us beside the columns, never by a caller.
        return SQL("SELECT {} FROM {} t WHERE {}{}").format(
            SQL(", ").join(wanted),
            places(self.table)(self.table.name),
            SQL(self.where),
            self._not_withdrawn(places),
        )

    def definition(self) -> str:
        """Return all that making the view again would change."""
        return f"{self.query(live).as_string()}\n{self.meaning}\n{self.meanings()}"

    def meanings(self) -> str:
        """Return what each column means, as JSON."""
        told = {"tenant": TENANT_MEANING} | {one.name: one.meaning for one in self.columns}
        return msgspec.json.encode(told).decode()

    def _not_withdrawn(self, places: Places) -> Composed:
        if self.opportunities is None:
            return SQL("").format()
        # Looked up in a hash, whatever the planner knows of either table.
        return SQL(
            " AND t.opportunity_id NOT IN (SELECT b.opportunity_id FROM {} b WHERE b.status = {})"
        ).format(places(self.opportunities)(self.opportunities.name), Status.WITHDRAWN.value)


TENANT_MEANING = "the tenant; a login sees those that it was let in to"


def live(_: Table) -> Place:
    """Every table stands where it is read."""
    return LIVE


def publish_changed(
    connection: psycopg.Connection, views: Iterable[WarehouseView], versions: Mapping[str, int]
) -> None:
    """Make the views that are missing or other than this code says, where their tables are."""
    made: dict[str, str] = dict(
        connection.execute("SELECT view::text, definition FROM opps.warehouse_views")
    )
    changed = [
        view
        for view in views
        if made.get(view.name) != view.definition() and _stands(connection, view, versions)
    ]
    _publish(connection, changed, live)


def publish_next(
    connection: psycopg.Connection, views: Iterable[WarehouseView], tables: Collection[Table]
) -> None:
    """Let the views read tables that are about to take the place of the live ones."""
    moving = {table.name for table in tables}

    def places(table: Table) -> Place:
        return NEXT if table.name in moving else LIVE

    moved = [
        view
        for view in views
        if not moving.isdisjoint(table.name for table in view.reads)
        and all(_exists(connection, table, places(table)) for table in view.reads)
    ]
    _publish(connection, moved, places)


def _publish(
    connection: psycopg.Connection, views: Iterable[WarehouseView], places: Places
) -> None:
    for number, view in enumerate(views):
        if not number:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING_LOCK])
        for table in view.reads:
            _open_to_publisher(connection, places(table)(table.name))
        connection.execute(
            "SELECT opps.publish_view(%s, %s, %s, %s, %s::jsonb)",
            [
                view.name,
                view.query(places).as_string(),
                view.definition(),
                view.meaning,
                view.meanings(),
            ],
        )


def _open_to_publisher(connection: psycopg.Connection, table: Identifier) -> None:
    """Let the views read a table, for each login the rows of its own tenants.

    One that is open is left alone: to change a policy would stop all who read and write it.
    """
    opened = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_policy"
        " WHERE polrelid = %s::regclass AND polname = 'warehouse')",
        [table.as_string(connection)],
    )
    if opened.fetchone() == (True,):
        return
    for statement in (
        # The tenants are asked for once a query, not once a row.
        "CREATE POLICY warehouse ON {} FOR SELECT TO opps_publisher"
        " USING (tenant = ANY ((SELECT opps.warehouse_tenants())::uuid[]))",
        "GRANT SELECT ON {} TO opps_publisher",
    ):
        connection.execute(SQL(statement).format(table))


def _stands(
    connection: psycopg.Connection, view: WarehouseView, versions: Mapping[str, int]
) -> bool:
    """Tell whether the tables of a view are there, and made by this version of its projection."""
    if versions.get(view.projection.name) != view.projection.version:
        return False
    return all(_exists(connection, table, LIVE) for table in view.reads)


def _exists(connection: psycopg.Connection, table: Table, place: Place) -> bool:
    found = connection.execute(
        "SELECT to_regclass(%s) IS NOT NULL", [place(table.name).as_string(connection)]
    )
    return found.fetchone() == (True,)
