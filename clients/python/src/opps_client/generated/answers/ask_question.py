"""Note that a question was put to somebody of the buyer.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import QuestionStatus


class AskQuestionOpportunityQuestions(Answer, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    question_id: UUID
    text: str
    status: QuestionStatus
    asked_of: UUID | None
    asked_at: datetime | None


class AskQuestionOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    questions: list[AskQuestionOpportunityQuestions]


class AskQuestionUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]
    question_id: UUID | None = None


class AskQuestion(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: AskQuestionOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[AskQuestionUserErrors]


class AskQuestionMutation(Answer, frozen=True, kw_only=True):
    """Note that a question was put to somebody of the buyer."""

    ask_question: AskQuestion


ASK_QUESTION = Operation(
    "AskQuestion",
    """# Note that a question was put to somebody of the buyer.
mutation AskQuestion($input: AskQuestionInput!) {
  askQuestion(input: $input) {
    opportunity { id questions(open: true) { questionId text status askedOf askedAt } }
    version
    position
    replayed
    userErrors { code message path ... on UnknownQuestion { questionId } }
  }
}
""",
    AskQuestionMutation,
)
