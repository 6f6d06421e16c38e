"""The board as it was: what it showed at each position, and what was known at each instant."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import asdict

from opps.domain.opportunity.known_line import Piece
from opps.domain.opportunity.state import Opportunity
from opps.domain.score import Score
from opps.projections.board import BoardRow, row
from opps.projections.board_history_checks import KNOWN_CHECKS, PROMISES, SHOWN_CHECKS
from opps.projections.board_history_writing import write_known, write_shown
from opps.projections.known_lines import Told
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table


class PastRow(BoardRow, frozen=True, kw_only=True):
    """A row of the board with its score, as told from the position `recorded_from` on."""

    recorded_from: int
    p: float
    low: float
    high: float
    milli_points: int
    model: str


class ShownRow(PastRow, frozen=True, kw_only=True):
    """What the board showed from a position up to another; the database links them."""

    recorded_until: int | None = None


class KnownRow(PastRow, frozen=True, kw_only=True):
    """What was known from an instant on, as told from a position on.

    It holds up to `known_until`, told by any position from `recorded_from` on; behind that instant
    too, as long as nobody had told more, up to the position `told_until`. It was told anew at
    `recorded_until`. From `exact_until` on time has changed it. The database links the rows.
    """

    known_from: datetime
    exact_until: datetime | None
    anew: bool
    known_until: datetime | None = None
    told_until: int | None = None
    recorded_until: int | None = None


class DueRow(Row, frozen=True, kw_only=True):
    """When time will next change what is shown or known of an opportunity."""

    opportunity_id: UUID
    position: int
    open: bool
    next_step_at: datetime | None


def past_row(state: Opportunity, changed_at: datetime, told: Score, recorded_from: int) -> PastRow:
    """Return what a list says of an opportunity, as told from a position on."""
    return PastRow(**_columns(state, changed_at, told, recorded_from))


def _columns(
    state: Opportunity, changed_at: datetime, told: Score, recorded_from: int
) -> dict[str, Any]:
    return {
        **asdict(row(state, changed_at)),
        "recorded_from": recorded_from,
        "p": told.p,
        "low": told.low,
        "high": told.high,
        "milli_points": told.milli_points,
        "model": told.model,
    }


def _rows(step: Step) -> Iterator[Row]:
    recorded, after = step.recorded, step.after
    told = step.told()
    happened = recorded.stream == step.stream
    scored = step.scored
    if happened or (scored is not None and scored.before != scored.after):
        columns = _columns(after, recorded.recorded_at, step.now.score, recorded.position)
        yield ShownRow(**columns)
    for one in told:
        yield from _known(step, one)
    yield _due(step)


def _known(step: Step, told: Told) -> Iterator[KnownRow]:
    for number, piece in enumerate(told.pieces):
        yield _known_row(step, piece, told.position, anew=told.anew and number == 0)


def _known_row(step: Step, piece: Piece, position: int, *, anew: bool) -> KnownRow:
    scored = step.score_of(piece.state)
    columns = _columns(piece.state, step.recorded.recorded_at, scored, position)
    return KnownRow(
        known_from=piece.known_from,
        exact_until=piece.exact_until,
        anew=anew,
        **columns,
    )


def _due(step: Step) -> DueRow:
    after = step.after
    steps = [step.exact_until, step.next_step_at]
    return DueRow(
        opportunity_id=after.opportunity_id,
        position=step.recorded.position,
        open=after.open,
        next_step_at=min((one for one in steps if one is not None), default=None),
    )


SHOWN = Table(
    name="board_history",
    row=ShownRow,
    key=("opportunity_id", "recorded_from"),
    indexes=("recorded_until, recorded_from", "recorded_from, recorded_until"),
    added_only=True,
    checks=SHOWN_CHECKS,
    written=write_shown,
)
KNOWN = Table(
    name="known_history",
    row=KnownRow,
    key=("opportunity_id", "known_from", "recorded_from"),
    indexes=(
        "known_until, known_from, recorded_until",
        "known_from, known_until, recorded_until",
        "told_until, recorded_from, known_until",
    ),
    added_only=True,
    checks=KNOWN_CHECKS,
    written=write_known,
)
DUE = Table(
    name="board_history_due",
    row=DueRow,
    key=("opportunity_id",),
    indexes=("next_step_at",),
)

BOARD_HISTORY = Projection(
    name="board_history",
    version=2,
    kind=OPPORTUNITY,
    tables=(SHOWN, KNOWN, DUE),
    rows=_rows,
    due=DUE,
    by_zone=True,
    promises=PROMISES,
)
