"""What each opportunity counts for in a portfolio: one row wherever that changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from opps.domain.opportunity.state import Opportunity
from opps.projections.scores import Scored
from opps.projections.steps import Step
from opps.projections.table import Row, Table


class PortfolioRow(Row, frozen=True, kw_only=True):
    """What an opportunity counts for from `told_at` on: nothing unless it is open.

    `told_at` is when it was recorded, in the source system if it comes from one.
    """

    opportunity_id: UUID
    position: int
    ordinal: int
    told_at: datetime
    open: bool
    p: float
    amount: Decimal | None
    currency: str


def portfolio_rows(step: Step, scored: Scored) -> Iterator[PortfolioRow]:
    """Yield a row where an opportunity counts for something else than before."""
    recorded, after = step.recorded, step.after
    if scored.before and _counts(step.before, scored.before.p) == _counts(after, scored.after.p):
        return
    yield PortfolioRow(
        opportunity_id=after.opportunity_id,
        position=recorded.position,
        ordinal=step.ordinal,
        told_at=recorded.metadata.source_recorded_at or recorded.recorded_at,
        open=after.open,
        p=scored.after.p,
        amount=after.amount.amount if after.amount else None,
        currency=after.currency,
    )


def _counts(state: Opportunity, p: float) -> tuple[object, ...]:
    return state.open, p, state.amount


PORTFOLIO = Table(
    name="portfolio",
    row=PortfolioRow,
    key=("position", "ordinal"),
    indexes=("opportunity_id, told_at",),
    added_only=True,
)


class Worth(NamedTuple):
    """What open opportunities of one currency are worth: in all, and as expected."""

    currency: str
    open: int
    without_amount: int
    amount: Decimal
    expected: Decimal


class PortfolioDay(Struct, frozen=True, kw_only=True):
    """How many opportunities were open at the end of a day, and what was believed of them then."""

    day: date
    open: int
    sum_p: Decimal
    worth: list[Worth]


# Each row less the one before it of the same opportunity: what it adds from then on. Sums of these
# up to an instant are what holds at that instant, exactly, for they are numeric.
TREND = """
    WITH moved AS (
      SELECT m.currency, width_bucket(m.told_at, %s::timestamptz[]) AS days,
             m.counts - coalesce(lag(m.counts) OVER one, 0) AS open,
             m.bare - coalesce(lag(m.bare) OVER one, 0) AS without_amount,
             m.p - coalesce(lag(m.p) OVER one, 0) AS p,
             m.amount - coalesce(lag(m.amount) OVER one, 0) AS amount,
             m.expected - coalesce(lag(m.expected) OVER one, 0) AS expected
      FROM (SELECT opportunity_id, position, ordinal, told_at, currency,
                   open::int AS counts,
                   (open AND amount IS NULL)::int AS bare,
                   CASE WHEN open THEN p::numeric ELSE 0 END AS p,
                   CASE WHEN open THEN coalesce(amount, 0) ELSE 0 END AS amount,
                   CASE WHEN open THEN coalesce(amount, 0) * p::numeric ELSE 0 END AS expected
            FROM opps_views.portfolio
            WHERE tenant = opps.current_tenant() AND opportunity_id IN ({wanted})) m
      WINDOW one AS (PARTITION BY m.opportunity_id ORDER BY m.told_at, m.position, m.ordinal))
    SELECT days, currency, sum(open) AS open, sum(without_amount) AS without_amount, sum(p) AS p,
           sum(amount) AS amount, sum(expected) AS expected
    FROM moved GROUP BY days, currency ORDER BY days, currency"""


def trend_of(days: Sequence[date], moved: Sequence[Mapping[str, Any]]) -> list[PortfolioDay]:
    """Return what holds at the end of each day, from what was added before each of these ends.

    `days` in `moved` is how many of the ends had passed.
    """
    trend: list[PortfolioDay] = []
    worth: dict[str, Worth] = {}
    sum_p, left = Decimal(0), list(reversed(moved))
    for passed, day in enumerate(days):
        while left and left[-1]["days"] <= passed:
            added = left.pop()
            sum_p += added["p"]
            worth[added["currency"]] = _more(worth.get(added["currency"]), added)
        held = [worth[currency] for currency in sorted(worth) if worth[currency].open]
        trend.append(
            PortfolioDay(day=day, open=sum(one.open for one in held), sum_p=sum_p, worth=held)
        )
    return trend


def _more(before: Worth | None, added: Mapping[str, Any]) -> Worth:
    was = before or Worth(added["currency"], 0, 0, Decimal(0), Decimal(0))
    return Worth(
        was.currency,
        was.open + int(added["open"]),
        was.without_amount + int(added["without_amount"]),
        was.amount + added["amount"],
        was.expected + added["expected"],
    )
