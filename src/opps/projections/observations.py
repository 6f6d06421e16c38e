"""Observations: what each event says of a seller's leading indicators, one row a value."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.observing import observations
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table


class ObservationRow(Row, frozen=True, kw_only=True):
    """A value of an indicator of a seller; without `counts` it adds to the value, not to n."""

    position: int
    ordinal: int
    seller: UUID
    indicator: Indicator
    value: float
    counts: bool
    opportunity_id: UUID
    observed_at: datetime


def _rows(step: Step) -> Iterator[ObservationRow]:
    said = observations(step.before, step.recorded, step.after)
    for ordinal, one in enumerate(said):
        yield ObservationRow(
            position=step.recorded.position,
            ordinal=ordinal,
            seller=one.seller,
            indicator=one.indicator,
            value=one.value,
            counts=one.counts,
            opportunity_id=step.stream,
            observed_at=step.recorded.recorded_at,
        )


TABLE = Table(
    name="observations",
    row=ObservationRow,
    key=("position", "ordinal"),
    indexes=("seller, indicator, observed_at", "indicator, observed_at"),
    added_only=True,
)

OBSERVATIONS = Projection(
    name="observations", version=1, kind=OPPORTUNITY, tables=(TABLE,), rows=_rows, moved_by=()
)
