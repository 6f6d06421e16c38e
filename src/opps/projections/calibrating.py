"""Opinions against outcomes: each closed opportunity once, as it was believed at a moment."""

from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL

from opps.domain.calibration import Calibrated, Moment
from opps.domain.opinions import Whose
from opps.projections.reading import Reading

# An opportunity begins when its opening was told, and ends when it was decided. What was told at
# the moment counts, whatever is said to have been known by then. What nobody decided is left out.
_QUERY = SQL(f"""
    WITH closed AS (
      SELECT b.opportunity_id, b.owner, b.status = 'WON' AS won, b.closed_at, opening.told_at
      FROM opps_views.board b CROSS JOIN LATERAL (
        SELECT t.told_at FROM opps_views.score_trend t
        WHERE t.tenant = b.tenant AND t.opportunity_id = b.opportunity_id
        ORDER BY t.position LIMIT 1) opening
      WHERE b.tenant = opps.current_tenant() AND b.status IN ('WON', 'LOST', 'NO_DECISION')
        AND b.closed_at > opening.told_at
    ), moments AS (
      SELECT c.*, '{Moment.MID_LIFE}' AS moment, told_at + (closed_at - told_at) / 2 AS at
      FROM closed c
      UNION ALL
      SELECT c.*, '{Moment.DAYS_30_BEFORE}', closed_at - interval '30 days' FROM closed c
      WHERE closed_at - interval '30 days' >= told_at
    ), said AS (
      SELECT m.moment, m.owner, m.won, '{Whose.KNOWLEDGE}' AS whose, s.model, s.p
      FROM moments m CROSS JOIN LATERAL (
        SELECT t.p, t.model FROM opps_views.score_trend t
        WHERE t.tenant = opps.current_tenant() AND t.opportunity_id = m.opportunity_id
          AND t.told_at <= m.at
        ORDER BY t.position DESC LIMIT 1) s
      UNION ALL
      SELECT m.moment, m.owner, m.won, w.whose, NULL, s.p
      FROM moments m CROSS JOIN (VALUES ('{Whose.SELLER}'), ('{Whose.STAGE}')) AS w (whose)
      CROSS JOIN LATERAL (
        SELECT o.p FROM opps_views.opinions o
        WHERE o.tenant = opps.current_tenant() AND o.opportunity_id = m.opportunity_id
          AND o.whose = w.whose AND o.told_at <= m.at
        ORDER BY o.position DESC LIMIT 1) s
      WHERE s.p IS NOT NULL
    )
    SELECT moment, whose, owner, model, count(*) AS n, count(*) FILTER (WHERE won) AS won,
           sum(power(p - won::int, 2)) AS squares
    FROM said
    GROUP BY GROUPING SETS ((moment, whose), (moment, whose, owner), (moment, whose, model))
    HAVING grouping(model) = 1 OR model IS NOT NULL
    ORDER BY owner, model, whose, moment DESC""")


class Group(Struct, frozen=True, kw_only=True):
    """The opinions of all, or of the opportunities of one seller, or of one model."""

    owner: UUID | None
    model: str | None
    calibrated: Calibrated


async def calibration(reading: Reading, tenant: UUID) -> list[Group]:
    """Return whose opinions came true how well: of all, by seller, and by model."""
    return [_group(found) for found in await reading.rows(tenant, _QUERY)]


def _group(found: dict[str, Any]) -> Group:
    return Group(
        owner=found["owner"],
        model=found["model"],
        calibrated=Calibrated(
            whose=Whose(found["whose"]),
            moment=Moment(found["moment"]),
            n=found["n"],
            won=found["won"],
            squares=found["squares"],
        ),
    )
