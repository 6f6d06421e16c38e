"""What would help next, in the schema: the questions worth asking, of whom, in which words."""

from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.beside import beside
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable
from opps.domain.asking import Asking
from opps.domain.catalogue import Facet, Objective
from opps.domain.knowledge import FacetState
from opps.domain.next_question import Effort, NextQuestion, next_questions
from opps.domain.opportunity.state import Opportunity
from opps.domain.whom import Whom

MOST_QUESTIONS = len(Facet)

for _enum in (Asking, Effort, Facet, FacetState, Objective):
    enum_of(_enum)

FirstQuestions = Annotated[
    int, strawberry.argument(description=f"How many to show, from 1 to {MOST_QUESTIONS}.")
]


@strawberry.type(name="WhomToAsk", description="Whom to ask, and why this one.")
class WhomToAsk:
    evaluator_id: UUID | None = strawberry.field(
        description="The evaluator; null as long as nobody of the buyer is known."
    )
    title: str | None = strawberry.field(description="Function in the organisation.")
    chance: float = strawberry.field(
        description="The chance that an answer comes now, from 0 to 1: an expert's estimate from "
        "where they lean, the last contact, and their role."
    )
    because: str = strawberry.field(description="Why this one, in words.")


@strawberry.type(
    description="A question worth asking now: what its answer would narrow, by the chance to get "
    "one, by the effort."
)
class NextBestQuestion:
    facet: Facet = strawberry.field(description="The facet that an answer would fill.")
    objective: Objective = strawberry.field(description="The information objective it belongs to.")
    state: FacetState = strawberry.field(description="How well the facet is known so far.")
    asking: Asking | None = strawberry.field(description="Whether the buyer was asked before.")
    words: str = strawberry.field(
        description="In which words to ask: those of the question written down, if there is one."
    )
    question_id: UUID | None = strawberry.field(description="The question written down, if any.")
    subject_id: UUID | None = strawberry.field(
        description="The evaluator, issue, need, criterion or step that it is about."
    )
    whom: WhomToAsk = strawberry.field(description="Whom to ask.")
    effort: Effort = strawberry.field(description="What it takes to get an answer.")
    narrowing: float = strawberry.field(
        description="By how much the 80 % interval of the win probability is expected to narrow, "
        "on average over the answers."
    )
    value: float = strawberry.field(
        description="What they are ordered by: the narrowing times the chance, by the effort."
    )


async def next_best_questions(state: Opportunity, first: int) -> list[NextBestQuestion]:
    """Return the questions worth most, the best first."""
    if not 1 <= first <= MOST_QUESTIONS:
        raise NotAcceptable(f"first is {first}: ask for 1 to {MOST_QUESTIONS} questions")
    return [_question(one) for one in await beside(next_questions, state, first)]


def _question(one: NextQuestion) -> NextBestQuestion:
    return NextBestQuestion(
        facet=one.facet,
        objective=one.facet.objective,
        state=one.state,
        asking=one.asking,
        words=one.words,
        question_id=one.question_id,
        subject_id=one.subject_id,
        whom=_whom(one.whom),
        effort=one.effort,
        narrowing=one.narrowing,
        value=one.value,
    )


def _whom(one: Whom) -> WhomToAsk:
    return WhomToAsk(
        evaluator_id=one.evaluator_id, title=one.title, chance=one.chance, because=one.because
    )
