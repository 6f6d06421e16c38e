"""How the score of an opportunity developed: as believed then, or as it should have been by learned time.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime

from ...operation import Operation
from ...parts import Answer
from ..enums import ScoreChannel, ScoreTopic


class OpportunityScoreTrendNodesAfter(Answer, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: float
    low: float
    high: float


class OpportunityScoreTrendNodesEffects(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, moved in one channel."""

    topic: ScoreTopic
    channel: ScoreChannel
    milli_points: int


class OpportunityScoreTrendNodes(Answer, frozen=True, kw_only=True):
    """A point of a trend: the score from an instant on, and what moved it there."""

    cursor: str
    cause: str
    sentence: str
    version: int | None
    learned_at: datetime
    points: float
    after: OpportunityScoreTrendNodesAfter
    effects: list[OpportunityScoreTrendNodesEffects]


class OpportunityScoreTrendPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class OpportunityScoreTrend(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[OpportunityScoreTrendNodes]
    page_info: OpportunityScoreTrendPageInfo


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    score_trend: OpportunityScoreTrend


class ScoreTrendQuery(Answer, frozen=True, kw_only=True):
    """How the score of an opportunity developed: as believed then, or as it should have been by
    learned time.
    """

    opportunity: Opportunity | None


SCORE_TREND = Operation(
    "ScoreTrend",
    """# How the score of an opportunity developed: as believed then, or as it should have been by learned time.
query ScoreTrend($id: ID!, $curve: ScoreCurve! = RECORDED, $after: String) {
  opportunity(id: $id) {
    id
    scoreTrend(curve: $curve, first: 100, after: $after) {
      nodes {
        cursor
        cause
        sentence
        version
        learnedAt
        points
        after { p low high }
        effects { topic channel milliPoints }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
""",
    ScoreTrendQuery,
)
