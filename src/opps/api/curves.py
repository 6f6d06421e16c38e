"""The trend of a score in the schema: as believed then, or as it should have been."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.beside import beside
from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.errors import NotAcceptable
from opps.api.scalars import Position, cursor_of, read_cursor, read_datetime, write_datetime
from opps.api.scores import MILLI, Contribution, ScoreEffect, contributions_of, effects_of
from opps.api.trend import ScoreChanged, ScorePoint, point_after, point_before
from opps.domain.cause import CauseKind, sentence
from opps.domain.change import change
from opps.domain.curves import CurvePoint
from opps.domain.score import Score
from opps.projections.score_trend import ScoreItem
from opps.recording.codec import tag_of

TIME = "DayTurned"


@strawberry.enum(
    description="Which time orders a trend. RECORDED: as was believed then, by when it was "
    "recorded. LEARNED: as it should have been, each thing from when it was learned; it changes "
    "when something is told late."
)
class ScoreCurve(StrEnum):
    RECORDED = "RECORDED"
    LEARNED = "LEARNED"


Curve = Annotated[ScoreCurve, strawberry.argument(description="Which of the two curves to show.")]


@strawberry.type(
    description="A point of a trend: the score from an instant on, and what moved it there."
)
class ScoreTrendPoint:
    cursor: str = strawberry.field(description="Its place in this curve.")
    at: datetime = strawberry.field(
        description="From when on. In the recorded curve when it was told: recorded, in the source "
        "system if it comes from one. In the learned curve when it was learned."
    )
    kind: CauseKind = strawberry.field(description="What sort of cause moved the score.")
    sentence: str = strawberry.field(description="What moved it, in words.")
    cause: str = strawberry.field(description="What happened, such as FactLearned or DayTurned.")
    event_id: UUID | None = strawberry.field(
        description="The event behind it, of several the last; null where time alone moved the "
        "learned curve."
    )
    position: Position | None = strawberry.field(description="Place in the log of that event.")
    recorded_at: datetime | None = strawberry.field(description="When that event was recorded.")
    learned_at: datetime = strawberry.field(description="By when our side had come to know.")
    version: int | None = strawberry.field(
        description="The opportunity's version by then; null in the learned curve."
    )
    model: str = strawberry.field(description="The version of the score.")
    before: ScorePoint | None = strawberry.field(
        description="The point before; null at the opening."
    )
    after: ScorePoint = strawberry.field(description="The score from here on.")
    points: float = strawberry.field(description="The change in points: 10 double the odds.")
    milli_points: int = strawberry.field(description="The change in thousandths of a point, exact.")
    contributions: list[Contribution] = strawberry.field(
        description="What each objective adds from here on."
    )
    effects: list[ScoreEffect] = strawberry.field(
        description="What moved it; they add up to the points."
    )


async def trend_page(
    info: Info, opportunity_id: UUID, curve: ScoreCurve, first: int | None, after: str | None
) -> Connection[ScoreTrendPoint]:
    """Return one of the two curves of a score, oldest first."""
    size = page_size(first)
    if curve is ScoreCurve.RECORDED:
        items = await _items(info, opportunity_id, size + 1, after)
        points = [_recorded(item) for item in items]
    else:
        points = await _learned(info, opportunity_id, size + 1, after)
    shown = [(point.cursor, point) for point in points]
    return page_of(shown, size, begun=after is not None)


async def ledger_page(
    info: Info, opportunity_id: UUID, first: int | None, after: str | None
) -> Connection[ScoreChanged]:
    """Return the lines of a score's ledger, oldest first."""
    size = page_size(first)
    items = await _items(info, opportunity_id, size + 1, after)
    shown = [(str(item.cursor), ScoreChanged(item=item)) for item in items]
    return page_of(shown, size, begun=after is not None)


async def _items(
    info: Info, opportunity_id: UUID, limit: int, after: str | None
) -> list[ScoreItem]:
    try:
        behind = cursor_of(read_cursor(after)) if after is not None else None
    except ValueError as error:
        raise NotAcceptable(str(error)) from None
    tenant = info.context.viewer.tenant
    return await info.context.services.views.score_trend(tenant, opportunity_id, behind, limit)


async def _learned(
    info: Info, opportunity_id: UUID, limit: int, after: str | None
) -> list[ScoreTrendPoint]:
    """Return the learned curve from behind an instant, which is its cursor."""
    try:
        behind = None if after is None else read_datetime(after)
    except ValueError:
        message = f"{after!r} is no cursor of this curve: use one that it gave you"
        raise NotAcceptable(message) from None
    points = await info.context.reading.curves.load(opportunity_id)
    begin = 0 if behind is None else bisect_right(points, behind, key=lambda one: one.at)
    return await beside(_curve, points, begin, begin + limit)


def _recorded(item: ScoreItem) -> ScoreTrendPoint:
    return ScoreTrendPoint(
        cursor=str(item.cursor),
        at=item.told_at,
        kind=item.kind,
        sentence=item.sentence,
        cause=item.cause,
        event_id=item.event_id,
        position=Position(item.position),
        recorded_at=item.recorded_at,
        learned_at=item.learned_at,
        version=item.version,
        model=item.model,
        before=point_before(item),
        after=point_after(item),
        points=item.milli_points_change / MILLI,
        milli_points=item.milli_points_change,
        contributions=contributions_of(item.contributions),
        effects=effects_of(item.effects),
    )


def _curve(points: Sequence[CurvePoint], begin: int, end: int) -> list[ScoreTrendPoint]:
    scores = [None, *(point.score for point in points)]
    return [
        _point(was, now) for was, now in zip(scores[begin:end], points[begin:end], strict=False)
    ]


def _point(before: Score | None, point: CurvePoint) -> ScoreTrendPoint:
    moved = None if before is None else change(before, point.score)
    last = point.recorded[-1] if point.recorded else None
    milli_points = 0 if moved is None else moved.milli_points
    return ScoreTrendPoint(
        cursor=write_datetime(point.at),
        at=point.at,
        kind=point.cause.kind,
        sentence=sentence(point.cause, before, point.score),
        cause=tag_of(last.event) if last else TIME,
        event_id=last.event_id if last else None,
        position=Position(last.position) if last else None,
        recorded_at=last.recorded_at if last else None,
        learned_at=point.at,
        version=None,
        model=point.score.model,
        before=None if before is None else _score_point(before),
        after=_score_point(point.score),
        points=milli_points / MILLI,
        milli_points=milli_points,
        contributions=contributions_of(point.score.contributions),
        effects=effects_of(() if moved is None else moved.effects),
    )


def _score_point(of: Score) -> ScorePoint:
    return ScorePoint(p=of.p, low=of.low, high=of.high, points=of.milli_points / MILLI)
