"""What we learn of an opportunity, what we ask, and what we decide on it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Facet
from opps.domain.describe import Text, doc
from opps.domain.events.base import OpportunityEvent
from opps.domain.events.vocabulary import (
    DecisionKind,
    RetractionReason,
    Supersession,
)
from opps.domain.facts import AnyFact
from opps.domain.provenance import Channel, Provenance
from opps.domain.times import Learned


class Supersedes(Struct, frozen=True):
    """The fact that another replaces, and why."""

    fact_id: Annotated[UUID, doc("The fact that is replaced.")]
    because: Annotated[Supersession, doc("Why it is replaced.")]


class FactLearned(OpportunityEvent, frozen=True, kw_only=True):
    """Somebody told us something, or we observed it."""

    fact_id: UUID
    fact: AnyFact
    provenance: Provenance
    supersedes: Supersedes | None = None
    true_from: date | None = None
    true_until: date | None = None
    after_close: bool = False


class FactCorroborated(OpportunityEvent, frozen=True, kw_only=True):
    """Another source said the same."""

    fact_id: UUID
    provenance: Provenance
    repeats_first: bool


class FactReconfirmed(OpportunityEvent, frozen=True, kw_only=True):
    """The same source said it again: it is fresh once more."""

    fact_id: UUID
    provenance: Provenance


class FactRetracted(OpportunityEvent, frozen=True, kw_only=True):
    """A fact never was knowledge; it leaves beliefs from here on, never from the past."""

    fact_id: UUID
    reason: RetractionReason
    note: Text | None = None


class FactRedated(OpportunityEvent, frozen=True, kw_only=True):
    """A fact is right, but we had come to know it at another time."""

    fact_id: UUID
    learned_on: Learned
    reason: Text | None = None


class ContradictionResolved(OpportunityEvent, frozen=True, kw_only=True):
    """The team chose between facts that cannot both hold."""

    chosen: UUID
    rejected: tuple[UUID, ...]
    rationale: Text


class QuestionRaised(OpportunityEvent, frozen=True, kw_only=True):
    """We wrote down what we do not know."""

    question_id: UUID
    facet: Facet
    text: Text
    subject_id: UUID | None = None
    why: Text | None = None
    whom_to_ask: UUID | None = None
    due: date | None = None


class QuestionAsked(OpportunityEvent, frozen=True, kw_only=True):
    """A question was put to somebody of the buyer."""

    question_id: UUID
    evaluator_id: UUID
    asked_on: date | None = None
    channel: Channel | None = None


class QuestionAnswered(OpportunityEvent, frozen=True, kw_only=True):
    """A question got its answer."""

    question_id: UUID
    fact_ids: tuple[UUID, ...] = ()
    answer: Text | None = None


class QuestionDropped(OpportunityEvent, frozen=True, kw_only=True):
    """A question no longer matters."""

    question_id: UUID
    reason: Text


class FacetMarkedNotApplicable(OpportunityEvent, frozen=True, kw_only=True):
    """A facet does not apply to this opportunity."""

    facet: Facet
    rationale: Text


class DecisionTaken(OpportunityEvent, frozen=True, kw_only=True):
    """Our side decided something, on the facts named."""

    decision: DecisionKind
    summary: Text
    based_on: tuple[UUID, ...] = ()
