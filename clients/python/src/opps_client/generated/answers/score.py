"""The score, and what it rests on: what each objective adds to each of the two questions, in nats.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import ScoreChannel, ScoreTopic


class OpportunityScoreChannels(Answer, frozen=True, kw_only=True):
    """One of the two questions behind a win: will it happen at all, and will we win it."""

    channel: ScoreChannel
    log_odds: float
    deviation: float


class OpportunityScoreContributions(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, adds to the log odds of each channel, in nats;
    nothing known adds nothing.
    """

    topic: ScoreTopic
    happen: float
    win: float


class OpportunityScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float
    decidability: float
    points: float
    model: str
    channels: list[OpportunityScoreChannels]
    contributions: list[OpportunityScoreContributions]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    score: OpportunityScore


class ScoreQuery(Answer, frozen=True, kw_only=True):
    """The score, and what it rests on: what each objective adds to each of the two questions,
    in nats.
    """

    opportunity: Opportunity | None


SCORE = Operation(
    "Score",
    """# The score, and what it rests on: what each objective adds to each of the two questions, in nats.
query Score($id: ID!) {
  opportunity(id: $id) {
    id
    title
    score {
      p
      low
      high
      decidability
      points
      model
      channels { channel logOdds deviation }
      contributions { topic happen win }
    }
  }
}
""",
    ScoreQuery,
)
