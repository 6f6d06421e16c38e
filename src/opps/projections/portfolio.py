"""What each opportunity counts for in a portfolio: one row wherever that changed."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

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
