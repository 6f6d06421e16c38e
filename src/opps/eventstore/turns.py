"""Turns: work on a tenant's log that several may do at once, or one alone."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from uuid import UUID
from zlib import crc32

import psycopg

from opps.eventstore.database import LogSettings, connect_direct
from opps.eventstore.errors import LogUnavailable


@contextmanager
def turn(
    settings: LogSettings, tenant: UUID, number: int, application_name: str, *, alone: bool
) -> Iterator[bool]:
    """Yield whether it is our turn: beside others who share it, or alone.

    It belongs to a connection: whoever is killed gives it back. `number` says which work it is.

    Raises:
        LogUnavailable: the database is away.
    """
    shared = "" if alone else "_shared"
    place = (number, crc32(tenant.bytes) - 2**31)
    try:
        connection = connect_direct(settings, application_name)
    except psycopg.OperationalError as error:
        raise LogUnavailable(f"the database does not answer: {error}") from error
    with closing(connection):
        taken = f"SELECT pg_try_advisory_lock{shared}(%s, %s)".encode()
        yield connection.execute(taken, place).fetchone() == (True,)
        with suppress(psycopg.OperationalError):  # whoever has lost it has given it back
            # Said, because a server notices a closed connection a little later.
            connection.execute(f"SELECT pg_advisory_unlock{shared}(%s, %s)".encode(), place)
