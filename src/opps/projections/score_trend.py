"""The trend of each score: one immutable item wherever the score moved, and the score now."""

from collections.abc import Iterator
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from msgspec import Struct

from opps.domain.cause import CauseKind, cause, sentence
from opps.domain.change import Effect
from opps.domain.events import DayTurned, Event, OpportunityEvent
from opps.domain.recorded import Recorded
from opps.domain.score import Contribution, logit
from opps.domain.setting import turned_at
from opps.projections.portfolio import PORTFOLIO, portfolio_rows
from opps.projections.projection import Projection
from opps.projections.score_checks import CHECKS, PROMISES
from opps.projections.scores import Scored
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table
from opps.recording.codec import tag_of


class ScoreCursor(Struct, frozen=True, order=True):
    """A place among all score items of a tenant: one event may move many scores."""

    position: int
    ordinal: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the cursor of its text form, `position.ordinal` or `position`.

        Raises:
            ValueError: it is neither.
        """
        position, _, ordinal = text.partition(".")
        return cls(int(position), int(ordinal or 0))

    def __str__(self) -> str:
        return f"{self.position}.{self.ordinal}"


class ScoreItem(Row, frozen=True, kw_only=True):
    """How one event moved the score of one opportunity; nothing is known before the opening.

    `cause` is what happened, `kind` the kind of line it makes, `sentence` the line itself, `facts`
    the facts it is about. `told_at` is when it was recorded, in the source system if it comes from
    one. `log_odds_change` is that of p, in nats.
    """

    id: UUID
    opportunity_id: UUID
    position: int
    ordinal: int
    event_id: UUID
    cause: str
    kind: CauseKind
    sentence: str
    facts: list[UUID]
    recorded_at: datetime
    told_at: datetime
    learned_at: datetime
    version: int
    model: str
    p_before: float | None
    low_before: float | None
    high_before: float | None
    milli_points_before: int | None
    p: float
    low: float
    high: float
    milli_points: int
    milli_points_change: int
    p_change: float
    log_odds_change: float
    log_odds_happen: float
    log_odds_win: float
    sd_happen: float
    sd_win: float
    contributions: list[Contribution]
    effects: list[Effect]

    @property
    def cursor(self) -> ScoreCursor:
        """Its place among all score items."""
        return ScoreCursor(self.position, self.ordinal)


class ScoreRow(Row, frozen=True, kw_only=True):
    """The score of an opportunity now, and when time alone will next move it."""

    opportunity_id: UUID
    position: int
    ordinal: int
    model: str
    p: float
    low: float
    high: float
    milli_points: int
    open: bool
    next_step_at: datetime | None

    @property
    def decidability(self) -> float:
        """How much of the interval is closed: 1 minus its width."""
        return 1 - (self.high - self.low)


def _rows(step: Step) -> Iterator[Row]:
    scored = step.scored
    if scored is None:
        return
    if scored.before != scored.after:
        yield _item(step, scored)
    yield _now(step, scored)
    yield from portfolio_rows(step, scored)


def _item(step: Step, scored: Scored) -> ScoreItem:
    recorded, opportunity = step.recorded, step.after
    before, after, change = scored.before, scored.after, scored.change
    because = cause(recorded, step.before, opportunity, (before, after) if before else None)
    return ScoreItem(
        id=uuid5(opportunity.opportunity_id, f"{recorded.position}:{after.model}"),
        opportunity_id=opportunity.opportunity_id,
        position=recorded.position,
        ordinal=step.ordinal,
        event_id=recorded.event_id,
        cause=tag_of(recorded.event),
        kind=because.kind,
        sentence=sentence(because, before, after),
        facts=list(because.fact_ids),
        recorded_at=recorded.recorded_at,
        told_at=_told_at(recorded),
        learned_at=_learned_at(recorded),
        version=opportunity.version,
        model=after.model,
        p_before=before.p if before else None,
        low_before=before.low if before else None,
        high_before=before.high if before else None,
        milli_points_before=before.milli_points if before else None,
        p=after.p,
        low=after.low,
        high=after.high,
        milli_points=after.milli_points,
        milli_points_change=change.milli_points if change else 0,
        p_change=change.delta_p if change else 0.0,
        log_odds_change=logit(after.p) - logit(before.p) if before else 0.0,
        log_odds_happen=after.log_odds_happen,
        log_odds_win=after.log_odds_win,
        sd_happen=after.sd_happen,
        sd_win=after.sd_win,
        contributions=list(after.contributions),
        effects=list(change.effects) if change else [],
    )


def _now(step: Step, scored: Scored) -> ScoreRow:
    opportunity, after = step.after, scored.after
    return ScoreRow(
        opportunity_id=opportunity.opportunity_id,
        position=step.recorded.position,
        ordinal=step.ordinal,
        model=after.model,
        p=after.p,
        low=after.low,
        high=after.high,
        milli_points=after.milli_points,
        open=opportunity.open,
        next_step_at=step.next_step_at,
    )


def _told_at(recorded: Recorded[Event]) -> datetime:
    """Return when it was recorded, in the source system if it comes from one."""
    return recorded.metadata.source_recorded_at or recorded.recorded_at


def _learned_at(recorded: Recorded[Event]) -> datetime:
    """Return when our side came to know of the cause; a day turns for everybody at once."""
    event = recorded.event
    if isinstance(event, DayTurned):
        return turned_at(event)
    if isinstance(event, OpportunityEvent):
        return event.learned.effective(recorded.recorded_at)
    return recorded.recorded_at


ITEMS = Table(
    name="score_trend",
    row=ScoreItem,
    key=("position", "ordinal"),
    indexes=("opportunity_id, position", "id", "told_at"),
    added_only=True,
    checks=CHECKS,
)
NOW = Table(
    name="score_current",
    row=ScoreRow,
    key=("opportunity_id",),
    indexes=("next_step_at", "p"),
)
# Most of what an item holds, and what is seldom asked for.
LINES = frozenset({"contributions", "effects"})

SCORE_TREND = Projection(
    name="score_trend",
    version=6,
    kind=OPPORTUNITY,
    tables=(ITEMS, NOW, PORTFOLIO),
    rows=_rows,
    due=NOW,
    promises=PROMISES,
)
