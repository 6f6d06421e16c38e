"""How a score evolved: the points of its trend, and each change with what moved it."""

from datetime import datetime
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.errors import node_argument
from opps.api.facts import FactType, facts_of
from opps.api.ids import NodeType
from opps.api.parties import node_id
from opps.api.reading import Key
from opps.api.scalars import Position, ScoreCursor
from opps.api.scores import MILLI, Contribution, ScoreEffect, contributions_of, effects_of
from opps.domain.cause import CauseKind
from opps.projections.score_trend import ScoreItem

enum_of(CauseKind)


@strawberry.type(description="A win probability with its 80 % interval.")
class ScorePoint:
    p: float = strawberry.field(description="The win probability.")
    low: float = strawberry.field(description="Lower end of the 80 % interval.")
    high: float = strawberry.field(description="Upper end of the 80 % interval.")
    points: float = strawberry.field(
        description="The odds in points: 0 is even, and each 10 points double them."
    )


@strawberry.type(
    description="How one event moved the score of one opportunity: a line of its ledger. Such an "
    "item is never changed."
)
class ScoreChanged:
    id: UUID = strawberry.field(description="Its id: the same each time it is sent.")
    cursor: ScoreCursor = strawberry.field(
        description="Its place among all score changes: subscribe again after it to go on."
    )
    opportunity_id: strawberry.ID = strawberry.field(description="The opportunity.")
    position: Position = strawberry.field(description="Place in the log of the event behind it.")
    event_id: UUID = strawberry.field(description="The event behind it.")
    cause: str = strawberry.field(description="What happened, such as FactLearned or DayTurned.")
    kind: CauseKind = strawberry.field(description="What sort of cause moved the score.")
    sentence: str = strawberry.field(
        description="The whole line in words: when, who told us what, and how far it moved the "
        "score. Persons go by their function."
    )
    fact_ids: list[UUID] = strawberry.field(
        description="The facts that it is about; of a retraction the one taken back."
    )
    recorded_at: datetime = strawberry.field(description="When it was recorded.")
    told_at: datetime = strawberry.field(
        description="When it was recorded, in the source system if it comes from one."
    )
    learned_at: datetime = strawberry.field(description="By when our side had come to know of it.")
    version: int = strawberry.field(description="The opportunity's version by then.")
    model: str = strawberry.field(description="The version of the score.")
    before: ScorePoint | None = strawberry.field(
        description="The score before; null at the opening."
    )
    after: ScorePoint = strawberry.field(description="The score after.")
    points: float = strawberry.field(description="The change in points: 10 double the odds.")
    milli_points: int = strawberry.field(description="The change in thousandths of a point, exact.")
    delta_p: float = strawberry.field(description="The change of the win probability.")
    delta_log_odds: float = strawberry.field(
        description="The change of its log odds, in nats: 0.69 double the odds."
    )
    contributions: list[Contribution] = strawberry.field(
        description="What each objective adds afterwards."
    )
    effects: list[ScoreEffect] = strawberry.field(
        description="What moved it; they add up to the points."
    )

    @strawberry.field(description="The facts that it is about, as they stand now.")
    async def facts(self, info: Info) -> list[FactType]:
        if not self.fact_ids:
            return []
        of = node_argument(NodeType.OPPORTUNITY, self.opportunity_id)
        picture = await info.context.reading.pictures.load(Key(of))
        assert picture is not None, "an opportunity whose score moved is there"
        beliefs = map(picture.state.belief, self.fact_ids)
        return facts_of([picture.held(one) for one in beliefs if one is not None])


def score_changed(item: ScoreItem) -> ScoreChanged:
    """Return a score item for the schema."""
    return ScoreChanged(
        id=item.id,
        cursor=ScoreCursor(str(item.cursor)),
        opportunity_id=node_id(NodeType.OPPORTUNITY, item.opportunity_id),
        position=Position(item.position),
        event_id=item.event_id,
        cause=item.cause,
        kind=item.kind,
        sentence=item.sentence,
        fact_ids=list(item.facts),
        recorded_at=item.recorded_at,
        told_at=item.told_at,
        learned_at=item.learned_at,
        version=item.version,
        model=item.model,
        before=point_before(item),
        after=point_after(item),
        points=item.milli_points_change / MILLI,
        milli_points=item.milli_points_change,
        delta_p=item.p_change,
        delta_log_odds=item.log_odds_change,
        contributions=contributions_of(item.contributions),
        effects=effects_of(item.effects),
    )


def point_after(item: ScoreItem) -> ScorePoint:
    """Return the score after an item."""
    return ScorePoint(p=item.p, low=item.low, high=item.high, points=item.milli_points / MILLI)


def point_before(item: ScoreItem) -> ScorePoint | None:
    """Return the score before an item; None at the opening."""
    p, low, high = item.p_before, item.low_before, item.high_before
    if p is None or low is None or high is None or item.milli_points_before is None:
        return None
    return ScorePoint(p=p, low=low, high=high, points=item.milli_points_before / MILLI)
