"""What to ask next, of whom, and in which words: by what an answer would settle, the chance to get one, and the effort.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Asking, Effort, Facet, FacetState, Objective


class OpportunityNextBestQuestionsWhom(Answer, frozen=True, kw_only=True):
    """Whom to ask, and why this one."""

    evaluator_id: UUID | None
    title: str | None
    chance: float
    because: str


class OpportunityNextBestQuestions(Answer, frozen=True, kw_only=True):
    """A question worth asking now: what its answer would narrow, by the chance to get one, by
    the effort.
    """

    facet: Facet
    objective: Objective
    state: FacetState
    asking: Asking | None
    words: str
    question_id: UUID | None
    subject_id: UUID | None
    whom: OpportunityNextBestQuestionsWhom
    effort: Effort
    narrowing: float
    value: float


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    next_best_questions: list[OpportunityNextBestQuestions]


class NextBestQuestionsQuery(Answer, frozen=True, kw_only=True):
    """What to ask next, of whom, and in which words: by what an answer would settle, the chance
    to get one, and the effort.
    """

    opportunity: Opportunity | None


NEXT_BEST_QUESTIONS = Operation(
    "NextBestQuestions",
    """# What to ask next, of whom, and in which words: by what an answer would settle, the chance to get one, and the effort.
query NextBestQuestions($id: ID!) {
  opportunity(id: $id) {
    id
    title
    nextBestQuestions(first: 3) {
      facet
      objective
      state
      asking
      words
      questionId
      subjectId
      whom { evaluatorId title chance because }
      effort
      narrowing
      value
    }
  }
}
""",
    NextBestQuestionsQuery,
)
