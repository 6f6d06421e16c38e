"""Beliefs that turned out wrong, in the schema: how long they were held, and what they did."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.decided import DecisionType, decisions_of
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable
from opps.api.facts import FactKind, FactType
from opps.api.ids import NodeType, to_global
from opps.api.reading import Key, Moment
from opps.api.scalars import Position
from opps.api.scores import MILLI
from opps.api.timelines import until_of
from opps.domain.catalogue import Objective
from opps.domain.events import RetractionReason
from opps.domain.provenance import Channel
from opps.domain.wrong_beliefs import WrongHow
from opps.projections import found_wrong
from opps.projections.found_wrong import WrongBelief
from opps.projections.scopes import Until

A_DAY_S = 86_400

for _enum in (WrongHow, RetractionReason):
    enum_of(_enum)


@strawberry.type(
    name="WrongBelief",
    description="A belief that turned out wrong. A world that changed makes no belief wrong.",
)
class WrongBeliefType:
    key_of: strawberry.Private[Key]

    fact_id: UUID = strawberry.field(description="The fact.")
    opportunity_id: strawberry.ID = strawberry.field(description="The opportunity.")
    kind: FactKind = strawberry.field(description="The kind of fact.")
    key: str = strawberry.field(description="What it is about.")
    objective: Objective = strawberry.field(description="The objective it is about.")
    how: WrongHow = strawberry.field(description="How it turned out wrong.")
    reason: RetractionReason | None = strawberry.field(
        description="Why it was taken back, of a retraction."
    )
    replaced_by: UUID | None = strawberry.field(description="The fact that took its place.")
    told_by: UUID | None = strawberry.field(description="The evaluator who had said it.")
    channel: Channel = strawberry.field(description="How it had reached us.")
    seller_id: strawberry.ID | None = strawberry.field(
        description="Who on our side had learned it."
    )
    learned_at: datetime = strawberry.field(description="When we had learned it.")
    found_at: datetime = strawberry.field(description="When we learned that it was wrong.")
    recorded_at: datetime = strawberry.field(description="When that was recorded.")
    position: Position = strawberry.field(description="Place in the log of what showed it.")
    event_id: UUID = strawberry.field(description="The event that showed it.")
    held_days: float = strawberry.field(
        description="How long we held it: from learning it to learning that it was wrong."
    )
    points_meanwhile: float = strawberry.field(
        description="What it did to the score until then, in points."
    )
    points_when_found: float = strawberry.field(
        description="What finding it wrong did to the score, in points."
    )

    @strawberry.field(description="The fact, with its content; null where it is not shown.")
    async def fact(self, info: Info) -> FactType | None:
        picture = await info.context.reading.pictures.load(self.key_of)
        belief = None if picture is None else picture.state.belief(self.fact_id)
        return None if picture is None or belief is None else FactType(held=picture.held(belief))

    @strawberry.field(description="The decisions that rested on it.")
    async def decisions(self, info: Info) -> list[DecisionType]:
        picture = await info.context.reading.pictures.load(self.key_of)
        return [] if picture is None else await decisions_of(info, picture, self.fact_id)


async def wrong_beliefs_of(
    info: Info, opportunity_id: UUID, moment: Moment, first: int | None, after: str | None
) -> Connection[WrongBeliefType]:
    """Return a page of what had been believed wrongly of an opportunity, as it was found."""
    size, behind = page_size(first), _place(after)
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    until = await until_of(info, opportunity_id, moment)
    found = await found_wrong.of_opportunity(
        reading, tenant, opportunity_id, until, behind, size + 1
    )
    return _page(found, size, moment, begun=after is not None)


async def wrong_beliefs_of_seller(
    info: Info, seller: UUID, until: Until, first: int | None, after: str | None
) -> Connection[WrongBeliefType]:
    """Return a page of what a seller had learned and turned out wrong, as it was found."""
    size, behind = page_size(first), _place(after)
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    found = await found_wrong.of_seller(reading, tenant, seller, until, behind, size + 1)
    return _page(found, size, Moment(until.position), begun=after is not None)


def _page(
    found: Sequence[WrongBelief], size: int, moment: Moment, *, begun: bool
) -> Connection[WrongBeliefType]:
    items = [(f"{one.row.position}.{one.row.fact_id}", _wrong(one, moment)) for one in found]
    return page_of(items, size, begun=begun)


def _place(cursor: str | None) -> tuple[int, UUID]:
    if cursor is None:
        return found_wrong.FIRST
    position, _, fact_id = cursor.partition(".")
    try:
        return Position(int(position)), UUID(fact_id)
    except ValueError:
        message = f"{cursor!r} is no cursor of this list: use one that it gave you"
        raise NotAcceptable(message) from None


def _wrong(of: WrongBelief, moment: Moment) -> WrongBeliefType:
    row = of.row
    seller = None if row.seller is None else strawberry.ID(to_global(NodeType.PERSON, row.seller))
    return WrongBeliefType(
        key_of=Key(row.opportunity_id, moment),
        fact_id=row.fact_id,
        opportunity_id=strawberry.ID(to_global(NodeType.OPPORTUNITY, row.opportunity_id)),
        kind=FactKind(row.kind),
        key=row.key,
        objective=row.objective,
        how=row.how,
        reason=row.reason,
        replaced_by=row.by,
        told_by=row.told_by,
        channel=row.channel,
        seller_id=seller,
        learned_at=row.learned_at,
        found_at=row.found_at,
        recorded_at=row.recorded_at,
        position=Position(row.position),
        event_id=row.event_id,
        held_days=row.held_s / A_DAY_S,
        points_meanwhile=of.meanwhile / MILLI,
        points_when_found=of.found / MILLI,
    )
