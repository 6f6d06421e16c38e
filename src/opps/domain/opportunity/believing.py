"""What comes of commands about facts and questions, beside those that state facts."""

from collections.abc import Sequence
from uuid import uuid5

from opps.domain.beliefs import NOW, Verdict
from opps.domain.errors import AlreadyExists, FactDoesNotStand, NotContradicted, UnknownReference
from opps.domain.events import (
    AnyOpportunityEvent,
    ContradictionResolved,
    FactCorroborated,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    QuestionRaised,
)
from opps.domain.opportunity.commands import (
    CorroborateFact,
    RaiseQuestion,
    ReconfirmFact,
    RedateFact,
    ResolveContradiction,
    RetractFact,
)
from opps.domain.opportunity.learning import check_references, resolved_learned, stated_source
from opps.domain.opportunity.rules import copy, known_fact
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Context
from opps.domain.times import Learned
from opps.domain.words import not_blank

Events = Sequence[AnyOpportunityEvent]


def confirm(
    state: Opportunity,
    command: CorroborateFact | ReconfirmFact,
    learned: Learned,
    context: Context,
) -> AnyOpportunityEvent:
    """Return that a fact was said again: by another source, or by the same.

    Raises:
        UnknownFact, FactDoesNotStand: there is no such fact that stands.
    """
    if not state.stands(known_fact(state, command.fact_id)):
        raise FactDoesNotStand(fact_id=command.fact_id)
    provenance = stated_source(command.provenance, context)
    check_references(provenance, state.things)
    if isinstance(command, CorroborateFact):
        return copy(FactCorroborated, command, learned, provenance=provenance)
    return copy(FactReconfirmed, command, learned, provenance=provenance)


def retract_again(state: Opportunity, command: RetractFact, learned: Learned) -> Events:
    """Return nothing for a fact already retracted; a replaced one can still be taken back."""
    belief = state.belief(command.fact_id)
    assert belief is not None
    return [] if belief.retracted else [copy(FactRetracted, command, learned)]


def redate(state: Opportunity, command: RedateFact, learned: Learned, context: Context) -> Events:
    """Return that a fact was learned at another time; nothing when it was at that one.

    Raises:
        UnknownFact: there is no such fact.
    """
    belief = state.belief(known_fact(state, command.fact_id))
    assert belief is not None
    learned_on = resolved_learned(command.learned_on, context)
    if belief.learned_for(NOW) == learned_on:
        return []
    return [copy(FactRedated, command, learned, learned_on=learned_on)]


def resolve(
    state: Opportunity, command: ResolveContradiction, learned: Learned
) -> ContradictionResolved:
    """Return which of the facts that contradict each other the team believes.

    Raises:
        NotContradicted, FactDoesNotStand: there is nothing to choose from, or not that one.
    """
    key = state.fact_keys[known_fact(state, command.chosen)]
    standing = state.standing(key)
    if standing.verdict is not Verdict.CONTRADICTED:
        raise NotContradicted(key=key)
    if not state.stands(command.chosen):
        raise FactDoesNotStand(fact_id=command.chosen)
    rejected = tuple(
        belief.fact_id for belief in standing.beliefs if belief.fact_id != command.chosen
    )
    return copy(ContradictionResolved, command, learned, rejected=rejected)


def raise_question(
    state: Opportunity, command: RaiseQuestion, learned: Learned, context: Context
) -> QuestionRaised:
    """Return what we know that we do not know.

    Raises:
        AlreadyExists, UnknownReference: its id is taken, or its subject is unknown.
    """
    not_blank("text", command.text)
    question_id = command.question_id or uuid5(context.command_id, "question")
    if question_id in state.questions:
        raise AlreadyExists(id=question_id)
    subject = command.subject_id
    if subject is not None and subject not in {named for _, named in state.things}:
        raise UnknownReference(kind="subject", id=subject)
    return copy(QuestionRaised, command, learned, question_id=question_id)
