"""Timelines as they are read: lines in pages along an axis, and the same lines in groups."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL, Composable, Composed, Identifier

from opps.domain.catalogue import Objective
from opps.domain.events import DecisionTaken, GatePassed
from opps.projections import timeline
from opps.projections.reading import Condition, Reading
from opps.projections.scopes import EVERY_LINE, Leg, LineFilter, Scope, Until
from opps.projections.table import as_row
from opps.projections.timeline import DECIDED
from opps.projections.timeline_row import TimelineRow
from opps.projections.views import Axis

_COLUMNS = tuple(timeline.TABLE.columns)
_TIME = {Axis.RECORDED: "recorded_at", Axis.LEARNED: "learned_at"}
_ORDER = {Axis.RECORDED: ("position",), Axis.LEARNED: ("learned_at", "position")}
# What rests on facts or should: a gate passed on waivers alone rests on nothing.
_DECISIONS = (DecisionTaken.__name__, GatePassed.__name__)
_TABLES = ("timeline", "account_timeline", "zone_lines")
_OWN = Condition("t.tenant = opps.current_tenant()", ())


class GroupBy(StrEnum):
    """What lines are put together by.

    NONE: all of them are one group. DAY: the day of the time that orders them. COMMAND: what was
    told at once. OBJECTIVE: the information objective, and apart from these what has none.
    """

    NONE = "NONE"
    DAY = "DAY"
    COMMAND = "COMMAND"
    OBJECTIVE = "OBJECTIVE"


class Asked(Struct, frozen=True, kw_only=True):
    """Which lines of which timeline, in which order; `zone` is where days begin."""

    scope: Scope
    axis: Axis
    until: Until
    wanted: LineFilter = EVERY_LINE
    zone: str = "UTC"


class Group(Struct, frozen=True, kw_only=True):
    """Some lines of a timeline, what they have in common, and where they lie on its axis.

    `key` is the day, the command, the objective, or nothing. `place` orders the groups.
    """

    key: str
    place: str
    lines: int
    late: int
    milli_points: int
    first_at: datetime
    last_at: datetime
    first_position: int
    last_position: int


class _Grouping(NamedTuple):
    """The key of a line, and the place of a group: an expression and its type."""

    key: str
    place: str
    type: str


_OBJECTIVES = ", ".join(f"'{one.value}'" for one in Objective)
_GROUPINGS = {
    GroupBy.NONE: _Grouping("''", "0", "bigint"),
    GroupBy.DAY: _Grouping("(t.{time} AT TIME ZONE %s)::date::text", "group_key", "text"),
    GroupBy.COMMAND: _Grouping("t.command_id::text", "min(position)", "bigint"),
    GroupBy.OBJECTIVE: _Grouping(
        "coalesce(t.objective, '')",
        f"coalesce(array_position(ARRAY[{_OBJECTIVES}], group_key), 100)",
        "bigint",
    ),
}


async def lines(
    reading: Reading, tenant: UUID, asked: Asked, after: int | None, limit: int
) -> list[TimelineRow]:
    """Return lines along the axis, from behind the one at a position."""
    order = SQL(", ").join(Identifier(one) for one in _ORDER[asked.axis])
    parts, values = [], []
    for leg in asked.scope:
        conditions = [*_conditions(leg, asked), *_behind(asked.axis, after)]
        part, more = _select(leg, conditions, _columns())
        parts.append(SQL("({} ORDER BY {} LIMIT %s)").format(part, order))
        values += [*more, limit]
    every = SQL(" UNION ALL ").join(parts)
    query = SQL("SELECT * FROM ({}) t ORDER BY {} LIMIT %s").format(every, order)
    found = await reading.rows(tenant, query, [*values, limit])
    return [as_row(TimelineRow, one) for one in found]


async def count(reading: Reading, tenant: UUID, asked: Asked) -> int:
    """Return how many lines there are."""
    every, values = _every(asked, SQL("1 AS one"))
    query = SQL("SELECT count(*) AS total FROM ({}) t").format(every)
    [found] = await reading.rows(tenant, query, values)
    return int(found["total"])


async def groups(
    reading: Reading, tenant: UUID, asked: Asked, by: GroupBy, after: str | None, limit: int
) -> list[Group]:
    """Return the groups of the lines in order, from behind a place."""
    grouping, time = _GROUPINGS[by], _TIME[asked.axis]
    columns = SQL("{}, t.position, {} AS at, t.late, t.milli_points").format(
        _key(grouping, asked.axis), Identifier("t", time)
    )
    every, values = _every(asked, columns, _zone(by, asked))
    behind = SQL("") if after is None else SQL("WHERE place > %s::{}").format(SQL(grouping.type))
    query = SQL(
        "SELECT group_key AS key, place::text AS place, lines, late, milli_points,"
        " first_at, last_at, first_position, last_position"
        " FROM (SELECT group_key, {} AS place, count(*) AS lines,"
        " count(*) FILTER (WHERE late) AS late,"
        " coalesce(sum(milli_points), 0)::bigint AS milli_points,"
        " min(at) AS first_at, max(at) AS last_at,"
        " min(position) AS first_position, max(position) AS last_position"
        " FROM ({}) t GROUP BY group_key) g {} ORDER BY g.place LIMIT %s"
    ).format(SQL(grouping.place), every, behind)
    behind_values = [] if after is None else [after]
    found = await reading.rows(tenant, query, [*values, *behind_values, limit])
    return [Group(**one) for one in found]


async def lines_of_groups(
    reading: Reading,
    tenant: UUID,
    asked: Asked,
    by: GroupBy,
    of: Sequence[Group],
    after: int | None,
    limit: int,
) -> dict[str, list[TimelineRow]]:
    """Return lines of each group along the axis, by one statement, from behind a position."""
    order = SQL(", ").join(Identifier(one) for one in _ORDER[asked.axis])
    # Numbering whole lines would sort all of them: only what is shown is read whole.
    narrow = SQL("{}, t.learned_at, t.position").format(_key(_GROUPINGS[by], asked.axis))
    between = [*_between(asked.axis, of), *_behind(asked.axis, after)]
    every, values = _every(asked, narrow, _zone(by, asked), between)
    wholes, whole_values = _wholes(asked.scope)
    query = SQL(
        "WITH numbered AS (SELECT t.*, row_number() OVER (PARTITION BY group_key ORDER BY {})"
        " AS place FROM ({}) t WHERE group_key = ANY (%s)), shown AS MATERIALIZED"
        " (SELECT group_key, position FROM numbered WHERE place <= %s)"
        " SELECT * FROM ({}) t ORDER BY {}"
    ).format(order, every, SQL(" UNION ALL ").join(wholes), order)
    keys = [one.key for one in of]
    found = await reading.rows(tenant, query, [*values, keys, limit, *whole_values])
    rows: dict[str, list[TimelineRow]] = {key: [] for key in keys}
    for one in found:
        rows[one["group_key"]].append(as_row(TimelineRow, one))
    return rows


async def decisions(
    reading: Reading, tenant: UUID, opportunity_ids: Sequence[UUID]
) -> list[TimelineRow]:
    """Return the lines of opportunities that rest on facts, or should, in the order of the log."""
    conditions = [
        Condition("t.opportunity_id = ANY (%s)", (list(opportunity_ids),)),
        Condition(f"(t.{DECIDED} OR t.tag = ANY (%s))", (list(_DECISIONS),)),
    ]
    return await reading.of_table(
        TimelineRow, tenant, timeline.TABLE, conditions, "t.position", 2**31
    )


def _columns() -> Composed:
    return SQL(", ").join(Identifier("t", name) for name in _COLUMNS)


def _wholes(scope: Scope) -> tuple[list[Composed], list[Any]]:
    """Return a query of each table for the whole lines that are shown.

    One place of the log can have a line of several opportunities: a day that turned.
    """
    legs: dict[str, list[Condition]] = {}
    for leg in scope:
        legs.setdefault(leg.table.name, []).append(leg.condition)
    parts = [
        SQL(
            "SELECT {}, s.group_key FROM shown s JOIN {} t"
            " ON t.tenant = opps.current_tenant() AND t.position = s.position WHERE {}"
        ).format(
            _columns(),
            Identifier("opps_views", table),
            SQL(" OR ").join(SQL(f"({one.text})") for one in conditions),
        )
        for table, conditions in legs.items()
    ]
    return parts, [value for of in legs.values() for one in of for value in one.values]


def _key(grouping: _Grouping, axis: Axis) -> Composed:
    # The key of a group is written by us beside the grouping, never by a caller.
    return SQL("{} AS group_key").format(SQL(grouping.key.replace("{time}", _TIME[axis])))


def _zone(by: GroupBy, asked: Asked) -> list[Any]:
    return [asked.zone] if by is GroupBy.DAY else []


def _every(
    asked: Asked,
    columns: Composable,
    values: Sequence[Any] = (),
    more: Sequence[Condition] = (),
) -> tuple[Composed, list[Any]]:
    """Return a query for columns of all lines; `values` are those in the columns."""
    parts, all_values = [], []
    for leg in asked.scope:
        part, own = _select(leg, [*_conditions(leg, asked), *more], columns)
        parts.append(part)
        all_values += [*values, *own]
    return SQL(" UNION ALL ").join(parts), all_values


def _select(
    leg: Leg, conditions: Sequence[Condition], columns: Composable
) -> tuple[Composed, list[Any]]:
    query = SQL("SELECT {} FROM {} t WHERE {}").format(
        columns,
        Identifier("opps_views", leg.table.name),
        SQL(" AND ").join(SQL(one.text) for one in conditions),
    )
    return query, [value for one in conditions for value in one.values]


def _conditions(leg: Leg, asked: Asked) -> list[Condition]:
    time = _TIME[asked.axis]
    return [_OWN, leg.condition, *asked.until.conditions(), *asked.wanted.conditions(time)]


def _behind(axis: Axis, after: int | None) -> list[Condition]:
    if after is None:
        return []
    if axis is Axis.RECORDED:
        return [Condition("t.position > %s", (after,))]
    # Lines of one place in several tables or opportunities are of one time: all are the same.
    places = " UNION ".join(
        f"SELECT learned_at, position FROM opps_views.{name}"
        " WHERE tenant = opps.current_tenant() AND position = %s"
        for name in _TABLES
    )
    return [Condition(f"(t.learned_at, t.position) > ({places})", (after,) * len(_TABLES))]


def _between(axis: Axis, of: Sequence[Group]) -> list[Condition]:
    """Return that lines lie where the groups do: an index finds these."""
    if not of:
        return []
    if axis is Axis.RECORDED:
        ends = min(one.first_position for one in of), max(one.last_position for one in of)
        return [Condition("t.position BETWEEN %s AND %s", ends)]
    times = min(one.first_at for one in of), max(one.last_at for one in of)
    return [Condition("t.learned_at BETWEEN %s AND %s", times)]
