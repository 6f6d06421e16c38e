"""What several commands check, and how an event says what its command asked."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from opps.domain.errors import (
    IncompleteOutcome,
    MalformedContext,
    NotARival,
    NotOpen,
    StillOpen,
    UnknownFact,
    UnknownQuestion,
)
from opps.domain.events import LossKind, NoDecisionReason, OpportunityEvent, Outcome
from opps.domain.opportunity.commands import OpportunityCommand
from opps.domain.opportunity.state import RESERVED, Opportunity, Question, do_nothing, us
from opps.domain.times import Learned

E = TypeVar("E", bound=OpportunityEvent)
MOST_LABELS = 50
LONGEST_NAME = 100
LONGEST_VALUE = 200


def copy(kind: type[E], command: OpportunityCommand, learned: Learned, **changed: Any) -> E:
    """Return the event that says what the command asked: the fields of the same name."""
    shared = {
        name: getattr(command, name)
        for name in kind.__struct_fields__
        if name != "learned" and hasattr(command, name)
    }
    return kind(**{"learned": learned, **shared, **changed})


def must_be_labels(context: Mapping[str, str]) -> None:
    """Refuse context that opps itself tells, or that is more than labels.

    Raises:
        MalformedContext: it says what is wrong.
    """
    if len(context) > MOST_LABELS:
        raise MalformedContext(problem=f"it has {len(context)} labels, more than {MOST_LABELS}")
    for name, value in context.items():
        if name in RESERVED:
            raise MalformedContext(problem=f"opps itself tells {name}: choose another name")
        if not 0 < len(name) <= LONGEST_NAME:
            raise MalformedContext(problem=f"a name has 1 to {LONGEST_NAME} characters")
        if len(value) > LONGEST_VALUE:
            raise MalformedContext(problem=f"{name} has more than {LONGEST_VALUE} characters")


def must_be_complete(
    outcome: Outcome,
    loss_kind: LossKind | None,
    alternative_id: UUID | None,
    no_decision: NoDecisionReason | None,
) -> None:
    """Refuse an outcome that lacks what it needs.

    Raises:
        IncompleteOutcome: it says what is missing.
    """
    if outcome is Outcome.LOST and loss_kind is None:
        raise IncompleteOutcome(outcome=outcome.value, missing="lossKind")
    if outcome is Outcome.LOST and loss_kind is LossKind.RIVAL and alternative_id is None:
        raise IncompleteOutcome(outcome=outcome.value, missing="alternativeId")
    if outcome is Outcome.NO_DECISION and no_decision is None:
        raise IncompleteOutcome(outcome=outcome.value, missing="noDecision")


def must_be_a_rival(
    state: Opportunity, loss_kind: LossKind | None, alternative_id: UUID | None
) -> None:
    """Refuse a loss to us or to doing nothing.

    Raises:
        NotARival: the alternative is one of these.
    """
    nobody = (us(state.opportunity_id), do_nothing(state.opportunity_id))
    if loss_kind is LossKind.RIVAL and alternative_id in nobody:
        raise NotARival(alternative_id=alternative_id)


def must_be_open(state: Opportunity) -> None:
    """Refuse what only an open opportunity allows.

    Raises:
        NotOpen: it has ended.
    """
    if not state.open:
        raise NotOpen(status=state.status.value)


def must_be_closed(state: Opportunity) -> None:
    """Refuse what only a closed opportunity allows.

    Raises:
        StillOpen: it has not ended.
    """
    if state.open:
        raise StillOpen


def known_fact(state: Opportunity, fact_id: UUID) -> UUID:
    """Return the id of a fact of this opportunity.

    Raises:
        UnknownFact: it has no such fact.
    """
    if fact_id not in state.fact_keys:
        raise UnknownFact(fact_id=fact_id)
    return fact_id


def open_question(state: Opportunity, question_id: UUID) -> Question:
    """Return a question that still waits for an answer.

    Raises:
        UnknownQuestion: it has no such question, or it was closed.
    """
    question = state.questions.get(question_id)
    if question is None or not question.open:
        raise UnknownQuestion(question_id=question_id)
    return question
