"""A view of the warehouse, read whole at one instant and written to a file, row by row."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.sql import SQL, Composed, Identifier

from opps.eventstore.transfer import one_instant
from opps.integrations.backup_file import Progress
from opps.integrations.formulas import guarded
from opps.integrations.private_files import whole_file
from opps.projections.warehouse import WarehouseView, live
from opps.projections.warehouse_views import VIEWS

BATCH = 2_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Values = tuple[Any, ...]


class NoSuchTable(Exception):
    """Nothing of that name can be exported; the message names what can."""

    def __init__(self, name: str) -> None:
        known = ", ".join(view.name for view in VIEWS)
        super().__init__(f"There is nothing called {name!r} to export: it is one of {known}.")


class TableExported(Struct, frozen=True, kw_only=True):
    """How many rows were written, and up to which of how many events they tell."""

    rows: int
    position: int
    size: int


class WholeTable:
    """The rows of a view at one instant, however many there are."""

    def __init__(self, connection: psycopg.Connection, view: WarehouseView) -> None:
        self._connection = connection
        self._query = view.query(live, with_tenant=False)
        self._key = view.key
        self.view = view
        self.count = self._number(SQL("SELECT count(*) FROM ({}) t").format(self._query))
        self.position = self._number(
            SQL("SELECT position FROM opps_views.positions WHERE projection = {}").format(
                view.projection.name
            )
        )
        self.size = self._number(SQL("SELECT size FROM opps.tenant_head").format())

    def batches(self) -> Iterator[list[Values]]:
        """Yield the rows in the order of their key."""
        order = SQL(", ").join(map(Identifier, self._key))
        with self._connection.cursor("rows") as cursor:
            cursor.execute(
                SQL("SELECT * FROM ({}) t ORDER BY {}").format(self._query, order), binary=True
            )
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def told(self) -> TableExported:
        """Return what is to be said of the file."""
        return TableExported(rows=self.count, position=self.position, size=self.size)

    def _number(self, query: Composed) -> int:
        row = self._connection.execute(query).fetchone()
        return 0 if row is None else int(row[0])


def view_of(name: str) -> WarehouseView:
    """Return the view of a name.

    Raises:
        NoSuchTable: there is none.
    """
    for view in VIEWS:
        if view.name == name:
            return view
    raise NoSuchTable(name)


@contextmanager
def whole_table(url: str, tenant: UUID, view: WarehouseView) -> Iterator[WholeTable]:
    """Yield the rows of a tenant at this instant.

    Raises:
        psycopg.errors.UndefinedTable: the read models were not made yet.
        psycopg.OperationalError: the database is away.
    """
    with one_instant(url, tenant, "opps export") as connection:
        yield WholeTable(connection, view)


def export_csv(
    url: str,
    tenant: UUID,
    view: WarehouseView,
    path: Path,
    *,
    delimiter: str = ",",
    guard: bool = True,
    progress: Progress,
) -> TableExported:
    """Write a table for people; without the guard for programs, each text as it is.

    Raises:
        psycopg.errors.UndefinedTable: the read models were not made yet.
        psycopg.OperationalError: the database is away.
    """
    cell = _safe_cell if guard else _cell
    with whole_table(url, tenant, view) as table, whole_file(path) as file:
        if guard:
            file.write(_BYTE_ORDER_MARK)  # by which Excel knows that it is UTF-8
        file.write(_lines([[one.name for one in view.columns]], delimiter, str))
        done = 0
        for batch in table.batches():
            file.write(_lines(batch, delimiter, cell))
            done += len(batch)
            progress(done, table.count)
        return table.told()


def _lines(rows: Sequence[Sequence[Any]], delimiter: str, cell: Callable[[Any], str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _safe_cell(value: Any) -> str:
    # A number may begin with a minus: only texts can be formulas.
    return guarded(value) if isinstance(value, str) else _cell(value)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case list():
            return " ".join(map(str, value))
        case _:
            return str(value)
