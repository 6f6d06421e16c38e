"""How a score evolved: the points of its trend, and each change with what moved it."""

from datetime import datetime
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.facts import FactType, facts_of
from opps.api.ids import NodeType
from opps.api.parties import node_id
from opps.api.reading import Key
from opps.api.scalars import Position, ScoreCursor
from opps.api.scores import MILLI, Contribution, ScoreEffect, contributions_of, effects_of
from opps.api.shown import shown
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
    item: strawberry.Private[ScoreItem]

    id: UUID = shown("item.id", "Its id: the same each time it is sent.")
    position: Position = shown("item.position", "Place in the log of the event behind it.")
    event_id: UUID = shown("item.event_id", "The event behind it.")
    cause: str = shown("item.cause", "What happened, such as FactLearned or DayTurned.")
    kind: CauseKind = shown("item.kind", "What sort of cause moved the score.")
    sentence: str = shown(
        "item.sentence",
        "The whole line in words: when, who told us what, and how far it moved the score. Persons "
        "go by their function.",
    )
    fact_ids: list[UUID] = shown(
        "item.facts", "The facts that it is about; of a retraction the one taken back."
    )
    recorded_at: datetime = shown("item.recorded_at", "When it was recorded.")
    told_at: datetime = shown(
        "item.told_at", "When it was recorded, in the source system if it comes from one."
    )
    learned_at: datetime = shown("item.learned_at", "By when our side had come to know of it.")
    version: int = shown("item.version", "The opportunity's version by then.")
    model: str = shown("item.model", "The version of the score.")
    milli_points: int = shown(
        "item.milli_points_change", "The change in thousandths of a point, exact."
    )
    delta_p: float = shown("item.p_change", "The change of the win probability.")
    delta_log_odds: float = shown(
        "item.log_odds_change", "The change of its log odds, in nats: 0.69 double the odds."
    )

    @strawberry.field(
        description="Its place among all score changes: subscribe again after it to go on."
    )
    def cursor(self) -> ScoreCursor:
        return ScoreCursor(str(self.item.cursor))

    @strawberry.field(description="The opportunity.")
    def opportunity_id(self) -> strawberry.ID:
        return node_id(NodeType.OPPORTUNITY, self.item.opportunity_id)

    @strawberry.field(description="The score before; null at the opening.")
    def before(self) -> ScorePoint | None:
        return point_before(self.item)

    @strawberry.field(description="The score after.")
    def after(self) -> ScorePoint:
        return point_after(self.item)

    @strawberry.field(description="The change in points: 10 double the odds.")
    def points(self) -> float:
        return self.item.milli_points_change / MILLI

    @strawberry.field(description="What each objective adds afterwards.")
    def contributions(self) -> list[Contribution]:
        return contributions_of(self.item.contributions)

    @strawberry.field(description="What moved it; they add up to the points.")
    def effects(self) -> list[ScoreEffect]:
        return effects_of(self.item.effects)

    @strawberry.field(description="The facts that it is about, as they stand now.")
    async def facts(self, info: Info) -> list[FactType]:
        if not self.item.facts:
            return []
        picture = await info.context.reading.pictures.load(Key(self.item.opportunity_id))
        assert picture is not None, "an opportunity whose score moved is there"
        beliefs = map(picture.state.belief, self.item.facts)
        return facts_of([picture.held(one) for one in beliefs if one is not None])


def point_after(item: ScoreItem) -> ScorePoint:
    """Return the score after an item."""
    return ScorePoint(p=item.p, low=item.low, high=item.high, points=item.milli_points / MILLI)


def point_before(item: ScoreItem) -> ScorePoint | None:
    """Return the score before an item; None at the opening."""
    p, low, high = item.p_before, item.low_before, item.high_before
    if p is None or low is None or high is None or item.milli_points_before is None:
        return None
    return ScorePoint(p=p, low=low, high=high, points=item.milli_points_before / MILLI)
