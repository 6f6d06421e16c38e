"""The exceptions: what deviates, how far somebody has come with it, and how it ended."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from opps.domain.events import ExceptionCause
from opps.domain.exceptions.lifecycle import ExceptionStatus, ManagedException
from opps.projections.projection import Projection
from opps.projections.steps import EXCEPTION, Step
from opps.projections.table import Row, Table


class ExceptionRow(Row, frozen=True, kw_only=True):
    """An exception, as of `version` of its stream."""

    exception_id: UUID
    opportunity_id: UUID
    cause: ExceptionCause
    about: str | None
    since: int
    summary: str
    facts: list[UUID]
    again: UUID | None
    status: ExceptionStatus
    open: bool
    raised_at: datetime
    raised_by: UUID
    plan: str | None
    acknowledged_by: UUID | None
    people: list[UUID]
    hours: float
    money: Decimal | None
    money_currency: str | None
    conclusion: str | None
    closed_at: datetime | None
    closed_by: UUID | None
    version: int
    position: int


def row(state: ManagedException) -> ExceptionRow:
    """Return the row of an exception."""
    return ExceptionRow(
        exception_id=state.exception_id,
        opportunity_id=state.opportunity_id,
        cause=state.cause,
        about=state.about,
        since=state.since,
        summary=state.summary,
        facts=list(state.facts),
        again=state.again,
        status=state.status,
        open=state.open,
        raised_at=state.raised_at,
        raised_by=state.raised_by,
        plan=state.plan,
        acknowledged_by=state.acknowledged_by,
        people=list(state.people),
        hours=state.hours,
        money=state.money.amount if state.money else None,
        money_currency=state.money.currency if state.money else None,
        conclusion=state.conclusion,
        closed_at=state.closed_at,
        closed_by=state.closed_by,
        version=state.version,
        position=state.position,
    )


def _rows(step: Step) -> Iterator[ExceptionRow]:
    yield row(step.after)


TABLE = Table(
    name="exceptions",
    row=ExceptionRow,
    key=("exception_id",),
    indexes=("open, opportunity_id, exception_id", "opportunity_id, position"),
)

EXCEPTIONS = Projection(
    name="exceptions", version=2, kind=EXCEPTION, tables=(TABLE,), rows=_rows, last_only=True
)
