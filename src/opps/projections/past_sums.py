"""What lists of opportunities are worth, of now and of the past: sums by currency and more."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL, Composable, Composed, Identifier

from opps.domain.events import ForecastCategory
from opps.domain.opportunity.state import Status
from opps.projections.listing import SOURCES, BoardFilter, where
from opps.projections.past import (
    ONCE,
    Asked,
    Look,
    fulfilled_in,
    shown_in,
    sources_of,
    unsettled_in,
)


class Group(StrEnum):
    """What sums are told apart by."""

    STATUS = "STATUS"
    CATEGORY = "CATEGORY"
    OWNER = "OWNER"


class Sum(Struct, frozen=True, kw_only=True):
    """What opportunities of one currency are worth: in all, and as expected."""

    status: Status | None = None
    category: ForecastCategory | None = None
    owner: UUID | None = None
    currency: str
    count: int
    without_amount: int
    sum_p: Decimal
    amount: Decimal
    expected: Decimal


class Sums(Struct, frozen=True):
    """The sums of a list of the past."""

    sums: list[Sum]
    unsettled: list[UUID]


def sums_query(look: Look, wanted: BoardFilter, by: Sequence[Group]) -> Asked:
    """Ask what a whole list is worth, by currency and whatever else is wanted."""
    shown, sources, filtered = shown_in(look), sources_of(look, wanted), fulfilled_in(look, wanted)
    query = SQL(
        "WITH shown AS MATERIALIZED ({}), sums AS ({})"
        " SELECT " + ONCE + ", s.*"
        " FROM (SELECT array_agg(opportunity_id) FILTER (WHERE unsettled) AS unsettled FROM shown)"
        " u LEFT JOIN sums s ON true ORDER BY {}"
    ).format(shown.query, _summed(by, sources.query, filtered.condition), _groups("s", by))
    return Asked(query, [*shown.values, *sources.values, *filtered.values])


def now_sums_query(wanted: BoardFilter, by: Sequence[Group]) -> Asked:
    """Ask what the list is worth that is shown now."""
    filtered = where(wanted)
    query = SQL("SELECT NULL AS unsettled, s.* FROM ({}) s ORDER BY {}").format(
        _summed(by, SOURCES, filtered.condition), _groups("s", by)
    )
    return Asked(query, filtered.values)


def _summed(by: Sequence[Group], sources: Composable, condition: Composable) -> Composed:
    return SQL(
        "SELECT {groups}, count(*) AS count,"
        " count(*) FILTER (WHERE t.amount IS NULL) AS without_amount,"
        " coalesce(sum(s.p::numeric), 0) AS sum_p, coalesce(sum(t.amount), 0) AS amount,"
        " coalesce(sum(t.amount * s.p::numeric), 0) AS expected"
        " FROM {sources} WHERE {condition} GROUP BY {groups}"
    ).format(groups=_groups("t", by), sources=sources, condition=condition)


def _groups(table: str, by: Sequence[Group]) -> Composed:
    names = [*(one.value.lower() for one in by), "currency"]
    return SQL(", ").join(Identifier(table, name) for name in names)


def sums_of(found: Sequence[dict[str, Any]]) -> Sums:
    """Return the sums that were read."""
    sums = [
        Sum(
            status=Status(one["status"]) if one.get("status") else None,
            category=ForecastCategory(one["category"]) if one.get("category") else None,
            owner=one.get("owner"),
            currency=one["currency"],
            count=one["count"],
            without_amount=one["without_amount"],
            sum_p=one["sum_p"],
            amount=one["amount"],
            expected=one["expected"],
        )
        for one in found
        if one["currency"] is not None
    ]
    return Sums(sums, unsettled_in(found))
