"""Lists of opportunities: which ones, in which order, from where on."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL, Composed, Identifier

from opps.domain.events import ForecastCategory
from opps.domain.opinions import DIGITS, DISAGREEMENT
from opps.domain.opportunity.state import Status
from opps.projections.board import TABLE as BOARD_TABLE
from opps.projections.board import BoardRow
from opps.projections.score_trend import NOW as SCORE_TABLE
from opps.projections.score_trend import ScoreRow
from opps.projections.table import as_row


class BoardFilter(Struct, frozen=True, kw_only=True):
    """Which opportunities are wanted; what is absent does not matter.

    `search` is looked for in the title and in the name of the account, in any case. What was
    withdrawn is there only for who asks for that status, or by id.
    """

    ids: Sequence[UUID] | None = None
    statuses: Sequence[Status] | None = None
    owners: Sequence[UUID] | None = None
    accounts: Sequence[UUID] | None = None
    categories: Sequence[ForecastCategory] | None = None
    currency: str | None = None
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None
    commit_from: date | None = None
    commit_until: date | None = None
    min_probability: float | None = None
    max_probability: float | None = None
    disagreeing: bool | None = None
    contradicted: bool | None = None
    zones: Sequence[str] | None = None
    unanswered: bool | None = None
    search: str | None = None


class BoardOrder(StrEnum):
    """What a list is ordered by."""

    CHANGED = "CHANGED"
    TITLE = "TITLE"
    ACCOUNT = "ACCOUNT"
    AMOUNT = "AMOUNT"
    COMMIT_DATE = "COMMIT_DATE"
    OPENED = "OPENED"
    PROBABILITY = "PROBABILITY"


class BoardKey(Struct, frozen=True):
    """The place of an opportunity in a list: its value in the order, and its id."""

    value: str
    opportunity_id: UUID


class Listed(Struct, frozen=True, kw_only=True):
    """An opportunity in a list, with its account's name and its score."""

    board: BoardRow
    account_name: str | None
    score: ScoreRow | None
    key: BoardKey


class Ordering(NamedTuple):
    """An expression that is never empty, and its type, for comparing with a key."""

    expression: str
    type: str


# What has no value comes last in descending order: behind everything that has one.
ORDERINGS: dict[BoardOrder, Ordering] = {
    BoardOrder.CHANGED: Ordering("t.position", "bigint"),
    BoardOrder.TITLE: Ordering("t.title", "text"),
    BoardOrder.ACCOUNT: Ordering("coalesce(a.name, '')", "text"),
    BoardOrder.AMOUNT: Ordering("coalesce(t.amount, '-Infinity')", "numeric"),
    BoardOrder.COMMIT_DATE: Ordering("coalesce(t.commit_date, '-infinity')", "date"),
    BoardOrder.OPENED: Ordering("t.opened_at", "timestamptz"),
    BoardOrder.PROBABILITY: Ordering("coalesce(s.p, -1)", "double precision"),
}

SOURCES = SQL(
    "opps_views.board t"
    " LEFT JOIN opps_views.accounts a ON a.tenant = t.tenant AND a.account_id = t.account_id"
    " LEFT JOIN opps_views.score_current s"
    " ON s.tenant = t.tenant AND s.opportunity_id = t.opportunity_id"
)
_BOARD_PREFIX, _SCORE_PREFIX = "t_", "s_"


@cache
def listing(order: BoardOrder) -> SQL:
    """Return the beginning of a query for opportunities with account, score and key."""
    columns = [
        *(_column("t", name, _BOARD_PREFIX) for name in BOARD_TABLE.columns),
        *(_column("s", name, _SCORE_PREFIX) for name in SCORE_TABLE.columns),
        SQL("a.name AS account_name"),
        SQL("({})::text AS value").format(SQL(ORDERINGS[order].expression)),
    ]
    return SQL(SQL("SELECT {} FROM {}").format(SQL(", ").join(columns), SOURCES).as_string())


