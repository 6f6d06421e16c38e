"""The blind index of a tenant: tokens that find a person, written, purged and dropped."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.rows import class_row

_WRITE = "SELECT opps.write_search(%s, %s, %s, %s, %s, %s, %s)"


class SearchIndex(Struct, frozen=True):
    """The index as it stands: under which id its key is kept, and how far the log was read."""

    key_id: UUID
    position: int
    built_at: datetime


class Held(Struct, frozen=True):
    """What an index holds."""

    persons: int
    tokens: int


class Dropped(Struct, frozen=True):
    """What an index held that was dropped, and the id of the key that is left to destroy."""

    key_id: UUID | None
    tokens: int


class Tokens(Struct, frozen=True, kw_only=True):
    """The tokens of persons, as the log tells of them between two positions."""

    from_position: int
    to_position: int
    of: Mapping[UUID, Collection[UUID]]


def standing(connection: psycopg.Connection, tenant: UUID) -> SearchIndex | None:
    """Return the index of a tenant, None where there is none."""
    cursor = connection.cursor(row_factory=class_row(SearchIndex))
    return cursor.execute("SELECT * FROM opps.search_index(%s)", [tenant]).fetchone()


def held(connection: psycopg.Connection, tenant: UUID) -> Held:
    """Return how much an index holds; it counts all of it."""
    cursor = connection.cursor(row_factory=class_row(Held))
    found = cursor.execute("SELECT * FROM opps.count_search(%s)", [tenant]).fetchone()
    assert found is not None
    return found


def begin(connection: psycopg.Connection, tenant: UUID, key_id: UUID) -> None:
    """Begin an index under a key, unless there is one."""
    connection.execute("SELECT opps.begin_search(%s, %s)", [tenant, key_id])


def write(connection: psycopg.Connection, tenant: UUID, key_id: UUID, tokens: Tokens) -> bool:
    """Put tokens in the place of those that persons had; False where somebody else was first.

    None are written of persons who were erased by now, whoever read them before.
    """
    pairs = [(token, person) for person, found in tokens.of.items() for token in found]
    values = [tenant, key_id, tokens.from_position, tokens.to_position, list(tokens.of)]
    rows = connection.execute(
        _WRITE, [*values, [one for one, _ in pairs], [one for _, one in pairs]]
    )
    return rows.fetchone() == (True,)


def purge(connection: psycopg.Connection, tenant: UUID, persons: Collection[UUID]) -> int:
    """Delete the tokens of persons, and return how many; safe to repeat."""
    found = connection.execute("SELECT opps.purge_search(%s, %s)", [tenant, list(persons)])
    row = found.fetchone()
    assert row is not None
    return int(row[0])


def drop(connection: psycopg.Connection, tenant: UUID) -> Dropped:
    """Delete all of an index."""
    cursor = connection.cursor(row_factory=class_row(Dropped))
    found = cursor.execute("SELECT * FROM opps.drop_search(%s)", [tenant]).fetchone()
    assert found is not None
    return found
