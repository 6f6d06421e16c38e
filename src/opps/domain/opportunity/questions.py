"""What becomes of a question: raised, asked, answered or dropped."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from opps.domain.events import QuestionAsked, QuestionRaised
from opps.domain.opportunity.state import Opportunity, Question, QuestionStatus, put


def raise_question(
    state: Opportunity, event: QuestionRaised, at: datetime, position: int
) -> Opportunity:
    """Return the opportunity with one more question."""
    question = Question(
        question_id=event.question_id,
        facet=event.facet,
        text=event.text,
        status=QuestionStatus.RAISED,
        raised_at=at,
        position=position,
        subject_id=event.subject_id,
        why=event.why,
        whom_to_ask=event.whom_to_ask,
        due=event.due,
    )
    return replace(state, questions=put(state.questions, event.question_id, question))


def ask_question(state: Opportunity, event: QuestionAsked, at: datetime) -> Opportunity:
    """Return the opportunity with a question put to the buyer."""
    question = state.questions.get(event.question_id)
    # To ask again is no answer: the buyer has been silent since they were first asked.
    if question is not None and question.status is QuestionStatus.ASKED and question.asked_at:
        at = min(at, question.asked_at)
    return _change_question(
        state,
        event.question_id,
        status=QuestionStatus.ASKED,
        asked_of=event.evaluator_id,
        asked_at=at,
    )


def close_question(
    state: Opportunity,
    question_id: UUID,
    status: QuestionStatus,
    at: datetime,
    fact_ids: tuple[UUID, ...],
    answer: str | None,
) -> Opportunity:
    """Return the opportunity with a question answered or dropped."""
    return _change_question(
        state, question_id, status=status, closed_at=at, fact_ids=fact_ids, answer=answer
    )


def _change_question(state: Opportunity, question_id: UUID, **changes: Any) -> Opportunity:
    question = state.questions.get(question_id)
    if question is None:
        return state
    return replace(state, questions=put(state.questions, question_id, replace(question, **changes)))
