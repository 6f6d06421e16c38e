"""What each closed opportunity leaves for the next ones, one row each, and tallies of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.sql import SQL, Composed, Identifier

from opps.domain.blind_spots import Closings, Tally
from opps.domain.closing import late_facets, present_at_close
from opps.domain.events import CustomerKind
from opps.domain.opportunity.state import Opportunity, Status
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table

# Ended by the customer: of what we gave up or merged, nobody looked at the rest.
COMPARABLE = (Status.WON, Status.LOST, Status.NO_DECISION)
LOST = (Status.LOST,)


class ClosingRow(Row, frozen=True, kw_only=True):
    """A closed opportunity; one that was opened again has no outcome.

    `late_facets` is missing where it was not open long enough for anything to come late.
    """

    opportunity_id: UUID
    outcome: Status | None
    customer_kind: CustomerKind | None
    opened_at: datetime
    closed_at: datetime | None
    roles: list[str]
    alternative_kinds: list[str]
    step_kinds: list[str]
    facets: list[str]
    late_facets: list[str] | None
    recorded_at: datetime
    position: int


class Until(NamedTuple):
    """Up to where the log counts: what closed later is not known yet."""

    position: int | None = None
    recorded_at: datetime | None = None


EVER = Until()


def _rows(step: Step) -> Iterator[ClosingRow]:
    """Yield the row where an opportunity closes, ends otherwise than told, or is opened again."""
    if _ended(step.after) != (_ended(step.before) if step.before else None):
        yield row(step.after, step.recorded.recorded_at, step.recorded.position)


def row(state: Opportunity, recorded_at: datetime, position: int) -> ClosingRow:
    """Return the row of an opportunity whose end was recorded at an instant and position."""
    there, late = present_at_close(state), late_facets(state)
    return ClosingRow(
        opportunity_id=state.opportunity_id,
        outcome=None if state.open else state.status,
        customer_kind=state.customer_kind,
        opened_at=state.opened_at,
        closed_at=state.closed_at,
        roles=[*there.roles],
        alternative_kinds=[*there.alternative_kinds],
        step_kinds=[*there.step_kinds],
        facets=[*there.facets],
        late_facets=None if late is None else [*late],
        recorded_at=recorded_at,
        position=position,
    )


def _ended(state: Opportunity) -> tuple[Status, datetime | None] | None:
    return None if state.open else (state.status, state.closed_at)


TABLE = Table(
    name="closings",
    row=ClosingRow,
    key=("opportunity_id",),
    indexes=("outcome, customer_kind",),
)

CLOSINGS = Projection(name="closings", version=1, kind=OPPORTUNITY, tables=(TABLE,), rows=_rows)


class TallyQuery(NamedTuple):
    """A query for a tally, with its values."""

    query: Composed
    values: list[object]


def comparable(customer_kind: CustomerKind | None, until: Until) -> TallyQuery:
    """Ask what closed opportunities with the same kind of customer had."""
    asking = _tally(_HAD, COMPARABLE, until)
    alike = SQL(" AND t.customer_kind IS NOT DISTINCT FROM %s")
    return TallyQuery(
        asking.query + alike + _BY_VALUE, [*asking.values, customer_kind and customer_kind.value]
    )


def lost(until: Until) -> TallyQuery:
    """Ask what came out late in opportunities that were lost."""
    asking = _tally(("late_facets",), LOST, until)
    return TallyQuery(asking.query + _BY_VALUE, asking.values)


def tallied(counted: Iterable[dict[str, Any]]) -> Closings:
    """Return the tallies of the rows of both queries."""
    n: dict[str, int] = {}
    found: dict[str, dict[str, int]] = {}
    for one in counted:
        if one["value"] is None:
            n[one["what"]] = one["found"]
        else:
            found.setdefault(one["what"], {})[one["value"]] = one["found"]
    return Closings(**{what: Tally(total, found.get(what, {})) for what, total in n.items()})


_HAD = ("roles", "alternative_kinds", "step_kinds")
_BY_VALUE = SQL(" GROUP BY x.what, x.value")


def _tally(columns: Sequence[str], outcomes: Sequence[Status], until: Until) -> TallyQuery:
    """Ask how many closings had each value of some lists, of those where all are told.

    A row without a value says how many closings there are in all.
    """
    values = SQL(" UNION ALL ").join(
        SQL(
            "SELECT {0} AS what, NULL AS value UNION ALL"
            " SELECT {0}, jsonb_array_elements_text(t.{1})"
        ).format(column, Identifier(column))
        for column in columns
    )
    told = SQL(" AND ").join(SQL("t.{} IS NOT NULL").format(Identifier(one)) for one in columns)
    query = SQL(
        "SELECT x.what, x.value, count(*) AS found FROM opps_views.closings t, LATERAL"
        " ({}) x"
        " WHERE t.tenant = opps.current_tenant() AND t.outcome = ANY (%s) AND {}"
        " AND t.position <= coalesce(%s, t.position)"
        " AND t.recorded_at <= coalesce(%s, t.recorded_at)"
    ).format(values, told)
    return TallyQuery(query, [[one.value for one in outcomes], until.position, until.recorded_at])
