"""How far the scoring of every open opportunity has got, told to whoever waits for it.

All rows of an activation become visible at once. What is seen before is the name under which the
projector's session shows itself to the database's own statistics.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg.sql import SQL

_SAYING = "opps: {done} of {total} scored"
_SAID = re.compile(r"opps: (\d+) of (\d+) scored")
_NAME = "application_name"
_FEW = 500


class Under(NamedTuple):
    """How many opportunities were scored, of how many."""

    done: int
    total: int


@contextmanager
def telling(connection: psycopg.Connection, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that tells of some more; others see it before the transaction ends.

    A few are scored before anybody could look: nothing is told of those.
    """
    if total <= _FEW:
        yield lambda _: None
        return
    own = connection.info.parameter_status(_NAME) or ""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        _name(connection, _SAYING.format(done=done, total=total))

    yield tell
    # Where the block fails, the database takes the name back with the transaction.
    _name(connection, own)


def under_way(connection: psycopg.Connection) -> Under | None:
    """Return how far a scoring is in this database; None if none is seen."""
    query = "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
    for (name,) in connection.execute(query):
        if found := _SAID.fullmatch(name or ""):
            return Under(int(found[1]), int(found[2]))
    return None


def scored_at(connection: psycopg.Connection, tenant: UUID, position: int) -> int:
    """Return how many scores moved at a position of the log."""
    query = SQL("SELECT count(*) FROM opps_views.score_trend WHERE tenant = %s AND position = %s")
    with connection.transaction():
        connection.execute("SET LOCAL ROLE opps_reader")
        connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
        found = connection.execute(query, [tenant, position]).fetchone()
    assert found is not None
    return int(found[0])


def _name(connection: psycopg.Connection, name: str) -> None:
    connection.execute("SELECT set_config(%s, %s, false)", [_NAME, name])