def listed(values: dict[str, Any]) -> Listed:
    """Return an opportunity from a row of a listing."""
    board = as_row(BoardRow, _prefixed(values, _BOARD_PREFIX))
    score = _prefixed(values, _SCORE_PREFIX)
    return Listed(
        board=board,
        account_name=values["account_name"],
        score=None if score["p"] is None else as_row(ScoreRow, score),
        key=BoardKey(values["value"], board.opportunity_id),
    )


# What is absent is no opinion: neither of the two takes it for one.
_FURTHEST_APART = (
    "greatest(s.p, t.seller_estimate, t.stage_default)"
    " - least(s.p, t.seller_estimate, t.stage_default)"
)


class Where(NamedTuple):
    """The conditions of a query and their values."""

    condition: Composed
    values: list[Any]


_CONDITIONS: dict[str, str] = {
    "ids": "t.opportunity_id = ANY (%s)",
    "statuses": "t.status = ANY (%s)",
    "owners": "t.owner = ANY (%s)",
    "accounts": "t.account_id = ANY (%s)",
    "categories": "t.category = ANY (%s)",
    "currency": "t.currency = %s",
    "min_amount": "t.amount >= %s",
    "max_amount": "t.amount <= %s",
    "commit_from": "t.commit_date >= %s",
    "commit_until": "t.commit_date <= %s",
    "min_probability": "s.p >= %s",
    "max_probability": "s.p <= %s",
    "contradicted": "(t.contradictions > 0) = %s",
    "unanswered": "(t.unanswered > 0) = %s",
    "zones": (
        "EXISTS (SELECT FROM opps_views.danger_zones_now z WHERE z.tenant = t.tenant"
        " AND z.opportunity_id = t.opportunity_id AND z.zones ?| %s)"
    ),
    "disagreeing": (
        f"coalesce(round(({_FURTHEST_APART})::numeric, {DIGITS}) > {DISAGREEMENT}, false) = %s"
    ),
}


def where(wanted: BoardFilter) -> Where:
    """Return the conditions of a filter; the tenant is always the session's."""
    filtered = fulfilled(wanted)
    condition = SQL("t.tenant = opps.current_tenant() AND {}").format(filtered.condition)
    return Where(condition, filtered.values)


def fulfilled(wanted: BoardFilter) -> Where:
    """Return the conditions of a filter on rows that are the session's already."""
    conditions, values = ["true"], list[Any]()
    for name, condition in _CONDITIONS.items():
        given = getattr(wanted, name)
        if given is not None:
            conditions.append(condition)
            values.append(_plain(given))
    if wanted.statuses is None and wanted.ids is None:
        conditions.append(f"t.status <> '{Status.WITHDRAWN}'")
    if wanted.search is not None and wanted.search.strip():
        conditions.append("(t.title ILIKE %s OR a.name ILIKE %s)")
        values += [containing(wanted.search.strip())] * 2
    return Where(SQL("{}").format(SQL(" AND ".join(conditions))), values)


def behind(order: BoardOrder, descending: bool, key: BoardKey | None) -> Where:
    """Return the condition of what comes behind a key."""
    if key is None:
        return Where(Composed([]), [])
    ordering = ORDERINGS[order]
    condition = SQL(" AND ({}, t.opportunity_id) {} (%s::{}, %s)").format(
        SQL(ordering.expression), SQL("<" if descending else ">"), SQL(ordering.type)
    )
    return Where(condition, [key.value, key.opportunity_id])


def ordered(order: BoardOrder, descending: bool) -> Composed:
    """Return the order of a list: total, because ids decide at last."""
    direction = SQL("DESC" if descending else "ASC")
    return SQL(" ORDER BY {0} {1}, t.opportunity_id {1}").format(
        SQL(ORDERINGS[order].expression), direction
    )


def containing(text: str) -> str:
    """Return the pattern of what contains a text, whatever the text is."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _column(table: str, name: str, prefix: str) -> Composed:
    return SQL("{} AS {}").format(Identifier(table, name), Identifier(prefix + name))


def _prefixed(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }


def _plain(given: Any) -> Any:
    if isinstance(given, str | int | float | Decimal | date | datetime):
        return given
    return [one.value if isinstance(one, StrEnum) else one for one in given]
