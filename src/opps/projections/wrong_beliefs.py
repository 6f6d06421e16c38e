"""Beliefs that turned out wrong: one row where it was found, one where a finding was undone."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from opps.domain.catalogue import Objective
from opps.domain.events import OpportunityEvent, RetractionReason
from opps.domain.provenance import Channel
from opps.domain.wrong_beliefs import Finding, WrongHow, believed_since, findings, held_s
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table


class WrongBeliefRow(Row, frozen=True, kw_only=True):
    """That a belief was found wrong by the event at a position.

    With `undoes` it is the opposite: the finding at that position no longer holds. `by` is the
    fact that took its place. `learned_at` is when the belief was learned, as told until then;
    `held_s` how long from there to `found_at`. `seller` is who on our side had learned it.
    """

    opportunity_id: UUID
    position: int
    fact_id: UUID
    undoes: int | None
    how: WrongHow
    reason: RetractionReason | None
    by: UUID | None
    event_id: UUID
    found_at: datetime
    recorded_at: datetime
    fact_position: int
    learned_at: datetime
    held_s: float
    told_by: UUID | None
    seller: UUID | None
    channel: Channel
    kind: str
    key: str
    objective: Objective


def _rows(step: Step) -> Iterator[WrongBeliefRow]:
    event = step.recorded.event
    assert isinstance(event, OpportunityEvent)
    found_at = event.learned.effective(step.recorded.recorded_at)
    for one in findings(step.before, event):
        yield _row(step, one, found_at)


def _row(step: Step, found: Finding, found_at: datetime) -> WrongBeliefRow:
    belief, since = found.belief, believed_since(found.belief)
    return WrongBeliefRow(
        opportunity_id=step.stream,
        position=step.recorded.position,
        fact_id=belief.fact_id,
        undoes=found.undoes,
        how=found.how,
        reason=found.reason,
        by=found.by,
        event_id=step.recorded.event_id,
        found_at=found_at,
        recorded_at=step.recorded.recorded_at,
        fact_position=belief.position,
        learned_at=since,
        held_s=held_s(since, found_at),
        told_by=belief.provenance.told_by,
        seller=belief.provenance.learned_by,
        channel=belief.provenance.channel,
        kind=belief.fact.kind(),
        key=belief.fact.key,
        objective=belief.fact.objective,
    )


TABLE = Table(
    name="wrong_beliefs",
    row=WrongBeliefRow,
    key=("position", "fact_id"),
    indexes=("opportunity_id, position", "seller, position"),
    added_only=True,
)

WRONG_BELIEFS = Projection(
    name="wrong_beliefs", version=1, kind=OPPORTUNITY, tables=(TABLE,), rows=_rows
)
