"""Reading connections: the reader's role, one tenant at a time, back again after an outage."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from time import monotonic
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, dict_row
from psycopg.sql import SQL, Composed
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolClosed

from opps.eventstore import LogClosed, LogUnavailable, StatementTimeout
from opps.eventstore.database import patient
from opps.eventstore.pool import Pool
from opps.projections.table import Row, Table, as_row

R = TypeVar("R", bound=Row)
Values = Sequence[Any] | Mapping[str, Any]

# Before the first projector has run, or while a newer one rebuilds what it found.
_NOT_BUILT = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
_FIRST_BACK_OFF_S = 0.02
_LONGEST_BACK_OFF_S = 0.5
STATEMENT_TIMEOUT_S = 30.0


class Condition(NamedTuple):
    """What rows must fulfil, with the values in it."""

    text: str
    values: Sequence[Any]


class ReaderConnection(AsyncConnection[TupleRow]):
    """A connection that knows whose rows it sees."""

    tenant: UUID | None = None


class Reading:
    """A pool of connections that see the rows of the tenant they are asked for."""

    def __init__(
        self,
        direct_url: str,
        connections: int,
        patience_s: float,
        statement_s: float = STATEMENT_TIMEOUT_S,
    ) -> None:
        self._patience_s = patience_s
        self._pool = AsyncConnectionPool(
            patient(direct_url, "opps views"),
            connection_class=ReaderConnection,
            kwargs={"autocommit": True},
            min_size=1,
            max_size=connections,
            open=False,
            configure=partial(_configure, statement_s=statement_s),
            timeout=patience_s,
        )

    async def open(self) -> None:
        """Begin to connect; do not wait for it."""
        await self._pool.open()

    @property
    def pool(self) -> Pool:
        """How its connections are used."""
        stats = self._pool.get_stats()
        size, idle = stats.get("pool_size", 0), stats.get("pool_available", 0)
        most, waiting = stats.get("pool_max", 0), stats.get("requests_waiting", 0)
        return Pool(size - idle, idle, most, waiting)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    async def rows(
        self, tenant: UUID, query: SQL | Composed, values: Values = ()
    ) -> list[dict[str, Any]]:
        """Return the rows of a query as a tenant sees them.

        Raises:
            LogUnavailable: the database stays away for longer than patience lasts.
            StatementTimeout: it takes longer than a statement may.
            LogClosed: these views were closed.
        """
        patient_until_s = monotonic() + self._patience_s
        back_off_s = _FIRST_BACK_OFF_S
        while True:
            try:
                async with self._pool.connection() as connection:
                    return await _rows(connection, tenant, query, values)
            except PoolClosed:
                raise LogClosed("the views are closed") from None
            except psycopg.errors.QueryCanceled as error:
                # Once more would take as long.
                raise StatementTimeout(str(error)) from error
            except (psycopg.OperationalError, *_NOT_BUILT) as error:
                if monotonic() + back_off_s >= patient_until_s:
                    raise LogUnavailable(_told(error)) from error
            await asyncio.sleep(back_off_s)
            back_off_s = min(2 * back_off_s, _LONGEST_BACK_OFF_S)

    async def of_table(
        self,
        kind: type[R],
        tenant: UUID,
        table: Table,
        conditions: Sequence[Condition],
        order: str,
        limit: int,
        without: frozenset[str] = frozenset(),
    ) -> list[R]:
        """Return rows of a table, called `t`, that fulfil every condition.

        They are whole but for lists `without` which they do, and which are empty in them.
        """
        told = [Condition("t.tenant = opps.current_tenant()", ()), *conditions]
        query = SQL("{} WHERE {} ORDER BY {} LIMIT %s").format(
            table.select_without(without),
            SQL(" AND ").join(SQL(one.text) for one in told),
            SQL(order),
        )
        values = [value for one in told for value in one.values]
        found = await self.rows(tenant, query, [*values, limit])
        return [as_row(kind, values) for values in found]


def _told(error: psycopg.Error) -> str:
    if isinstance(error, _NOT_BUILT):
        return f"the read models are not built yet, a projector has to run: {error}"
    return f"the database does not answer: {error}"


async def _rows(
    connection: ReaderConnection, tenant: UUID, query: SQL | Composed, values: Values
) -> list[dict[str, Any]]:
    if connection.tenant != tenant:
        # Whoever goes away in between must not leave a session under another tenant than it says.
        connection.tenant = None
        await connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
        connection.tenant = tenant
    async with connection.cursor(binary=True, row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchall()


async def _configure(connection: ReaderConnection, statement_s: float) -> None:
    set_json_loads(msgspec.json.decode, connection)  # several times as fast as the usual one
    await connection.execute("SET ROLE opps_reader")
    await connection.execute("SET TimeZone = 'UTC'")
    # Many read at once: a core for each is quicker than several for one.
    await connection.execute("SET max_parallel_workers_per_gather = 0")
    limit = f"{statement_s * 1_000:.0f}"
    await connection.execute("SELECT set_config('statement_timeout', %s, false)", [limit])
