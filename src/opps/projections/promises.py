"""What rows promise together, and no single one can show: a verification asks the database."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.rows import namedtuple_row
from psycopg.sql import SQL


class Promise(Struct, frozen=True):
    """A promise of the live rows of a tenant.

    `broken` is a query for what breaks it, as rows of position, stream, stored and expected.
    """

    name: str
    broken: str


class Broken(NamedTuple):
    """The first place where a promise is broken."""

    position: int
    stream: UUID
    stored: str
    expected: str


def first_broken(
    connection: psycopg.Connection, promise: Promise, left_out: Collection[UUID] = ()
) -> Broken | None:
    """Return where a promise is first broken for the session's tenant, but for some streams."""
    query = SQL(
        "SELECT position, stream, stored::text AS stored, expected::text AS expected"
        " FROM ({}) broken WHERE stream <> ALL (%s) ORDER BY position, stream LIMIT 1"
    ).format(SQL(promise.broken))
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        found = cursor.execute(query, [list(left_out)]).fetchone()
    return None if found is None else Broken(*found)
