"""What each evaluator said, what was said of them, and what became of their words.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Channel, Supersession


class OpportunityEvaluatorsEvaluatorContent(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    title: str


class OpportunityEvaluatorsEvaluator(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A person who evaluates, approves, signs, uses or can
    stop the purchase.
    """

    content: OpportunityEvaluatorsEvaluatorContent | None


class OpportunityEvaluatorsSaidNodesEvidenceQuote(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None


class OpportunityEvaluatorsSaidNodesEvidence(Answer, frozen=True, kw_only=True):
    """What can be shown for what somebody said."""

    document: str | None
    quote: OpportunityEvaluatorsSaidNodesEvidenceQuote | None


class OpportunityEvaluatorsSaidNodes(Answer, frozen=True, kw_only=True):
    """One event of an opportunity or account: when we learned of it, when it was recorded, who
    told us, what it replaced, and what it did to the score.
    """

    learned_at: datetime
    key: str | None
    channel: Channel | None
    grade: float | None
    credence: float | None
    evidence: OpportunityEvaluatorsSaidNodesEvidence | None


class OpportunityEvaluatorsSaid(Answer, frozen=True, kw_only=True):
    """One page of a timeline, and the whole of it in groups."""

    nodes: list[OpportunityEvaluatorsSaidNodes]


class OpportunityEvaluatorsAboutNodes(Answer, frozen=True, kw_only=True):
    """One event of an opportunity or account: when we learned of it, when it was recorded, who
    told us, what it replaced, and what it did to the score.
    """

    tag: str
    key: str | None
    told_by: UUID | None


class OpportunityEvaluatorsAbout(Answer, frozen=True, kw_only=True):
    """One page of a timeline, and the whole of it in groups."""

    nodes: list[OpportunityEvaluatorsAboutNodes]


class OpportunityEvaluatorsTheirFactsNodesBefore(Answer, frozen=True, kw_only=True):
    """A win probability beside a line: with its 80 % interval."""

    p: float
    low: float
    high: float


class OpportunityEvaluatorsTheirFactsNodesAfter(Answer, frozen=True, kw_only=True):
    """A win probability beside a line: with its 80 % interval."""

    p: float
    low: float
    high: float


class OpportunityEvaluatorsTheirFactsNodes(Answer, frozen=True, kw_only=True):
    """One event of an opportunity or account: when we learned of it, when it was recorded, who
    told us, what it replaced, and what it did to the score.
    """

    tag: str
    key: str | None
    facts_told_by: list[UUID]
    replaced: list[UUID]
    replaced_because: Supersession | None
    contradicted: bool
    before: OpportunityEvaluatorsTheirFactsNodesBefore | None
    after: OpportunityEvaluatorsTheirFactsNodesAfter | None


class OpportunityEvaluatorsTheirFacts(Answer, frozen=True, kw_only=True):
    """One page of a timeline, and the whole of it in groups."""

    nodes: list[OpportunityEvaluatorsTheirFactsNodes]


class OpportunityEvaluators(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop it."""

    evaluator: OpportunityEvaluatorsEvaluator | None
    said: OpportunityEvaluatorsSaid
    about: OpportunityEvaluatorsAbout
    their_facts: OpportunityEvaluatorsTheirFacts


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    evaluators: list[OpportunityEvaluators]


class EvaluatorTimelinesQuery(Answer, frozen=True, kw_only=True):
    """What each evaluator said, what was said of them, and what became of their words."""

    opportunity: Opportunity | None


EVALUATOR_TIMELINES = Operation(
    "EvaluatorTimelines",
    """# What each evaluator said, what was said of them, and what became of their words.
query EvaluatorTimelines($id: ID!) {
  opportunity(id: $id) {
    id
    evaluators {
      evaluator {
        content {
          title
        }
      }
      said: timeline(parts: [SAID], axis: LEARNED) {
        nodes {
          learnedAt
          key
          channel
          grade
          credence
          evidence {
            document
            quote {
              text
            }
          }
        }
      }
      about: timeline(parts: [ABOUT]) {
        nodes {
          tag
          key
          toldBy
        }
      }
      theirFacts: timeline(parts: [THEIR_FACTS]) {
        nodes {
          tag
          key
          factsToldBy
          replaced
          replacedBecause
          contradicted
          before {
            p
            low
            high
          }
          after {
            p
            low
            high
          }
        }
      }
    }
  }
}
""",
    EvaluatorTimelinesQuery,
)
