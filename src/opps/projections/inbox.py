"""The inbox: exceptions in the order in which they deserve time, as `domain.exceptions.inbox`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL

from opps.domain.events import ExceptionCause
from opps.domain.exceptions.inbox import QUARTER_DAYS, USUAL_TIME, USUAL_VALUE, Urgency, urgency
from opps.domain.exceptions.lifecycle import ExceptionStatus
from opps.domain.opportunity.state import Status
from opps.projections.exceptions import TABLE, ExceptionRow
from opps.projections.reading import Reading
from opps.projections.table import as_row


class InboxFilter(Struct, frozen=True, kw_only=True):
    """Which exceptions are wanted; what is absent does not matter."""

    ids: Sequence[UUID] | None = None
    open: bool | None = None
    statuses: Sequence[ExceptionStatus] | None = None
    causes: Sequence[ExceptionCause] | None = None
    about: Sequence[str] | None = None
    opportunities: Sequence[UUID] | None = None
    owners: Sequence[UUID] | None = None
    accounts: Sequence[UUID] | None = None


class InboxKey(Struct, frozen=True):
    """The place of an exception in an inbox: its urgency, and its id."""

    urgency: float
    exception_id: UUID


class InInbox(Struct, frozen=True, kw_only=True):
    """An exception with the parts of its urgency; the amounts are of one currency."""

    exception: ExceptionRow
    amount: Decimal | None
    usual_amount: Decimal | None
    currency: str
    commit_date: date | None
    urgency: Urgency
    key: InboxKey


_OPEN = "b.tenant = opps.current_tenant() AND b.status = 'OPEN' AND b.amount > 0"
# The lower median of each currency, walked to in the order of an index instead of sorted.
_USUAL = (
    "SELECT c.currency, m.amount AS usual"
    " FROM (SELECT b.currency, count(*) AS held FROM opps_views.board b"
    f" WHERE {_OPEN} GROUP BY b.currency) c CROSS JOIN LATERAL"
    f" (SELECT b.amount FROM opps_views.board b WHERE {_OPEN} AND b.currency = c.currency"
    " ORDER BY b.amount OFFSET (c.held - 1) / 2 LIMIT 1) m"
)
_SOURCES = (
    "opps_views.exceptions e"
    " JOIN opps_views.board t ON t.tenant = e.tenant AND t.opportunity_id = e.opportunity_id"
    " LEFT JOIN opps_views.score_current s"
    " ON s.tenant = t.tenant AND s.opportunity_id = t.opportunity_id"
)
# What is usual in each currency; opportunities are `t`, their scores `s`, and these `u`.
USUAL = (
    "usual AS MATERIALIZED"
    f" (SELECT u.*, u.usual::double precision AS usual_float FROM ({_USUAL}) u)"
)
# In the words of the domain's `urgency`; a test holds the two equal.
_WIDTH = "coalesce(s.high - s.low, 1)"
_DAYS = "t.commit_date - %(today)s::date"
URGENCY = (
    f"coalesce(t.amount::double precision / u.usual_float, {USUAL_VALUE}) * {_WIDTH}"
    f" * CASE WHEN t.commit_date IS NULL THEN {USUAL_TIME}"
    f" ELSE least(greatest({_DAYS}, 1), {QUARTER_DAYS})::double precision / {QUARTER_DAYS} END"
)
_COLUMNS = ", ".join(f"e.{name}" for name in TABLE.columns)
# Each name in it is written by us; the condition and the place are put in.
_PAGE = SQL(
    f"WITH {USUAL}, ranked AS (SELECT e.exception_id, t.amount, t.currency,"
    f" t.commit_date, u.usual, {_WIDTH} AS width, {URGENCY} AS urgency FROM {_SOURCES}"
    " LEFT JOIN usual u ON u.currency = t.currency WHERE {condition}),"
    " chosen AS (SELECT * FROM ranked{behind} ORDER BY urgency DESC, exception_id DESC"
    f" LIMIT %(limit)s) SELECT {_COLUMNS}, c.amount AS in_amount, c.currency AS in_currency,"
    " c.commit_date AS in_commit_date, c.usual AS in_usual, c.width AS in_width,"
    " c.urgency AS in_urgency FROM chosen c JOIN opps_views.exceptions e"
    " ON e.tenant = opps.current_tenant() AND e.exception_id = c.exception_id"
    " ORDER BY c.urgency DESC, c.exception_id DESC"
)
# What deviated in what never was one of ours concerns nobody, unless somebody asks for it by id.
_OURS = f"t.status <> '{Status.WITHDRAWN}'"
_CONDITIONS: dict[str, str] = {
    "ids": "e.exception_id = ANY (%(ids)s)",
    "open": "e.open = %(open)s",
    "statuses": "e.status = ANY (%(statuses)s)",
    "causes": "e.cause = ANY (%(causes)s)",
    "about": "e.about = ANY (%(about)s)",
    "opportunities": "e.opportunity_id = ANY (%(opportunities)s)",
    "owners": "t.owner = ANY (%(owners)s)",
    "accounts": "t.account_id = ANY (%(accounts)s)",
}


async def page(
    reading: Reading,
    tenant: UUID,
    wanted: InboxFilter,
    today: date,
    after: InboxKey | None = None,
    limit: int = 100,
) -> list[InInbox]:
    """Return the most urgent exceptions, from behind a place.

    The order is found on few columns; only those of the page are read whole.
    """
    condition, values = _where(wanted)
    behind = SQL("")
    if after is not None:
        behind = SQL(" WHERE (urgency, exception_id) < (%(after)s, %(after_id)s)")
        values |= {"after": after.urgency, "after_id": after.exception_id}
    query = _PAGE.format(condition=SQL(condition), behind=behind)
    found = await reading.rows(tenant, query, values | {"today": today, "limit": limit})
    return [_in_inbox(one, today) for one in found]


async def count(reading: Reading, tenant: UUID, wanted: InboxFilter) -> int:
    """Return how many exceptions are wanted."""
    condition, values = _where(wanted)
    query = SQL("SELECT count(*) AS total FROM {} WHERE {}").format(SQL(_SOURCES), SQL(condition))
    [found] = await reading.rows(tenant, query, values)
    return int(found["total"])


def _in_inbox(values: dict[str, Any], today: date) -> InInbox:
    """Return an exception from a row of a page."""
    exception = as_row(ExceptionRow, {name: values[name] for name in TABLE.columns})
    amount, usual = values["in_amount"], values["in_usual"]
    return InInbox(
        exception=exception,
        amount=amount,
        usual_amount=usual,
        currency=values["in_currency"],
        commit_date=values["in_commit_date"],
        urgency=urgency(amount, usual, values["in_width"], values["in_commit_date"], today),
        key=InboxKey(values["in_urgency"], exception.exception_id),
    )


def _where(wanted: InboxFilter) -> tuple[str, dict[str, Any]]:
    """Return the conditions of a filter; the tenant is always the session's."""
    given = {name: getattr(wanted, name) for name in _CONDITIONS}
    values = {name: _plain(held) for name, held in given.items() if held is not None}
    conditions = ["e.tenant = opps.current_tenant()", *(_CONDITIONS[name] for name in values)]
    if wanted.ids is None and wanted.opportunities is None:
        conditions.append(_OURS)
    return " AND ".join(conditions), values


def _plain(held: Any) -> Any:
    return held if isinstance(held, bool) else [getattr(one, "value", one) for one in held]
