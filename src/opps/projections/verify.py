"""Compare what is stored with what it should be: the log with its hashes, rows with a fold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg import IsolationLevel
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier

from opps.eventstore import Log, LogHead, LogSettings
from opps.eventstore.database import connect_direct
from opps.projections import books
from opps.projections.passage import Passage
from opps.projections.projection import Projection
from opps.projections.promises import first_broken
from opps.projections.rebuild import Progress, unseen
from opps.projections.registry import PROJECTIONS
from opps.projections.states import States
from opps.projections.table import LIVE, SHADOW, Table
from opps.projections.tables import connect_role, index, make_tables
from opps.recording.chain import Chain

_READ_AT_ONCE = 2_000
_BATCH = 10_000

_COMMANDS = """
    SELECT coalesce(c.command_id, e.command_id) AS command_id,
           c.first_position AS stored_position, e.first_position, c.count AS stored_count, e.count
    FROM (SELECT command_id, first_position, count FROM opps.commands
          WHERE tenant = opps.current_tenant() AND first_position <= %(size)s) c
    FULL JOIN (SELECT command_id, min(position) AS first_position, count(*) AS count
               FROM opps.events WHERE tenant = opps.current_tenant() AND position <= %(size)s
               GROUP BY command_id) e USING (command_id)
    WHERE (c.first_position, c.count) IS DISTINCT FROM (e.first_position, e.count)
    ORDER BY coalesce(c.first_position, e.first_position) LIMIT 1"""


class Difference(Struct, frozen=True, kw_only=True):
    """The first place where something is not what it should be."""

    where: str
    position: int | None
    field: str
    stored: str
    expected: str

    def __str__(self) -> str:
        place = "" if self.position is None else f" at position {self.position}"
        return f"{self.where}{place}: {self.field} is {self.stored}, and should be {self.expected}"


class Verdict(Struct, frozen=True, kw_only=True):
    """What a verification found; `parked` streams were left out of the comparison."""

    events: int
    parked: int
    difference: Difference | None


def verify(
    log: Log,
    settings: LogSettings,
    tenant: UUID,
    progress: Progress = unseen,
    projections: tuple[Projection, ...] = PROJECTIONS,
) -> Verdict:
    """Compare a tenant's log with its hashes, and each projection with a fold from scratch.

    Reads one state of the database and holds up nobody. Ends at the first difference.

    Raises:
        LogUnavailable, psycopg.OperationalError: the database is away.
    """
    head = log.head(tenant)
    if head is None:
        return Verdict(events=0, parked=0, difference=None)
    size = head.size
    with closing(connect_direct(settings, "opps verify")) as connection:
        connect_role(connection)
        connection.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        make_tables(connection, projections)
        books.enter_tenant(connection, tenant)
        found = _log_difference(log, tenant, head, lambda done: progress(done, 2 * size))
        found = found or _command_difference(connection, size)
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        with connection.transaction(force_rollback=True):
            # Before the state is fixed: what a rebuild puts here later has no rows in it.
            connection.execute(_held(projections))
            parked = books.parked_of(connection, tenant, projections)
            if found is None:
                comparing = _Comparing(connection, log, tenant, parked)
                found = comparing.first_difference(
                    projections, lambda done: progress(size + done, 2 * size)
                )
    return Verdict(events=size, parked=sum(map(len, parked.values())), difference=found)


def _held(projections: Iterable[Projection]) -> Composed:
    """Return the statement after which no rebuild takes the tables away."""
    tables = (LIVE(table.name) for one in projections for table in one.tables)
    return SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(SQL(", ").join(tables))


def _log_difference(
    log: Log, tenant: UUID, head: LogHead, told: Callable[[int], None]
) -> Difference | None:
    """Return where the columns, the hashes and the order of the log do not agree."""
    chain = Chain(tenant)
    while chain.size < head.size:
        events = log.sealed(tenant, chain.size, min(_READ_AT_ONCE, head.size - chain.size))
        if not events:
            return _of_log("position", chain.size + 1, "missing", "there")
        for event in events:
            if (broken := chain.follow(event)) is not None:
                return _of_log(broken.field, broken.position, broken.stored, broken.expected)
        told(chain.size)
    if chain.recorded_at not in (None, head.recorded_at):
        return _of_log("recorded_at of the head", None, head.recorded_at, chain.recorded_at)
    return None


def _of_log(field: str, position: int | None, stored: object, expected: object) -> Difference:
    return Difference(
        where="log", position=position, field=field, stored=str(stored), expected=str(expected)
    )


def _command_difference(connection: psycopg.Connection, size: int) -> Difference | None:
    """Return the first command that does not say where its events are."""
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(_COMMANDS, {"size": size}).fetchone()
    if found is None:
        return None
    field = "count" if found["stored_position"] == found["first_position"] else "position"
    return Difference(
        where=f"command {found['command_id']}",
        position=found["first_position"] or found["stored_position"],
        field=field,
        stored=str(found[f"stored_{field}"]),
        expected=str(found["count" if field == "count" else "first_position"]),
    )


class _Comparing:
    """Folds projections into tables that only this transaction sees, and compares."""

    def __init__(
        self, connection: psycopg.Connection, log: Log, tenant: UUID, parked: dict[str, set[UUID]]
    ) -> None:
        self._connection = connection
        self._log = log
        self._tenant = tenant
        self._parked = parked

    def first_difference(
        self, projections: Sequence[Projection], told: Callable[[int], None]
    ) -> Difference | None:
        """Return the first row, in the order of projections and positions, that differs."""
        marks = books.marks_seen(self._connection, self._tenant, projections)
        for position in sorted({mark.position for mark in marks.values()}):
            group = [one for one in projections if marks[one.name].position == position]
            for projection in group:
                for table in projection.tables:
                    self._connection.execute(table.create(SHADOW))
            index(self._connection, [one.due for one in group if one.due], SHADOW)
            self._fold(group, position, told)
            for projection in group:
                for table in projection.tables:
                    if (found := self._compare(projection, table)) is not None:
                        return found
                if (found := self._broken(projection)) is not None:
                    return found
        return None

    def _fold(self, group: Sequence[Projection], until: int, told: Callable[[int], None]) -> None:
        parked = {one.name: set(self._parked[one.name]) for one in group}
        states = States(self._log, self._tenant)
        passage = Passage(self._connection, group, SHADOW, states, parked)
        position = 0
        while position < until:
            batch = self._log.read(self._tenant, position, _BATCH, until=until)
            if not batch:
                return
            passage.take_apart(batch, position)
            position = batch[-1].position
            told(position)

    def _compare(self, projection: Projection, table: Table) -> Difference | None:
        columns = SQL(", ").join(map(Identifier, table.columns))
        keys = SQL(", ").join(map(Identifier, table.key))
        query = SQL(
            "SELECT to_jsonb(stored) AS stored, to_jsonb(folded) AS folded"
            " FROM (SELECT {columns} FROM {live} WHERE tenant = opps.current_tenant()"
            "       AND {stream} <> ALL (%s)) stored"
            " FULL JOIN (SELECT {columns} FROM {shadow}) folded USING ({keys})"
            " WHERE stored IS DISTINCT FROM folded ORDER BY {order} LIMIT 1"
        ).format(
            columns=columns,
            live=LIVE(table.name),
            shadow=SHADOW(table.name),
            stream=Identifier(projection.kind.column),
            keys=keys,
            order=SQL("coalesce(stored.position, folded.position), {}").format(keys),
        )
        with self._connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(query, [list(self._parked[projection.name])]).fetchone()
        return None if found is None else _of_row(table, found["stored"], found["folded"])

    def _broken(self, projection: Projection) -> Difference | None:
        for promise in projection.promises:
            found = first_broken(self._connection, promise, self._parked[projection.name])
            if found is not None:
                return Difference(
                    where=f"{projection.name} {found.stream}",
                    position=found.position,
                    field=promise.name,
                    stored=found.stored,
                    expected=found.expected,
                )
        return None


def _of_row(
    table: Table, stored: Mapping[str, Any] | None, folded: Mapping[str, Any] | None
) -> Difference:
    row = stored or folded or {}
    where = f"{table.name} {' '.join(str(row[name]) for name in table.key)}"
    position = row.get("position")
    if stored is None or folded is None:
        there = ("missing", "there") if stored is None else ("there", "missing")
        return Difference(
            where=where, position=position, field="row", stored=there[0], expected=there[1]
        )
    field = next(name for name in table.columns if stored[name] != folded[name])
    return Difference(
        where=where,
        position=position,
        field=field,
        stored=str(stored[field]),
        expected=str(folded[field]),
    )
