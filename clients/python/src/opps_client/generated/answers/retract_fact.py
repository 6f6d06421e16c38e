"""Take a fact back that was never so. When the world has changed, learn a fact that supersedes it.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import FactKind, FactState, ScoreChannel, ScoreTopic


class RetractFactOpportunityFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    kind: FactKind
    state: FactState


class RetractFactOpportunityIssuesIssueContent(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk of the customer that this purchase could affect."""

    text: str


class RetractFactOpportunityIssuesIssue(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A goal, pressure, problem or risk of the customer that
    this purchase could affect.
    """

    content: RetractFactOpportunityIssuesIssueContent | None


class RetractFactOpportunityIssues(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk, with what depends on it."""

    issue: RetractFactOpportunityIssuesIssue | None


class RetractFactOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    facts: list[RetractFactOpportunityFacts]
    issues: list[RetractFactOpportunityIssues]


class RetractFactScoreChangeBefore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class RetractFactScoreChangeAfter(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class RetractFactScoreChangeEffects(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, moved in one channel."""

    topic: ScoreTopic
    channel: ScoreChannel
    milli_points: int


class RetractFactScoreChange(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    before: RetractFactScoreChangeBefore
    after: RetractFactScoreChangeAfter
    points: float
    effects: list[RetractFactScoreChangeEffects]


class RetractFactUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    fact_id: UUID | None = None


class RetractFact(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: RetractFactOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    score_change: RetractFactScoreChange | None
    user_errors: list[RetractFactUserErrors]


class RetractFactMutation(Answer, frozen=True, kw_only=True):
    """Take a fact back that was never so. When the world has changed, learn a fact that
    supersedes it.
    """

    retract_fact: RetractFact


RETRACT_FACT = Operation(
    "RetractFact",
    """# Take a fact back that was never so. When the world has changed, learn a fact that supersedes it.
mutation RetractFact($input: RetractFactInput!) {
  retractFact(input: $input) {
    opportunity {
      id
      facts(filter: { states: [RETRACTED] }) { factId kind state }
      issues { issue { content { text } } }
    }
    version
    position
    replayed
    scoreChange {
      before { p low high }
      after { p low high }
      points
      effects { topic channel milliPoints }
    }
    userErrors { code message path ... on UnknownFact { factId } }
  }
}
""",
    RetractFactMutation,
)
