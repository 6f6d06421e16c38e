"""Write down what we do not know: it never changes the probability, it narrows the interval.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import Facet, QuestionStatus


class RaiseQuestionOpportunityQuestions(Answer, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    question_id: UUID
    facet: Facet
    subject_id: UUID | None
    text: str
    why: str | None
    whom_to_ask: UUID | None
    due: date | None
    status: QuestionStatus


class RaiseQuestionOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    questions: list[RaiseQuestionOpportunityQuestions]


class RaiseQuestionScoreChangeBefore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class RaiseQuestionScoreChangeAfter(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class RaiseQuestionScoreChange(Answer, frozen=True, kw_only=True):
    """How a score moved. The effects add up to the points, and the points of consecutive
    changes add up as well, exactly.
    """

    before: RaiseQuestionScoreChangeBefore
    after: RaiseQuestionScoreChangeAfter
    points: float


class RaiseQuestionUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class RaiseQuestion(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: RaiseQuestionOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    score_change: RaiseQuestionScoreChange | None
    user_errors: list[RaiseQuestionUserErrors]


class RaiseQuestionMutation(Answer, frozen=True, kw_only=True):
    """Write down what we do not know: it never changes the probability, it narrows the
    interval.
    """

    raise_question: RaiseQuestion


RAISE_QUESTION = Operation(
    "RaiseQuestion",
    """# Write down what we do not know: it never changes the probability, it narrows the interval.
mutation RaiseQuestion($input: RaiseQuestionInput!) {
  raiseQuestion(input: $input) {
    opportunity { id questions { questionId facet subjectId text why whomToAsk due status } }
    version
    position
    replayed
    scoreChange { before { p low high } after { p low high } points }
    userErrors { code message path }
  }
}
""",
    RaiseQuestionMutation,
)
