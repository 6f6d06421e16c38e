"""Beliefs that turned out wrong and lags, as they are read: of an opportunity, or of a seller."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.sql import SQL, Identifier

from opps.domain.catalogue import Objective
from opps.domain.lag import Noted
from opps.domain.opportunity.state import Status
from opps.domain.provenance import Channel
from opps.domain.times import Precision
from opps.projections import wrong_beliefs
from opps.projections.reading import Condition, Reading
from opps.projections.scopes import Until
from opps.projections.table import as_row
from opps.projections.wrong_beliefs import WrongBeliefRow


class WrongBelief(NamedTuple):
    """A belief that turned out wrong, and how far it moved the score.

    `meanwhile` is what its lines did from learning it to finding it wrong, `found` what the
    finding did, in milli-points.
    """

    row: WrongBeliefRow
    meanwhile: int
    found: int


_COLUMNS = SQL(", ").join(Identifier("w", name) for name in wrong_beliefs.TABLE.columns)
# A finding holds unless a later row, that is seen too, undoes it.
_QUERY = """
    SELECT {columns}, coalesce(m.moved, 0)::bigint AS meanwhile,
           coalesce(f.milli_points, 0)::bigint AS found
    FROM opps_views.wrong_beliefs w
    LEFT JOIN LATERAL (
      SELECT sum(t.milli_points) AS moved FROM opps_views.timeline t
      WHERE t.tenant = w.tenant AND t.opportunity_id = w.opportunity_id
        AND t.fact_id = w.fact_id AND t.position < w.position) m ON true
    LEFT JOIN opps_views.timeline f ON f.tenant = w.tenant AND f.position = w.position
    WHERE w.tenant = opps.current_tenant() AND w.undoes IS NULL AND {whose} AND {seen}
      AND NOT EXISTS (
        SELECT FROM opps_views.wrong_beliefs u
        WHERE u.tenant = w.tenant AND u.opportunity_id = w.opportunity_id
          AND u.fact_id = w.fact_id AND u.undoes = w.position AND {undone})
      AND (w.position, w.fact_id) > (%s, %s)
    ORDER BY w.position, w.fact_id LIMIT %s"""
FIRST = (0, UUID(int=0))
# What was withdrawn by then never was one of ours: a seller was neither wrong in it nor late.
_OURS = (
    "NOT EXISTS (SELECT FROM opps_views.board b WHERE b.tenant = {of}.tenant"
    " AND b.opportunity_id = {of}.opportunity_id"
    f" AND b.status = '{Status.WITHDRAWN}' AND b.position <= %s)"
)


async def of_opportunity(
    reading: Reading,
    tenant: UUID,
    opportunity_id: UUID,
    until: Until,
    after: tuple[int, UUID] = FIRST,
    limit: int = 100,
) -> list[WrongBelief]:
    """Return the beliefs of an opportunity that were found wrong, in the order of the finding."""
    whose = Condition("w.opportunity_id = %s", (opportunity_id,))
    return await _found(reading, tenant, whose, until, after, limit)


async def of_seller(
    reading: Reading,
    tenant: UUID,
    seller: UUID,
    until: Until,
    after: tuple[int, UUID] = FIRST,
    limit: int = 100,
) -> list[WrongBelief]:
    """Return the beliefs that a seller had learned and that were found wrong."""
    whose = Condition(f"w.seller = %s AND {_OURS.format(of='w')}", (seller, until.position))
    return await _found(reading, tenant, whose, until, after, limit)


async def _found(
    reading: Reading,
    tenant: UUID,
    whose: Condition,
    until: Until,
    after: tuple[int, UUID],
    limit: int,
) -> list[WrongBelief]:
    seen, undone = _seen("w", until), _seen("u", until)
    query = SQL(_QUERY).format(
        columns=_COLUMNS, whose=SQL(whose.text), seen=SQL(seen.text), undone=SQL(undone.text)
    )
    values = [*whose.values, *seen.values, *undone.values, *after, limit]
    found = await reading.rows(tenant, query, values)
    return [_belief(one) for one in found]


def _seen(table: str, until: Until) -> Condition:
    if until.known_at is None:
        return Condition(f"{table}.position <= %s", (until.position,))
    text = f"{table}.position <= %s AND {table}.found_at <= %s"
    return Condition(text, (until.position, until.known_at))


def _belief(found: dict[str, Any]) -> WrongBelief:
    return WrongBelief(as_row(WrongBeliefRow, found), found["meanwhile"], found["found"])


# A learned time that nobody gave, or gave as unknown, has no lag.
_NOTED = SQL(f"""
    SELECT t.channel, t.objective, coalesce(t.source_recorded_at, t.recorded_at) AS noted_at,
           CASE WHEN NOT t.learned_defaulted AND t.precision <> '{Precision.UNKNOWN}'
                THEN t.lag_s END AS lag_s
    FROM opps_views.timeline t
    WHERE t.tenant = opps.current_tenant() AND t.seller = %s AND t.position <= %s
      AND {_OURS.format(of="t")} AND t.source IS NOT NULL
      AND coalesce(t.source_recorded_at, t.recorded_at) >= %s
      AND coalesce(t.source_recorded_at, t.recorded_at) < %s
    ORDER BY t.position""")


async def noted(
    reading: Reading, tenant: UUID, seller: UUID, position: int, since: datetime, before: datetime
) -> list[Noted]:
    """Return what a seller learned and had written down in between, up to a position."""
    found = await reading.rows(tenant, _NOTED, [seller, position, position, since, before])
    return [
        Noted(
            channel=Channel(one["channel"]),
            objective=Objective(one["objective"]) if one["objective"] else None,
            noted_at=one["noted_at"],
            lag_s=one["lag_s"],
        )
        for one in found
    ]
