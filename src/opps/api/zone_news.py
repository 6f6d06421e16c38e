"""Danger zones live: what opens and closes, in order, from any place on, with no gap."""

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.caught_up import AWAY_S, HEARTBEAT_S, READ_AT_ONCE, StreamCaughtUp, news
from opps.api.context import Info, Services
from opps.api.danger_zones import DangerZoneChange, ZoneNumber
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.scalars import Position, ScoreCursor, behind, cursor_of, text_of
from opps.domain.danger_zones.rule import Severity
from opps.eventstore import LogUnavailable
from opps.projections.danger_zones import DANGER_ZONES, ZoneItem
from opps.projections.zones_view import zone_items


@strawberry.input(
    description="Which changes of danger zones to send; what is absent does not matter."
)
class DangerZoneFilter:
    opportunity_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only those of these opportunities.", default=None
    )
    zones: list[ZoneNumber] | None = strawberry.field(
        description="Only these danger zones.", default=None
    )
    severities: list[Severity] | None = strawberry.field(
        description="Only those that can cost so much.", default=None
    )


DangerZoneEvent = Annotated[
    DangerZoneChange | StreamCaughtUp,
    strawberry.union(
        "DangerZoneEvent", description="A danger zone opened or closed, or all were sent."
    ),
]


@strawberry.type
class DangerZoneNews:
    @strawberry.subscription(
        description="Every danger zone that opens or closes, in the order of the log and with no "
        "gap. After a lost connection, subscribe again after the last cursor."
    )
    async def danger_zone_changed(
        self,
        info: Info,
        filter: Annotated[
            DangerZoneFilter | None, strawberry.argument(description="Which changes to send.")
        ] = None,
        after: Annotated[
            ScoreCursor | None,
            strawberry.argument(
                description='Send what comes behind this cursor; "0" sends everything. Only what '
                "happens from now on when absent."
            ),
        ] = None,
    ) -> AsyncGenerator[DangerZoneEvent, None]:
        wanted = _Wanted(filter or DangerZoneFilter())
        async for told in _followed(info.context.services, info.context.viewer.tenant, after):
            if isinstance(told, StreamCaughtUp):
                yield told
            elif wanted.lets_through(told):
                yield DangerZoneChange(item=told)


async def _followed(
    services: Services, tenant: UUID, after: ScoreCursor | None
) -> AsyncGenerator[ZoneItem | StreamCaughtUp, None]:
    """Yield every change behind a cursor, and where the present is reached, until draining.

    The read model is the buffer: whoever is slow or comes back reads on from where they are.
    """
    views, draining = services.views, services.draining
    cursor = None if after is None else cursor_of(after)
    told_s = -HEARTBEAT_S
    while not draining.begun:
        try:
            # Read before the items: all that it covers is among them.
            reached = await views.position(tenant, DANGER_ZONES.name)
            cursor = cursor or behind(reached)
            items = await zone_items(views.reading, tenant, cursor, READ_AT_ONCE)
        except LogUnavailable:
            await draining.unless(asyncio.sleep(AWAY_S))
            continue
        for item in items:
            cursor = item.cursor
            yield item
        if len(items) < READ_AT_ONCE:
            reached = max([reached, *(item.cursor.position for item in items)])
            cursor = max(cursor, behind(reached))
            if monotonic() - told_s >= HEARTBEAT_S:
                told_s = monotonic()
                yield StreamCaughtUp(cursor=text_of(cursor), position=Position(reached))
            await draining.unless(news(views, tenant, reached))


class _Wanted:
    """What a filter lets through."""

    def __init__(self, filter_: DangerZoneFilter) -> None:
        ids = filter_.opportunity_ids
        self._ids: set[UUID] | None = (
            None if ids is None else {node_argument(NodeType.OPPORTUNITY, one) for one in ids}
        )
        self._zones, self._severities = filter_.zones, filter_.severities

    def lets_through(self, item: ZoneItem) -> bool:
        """Tell whether an item is to be sent."""
        return (
            (self._ids is None or item.opportunity_id in self._ids)
            and (self._zones is None or item.zone in self._zones)
            and (self._severities is None or item.severity in self._severities)
        )
