"""The score in words: what speaks for it, what against, and what is unknown, now or at a place of the past.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Facet, ScoreTopic


class OpportunityScoreExplanationScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class OpportunityScoreExplanationObjectivesReasons(Answer, frozen=True, kw_only=True):
    """One thing that a topic rests on."""

    words: str
    because: str | None
    fact_id: UUID | None


class OpportunityScoreExplanationObjectives(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, does to a score, and what of it is unknown.
    Not asked, noted and asked in vain are three states.
    """

    topic: ScoreTopic
    words: str
    milli_points: int
    happen_milli_points: int
    win_milli_points: int
    happen_deviation: float
    win_deviation: float
    reasons: list[OpportunityScoreExplanationObjectivesReasons]
    not_asked: list[Facet]
    noted: list[Facet]
    unanswered: list[Facet]
    contradicted: list[Facet]


class OpportunityScoreExplanationContextReasons(Answer, frozen=True, kw_only=True):
    """One thing that a topic rests on."""

    words: str
    because: str | None
    fact_id: UUID | None


class OpportunityScoreExplanationContext(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, does to a score, and what of it is unknown.
    Not asked, noted and asked in vain are three states.
    """

    topic: ScoreTopic
    words: str
    milli_points: int
    happen_milli_points: int
    win_milli_points: int
    happen_deviation: float
    win_deviation: float
    reasons: list[OpportunityScoreExplanationContextReasons]
    not_asked: list[Facet]
    noted: list[Facet]
    unanswered: list[Facet]
    contradicted: list[Facet]


class OpportunityScoreExplanation(Answer, frozen=True, kw_only=True):
    """A score in words. It starts from the base rate, and the topics lead to it."""

    summary: str
    evidence: bool
    base_rate: float
    score: OpportunityScoreExplanationScore
    objectives: list[OpportunityScoreExplanationObjectives]
    context: list[OpportunityScoreExplanationContext]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    score_explanation: OpportunityScoreExplanation | None


class ScoreExplanationQuery(Answer, frozen=True, kw_only=True):
    """The score in words: what speaks for it, what against, and what is unknown, now or at a
    place of the past.
    """

    opportunity: Opportunity | None


SCORE_EXPLANATION = Operation(
    "ScoreExplanation",
    """# The score in words: what speaks for it, what against, and what is unknown, now or at a place of the past.
query ScoreExplanation($id: ID!, $asOf: AsOf) {
  opportunity(id: $id) {
    id
    scoreExplanation(asOf: $asOf) {
      summary
      evidence
      baseRate
      score { p low high }
      objectives { ...Explained }
      context { ...Explained }
    }
  }
}

fragment Explained on ScoreTopicExplained {
  topic
  words
  milliPoints
  happenMilliPoints
  winMilliPoints
  happenDeviation
  winDeviation
  reasons { words because factId }
  notAsked
  noted
  unanswered
  contradicted
}
""",
    ScoreExplanationQuery,
)
