"""What is known and what is not: objectives, facets and questions in the schema."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from opps.api.derive import enum_of, sentence_of
from opps.api.facts import FactKind
from opps.api.picture import Picture
from opps.api.scalars import Position
from opps.domain import catalogue
from opps.domain.asking import Asked, Asking, asked, objective_asked
from opps.domain.catalogue import FACETS, FAMILY, Facet, Family, Objective
from opps.domain.facts import KINDS
from opps.domain.knowledge import FacetState, ObjectiveState
from opps.domain.opportunity.state import Question, QuestionStatus

for _enum in (Asking, Facet, Family, Objective, FacetState, QuestionStatus):
    enum_of(_enum)


@strawberry.type(name="Question", description="Something that we know we do not know.")
class QuestionType:
    question_id: UUID = strawberry.field(description="Its id.")
    facet: Facet = strawberry.field(description="The facet that it would fill.")
    text: str = strawberry.field(description="The question, in the words to ask it with.")
    status: QuestionStatus = strawberry.field(description="Where it stands.")
    raised_at: datetime = strawberry.field(description="When we knew that we do not know.")
    position: Position = strawberry.field(description="Where it was raised in the log.")
    subject_id: UUID | None = strawberry.field(description="The thing that it is about.")
    why: str | None = strawberry.field(description="Why the answer matters.")
    whom_to_ask: UUID | None = strawberry.field(description="The evaluator who would know.")
    due: date | None = strawberry.field(description="By when it should be answered.")
    asked_of: UUID | None = strawberry.field(description="The evaluator it was put to.")
    asked_at: datetime | None = strawberry.field(description="When it was first put.")
    closed_at: datetime | None = strawberry.field(description="When it was answered or dropped.")
    fact_ids: list[UUID] = strawberry.field(description="The facts that answered it.")
    answer: str | None = strawberry.field(description="The answer in words, or why it was dropped.")

    @classmethod
    def is_type_of(cls, one: Any, _: Any) -> bool:
        """Tell whether a value is a question of the domain, which is read as it is."""
        return isinstance(one, Question)


@strawberry.type(description="How well one facet is known.")
class FacetKnowledge:
    facet: Facet = strawberry.field(description="The facet.")
    required: bool = strawberry.field(
        description="The objective counts as known only with this facet."
    )
    state: FacetState = strawberry.field(description="How well it is known.")
    asking: Asking | None = strawberry.field(
        description="Whether the buyer was asked; null where the facet does not apply."
    )
    waiting_since: datetime | None = strawberry.field(
        description="Since when the buyer has been asked about it without an answer."
    )


@strawberry.type(description="How well one information objective is known.")
class ObjectiveKnowledge:
    objective: Objective = strawberry.field(description="The objective.")
    family: Family = strawberry.field(description="Customer, purchase or decision.")
    question: str = strawberry.field(description="The question to ask about it.")
    state: FacetState = strawberry.field(description="As well known as its worst required facet.")
    coverage: float = strawberry.field(
        description="Share of the required facets that are evidenced or better, from 0 to 1."
    )
    asking: Asking | None = strawberry.field(
        description="Whether the buyer was asked: as of its worst required facet; null where none "
        "applies."
    )
    not_asked: int = strawberry.field(
        description="How many of its facets nobody put to the buyer. By itself this never moves "
        "the probability: it leaves the interval wide."
    )
    unanswered: int = strawberry.field(
        description="How many of its facets the buyer was asked about without an answer. That is "
        "what the buyer does: it may move the probability, and grows with silence."
    )
    told: int = strawberry.field(description="Of how many of its facets there is content.")
    facets: list[FacetKnowledge] = strawberry.field(description="Its facets.")


def knowledge_of(picture: Picture) -> list[ObjectiveKnowledge]:
    """Return how well each objective is known, in their order."""
    states = {facet: state for one in picture.objectives for facet, state in one.facets}
    of = asked(picture.known, states)
    return [_knowledge(one, of) for one in picture.objectives]


def _knowledge(one: ObjectiveState, of: Mapping[Facet, Asked]) -> ObjectiveKnowledge:
    whole = objective_asked(one.objective, of)
    return ObjectiveKnowledge(
        objective=one.objective,
        family=FAMILY[one.objective],
        question=catalogue.QUESTION[one.objective],
        state=one.state,
        coverage=one.coverage,
        asking=whole.asking,
        not_asked=whole.not_asked,
        unanswered=whole.unanswered,
        told=whole.known,
        facets=[
            FacetKnowledge(
                facet=facet,
                required=facet.required,
                state=state,
                asking=of[facet].asking,
                waiting_since=of[facet].waiting_since,
            )
            for facet, state in one.facets
        ],
    )


@strawberry.type(description="One aspect of an objective.")
class CatalogueFacet:
    facet: Facet = strawberry.field(description="The facet.")
    required: bool = strawberry.field(
        description="The objective counts as known only with this facet."
    )


@strawberry.type(description="A kind of fact.")
class CatalogueFact:
    kind: FactKind = strawberry.field(description="The kind.")
    description: str = strawberry.field(description="What it states.")
    horizon_days: int | None = strawberry.field(
        description="After how many days it is stale; null when it never is."
    )


@strawberry.type(
    description="One of the nine things that a sales team must know: a static list that anyone "
    "can recite."
)
class InformationObjective:
    objective: Objective = strawberry.field(description="The objective.")
    family: Family = strawberry.field(description="Customer, purchase or decision.")
    question: str = strawberry.field(description="The question to ask about it.")
    facets: list[CatalogueFacet] = strawberry.field(description="Its facets.")
    fact_kinds: list[CatalogueFact] = strawberry.field(description="The kinds of facts about it.")


def information_objectives() -> list[InformationObjective]:
    """Return the catalogue, in the order anyone can recite."""
    return [
        InformationObjective(
            objective=objective,
            family=FAMILY[objective],
            question=catalogue.QUESTION[objective],
            facets=[
                CatalogueFacet(facet=facet, required=facet.required) for facet in FACETS[objective]
            ],
            fact_kinds=[
                CatalogueFact(
                    kind=FactKind(tag),
                    description=sentence_of(kind),
                    horizon_days=kind.horizon_days,
                )
                for tag, kind in KINDS.items()
                if kind.group in (objective, None)
            ],
        )
        for objective in Objective
    ]
