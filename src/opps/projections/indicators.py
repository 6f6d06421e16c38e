"""Leading indicators as they are read: of one seller, and of the others without their names."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.sql import SQL

from opps.domain.coaching.indicators import INDICATORS, Indicator, Unit
from opps.domain.coaching.measuring import Observed
from opps.domain.coaching.reliability import Estimate
from opps.domain.coaching.reporting import IndicatorReport, report
from opps.domain.lag import LEAST
from opps.domain.opinions import Whose
from opps.domain.opportunity.state import Status
from opps.projections.reading import Reading

ByIndicator = dict[Indicator, list[Observed]]
Figures = dict[Indicator, dict[UUID, float]]

# What a seller estimated counts 30 days before the end, as calibration looks at it.
_ESTIMATED = f"""
      FROM opps_views.board b CROSS JOIN LATERAL (
        SELECT o.p FROM opps_views.opinions o
        WHERE o.tenant = b.tenant AND o.opportunity_id = b.opportunity_id
          AND o.whose = '{Whose.SELLER}' AND o.told_at <= b.closed_at - interval '30 days'
        ORDER BY o.position DESC LIMIT 1) s
      WHERE b.tenant = opps.current_tenant() AND b.status IN ('WON', 'LOST', 'NO_DECISION')
        AND s.p IS NOT NULL"""
_SEEN = f"""
    WITH seen AS (
      SELECT o.seller, o.indicator, o.value, o.counts, o.observed_at AS at, o.position, o.ordinal
      FROM opps_views.observations o WHERE o.tenant = opps.current_tenant()
        AND NOT EXISTS (SELECT FROM opps_views.board w WHERE w.tenant = o.tenant
          AND w.opportunity_id = o.opportunity_id AND w.status = '{Status.WITHDRAWN}')
      UNION ALL
      SELECT b.owner, '{Indicator.ESTIMATE_BRIER}', power(s.p - (b.status = 'WON')::int, 2), true,
             b.closed_at, b.position, 0
      {_ESTIMATED}
    )"""
_OF_SELLER = SQL(f"""{_SEEN}
    SELECT indicator, value, counts FROM seen
    WHERE seller = %(seller)s AND at >= %(begin)s AND at < %(end)s
    ORDER BY position, ordinal""")
_MEDIANS = [one for one, about in INDICATORS.items() if about.unit in (Unit.HOURS, Unit.DAYS)]
_FIGURES = SQL(f"""{_SEEN}
    SELECT seller, indicator,
           CASE WHEN indicator = ANY (%(medians)s)
                THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY value)
                ELSE least(sum(value) / count(*) FILTER (WHERE counts), 1) END AS figure
    FROM seen
    WHERE at >= %(begin)s AND at < %(end)s
    GROUP BY indicator, seller HAVING count(*) FILTER (WHERE counts) >= %(least)s""")
_SELLERS = SQL(f"""{_SEEN}
    SELECT DISTINCT seller FROM seen WHERE at >= %(begin)s AND at < %(end)s ORDER BY seller""")
_POOLED = SQL(f"""{_SEEN}
    SELECT indicator, value, counts FROM seen
    WHERE seller <> ALL (%(but)s) AND indicator = %(indicator)s
      AND at >= %(begin)s AND at < %(end)s
    ORDER BY position, ordinal""")

_ESTIMATES = SQL(f"""
    SELECT s.p, b.status = 'WON' AS won {_ESTIMATED} AND b.owner = %(seller)s
    ORDER BY b.closed_at, b.position""")


class Span(NamedTuple):
    """A time, its end excluded."""

    begin: datetime
    end: datetime

    @property
    def before(self) -> "Span":
        """The time of the same length just before it."""
        return Span(self.begin - (self.end - self.begin), self.begin)


async def reports(
    reading: Reading, tenant: UUID, seller: UUID, span: Span
) -> list[IndicatorReport]:
    """Return every indicator of a seller, in the order of the catalogue."""
    return await beside(reading, tenant, seller, span, await figures(reading, tenant, span))


async def beside(
    reading: Reading, tenant: UUID, seller: UUID, span: Span, all_figures: Figures
) -> list[IndicatorReport]:
    """Return every indicator of a seller beside figures of all sellers, read before."""
    now = await observed(reading, tenant, seller, span)
    past = await observed(reading, tenant, seller, span.before)
    return [
        report(
            one,
            now.get(one, []),
            past.get(one, []),
            [figure for whose, figure in all_figures.get(one, {}).items() if whose != seller],
        )
        for one in INDICATORS
    ]


async def observed(reading: Reading, tenant: UUID, seller: UUID, span: Span) -> ByIndicator:
    """Return what was observed of a seller, oldest first."""
    found: ByIndicator = defaultdict(list)
    values = {"seller": seller, "begin": span.begin, "end": span.end}
    for one in await reading.rows(tenant, _OF_SELLER, values):
        found[Indicator(one["indicator"])].append(_observed(one))
    return found


async def pooled(
    reading: Reading, tenant: UUID, indicator: Indicator, but: Sequence[UUID], span: Span
) -> list[Observed]:
    """Return what was observed of all sellers but some, without whose it is, oldest first."""
    values = {"but": list(but), "indicator": indicator, "begin": span.begin, "end": span.end}
    return [_observed(one) for one in await reading.rows(tenant, _POOLED, values)]


async def estimates(reading: Reading, tenant: UUID, seller: UUID) -> list[Estimate]:
    """Return what a seller estimated 30 days before the end of what has ended, oldest first."""
    found = await reading.rows(tenant, _ESTIMATES, {"seller": seller})
    return [Estimate(one["p"], one["won"]) for one in found]


async def figures(reading: Reading, tenant: UUID, span: Span) -> Figures:
    """Return the figure of each seller of whom there is enough, by indicator."""
    found: Figures = defaultdict(dict)
    values = {"begin": span.begin, "end": span.end, "medians": _MEDIANS, "least": LEAST}
    for one in await reading.rows(tenant, _FIGURES, values):
        found[Indicator(one["indicator"])][one["seller"]] = one["figure"]
    return found


async def sellers(reading: Reading, tenant: UUID, span: Span) -> list[UUID]:
    """Return of whom anything was observed."""
    values = {"begin": span.begin, "end": span.end}
    return [one["seller"] for one in await reading.rows(tenant, _SELLERS, values)]


def _observed(row: dict[str, Any]) -> Observed:
    return Observed(row["value"], row["counts"])
