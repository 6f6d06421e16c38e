"""The timeline of accounts: what happened to a buying organisation beside its opportunities."""

from collections.abc import Iterator

from opps.projections.projection import Projection
from opps.projections.steps import ACCOUNT, Step
from opps.projections.table import Table
from opps.projections.timeline_row import WRITTEN_BY_ANOTHER, TimelineRow, of_event


def _rows(step: Step) -> Iterator[TimelineRow]:
    yield TimelineRow(
        account_id=step.after.account_id, opportunity_id=None, **of_event(step.recorded)
    )


TABLE = Table(
    name="account_timeline",
    row=TimelineRow,
    key=("position",),
    indexes=(
        "account_id, position",
        "account_id, learned_at, position",
        "seller, position",
        "seller, learned_at, position",
        f"recorder, position WHERE {WRITTEN_BY_ANOTHER}",
        f"recorder, learned_at, position WHERE {WRITTEN_BY_ANOTHER}",
    ),
    added_only=True,
)

ACCOUNT_TIMELINE = Projection(
    name="account_timeline", version=2, kind=ACCOUNT, tables=(TABLE,), rows=_rows
)
