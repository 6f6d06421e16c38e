"""Commands on what we know of an opportunity, what we ask, and what we decide on it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Facet
from opps.domain.describe import EvaluatorId, Text, doc
from opps.domain.events import (
    DecisionKind,
    RetractionReason,
    Supersedes,
)
from opps.domain.facts import AnyFact
from opps.domain.opportunity.commands.base import OpportunityCommand
from opps.domain.provenance import Channel, Provenance
from opps.domain.times import Learned


class FactStated(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact with where it comes from."""

    fact: Annotated[AnyFact, doc("What is stated.")]
    provenance: Annotated[Provenance, doc("Where it comes from.")]
    fact_id: Annotated[UUID | None, doc("Its id; made from the command's id when absent.")] = None
    supersedes: Annotated[Supersedes | None, doc("The fact that it replaces, and why.")] = None
    true_from: Annotated[date | None, doc("Since when it holds in the world.")] = None
    true_until: Annotated[date | None, doc("Until when it holds in the world.")] = None
    learned: Annotated[Learned | None, doc("When we came to know; the command's when absent.")] = (
        None
    )


class LearnFact(OpportunityCommand, frozen=True, kw_only=True):
    """Record one fact that somebody told us or that we observed."""

    stated: Annotated[FactStated, doc("The fact and its provenance.")]


class RecordFacts(OpportunityCommand, frozen=True, kw_only=True):
    """Record many facts in one command: all of them, or none."""

    facts: Annotated[tuple[FactStated, ...], doc("At most 200 facts, in order.")]


class CorroborateFact(OpportunityCommand, frozen=True, kw_only=True):
    """Record that another source says the same."""

    fact_id: Annotated[UUID, doc("The fact.")]
    provenance: Annotated[Provenance, doc("The other source.")]
    repeats_first: Annotated[bool, doc("It merely repeats the first source.")]


class ReconfirmFact(OpportunityCommand, frozen=True, kw_only=True):
    """Record that the same source says it again: the fact is fresh once more."""

    fact_id: Annotated[UUID, doc("The fact.")]
    provenance: Annotated[Provenance, doc("How it was said again.")]


class RetractFact(OpportunityCommand, frozen=True, kw_only=True):
    """Take a fact back that never was knowledge; views of the past keep it."""

    fact_id: Annotated[UUID, doc("The fact.")]
    reason: Annotated[RetractionReason, doc("Why it never was knowledge.")]
    note: Annotated[Text | None, doc("More about it.")] = None


class RedateFact(OpportunityCommand, frozen=True, kw_only=True):
    """Put right when we came to know a fact; its content stays."""

    fact_id: Annotated[UUID, doc("The fact.")]
    learned_on: Annotated[Learned, doc("When we really came to know it.")]
    reason: Annotated[Text | None, doc("How the mistake came about.")] = None


class ResolveContradiction(OpportunityCommand, frozen=True, kw_only=True):
    """Choose between facts that cannot both hold; the others stay visible."""

    chosen: Annotated[UUID, doc("The fact that the team believes.")]
    rationale: Annotated[Text, doc("Why.")]


class RaiseQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Write down what we do not know; it never changes the probability."""

    facet: Annotated[Facet, doc("Which facet it would fill.")]
    text: Annotated[Text, doc("The question, in the words to ask it with.")]
    question_id: Annotated[UUID | None, doc("Its id; made from the command's when absent.")] = None
    subject_id: Annotated[UUID | None, doc("The issue, evaluator or other thing it is about.")] = (
        None
    )
    why: Annotated[Text | None, doc("Why the answer matters.")] = None
    whom_to_ask: Annotated[EvaluatorId | None, doc("The evaluator who would know.")] = None
    due: Annotated[date | None, doc("By when it should be answered.")] = None


class AskQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Note that a question was put to somebody of the buyer."""

    question_id: Annotated[UUID, doc("The question.")]
    evaluator_id: Annotated[EvaluatorId, doc("Whom we asked.")]
    asked_on: Annotated[date | None, doc("Day it was asked.")] = None
    channel: Annotated[Channel | None, doc("How it was asked.")] = None


class AnswerQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Close a question with its answer, naming the facts that it brought."""

    question_id: Annotated[UUID, doc("The question.")]
    fact_ids: Annotated[tuple[UUID, ...], doc("The facts that answer it.")] = ()
    answer: Annotated[Text | None, doc("The answer in words.")] = None


class DropQuestion(OpportunityCommand, frozen=True, kw_only=True):
    """Close a question that no longer matters."""

    question_id: Annotated[UUID, doc("The question.")]
    reason: Annotated[Text, doc("Why it no longer matters.")]


class MarkFacetNotApplicable(OpportunityCommand, frozen=True, kw_only=True):
    """Say that a facet does not apply here; the owner cannot do this alone."""

    facet: Annotated[Facet, doc("The facet.")]
    rationale: Annotated[Text, doc("Why it does not apply.")]


class TakeDecision(OpportunityCommand, frozen=True, kw_only=True):
    """Record a decision of our side with the facts that it was based on."""

    decision: Annotated[DecisionKind, doc("A gate passed, a discount given, a forecast made.")]
    summary: Annotated[Text, doc("What was decided.")]
    based_on: Annotated[tuple[UUID, ...], doc("The facts that it rests on.")] = ()
