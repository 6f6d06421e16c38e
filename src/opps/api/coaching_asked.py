"""What can be asked of coaching: one seller's, or the gaps of those whom somebody leads."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.board import AtLeast, readable, seen
from opps.api.coaching import GapId, LearningAssignment, PerformanceGap
from opps.api.connections import (
    After,
    Connection,
    First,
    cursor_at,
    page_of,
    page_size,
    read_cursor,
)
from opps.api.context import Info
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.indicators import LeadingIndicators, Since, Until, indicators_of
from opps.api.learning_activities import CauseSheetType, LearningActivity, cause_of, shown
from opps.api.parties import NodeId, Person, node_id, read_person
from opps.api.policies.relations import only_if_shown_of
from opps.api.teams import TEAM_ID
from opps.application.coaching import readable_gaps
from opps.domain.coaching.causes import ORDER
from opps.domain.coaching.decide import may_see, part_of
from opps.domain.coaching.gap import Gap
from opps.domain.privacy.state import whoever
from opps.domain.roles import ActorRole
from opps.domain.teams import Teams
from opps.projections import coaching
from opps.projections.coaching import GapPlace, GapRow, GapsWanted

MOST_GAPS = 200

Open = Annotated[
    bool | None,
    strawberry.argument(description="Only those that are open, or only the others; all when null."),
]
OfTeam = Annotated[UUID | None, strawberry.argument(description=TEAM_ID)]


@strawberry.type(
    description="The coaching of one seller: for the seller, and for those who lead the seller "
    "once the seller had the first look. No list sets one seller above another."
)
class Coaching:
    every: strawberry.Private[Sequence[Gap]]
    seller: strawberry.Private[UUID]

    @strawberry.field(description="Whose it is.")
    def seller_id(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.seller)

    @strawberry.field(description="Whose it is, if registered as a person.")
    async def person(self, info: Info) -> Person | None:
        return await read_person(info, self.seller)

    @strawberry.field(description="How many gaps are open.")
    def open_gaps(self) -> int:
        return sum(one.open for one in self.every)

    @strawberry.field(description="How many gaps were closed.")
    def closed_gaps(self) -> int:
        return sum(not one.open for one in self.every)

    @strawberry.field(description="The gaps, the newest first; the open ones unless you ask.")
    def gaps(self, open: Open = True) -> list[PerformanceGap]:
        return [PerformanceGap(gap=one) for one in self.every if open is None or one.open is open]

    @strawberry.field(description="What is assigned and not completed, what is due first first.")
    def due(self) -> list[LearningAssignment]:
        held = [
            assignment
            for gap in self.every
            if gap.open
            for assignment in gap.assignments.values()
            if assignment.completed_at is None
        ]
        return [LearningAssignment(held=one) for one in sorted(held, key=lambda one: one.due)]

    @strawberry.field(description="The seller's leading indicators, beside the seller's own past.")
    async def indicators(
        self, info: Info, since: Since = None, until: Until = None
    ) -> LeadingIndicators:
        return await indicators_of(info, self.seller, since, until)

    @strawberry.field(description="The five causes of gaps with what to ask, in their order.")
    def causes(self) -> list[CauseSheetType]:
        return [cause_of(one) for one in ORDER]

    @strawberry.field(description="The learning activities on offer, by code.")
    async def catalogue(self, info: Info) -> list[LearningActivity]:
        tenant = info.context.viewer.tenant
        held = await info.context.services.application.learning_catalogue(tenant)
        return [shown(held, one.activity) for one in held.on_offer()]


@strawberry.type(description="One page of performance gaps, the newest first.")
class PerformanceGapConnection(Connection[PerformanceGap]):
    pass


@strawberry.type
class CoachingAsked:
    @strawberry.field(description="The coaching of one seller: your own, or of one you lead.")
    async def coaching(self, info: Info, seller: NodeId, at_least: AtLeast = None) -> Coaching:
        await seen(info, at_least)
        return await coaching_of(info, node_argument(NodeType.PERSON, seller))

    @strawberry.field(description="A gap; null when there is none of that id that you may see.")
    async def performance_gap(self, info: Info, gap_id: GapId) -> PerformanceGap | None:
        application, tenant = info.context.services.application, info.context.viewer.tenant
        found = (await readable_gaps(application, tenant, [gap_id])).get(gap_id)
        if found is None:
            return None
        part = part_of(info.context.viewer.actor, found.seller, await application.teams(tenant))
        return PerformanceGap(gap=found) if may_see(found, part, application.now()) else None

    @strawberry.field(
        description="The gaps of those whom you lead, and your own, the newest first: once their "
        "sellers had the first look. There is no order by how large they are."
    )
    async def performance_gaps(
        self,
        info: Info,
        team_id: OfTeam = None,
        open: Open = True,
        first: First = None,
        after: After = None,
        at_least: AtLeast = None,
    ) -> PerformanceGapConnection:
        await seen(info, at_least)
        size = page_size(first)
        wanted = await _wanted(info, team_id, open)
        place = None if after is None else read_cursor(after, GapPlace)
        rows = await _rows(info, wanted, place, size + 1)
        gaps = await _readable(info, rows)
        items = [(_cursor(one), PerformanceGap(gap=one)) for one in gaps]
        page = page_of(items, size, begun=after is not None)
        return PerformanceGapConnection(
            shown=page.shown, nodes=page.nodes, page_info=page.page_info
        )


async def coaching_of(info: Info, seller: UUID) -> Coaching:
    """Return the coaching of one seller.

    Raises:
        OutsideYourTeam: somebody else asks who does not lead the seller.
    """
    await only_if_shown_of(info, seller)
    me, now = whoever(info.context.viewer.actor), info.context.services.application.now()
    wanted = GapsWanted(sellers=[seller], asked_by=me, now=now)
    rows = await _rows(info, wanted, None, MOST_GAPS)
    return Coaching(every=await _readable(info, rows), seller=seller)


async def _wanted(info: Info, team_id: UUID | None, open_: bool | None) -> GapsWanted:
    application, tenant = info.context.services.application, info.context.viewer.tenant
    actor, teams = info.context.viewer.actor, await application.teams(tenant)
    sellers = None if actor.role == ActorRole.ADMIN else _led(teams, whoever(actor), actor.role)
    if team_id is not None:
        members = teams.members(team_id)
        sellers = members if sellers is None else sellers & members
    return GapsWanted(
        sellers=None if sellers is None else sorted(sellers),
        asked_by=whoever(actor),
        now=application.now(),
        open=open_,
    )


def _led(teams: Teams, me: UUID, role: str) -> frozenset[UUID]:
    led = teams.led_by(me) if role == ActorRole.MANAGER else frozenset()
    return led | {me}


async def _rows(info: Info, wanted: GapsWanted, after: GapPlace | None, limit: int) -> list[GapRow]:
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    with readable():
        return await coaching.gaps(reading, tenant, wanted, after, limit)


async def _readable(info: Info, rows: Sequence[GapRow]) -> list[Gap]:
    """Return the gaps of rows as the log has them, in the order of the rows."""
    application, tenant = info.context.services.application, info.context.viewer.tenant
    found = await readable_gaps(application, tenant, [one.gap_id for one in rows])
    return [found[one.gap_id] for one in rows]


def _cursor(gap: Gap) -> str:
    """Return a cursor: the place of a gap in the list."""
    return cursor_at(GapPlace(gap.identified_at, gap.gap_id))
