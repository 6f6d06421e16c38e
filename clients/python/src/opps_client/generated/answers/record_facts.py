"""Record all that one meeting taught us, in one command: every fact is stored, or none.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import (
    AlternativeKind,
    InfluenceLevel,
    LeaningLevel,
    OurEffect,
    Role,
    ScoreChannel,
    ScoreTopic,
)


class RecordFactsOpportunityEvaluatorsEvaluatorContentPerson(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None


class RecordFactsOpportunityEvaluatorsEvaluatorContent(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    title: str
    roles: list[Role]
    person: RecordFactsOpportunityEvaluatorsEvaluatorContentPerson | None


class RecordFactsOpportunityEvaluatorsEvaluator(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A person who evaluates, approves, signs, uses or can
    stop the purchase.
    """

    content: RecordFactsOpportunityEvaluatorsEvaluatorContent | None


class RecordFactsOpportunityEvaluatorsInfluenceContent(Answer, frozen=True, kw_only=True):
    """How much one evaluator weighs in this decision."""

    level: InfluenceLevel


class RecordFactsOpportunityEvaluatorsInfluence(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. How much one evaluator weighs in this decision."""

    content: RecordFactsOpportunityEvaluatorsInfluenceContent | None
    credence: float | None


class RecordFactsOpportunityEvaluatorsLeaningContent(Answer, frozen=True, kw_only=True):
    """Where one evaluator leans, towards or against us."""

    level: LeaningLevel


class RecordFactsOpportunityEvaluatorsLeaning(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where one evaluator leans, towards or against us."""

    content: RecordFactsOpportunityEvaluatorsLeaningContent | None
    credence: float | None


class RecordFactsOpportunityEvaluators(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop it."""

    evaluator: RecordFactsOpportunityEvaluatorsEvaluator | None
    influence: RecordFactsOpportunityEvaluatorsInfluence | None
    leaning: RecordFactsOpportunityEvaluatorsLeaning | None


class RecordFactsOpportunityIssuesIssueContent(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk of the customer that this purchase could affect."""

    text: str
    severity: int | None
    consequence: str | None
    our_effect: OurEffect | None


class RecordFactsOpportunityIssuesIssue(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A goal, pressure, problem or risk of the customer that
    this purchase could affect.
    """

    content: RecordFactsOpportunityIssuesIssueContent | None
    credence: float | None


class RecordFactsOpportunityIssues(Answer, frozen=True, kw_only=True):
    """A goal, pressure, problem or risk, with what depends on it."""

    issue: RecordFactsOpportunityIssuesIssue | None


class RecordFactsOpportunityAlternatives(Answer, frozen=True, kw_only=True):
    """A course open to the customer. US and DO_NOTHING are there from the start."""

    kind: AlternativeKind
    name: str


class RecordFactsOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    evaluators: list[RecordFactsOpportunityEvaluators]
    issues: list[RecordFactsOpportunityIssues]
    alternatives: list[RecordFactsOpportunityAlternatives]


class RecordFactsScoreChangeBefore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class RecordFactsScoreChangeAfter(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class RecordFactsScoreChangeEffects(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, moved in one channel."""

    topic: ScoreTopic
    channel: ScoreChannel
    milli_points: int


class RecordFactsScoreChange(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    before: RecordFactsScoreChangeBefore
    after: RecordFactsScoreChangeAfter
    points: float
    effects: list[RecordFactsScoreChangeEffects]


class RecordFactsUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    expected: int | None = None
    current: int | None = None
    kind: str | None = None
    id: UUID | None = None


class RecordFacts(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: RecordFactsOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    score_change: RecordFactsScoreChange | None
    user_errors: list[RecordFactsUserErrors]


class RecordFactsMutation(Answer, frozen=True, kw_only=True):
    """Record all that one meeting taught us, in one command: every fact is stored, or none."""

    record_facts: RecordFacts


RECORD_FACTS = Operation(
    "RecordFacts",
    """# Record all that one meeting taught us, in one command: every fact is stored, or none.
mutation RecordFacts($input: RecordFactsInput!) {
  recordFacts(input: $input) {
    opportunity {
      id
      evaluators {
        evaluator { content { title roles person { text } } }
        influence { content { level } credence }
        leaning { content { level } credence }
      }
      issues { issue { content { text severity consequence ourEffect } credence } }
      alternatives { kind name }
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
    userErrors {
      code
      message
      path
      ... on VersionConflict { expected current }
      ... on UnknownReference { kind id }
    }
  }
}
""",
    RecordFactsMutation,
)
