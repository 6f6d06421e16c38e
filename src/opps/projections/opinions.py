"""What sellers and stages said of the win probability, when: opinions beside the score."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from opps.domain.events import ImportTakenBack, SellerEstimateRecorded, StageSet
from opps.domain.opinions import Whose
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table


class OpinionRow(Row, frozen=True, kw_only=True):
    """An opinion from here on; without `p` there is none any more.

    `told_at` is when it was recorded, in the source system if it comes from one.
    """

    opportunity_id: UUID
    position: int
    told_at: datetime
    learned_at: datetime
    whose: Whose
    p: float | None


def _rows(step: Step) -> Iterator[OpinionRow]:
    event, before = step.recorded.event, step.before
    if isinstance(event, SellerEstimateRecorded):
        yield _row(step, event, Whose.SELLER, event.probability)
    elif isinstance(event, StageSet) and event.stage_default != before.stage_default:
        yield _row(step, event, Whose.STAGE, event.stage_default)
    elif isinstance(event, ImportTakenBack):
        if before.seller_estimate != event.before.seller_estimate:
            yield _row(step, event, Whose.SELLER, event.before.seller_estimate)
        if before.stage_default != event.before.stage_default:
            yield _row(step, event, Whose.STAGE, event.before.stage_default)


def _row(
    step: Step,
    event: SellerEstimateRecorded | StageSet | ImportTakenBack,
    whose: Whose,
    p: float | None,
) -> OpinionRow:
    recorded = step.recorded
    return OpinionRow(
        opportunity_id=step.stream,
        position=recorded.position,
        told_at=recorded.metadata.source_recorded_at or recorded.recorded_at,
        learned_at=event.learned.effective(recorded.recorded_at),
        whose=whose,
        p=p,
    )


TABLE = Table(
    name="opinions",
    row=OpinionRow,
    key=("position", "whose"),
    indexes=("opportunity_id, whose, position",),
    added_only=True,
    checks=(("p_in_range", "p BETWEEN 0 AND 1"),),
)

OPINIONS = Projection(name="opinions", version=3, kind=OPPORTUNITY, tables=(TABLE,), rows=_rows)
