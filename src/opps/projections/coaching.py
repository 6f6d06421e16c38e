"""Coaching: the gaps of each seller and what is assigned, for lists; words stay in the log."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.sql import SQL

from opps.domain.catalogue import Objective
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.gap import Gap, GapStatus
from opps.domain.coaching.indicators import Indicator
from opps.domain.events import AppliedFact, GapSource
from opps.projections.projection import Projection
from opps.projections.reading import Condition, Reading
from opps.projections.steps import GAP, Step
from opps.projections.table import Row, Table


class GapRow(Row, frozen=True, kw_only=True):
    """A gap, without what was written about its seller."""

    gap_id: UUID
    seller: UUID
    by: GapSource
    indicator: Indicator | None
    objective: Objective | None
    status: GapStatus
    open: bool
    cause: GapCause | None
    identified_at: datetime
    shown_from: datetime
    due: date | None
    version: int
    position: int


class AssignmentRow(Row, frozen=True, kw_only=True):
    """An activity that was assigned to a seller, and how far that came."""

    gap_id: UUID
    assignment_id: UUID
    seller: UUID
    activity: str
    indicator: str
    due: date
    assigned_at: datetime
    completed_at: datetime | None
    applied_at: datetime | None
    measured_at: datetime | None
    gap_open: bool
    position: int


def row(state: Gap) -> GapRow:
    """Return the row of a gap."""
    return GapRow(
        gap_id=state.gap_id,
        seller=state.seller,
        by=state.by,
        indicator=state.indicator,
        objective=state.objective,
        status=state.status,
        open=state.open,
        cause=None if state.diagnosis is None else state.diagnosis.cause,
        identified_at=state.identified_at,
        shown_from=state.shown_from,
        due=state.due,
        version=state.version,
        position=state.position,
    )


def _rows(step: Step) -> Iterator[GapRow | AssignmentRow]:
    state: Gap = step.after
    yield row(state)
    for one in state.assignments.values():
        yield AssignmentRow(
            gap_id=state.gap_id,
            assignment_id=one.assignment_id,
            seller=state.seller,
            activity=one.activity,
            indicator=one.success.indicator,
            due=one.due,
            assigned_at=one.at,
            completed_at=one.completed_at,
            applied_at=one.applied_at,
            measured_at=one.measured_at,
            gap_open=state.open,
            position=state.position,
        )


GAPS = Table(
    name="performance_gaps",
    row=GapRow,
    key=("gap_id",),
    indexes=("seller, identified_at", "open, identified_at, gap_id"),
)
ASSIGNMENTS = Table(
    name="learning_assignments",
    row=AssignmentRow,
    key=("gap_id", "assignment_id"),
    indexes=("seller, due", "indicator, assigned_at"),
)

COACHING = Projection(
    name="coaching",
    version=1,
    kind=GAP,
    tables=(GAPS, ASSIGNMENTS),
    rows=_rows,
    last_only=True,
    moved_by=(),
)


_WITH_OPEN_GAP = SQL(
    "SELECT seller, indicator FROM opps_views.performance_gaps"
    " WHERE tenant = opps.current_tenant() AND open AND indicator IS NOT NULL"
)
_UNMEASURED = SQL(
    "SELECT a.*, ARRAY (SELECT DISTINCT o.seller FROM opps_views.learning_assignments o"
    " WHERE o.tenant = a.tenant AND o.indicator = a.indicator AND o.seller <> a.seller"
    " AND o.assigned_at >= a.assigned_at - interval '90 days') AS also_assigned"
    " FROM opps_views.learning_assignments a"
    " WHERE a.tenant = opps.current_tenant() AND a.applied_at IS NOT NULL"
    " AND a.measured_at IS NULL AND a.gap_open ORDER BY a.position, a.assignment_id"
)
_UNAPPLIED = SQL(
    "SELECT gap_id, assignment_id, seller, activity, completed_at"
    " FROM opps_views.learning_assignments"
    " WHERE tenant = opps.current_tenant() AND completed_at IS NOT NULL"
    " AND applied_at IS NULL AND gap_open ORDER BY position, assignment_id"
)
_SHOWING = SQL(
    "SELECT t.opportunity_id, t.fact_id FROM opps_views.timeline t"
    " WHERE t.tenant = opps.current_tenant() AND t.seller = %(seller)s"
    " AND t.learned_by = t.seller AND t.tag = 'FactLearned' AND NOT t.after_close"
    " AND t.via <> 'IMPORT' AND t.objective = ANY (%(objectives)s)"
    " AND t.learned_at > %(since)s AND NOT EXISTS (SELECT FROM opps_views.wrong_beliefs w"
    " WHERE w.tenant = t.tenant AND w.fact_id = t.fact_id AND w.undoes IS NULL)"
    " ORDER BY t.position LIMIT %(limit)s"
)


class GapPlace(Struct, frozen=True):
    """The place of a gap in a list: the newest come first."""

    identified_at: datetime
    gap_id: UUID


class GapsWanted(Struct, frozen=True, kw_only=True):
    """Whose gaps, open or not; of others only what they no longer look at alone."""

    sellers: Sequence[UUID] | None
    asked_by: UUID
    now: datetime
    open: bool | None = None


async def gaps(
    reading: Reading, tenant: UUID, wanted: GapsWanted, after: GapPlace | None, limit: int
) -> list[GapRow]:
    """Return gaps, the newest first, from behind a place."""
    conditions = [Condition("(t.seller = %s OR t.shown_from <= %s)", (wanted.asked_by, wanted.now))]
    if wanted.sellers is not None:
        conditions.append(Condition("t.seller = ANY (%s)", (list(wanted.sellers),)))
    if wanted.open is not None:
        conditions.append(Condition("t.open = %s", (wanted.open,)))
    if after is not None:
        place = (after.identified_at, after.gap_id)
        conditions.append(Condition("(t.identified_at, t.gap_id) < (%s, %s)", place))
    order = "t.identified_at DESC, t.gap_id DESC"
    return await reading.of_table(GapRow, tenant, GAPS, conditions, order, limit)


async def with_open_gap(reading: Reading, tenant: UUID) -> set[tuple[UUID, Indicator]]:
    """Return which indicators of which sellers have a gap that is not closed."""
    found = await reading.rows(tenant, _WITH_OPEN_GAP)
    return {(one["seller"], Indicator(one["indicator"])) for one in found}


async def unapplied(reading: Reading, tenant: UUID) -> list[dict[str, Any]]:
    """Return the assignments that were completed and that nothing has shown at work yet."""
    return await reading.rows(tenant, _UNAPPLIED)


async def showing(
    reading: Reading,
    tenant: UUID,
    seller: UUID,
    objectives: Sequence[Objective],
    since: datetime,
    limit: int,
) -> list[AppliedFact]:
    """Return facts of some objectives that a seller learned since and nobody took back."""
    values = {"seller": seller, "objectives": list(objectives), "since": since, "limit": limit}
    found = await reading.rows(tenant, _SHOWING, values)
    return [AppliedFact(**one) for one in found]


async def unmeasured(reading: Reading, tenant: UUID) -> list[dict[str, Any]]:
    """Return the assignments that were applied and whose impact nobody has measured.

    `also_assigned` are the other sellers to whom anything for the same indicator was assigned in
    the time that is looked at: they are no peers to stand beside.
    """
    return await reading.rows(tenant, _UNMEASURED)
