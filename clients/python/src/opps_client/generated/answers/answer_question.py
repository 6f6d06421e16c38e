"""Close a question. What counts is the facts that it brought: learn them first, and name them here.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import QuestionStatus


class AnswerQuestionOpportunityQuestions(Answer, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    question_id: UUID
    text: str
    status: QuestionStatus
    answer: str | None
    fact_ids: list[UUID]
    closed_at: datetime | None


class AnswerQuestionOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    questions: list[AnswerQuestionOpportunityQuestions]


class AnswerQuestionScoreChangeBefore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class AnswerQuestionScoreChangeAfter(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class AnswerQuestionScoreChange(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    before: AnswerQuestionScoreChangeBefore
    after: AnswerQuestionScoreChangeAfter
    points: float


class AnswerQuestionUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    question_id: UUID | None = None
    fact_id: UUID | None = None


class AnswerQuestion(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: AnswerQuestionOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    score_change: AnswerQuestionScoreChange | None
    user_errors: list[AnswerQuestionUserErrors]


class AnswerQuestionMutation(Answer, frozen=True, kw_only=True):
    """Close a question. What counts is the facts that it brought: learn them first, and name
    them here.
    """

    answer_question: AnswerQuestion


ANSWER_QUESTION = Operation(
    "AnswerQuestion",
    """# Close a question. What counts is the facts that it brought: learn them first, and name them here.
mutation AnswerQuestion($input: AnswerQuestionInput!) {
  answerQuestion(input: $input) {
    opportunity { id questions { questionId text status answer factIds closedAt } }
    version
    position
    replayed
    scoreChange { before { p low high } after { p low high } points }
    userErrors {
      code
      message
      path
      ... on UnknownQuestion { questionId }
      ... on UnknownFact { factId }
    }
  }
}
""",
    AnswerQuestionMutation,
)
