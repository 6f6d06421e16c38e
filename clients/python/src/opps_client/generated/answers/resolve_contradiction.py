"""Choose among facts that cannot all hold, and say why; the others stay to be seen.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import FactState, LeaningLevel


class ResolveContradictionOpportunityContradictions(Answer, frozen=True, kw_only=True):
    """Facts of one key that cannot all hold, as the rule of their kind says. The facts say who
    told each of them, when, and what.
    """

    key: str


class ResolveContradictionOpportunitySettledChoice(Answer, frozen=True, kw_only=True):
    """What the team chose between facts that contradict."""

    chosen: UUID
    rejected: list[UUID]
    rationale: str
    recorded_at: datetime


class ResolveContradictionOpportunitySettled(Answer, frozen=True, kw_only=True):
    """Facts of one key that cannot all hold, as the rule of their kind says. The facts say who
    told each of them, when, and what.
    """

    key: str
    choice: ResolveContradictionOpportunitySettledChoice | None


class ResolveContradictionOpportunityFactsToldBy(Answer, frozen=True, kw_only=True):
    """The evaluator who said something."""

    title: str | None


class ResolveContradictionOpportunityFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    state: FactState
    told_by: ResolveContradictionOpportunityFactsToldBy | None


class ResolveContradictionOpportunityEvaluatorsEvaluatorContent(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop the purchase."""

    title: str


class ResolveContradictionOpportunityEvaluatorsEvaluator(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A person who evaluates, approves, signs, uses or can
    stop the purchase.
    """

    content: ResolveContradictionOpportunityEvaluatorsEvaluatorContent | None


class ResolveContradictionOpportunityEvaluatorsLeaningContent(Answer, frozen=True, kw_only=True):
    """Where one evaluator leans, towards or against us."""

    level: LeaningLevel


class ResolveContradictionOpportunityEvaluatorsLeaning(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where one evaluator leans, towards or against us."""

    contested: bool
    content: ResolveContradictionOpportunityEvaluatorsLeaningContent | None
    credence: float | None


class ResolveContradictionOpportunityEvaluators(Answer, frozen=True, kw_only=True):
    """A person who evaluates, approves, signs, uses or can stop it."""

    evaluator: ResolveContradictionOpportunityEvaluatorsEvaluator | None
    leaning: ResolveContradictionOpportunityEvaluatorsLeaning | None


class ResolveContradictionOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    contradictions: list[ResolveContradictionOpportunityContradictions]
    settled: list[ResolveContradictionOpportunitySettled]
    facts: list[ResolveContradictionOpportunityFacts]
    evaluators: list[ResolveContradictionOpportunityEvaluators]


class ResolveContradictionScoreChangeBefore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class ResolveContradictionScoreChangeAfter(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class ResolveContradictionScoreChange(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    before: ResolveContradictionScoreChangeBefore
    after: ResolveContradictionScoreChangeAfter
    points: float


class ResolveContradictionUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    key: str | None = None


class ResolveContradiction(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: ResolveContradictionOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    score_change: ResolveContradictionScoreChange | None
    user_errors: list[ResolveContradictionUserErrors]


class ResolveContradictionMutation(Answer, frozen=True, kw_only=True):
    """Choose among facts that cannot all hold, and say why; the others stay to be seen."""

    resolve_contradiction: ResolveContradiction


RESOLVE_CONTRADICTION = Operation(
    "ResolveContradiction",
    """# Choose among facts that cannot all hold, and say why; the others stay to be seen.
mutation ResolveContradiction($input: ResolveContradictionInput!) {
  resolveContradiction(input: $input) {
    opportunity {
      id
      contradictions { key }
      settled: contradictions(settled: true) { key choice { chosen rejected rationale recordedAt } }
      facts(filter: { kinds: [LEANING] }) { factId state toldBy { title } }
      evaluators { evaluator { content { title } } leaning { contested content { level } credence } }
    }
    version
    position
    replayed
    scoreChange { before { p low high } after { p low high } points }
    userErrors { code message path ... on NotContradicted { key } }
  }
}
""",
    ResolveContradictionMutation,
)
