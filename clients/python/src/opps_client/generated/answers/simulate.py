"""What would it bring to learn this, and to wait until then? Answered by the real rules, without writing anything.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import ScoreChannel, ScoreTopic


class SimulateScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float
    decidability: float


class SimulateScoreChangeEffects(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, moved in one channel."""

    topic: ScoreTopic
    channel: ScoreChannel
    milli_points: int


class SimulateScoreChange(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    delta_p: float
    points: float
    effects: list[SimulateScoreChangeEffects]


class SimulateByTime(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    milli_points: int


class SimulateByKnowledge(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    milli_points: int


class SimulateContradictions(Answer, frozen=True, kw_only=True):
    """Facts of one key that cannot all hold, as the rule of their kind says. The facts say who
    told each of them, when, and what.
    """

    key: str


class SimulateUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    kind: str | None = None
    id: UUID | None = None


class Simulate(Answer, frozen=True, kw_only=True):
    """What would come of facts, answers and time. Nothing is written: recording the same would
    do the same to the score.
    """

    score: SimulateScore | None
    score_change: SimulateScoreChange | None
    by_time: SimulateByTime | None
    by_knowledge: SimulateByKnowledge | None
    contradictions: list[SimulateContradictions]
    user_errors: list[SimulateUserErrors]


class SimulateQuery(Answer, frozen=True, kw_only=True):
    """What would it bring to learn this, and to wait until then? Answered by the real rules,
    without writing anything.
    """

    simulate: Simulate


SIMULATE = Operation(
    "Simulate",
    """# What would it bring to learn this, and to wait until then? Answered by the real rules, without writing anything.
query Simulate($opportunityId: ID!, $facts: [FactStatedInput!], $questionsAnswered: [UUID!], $asOf: DateTime) {
  simulate(
    opportunityId: $opportunityId
    facts: $facts
    questionsAnswered: $questionsAnswered
    asOf: $asOf
  ) {
    score { p low high decidability }
    scoreChange { deltaP points effects { topic channel milliPoints } }
    byTime { milliPoints }
    byKnowledge { milliPoints }
    contradictions { key }
    userErrors {
      code
      message
      path
      ... on UnknownReference { kind id }
    }
  }
}
""",
    SimulateQuery,
)
