"""Decisions in the schema: which facts they rested on, and what became of these since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.facts import FactType
from opps.api.ids import NodeType, to_global
from opps.api.outputs import output_of
from opps.api.picture import FactState, Picture
from opps.api.reading import Moment
from opps.api.scalars import Position
from opps.api.timelines import until_of
from opps.domain.account_map.state import Gate
from opps.domain.decisions import ended, is_erased, stood_at
from opps.domain.events import DecisionKind, Waiver
from opps.projections.scopes import Until
from opps.projections.timeline_row import TimelineRow

enum_of(DecisionKind)


@strawberry.type(description="A fact that a decision rested on.")
class DecisionBasis:
    fact_id: UUID = strawberry.field(description="The fact.")
    fact: FactType | None = strawberry.field(
        description="The same with its content and what became of it; null where the lens does "
        "not reach it."
    )
    state: FactState | None = strawberry.field(description="What became of it.")
    stood_then: bool = strawberry.field(
        description="Whether it stood when the decision was recorded."
    )
    stands: bool = strawberry.field(description="Whether it stands.")
    erased: bool = strawberry.field(
        description="Something that it said was erased, and can be read no more."
    )
    ended_at: datetime | None = strawberry.field(
        description="Since when it stands no more, or is contradicted; null while it stands."
    )
    ended_by: UUID | None = strawberry.field(
        description="The fact that replaced it, was chosen against it, or contradicts it."
    )
    ended_because: str | None = strawberry.field(description="Why, where somebody said so.")


@strawberry.type(
    name="Decision",
    description="Something that our side decided, or a gate that it passed, on facts.",
)
class DecisionType:
    picture: strawberry.Private[Picture]
    rests_on: strawberry.Private[list[UUID]]

    event_id: UUID = strawberry.field(description="The event.")
    tag: str = strawberry.field(description="What happened, such as DecisionTaken.")
    position: Position = strawberry.field(description="Place in the log.")
    kind: DecisionKind | None = strawberry.field(description="What sort of decision, if it says.")
    summary: str | None = strawberry.field(description="What was decided, in words.")
    decided_at: datetime = strawberry.field(description="When it was decided.")
    recorded_at: datetime = strawberry.field(description="When it was recorded.")
    actor_id: strawberry.ID = strawberry.field(description="Who recorded it.")

    @strawberry.field(
        description="The facts that it rested on, and whether they were retracted, superseded or "
        "erased since."
    )
    def based_on(self) -> list[DecisionBasis]:
        return [_basis(self.picture, one, self.position) for one in self.rests_on]

    @strawberry.field(description="The gate that was passed, where it is one.")
    def gate(self) -> str | None:
        gate = self._gate()
        return None if gate is None else gate.gate

    @strawberry.field(
        description="What was let pass at that gate without being known well enough.",
        graphql_type=list[output_of(Waiver)],  # type: ignore[misc]  # derived at run time
    )
    def waivers(self) -> Any:
        gate = self._gate()
        return () if gate is None or gate.passed is None else gate.passed.waivers

    def _gate(self) -> Gate | None:
        """Return the gate whose passing this is, as far as the lens reaches it."""
        gates = self.picture.state.map.gates
        passed = (one for one in gates if one.passed and one.passed.position == self.position)
        return next(passed, None)


async def decisions_of(
    info: Info, picture: Picture, fact_id: UUID | None = None
) -> list[DecisionType]:
    """Return the decisions that a picture shows, or those that rested on a fact."""
    opportunity_id = picture.state.opportunity_id
    rows = await info.context.lines.decisions.load(opportunity_id)
    if not rows:
        return []
    until = await until_of(info, opportunity_id, Moment(picture.asked, picture.lens))
    return _shown(rows, picture, until, fact_id)


def _shown(
    rows: Sequence[TimelineRow], picture: Picture, until: Until, fact_id: UUID | None
) -> list[DecisionType]:
    return [
        _decision(one, picture)
        for one in rows
        if until.lets_through(one) and (fact_id is None or fact_id in one.rests_on)
    ]


def _decision(row: TimelineRow, picture: Picture) -> DecisionType:
    return DecisionType(
        picture=picture,
        rests_on=row.rests_on,
        event_id=row.event_id,
        tag=row.tag,
        position=Position(row.position),
        kind=row.decision,
        summary=row.summary,
        decided_at=row.learned_at,
        recorded_at=row.recorded_at,
        actor_id=strawberry.ID(to_global(NodeType.PERSON, row.actor)),
    )


def _basis(picture: Picture, fact_id: UUID, position: int) -> DecisionBasis:
    state = picture.state
    belief = state.belief(fact_id)
    if belief is None:
        return DecisionBasis(
            fact_id=fact_id,
            fact=None,
            state=None,
            stood_then=False,
            stands=False,
            erased=False,
            ended_at=None,
            ended_by=None,
            ended_because=None,
        )
    held, history = picture.held(belief), state.histories[belief.fact.key]
    end = ended(history, fact_id)
    return DecisionBasis(
        fact_id=fact_id,
        fact=FactType(held=held),
        state=held.state,
        stood_then=stood_at(history, fact_id, position),
        stands=state.stands(fact_id),
        erased=is_erased(belief),
        ended_at=None if end is None else end.since,
        ended_by=None if end is None else end.by,
        ended_because=None if end is None else end.because,
    )
