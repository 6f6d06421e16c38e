"""Tables of read models, declared once as a row type: their DDL, and the statement that writes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.sql import SQL, Composed, Identifier

SCHEMA = "opps_views"

R = TypeVar("R", bound="Row")

_ENCODER = msgspec.json.Encoder(decimal_format="string")
_PASSED_THROUGH = (UUID, datetime, date, Decimal)
_TYPES: dict[type, str] = {
    UUID: "uuid",
    bool: "boolean",
    int: "bigint",
    float: "double precision",
    datetime: "timestamptz",
    date: "date",
    Decimal: "numeric",
}


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """One row of a read model; the tenant is the session's and not part of it."""


class Place(Struct, frozen=True):
    """Where the tables of a projection stand: live, or a copy that is being built."""

    schema: str = SCHEMA
    suffix: str = ""

    def __call__(self, table: str) -> Identifier:
        """Return the name of a table in this place."""
        return Identifier(self.schema, table + self.suffix)


LIVE = Place()
NEXT = Place(suffix="__next")
SHADOW = Place(schema="pg_temp")


class Table(Struct, frozen=True, kw_only=True, dict=True):
    """A table of rows, keyed within its tenant; `added_only` rows are never written twice.

    `checks` are conditions that the database holds every row to, by name. `written` is the
    statement of rows that the database links to each other, where the usual one does not do.
    """

    name: str
    row: type[Row]
    key: tuple[str, ...]
    indexes: tuple[str, ...] = ()
    added_only: bool = False
    checks: tuple[tuple[str, str], ...] = ()
    written: Callable[["Table", Place], Composed] | None = None

    @cached_property
    def columns(self) -> dict[str, str]:
        """The SQL type of each column."""
        hints = get_type_hints(self.row)
        return {name: _sql_type(hints[name]) for name in self.row.__struct_fields__}

    @property
    def nullable(self) -> frozenset[str]:
        """The columns that may be empty."""
        hints = get_type_hints(self.row)
        return frozenset(name for name in self.columns if NoneType in get_args(hints[name]))

    def create(self, place: Place) -> Composed:
        """Return the statement that makes the table, with room for updates within a page."""
        return SQL("CREATE TABLE {} ({}, PRIMARY KEY (tenant, {})) WITH (fillfactor = {})").format(
            place(self.name),
            SQL(", ").join([_TENANT, *map(self._column, self.columns), *self._checks()]),
            _names(self.key),
            SQL("100" if self.added_only else "70"),
        )

    def create_indexes(self, place: Place) -> list[Composed]:
        """Return the statements that index the table, named by the database."""
        # What an index covers is written by us beside the row, never by a caller.
        covered = (one.partition(" WHERE ") for one in self.indexes)
        return [
            SQL("CREATE INDEX ON {} (tenant, {}){}").format(
                place(self.name), SQL(columns), SQL(f"{where}{rows}")
            )
            for columns, where, rows in covered
        ]

    def write(self, place: Place) -> Composed:
        """Return the one statement that writes any number of rows, given as JSON."""
        if self.written is not None:
            return self.written(self, place)
        return SQL(
            "INSERT INTO {} ({}) SELECT {} FROM json_to_recordset(%s::json) AS r({}){}"
        ).format(
            place(self.name),
            _names(self.columns),
            _names(self.columns),
            SQL(", ").join(map(self._typed, self.columns)),
            SQL("") if self.added_only else self._replace(),
        )

    @cached_property
    def select(self) -> SQL:
        """The beginning of a query for whole live rows; the table is called `t` in it."""
        return self.select_without(frozenset())

    def select_without(self, empty: frozenset[str]) -> SQL:
        """Return the beginning of a query for live rows in which some lists are empty."""
        if empty not in self._selects:
            columns = SQL(", ").join(
                SQL("'[]'::jsonb AS {}" if name in empty else "t.{}").format(Identifier(name))
                for name in self.columns
            )
            text = SQL("SELECT {} FROM {} t").format(columns, LIVE(self.name)).as_string()
            self._selects[empty] = SQL(text)
        return self._selects[empty]

    @cached_property
    def _selects(self) -> dict[frozenset[str], SQL]:
        return {}

    def last_of_each_key(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows to write: the last one of each key."""
        if self.added_only:
            return list(rows)
        return list({tuple(getattr(row, name) for name in self.key): row for row in rows}.values())

    def _column(self, name: str) -> Composed:
        null = SQL("") if name in self.nullable else SQL(" NOT NULL")
        return SQL("{}{}").format(self._typed(name), null)

    def _checks(self) -> list[Composed]:
        # A condition is written by us beside the row, never by a caller.
        return [
            SQL("CONSTRAINT {} CHECK ({})").format(Identifier(name), SQL(condition))
            for name, condition in self.checks
        ]

    def _typed(self, name: str) -> Composed:
        return SQL("{} {}").format(Identifier(name), SQL(self.columns[name]))

    def _replace(self) -> Composed:
        changing = [name for name in self.columns if name not in self.key]
        return SQL(" ON CONFLICT (tenant, {}) DO UPDATE SET {}").format(
            _names(self.key),
            SQL(", ").join(SQL("{0} = excluded.{0}").format(Identifier(name)) for name in changing),
        )


_TENANT = SQL("tenant uuid NOT NULL DEFAULT opps.current_tenant()")


def encode(rows: Sequence[Row]) -> str:
    """Return rows as the JSON that `Table.write` takes."""
    return _ENCODER.encode(rows).decode()


def as_row(kind: type[R], values: dict[str, Any]) -> R:
    """Return a row that was read, with its enums and nested values as declared."""
    return msgspec.convert(values, kind, builtin_types=_PASSED_THROUGH)


def _names(names: Iterable[str]) -> Composed:
    return SQL(", ").join(map(Identifier, names))


def _sql_type(hint: Any) -> str:
    given = [part for part in get_args(hint) if part is not NoneType]
    if NoneType in get_args(hint):
        return _sql_type(given[0])
    if get_origin(hint) is list:
        return "uuid[]" if given == [UUID] else "jsonb"
    if hint in _TYPES:
        return _TYPES[hint]
    return "text" if issubclass(hint, str | StrEnum) else "jsonb"
