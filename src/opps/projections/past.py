"""Lists of opportunities as they were: as a screen showed them, or as was known at an instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from psycopg.sql import SQL, Composable, Composed, Identifier

from opps.domain.opportunity.state import Status
from opps.projections.board_history import KNOWN, SHOWN, PastRow
from opps.projections.listing import (
    ORDERINGS,
    BoardFilter,
    BoardKey,
    BoardOrder,
    Where,
    behind,
    fulfilled,
    ordered,
    where,
)
from opps.projections.table import as_row, encode


class Look(Struct, frozen=True, kw_only=True):
    """Which past: what the screen showed at a position, or what was known at an instant by then.

    `worked_out` are rows that somebody has folded, in the place of those that are stored; with
    `alone` there are no others.
    """

    position: int
    known_at: datetime | None = None
    worked_out: Sequence[PastRow] = ()
    alone: bool = False


class Past(Struct, frozen=True):
    """One opportunity of a list of the past, with its place in the list."""

    row: PastRow
    key: BoardKey


class Page(Struct, frozen=True):
    """A page of the past; `unsettled` are all those that time has changed since their rows."""

    listed: list[Past]
    unsettled: list[UUID]


# What lists are filtered and ordered by: a whole row is read only where it is shown.
_NARROW = (
    "opportunity_id",
    "account_id",
    "title",
    "status",
    "owner",
    "category",
    "currency",
    "amount",
    "commit_date",
    "opened_at",
    "p",
    "seller_estimate",
    "stage_default",
    "contradictions",
    "unanswered",
    "recorded_from",
)
_PAST = PastRow.__struct_fields__
_OF_THE_LAST_CHANGE = ("version", "position", "changed_at")
_TENANT = "t.tenant = opps.current_tenant()"
_AT_POSITION = "t.recorded_from <= %s AND t.recorded_until > %s"
# Behind what was told next, a row holds for whoever had not been told of that.
_WITHIN = f"{_TENANT} AND t.known_from <= %s AND t.known_until > %s AND {_AT_POSITION}"
_BEHIND = f"{_TENANT} AND {_AT_POSITION} AND t.told_until > %s AND t.known_until <= %s"
_NAMES = SQL(
    " LEFT JOIN (SELECT DISTINCT ON (account_id) account_id, name FROM opps_views.account_names"
    " WHERE tenant = opps.current_tenant() AND position <= %s"
    " ORDER BY account_id, position DESC) a ON a.account_id = t.account_id"
)

# When it last changed is told by the position, whichever instant is asked about.
_LAST_CHANGE = SQL(
    " LEFT JOIN LATERAL (SELECT version, position, changed_at FROM opps_views.board_history"
    " WHERE tenant = opps.current_tenant() AND opportunity_id = p.opportunity_id"
    " AND recorded_from <= %s ORDER BY recorded_from DESC LIMIT 1) v ON true"
)
# A danger zone is open where the last that happened to it was its opening.
_IN_ZONES = (
    "EXISTS (SELECT FROM unnest(%s::text[]) AS asked(zone) WHERE (SELECT i.opened"
    " FROM opps_views.danger_zones i WHERE i.tenant = opps.current_tenant()"
    " AND i.opportunity_id = t.opportunity_id AND i.zone = asked.zone AND i.position <= %s"
    " ORDER BY i.position DESC, i.ordinal DESC LIMIT 1))"
)
# There may be many: one row tells them all.
ONCE = "CASE WHEN row_number() OVER () = 1 THEN u.unsettled END AS unsettled"


class Asked(NamedTuple):
    """A statement with its values."""

    query: Composed
    values: list[Any]


def page_query(
    look: Look,
    wanted: BoardFilter,
    order: BoardOrder,
    after: BoardKey | None,
    limit: int,
    *,
    descending: bool,
) -> Asked:
    """Ask for a page, with all that is not settled in the whole list."""
    shown, sources = shown_in(look, order is BoardOrder.CHANGED), sources_of(look, wanted, order)
    filtered, further = fulfilled_in(look, wanted), behind(order, descending, after)
    table = SHOWN if look.known_at is None else KNOWN
    query = SQL(
        "WITH shown AS MATERIALIZED ({shown}), page AS ("
        "SELECT t.opportunity_id, t.known_from, t.recorded_from, ({value})::text AS value,"
        " {value} AS sorted FROM {sources} WHERE {filtered}{further}{ordered} LIMIT %s)"
        " SELECT " + ONCE + ", p.opportunity_id AS found, p.value, {columns}"
        " FROM (SELECT array_agg(opportunity_id) FILTER (WHERE unsettled) AS unsettled FROM shown)"
        " u LEFT JOIN page p ON true"
        " LEFT JOIN {table} h ON h.tenant = opps.current_tenant()"
        " AND h.opportunity_id = p.opportunity_id AND h.recorded_from = p.recorded_from{instant}"
        "{last_change} ORDER BY p.sorted {direction}, p.opportunity_id {direction}"
    ).format(
        shown=shown.query,
        value=SQL(ORDERINGS[order].expression),
        sources=sources.query,
        filtered=filtered.condition,
        further=further.condition,
        ordered=ordered(order, descending),
        columns=SQL(", ").join(_wide(look, name) for name in _PAST),
        last_change=_LAST_CHANGE if look.known_at else SQL(""),
        table=SQL("opps_views.{}").format(Identifier(table.name)),
        instant=SQL("" if look.known_at is None else " AND h.known_from = p.known_from"),
        direction=SQL("DESC" if descending else "ASC"),
    )
    values = [*shown.values, *sources.values, *filtered.values, *further.values, limit]
    return Asked(query, [*values, look.position] if look.known_at else values)


def page_of(look: Look, found: Sequence[dict[str, Any]]) -> Page:
    """Return the page that was read."""
    folded = {row.opportunity_id: row for row in look.worked_out}
    listed = [
        Past(folded.get(one["found"]) or _past(one), BoardKey(one["value"], one["found"]))
        for one in found
        if one["found"] is not None
    ]
    return Page(listed, unsettled_in(found))


def fulfilled_in(look: Look, wanted: BoardFilter) -> Where:
    """Return the conditions of a filter; danger zones are those at the position of the look."""
    filtered = fulfilled(replace(wanted, zones=None))
    if wanted.zones is None:
        return filtered
    zones = [str(one) for one in wanted.zones]
    condition = SQL("{} AND " + _IN_ZONES).format(filtered.condition)
    return Where(condition, [*filtered.values, zones, look.position])


def candidates_query(look: Look, wanted: BoardFilter, limit: int) -> Asked:
    """Ask which opportunities a list can hold, by what never changes of them."""
    # What was withdrawn by then may have been known as one of ours before.
    fixed = BoardFilter(
        ids=wanted.ids, accounts=wanted.accounts, currency=wanted.currency, statuses=[*Status]
    )
    filtered = where(fixed)
    query = SQL(
        "SELECT t.opportunity_id FROM opps_views.board_history t WHERE {} AND "
        + _AT_POSITION
        + " ORDER BY t.opportunity_id LIMIT %s"
    ).format(filtered.condition)
    return Asked(query, [*filtered.values, look.position, look.position, limit])


def shown_in(look: Look, with_last_change: bool = False) -> Asked:
    """Ask for what there is to filter and to order: one row of each opportunity."""
    parts: list[Composable] = []
    values: list[Any] = []
    if look.worked_out or look.alone:
        folded = _folded(look)
        parts.append(folded.query)
        values += folded.values
    if not look.alone:
        stored = _stored(look)
        parts.append(stored.query)
        values += stored.values
    query = SQL(" UNION ALL ").join(parts)
    if not with_last_change or look.known_at is None:
        return Asked(query, values)
    joined = SQL(
        "SELECT t.*, v.position FROM ({}) t JOIN opps_views.board_history v"
        " ON v.tenant = opps.current_tenant() AND v.opportunity_id = t.opportunity_id"
        " AND v.recorded_from <= %s AND v.recorded_until > %s"
    ).format(query)
    return Asked(joined, [*values, look.position, look.position])


def _stored(look: Look) -> Asked:
    at, position = look.known_at, look.position
    if at is None:
        query = SQL(
            "SELECT {}, t.position, NULL::timestamptz AS known_from, false AS unsettled"
            " FROM opps_views.board_history t WHERE " + _TENANT + " AND " + _AT_POSITION
        ).format(_narrow())
        return Asked(query, [position, position])
    left_out = [row.opportunity_id for row in look.worked_out]
    unless = SQL(" AND t.opportunity_id <> ALL (%s)" if left_out else "")
    given: list[Any] = [left_out] if left_out else []
    selected = SQL(
        "SELECT {}, t.known_from, coalesce(t.exact_until <= %s, false) AS unsettled"
        " FROM opps_views.known_history t WHERE "
    ).format(_narrow())
    query = selected + SQL(_WITHIN) + unless + SQL(" UNION ALL ") + selected + SQL(_BEHIND) + unless
    within = [at, at, at, position, position, *given]
    return Asked(query, [*within, at, position, position, position, at, *given])


def _folded(look: Look) -> Asked:
    position = SQL(", r.position" if look.known_at is None else "")
    query = SQL(
        "SELECT {}{}, NULL::timestamptz AS known_from, false AS unsettled"
        " FROM json_to_recordset(%s::json) AS r({})"
    ).format(
        SQL(", ").join(Identifier("r", name) for name in _NARROW),
        position,
        SQL(", ").join(
            SQL("{} {}").format(Identifier(name), SQL(SHOWN.columns[name])) for name in _PAST
        ),
    )
    return Asked(query, [encode(look.worked_out)])


def _narrow() -> Composed:
    return SQL(", ").join(Identifier("t", name) for name in _NARROW)


def _wide(look: Look, name: str) -> Identifier:
    told_by_position = look.known_at is not None and name in _OF_THE_LAST_CHANGE
    return Identifier("v" if told_by_position else "h", name)


def sources_of(look: Look, wanted: BoardFilter, order: BoardOrder | None = None) -> Asked:
    """Return what to read from, under the names that conditions and orders know."""
    score = SQL(" CROSS JOIN LATERAL (SELECT t.p) s")
    if order is BoardOrder.ACCOUNT or (wanted.search and wanted.search.strip()):
        return Asked(SQL("shown t") + _NAMES + score, [look.position])
    return Asked(SQL("shown t") + score, [])


def _past(values: dict[str, Any]) -> PastRow:
    return as_row(PastRow, {name: values[name] for name in _PAST})


def unsettled_in(found: Sequence[dict[str, Any]]) -> list[UUID]:
    """Return what was read of all that is not settled."""
    return next((one["unsettled"] for one in found if one["unsettled"] is not None), [])
