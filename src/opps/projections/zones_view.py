"""What the read models say of danger zones: changes in order, and how each rule does."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL

from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.precision import Precision
from opps.projections.danger_zones import ITEMS, ZoneItem
from opps.projections.reading import Condition, Reading
from opps.projections.score_trend import ScoreCursor

_IN_ORDER = "t.position, t.ordinal"


class RuleRecord(Struct, frozen=True, kw_only=True):
    """How a rule does: in how many open opportunities it fires, and whether that helped."""

    open: int = 0
    precision: Precision = Precision()


NO_RECORD = RuleRecord()


async def zone_items(
    reading: Reading,
    tenant: UUID,
    after: ScoreCursor | None,
    limit: int,
    opportunity_id: UUID | None = None,
    until: int | None = None,
) -> list[ZoneItem]:
    """Return what opened and closed, in the order of the log, from behind a place to a position."""
    conditions = []
    if until is not None:
        conditions.append(Condition("t.position <= %s", (until,)))
    if after is not None:
        key = (after.position, after.ordinal)
        conditions.append(Condition("(t.position, t.ordinal) > (%s, %s)", key))
    if opportunity_id is not None:
        conditions.append(Condition("t.opportunity_id = %s", (opportunity_id,)))
    return await reading.of_table(ZoneItem, tenant, ITEMS, conditions, _IN_ORDER, limit)


async def zones_moved(
    reading: Reading, tenant: UUID, places: Sequence[tuple[UUID, int]]
) -> list[list[ZoneItem]]:
    """Return what opened and closed of each opportunity at each position."""
    within = Condition(
        "(t.opportunity_id, t.position) IN (SELECT * FROM unnest(%s::uuid[], %s::bigint[]))",
        ([of for of, _ in places], [position for _, position in places]),
    )
    most = len(places) * len(RULES)
    found = await reading.of_table(ZoneItem, tenant, ITEMS, [within], _IN_ORDER, most)
    at: dict[tuple[UUID, int], list[ZoneItem]] = {place: [] for place in places}
    for one in found:
        at[one.opportunity_id, one.position].append(one)
    return [at[place] for place in places]


async def rule_records(reading: Reading, tenant: UUID) -> Mapping[str, RuleRecord]:
    """Return how each rule does that fires or was judged."""
    found = await reading.rows(tenant, _RECORDS)
    return {
        one["zone"]: RuleRecord(
            open=one["open"], precision=Precision(useful=one["useful"], judged=one["judged"])
        )
        for one in found
    }


_RECORDS = SQL(
    "SELECT zone, sum(open)::bigint AS open, sum(useful)::bigint AS useful,"
    " sum(judged)::bigint AS judged FROM ("
    "SELECT zone, count(*) AS open, 0 AS useful, 0 AS judged"
    " FROM opps_views.danger_zones_now t, jsonb_array_elements_text(t.zones) AS zone"
    " WHERE t.tenant = opps.current_tenant() GROUP BY zone"
    " UNION ALL SELECT zone, 0, count(*) FILTER (WHERE useful), count(*)"
    " FROM opps_views.danger_zones_judged t"
    " WHERE t.tenant = opps.current_tenant() GROUP BY zone) counted GROUP BY zone"
)
