"""Facts in the schema: what was said, by whom, when we learned it, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Optional
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.outputs import FactContent, LearnedTime, PersonalText, output_of, personal_text
from opps.api.picture import FactState, Held, Picture
from opps.api.scalars import Position
from opps.domain.beliefs import Note
from opps.domain.catalogue import Objective
from opps.domain.credence import Freshness
from opps.domain.facts import KINDS, Evaluator
from opps.domain.opportunity.state import Opportunity
from opps.domain.provenance import Provenance

if TYPE_CHECKING:
    from opps.api.decided import DecisionType

FactKind = StrEnum("FactKind", {tag.upper(): tag for tag in KINDS})  # type: ignore[misc]  # derived
FactKind.__doc__ = "Each kind of fact."

Provenance_ = output_of(Provenance)


class NoteKind(StrEnum):
    """What was recorded about a fact after it was learned."""

    CORROBORATED = "CORROBORATED"
    RECONFIRMED = "RECONFIRMED"
    REDATED = "REDATED"
    RETRACTED = "RETRACTED"


for _enum in (FactKind, FactState, NoteKind, Freshness, Objective):
    enum_of(_enum)


@strawberry.type(name="Source", description="The evaluator who said something.")
class SourceType:
    evaluator_id: UUID = strawberry.field(description="The evaluator.")
    title: str | None = strawberry.field(
        description="Function in the organisation, if it is known."
    )
    person: PersonalText | None = strawberry.field(
        description="Link to the person, if it is known."
    )


def source_of(state: Opportunity, evaluator_id: UUID | None) -> SourceType | None:
    """Return who said something, as far as the evaluator is known."""
    if evaluator_id is None:
        return None
    standing = state.standing(f"{Evaluator.kind()}:{evaluator_id}")
    fact = standing.beliefs[0].fact if standing.beliefs else None
    if not isinstance(fact, Evaluator):
        return SourceType(evaluator_id=evaluator_id, title=None, person=None)
    person = personal_text(fact.person) if fact.person else None
    return SourceType(evaluator_id=evaluator_id, title=fact.title, person=person)


@strawberry.type(name="FactNote", description="Something recorded about a fact later on.")
class FactNote:
    kind: NoteKind = strawberry.field(description="What was recorded.")
    recorded_at: datetime = strawberry.field(description="When it was recorded.")
    position: Position = strawberry.field(description="Where it stands in the log.")
    learned: Any = strawberry.field(
        description="When our side came to know of it; of a redating, the time put right.",
        graphql_type=LearnedTime,
    )
    provenance: Any = strawberry.field(
        description="The other source, of a corroboration.",
        graphql_type=Optional[Provenance_],  # noqa: UP045 - a derived type
    )
    independent: bool = strawberry.field(
        description="A corroboration by a source that does not merely repeat the first."
    )


def _note(kind: NoteKind, note: Note) -> FactNote:
    return FactNote(
        kind=kind,
        recorded_at=note.recorded_at,
        position=Position(note.position),
        learned=note.learned,
        provenance=note.provenance,
        independent=note.independent,
    )


@strawberry.type(
    name="Fact",
    description="One statement about an opportunity: who made it, when we learned it, when it was "
    "recorded, and what became of it. Nothing is ever deleted.",
)
class FactType:
    held: strawberry.Private[Held]

    @strawberry.field(description="Its id.")
    def fact_id(self) -> UUID:
        return self.held.belief.fact_id

    @strawberry.field(description="What kind of fact it is.")
    def kind(self) -> FactKind:
        return FactKind(self.held.belief.fact.kind())

    @strawberry.field(description="The information objective it belongs to.")
    def objective(self) -> Objective:
        return self.held.belief.fact.objective

    @strawberry.field(description="What it is about: facts with the same key compete.")
    def key(self) -> str:
        return self.held.belief.fact.key

    @strawberry.field(description="What it states.", graphql_type=FactContent)
    def content(self) -> Any:
        return self.held.belief.fact

    @strawberry.field(description="Where it comes from.", graphql_type=Provenance_)
    def provenance(self) -> Any:
        return self.held.belief.provenance

    @strawberry.field(description="Who of the buyer said it; null when nobody did.")
    def told_by(self) -> SourceType | None:
        return source_of(self.held.picture.state, self.held.belief.provenance.told_by)

    @strawberry.field(
        description="When our side came to know, as the last redating says.",
        graphql_type=LearnedTime,
    )
    def learned(self) -> Any:
        redated = self.held.belief.redated
        return redated[-1].learned if redated else self.held.belief.learned

    @strawberry.field(description="When it was recorded: the system's own time.")
    def recorded_at(self) -> datetime:
        return self.held.belief.recorded_at

    @strawberry.field(description="Where it stands in the log.")
    def position(self) -> Position:
        return Position(self.held.belief.position)

    @strawberry.field(description="Whether it stands, and if not, why.")
    def state(self) -> FactState:
        return self.held.state

    @strawberry.field(description="The fact that it replaced.")
    def supersedes(self) -> UUID | None:
        return self.held.belief.supersedes

    @strawberry.field(description="It was learned after the opportunity closed: hindsight only.")
    def after_close(self) -> bool:
        return self.held.belief.after_close

    @strawberry.field(description="The decisions that rested on it, in the order of the log.")
    async def rested_on_by(
        self, info: Info
    ) -> list[Annotated["DecisionType", strawberry.lazy("opps.api.decided")]]:
        from opps.api.decided import decisions_of  # decisions show facts, and facts decisions

        return await decisions_of(info, self.held.picture, self.held.belief.fact_id)

    @strawberry.field(description="What was recorded about it since, in the order of the log.")
    def notes(self) -> list[FactNote]:
        belief = self.held.belief
        notes = [
            *(_note(NoteKind.CORROBORATED, one) for one in belief.corroborated),
            *(_note(NoteKind.RECONFIRMED, one) for one in belief.reconfirmed),
            *(_note(NoteKind.REDATED, one) for one in belief.redated),
            *(_note(NoteKind.RETRACTED, one) for one in belief.retracted),
        ]
        return sorted(notes, key=lambda one: one.position)


@strawberry.input(description="Which facts to show; what is absent does not matter.")
class FactFilter:
    kinds: list[FactKind] | None = strawberry.field(
        description="Only facts of these kinds.", default=None
    )
    objectives: list[Objective] | None = strawberry.field(
        description="Only facts about these objectives.", default=None
    )
    states: list[FactState] | None = strawberry.field(
        description="Only facts that this became of, such as STANDS.", default=None
    )


def chosen(picture: Picture, wanted: FactFilter | None) -> list[Held]:
    """Return the facts that a filter lets through, in the order of the log."""
    every = list(picture.facts())
    if wanted is None:
        return every
    return [
        one
        for one in every
        if (wanted.kinds is None or one.belief.fact.kind() in wanted.kinds)
        and (wanted.objectives is None or one.belief.fact.objective in wanted.objectives)
        and (wanted.states is None or one.state in wanted.states)
    ]


def facts_of(held: list[Held]) -> list[FactType]:
    """Return facts for the schema."""
    return [FactType(held=one) for one in held]
