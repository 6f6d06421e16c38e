"""The opportunities of a forecast, of now and of the past: each question is one statement."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL, Composable, Identifier, Literal

from opps.domain.events import ForecastCategory
from opps.domain.forecasting.lines import Line
from opps.domain.forecasting.scope import Seen
from opps.domain.opportunity.state import Status
from opps.projections.board_history import KNOWN, SHOWN, PastRow
from opps.projections.past import ONCE, Asked, Look, shown_in, unsettled_in
from opps.projections.table import Row, as_row


class ForecastWanted(Struct, frozen=True, kw_only=True):
    """Which opportunities to read: those of a period, or some by id, wherever they stand.

    The period is told by its days for what is promised, by its instants for what was won.
    """

    first: date
    last: date
    begins: datetime
    ends: datetime
    owners: Sequence[UUID] | None = None
    ids: Sequence[UUID] = ()
    only_ids: bool = False


class ForecastRow(Row, frozen=True, kw_only=True):
    """What a forecast needs to know of an opportunity."""

    opportunity_id: UUID
    owner: UUID
    currency: str
    category: ForecastCategory | None
    commit_date: date | None
    amount: Decimal | None
    status: Status
    closed_at: datetime | None
    pushes: int
    stage_default: float | None
    seller_estimate: float | None
    p: float
    low: float
    high: float


class ForecastRows(Struct, frozen=True):
    """The opportunities that were found, and how many open ones are promised for no day."""

    rows: list[ForecastRow]
    without_commit_date: int
    unsettled: list[UUID]


_COLUMNS = ForecastRow.__struct_fields__
_OF_SCORE = ("p", "low", "high")
_OWNED = "({owners}::uuid[] IS NULL OR t.owner = ANY ({owners}))"
_NO_DATE = f"t.status = 'OPEN' AND t.commit_date IS NULL AND {_OWNED}"
_PROMISED = f"t.status = 'OPEN' AND t.commit_date BETWEEN {{first}} AND {{last}} AND {_OWNED}"
_WON = f"t.status = 'WON' AND {_OWNED}"
_THEN = "closed_at >= {begins} AND {of}.closed_at < {ends}"
_BY_ID = "t.opportunity_id = ANY ({ids})"


def now_query(wanted: ForecastWanted, limit: int) -> Asked:
    """Ask for what the board shows now."""
    query = SQL(
        "SELECT NULL AS unsettled, u.bare, p.* FROM (SELECT count(*) AS bare"
        f" FROM opps_views.board t WHERE t.tenant = opps.current_tenant() AND {_NO_DATE}) u"
        " LEFT JOIN (SELECT {columns} FROM opps_views.board t JOIN opps_views.score_current s"
        " ON s.tenant = t.tenant AND s.opportunity_id = t.opportunity_id"
        f" WHERE t.tenant = opps.current_tenant() AND ({_BY_ID}"
        f" OR {{in_period}} AND ({_PROMISED} OR {_WON} AND t.{_THEN}))"
        " LIMIT {limit}) p ON true"
    )
    columns = [Identifier("s" if name in _OF_SCORE else "t", name) for name in _COLUMNS]
    return Asked(query.format(columns=SQL(", ").join(columns), **_given(wanted, limit)), [])


def past_query(look: Look, wanted: ForecastWanted, limit: int) -> Asked:
    """Ask for what was shown, or known; whole rows are read only of what may be in it."""
    shown = shown_in(look)
    table = SHOWN if look.known_at is None else KNOWN
    query = SQL(
        "WITH shown AS MATERIALIZED ({shown})"
        " SELECT " + ONCE + f", u.bare, p.* FROM (SELECT count(*) FILTER (WHERE {_NO_DATE})"
        " AS bare, array_agg(t.opportunity_id) FILTER (WHERE t.unsettled) AS unsettled"
        " FROM shown t) u LEFT JOIN (SELECT t.opportunity_id AS found, {columns} FROM shown t"
        " LEFT JOIN {table} h ON h.tenant = opps.current_tenant()"
        " AND h.opportunity_id = t.opportunity_id AND h.recorded_from = t.recorded_from{instant}"
        f" WHERE {_BY_ID} OR {{in_period}} AND ({_PROMISED}"
        f" OR {_WON} AND (h.opportunity_id IS NULL OR h.{_THEN}))"
        " LIMIT {limit}) p ON true"
    ).format(
        shown=shown.query,
        columns=SQL(", ").join(Identifier("h", name) for name in _COLUMNS),
        table=SQL("opps_views.{}").format(Identifier(table.name)),
        instant=SQL("" if look.known_at is None else " AND h.known_from = t.known_from"),
        **_given(wanted, limit, "h"),
    )
    return Asked(query, shown.values)


def rows_of(look: Look | None, found: Sequence[dict[str, Any]]) -> ForecastRows:
    """Return what was read; what somebody has folded stands in for what is not stored."""
    folded = {row.opportunity_id: row for row in look.worked_out} if look else {}
    rows = [_row(folded, one) for one in found if _is_there(one)]
    return ForecastRows(rows, found[0]["bare"], unsettled_in(found))


def seen(row: ForecastRow, zone: tzinfo) -> Seen:
    """Return an opportunity as a forecast looks at it; it ended on a day of a zone."""
    line = Line(
        opportunity_id=row.opportunity_id,
        owner=row.owner,
        currency=row.currency,
        category=row.category,
        commit_date=row.commit_date,
        amount=row.amount,
        won=row.status is Status.WON,
        p=row.p,
        low=row.low,
        high=row.high,
        stage_default=row.stage_default,
        seller_estimate=row.seller_estimate,
        pushes=row.pushes,
        closed_on=None if row.closed_at is None else row.closed_at.astimezone(zone).date(),
    )
    return Seen(row.status, line)


def _is_there(one: dict[str, Any]) -> bool:
    return one.get("found") is not None or one["opportunity_id"] is not None


def _row(folded: Mapping[UUID, PastRow], values: dict[str, Any]) -> ForecastRow:
    if held := folded.get(values.get("found") or values["opportunity_id"]):
        return ForecastRow(**{name: getattr(held, name) for name in _COLUMNS})
    return as_row(ForecastRow, {name: values[name] for name in _COLUMNS})


def _given(wanted: ForecastWanted, limit: int, of: str = "t") -> dict[str, Composable]:
    """Return what is put into a query: values as literals, quoted by the driver."""
    owners = None if wanted.owners is None else list(wanted.owners)
    return {
        "first": Literal(wanted.first),
        "last": Literal(wanted.last),
        "begins": Literal(wanted.begins),
        "ends": Literal(wanted.ends),
        "owners": Literal(owners),
        "ids": SQL("{}::uuid[]").format(Literal(list(wanted.ids))),
        "in_period": Literal(not wanted.only_ids),
        "of": Identifier(of),
        "limit": Literal(limit),
    }
