"""Danger zones in the schema: which an opportunity is in, why, what to do, and how they changed."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import strawberry

from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable
from opps.api.facts import FactType, facts_of
from opps.api.ids import NodeType, to_global
from opps.api.knowledge import QuestionType
from opps.api.picture import Picture
from opps.api.reading import HEAD, Key, Moment
from opps.api.scalars import Position, ScoreCursor, text_of
from opps.domain.danger_zones.catalogue import RULES
from opps.domain.danger_zones.rule import Severity
from opps.domain.danger_zones.zones import Zone, look
from opps.domain.opportunity.state import Opportunity
from opps.projections.danger_zones import ZoneItem
from opps.projections.score_trend import ScoreCursor as Cursor
from opps.projections.zones_view import zone_items

ZoneNumber = StrEnum("ZoneNumber", {rule: rule for rule in RULES})  # type: ignore[misc]  # derived
ZoneNumber.__doc__ = "The number of each danger zone, for ever."

for _enum in (ZoneNumber, Severity):
    enum_of(_enum)

Suppressed = Annotated[
    bool,
    strawberry.argument(description="Those that were put aside instead of those that are open."),
]


@strawberry.type(
    description="A danger zone that an opportunity is in: a rule found it, and people decide. It "
    "says what is missing, never who failed, and moves no score."
)
class DangerZone:
    zone_: strawberry.Private[Zone]
    key: strawberry.Private[Key]
    picture: strawberry.Private[Picture | None] = None

    @strawberry.field(description="Its number.")
    def zone(self) -> ZoneNumber:
        return ZoneNumber(self.zone_.zone)

    @strawberry.field(description="Its name.")
    def name(self) -> str:
        return self.zone_.rule.name

    @strawberry.field(description="How much it can cost.")
    def severity(self) -> Severity:
        return self.zone_.severity

    @strawberry.field(description="Why the opportunity is in it, in words.")
    def because(self) -> str:
        return self.zone_.because

    @strawberry.field(description="What to do first.")
    def move(self) -> str:
        return self.zone_.rule.move

    @strawberry.field(description="Since when, where the facts tell.")
    def since(self) -> datetime | None:
        return self.zone_.since

    @strawberry.field(description="The last day on which it is put aside, if it is.")
    def suppressed_until(self) -> date | None:
        return self.zone_.suppressed_until

    @strawberry.field(description="The facts that it rests on; empty where something is missing.")
    async def facts(self, info: Info) -> list[FactType]:
        picture = self.picture or await info.context.reading.pictures.load(self.key)
        if picture is None:
            return []
        return facts_of([one for one in picture.facts() if one.belief.fact_id in self.zone_.facts])

    @strawberry.field(
        description="Open questions whose answers would help.", graphql_type=list[QuestionType]
    )
    async def questions(self, info: Info) -> Any:
        picture = self.picture or await info.context.reading.pictures.load(self.key)
        known = {} if picture is None else picture.state.questions
        return [known[one] for one in self.zone_.questions if one in known]


@strawberry.type(description="A danger zone of an opportunity opened or closed.")
class DangerZoneChange:
    item: strawberry.Private[ZoneItem]

    @strawberry.field(description="Its place: subscribe again after it to miss nothing.")
    def cursor(self) -> ScoreCursor:
        return text_of(self.item.cursor)

    @strawberry.field(description="Place in the log of what opened or closed it.")
    def position(self) -> Position:
        return Position(self.item.position)

    @strawberry.field(description="The opportunity.")
    def opportunity_id(self) -> strawberry.ID:
        return strawberry.ID(to_global(NodeType.OPPORTUNITY, self.item.opportunity_id))

    @strawberry.field(description="The number of the danger zone.")
    def zone(self) -> ZoneNumber:
        return ZoneNumber(self.item.zone)

    @strawberry.field(description="Its name.")
    def name(self) -> str:
        return RULES[self.item.zone].name

    @strawberry.field(description="How much it can cost.")
    def severity(self) -> Severity:
        return self.item.severity

    @strawberry.field(description="It opened; otherwise it closed.")
    def opened(self) -> bool:
        return self.item.opened

    @strawberry.field(description="Why it opened, or why it had been open, in words.")
    def because(self) -> str:
        return self.item.because

    @strawberry.field(description="What to do first.")
    def move(self) -> str:
        return RULES[self.item.zone].move

    @strawberry.field(description="The facts that it rested on.")
    def fact_ids(self) -> list[UUID]:
        return self.item.facts

    @strawberry.field(description="The event that opened or closed it, by its stable name.")
    def cause(self) -> str:
        return self.item.cause

    @strawberry.field(description="When that was recorded.")
    def recorded_at(self) -> datetime:
        return self.item.recorded_at

    @strawberry.field(description="When that happened, as far as our side knows.")
    def happened_at(self) -> datetime:
        return self.item.happened_at

    @strawberry.field(description="The rule set in force.")
    def rule_set(self) -> str:
        return self.item.rules


def zones_of(picture: Picture, moment: Moment, *, suppressed: bool) -> list[DangerZone]:
    """Return the danger zones of an opportunity, in the order of their rules."""
    seen = picture.danger_zones
    key = Key(picture.state.opportunity_id, moment)
    return _shown(seen.suppressed if suppressed else seen.zones, key, picture)


def opened(
    before: Opportunity | None, after: Opportunity, moment: Moment = HEAD
) -> list[DangerZone]:
    """Return the danger zones that an opportunity is in after something, and was not before."""
    was = set() if before is None else {one.zone for one in look(before).zones}
    found = [one for one in look(after).zones if one.zone not in was]
    return _shown(found, Key(after.opportunity_id, moment))


def closed(
    before: Opportunity | None, after: Opportunity, moment: Moment = HEAD
) -> list[DangerZone]:
    """Return the danger zones that an opportunity was in before something, and is not after it."""
    return [] if before is None else opened(after, before, moment)


def _shown(zones: Sequence[Zone], key: Key, picture: Picture | None = None) -> list[DangerZone]:
    return [DangerZone(zone_=one, key=key, picture=picture) for one in zones]


async def changes_page(
    info: Info,
    opportunity_id: UUID,
    until: int | None,
    first: int | None,
    after: str | None,
) -> Connection[DangerZoneChange]:
    """Return what opened and closed of an opportunity up to a position, oldest first."""
    size = page_size(first)
    views, tenant = info.context.services.views, info.context.viewer.tenant
    end = await views.shown(tenant, until)
    items = await zone_items(
        views.reading,
        tenant,
        None if after is None else _place(after),
        size + 1,
        opportunity_id,
        end,
    )
    shown = [(_cursor(one.cursor), DangerZoneChange(item=one)) for one in items]
    return page_of(shown, size, begun=after is not None)


def _cursor(place: Cursor) -> str:
    return urlsafe_b64encode(str(place).encode()).decode()


def _place(cursor: str) -> Cursor:
    try:
        return Cursor.read(urlsafe_b64decode(cursor).decode())
    except ValueError:
        raise NotAcceptable(f"{cursor!r} is no cursor: use one that this list gave you") from None
