"""Danger zones live: what opens and closes, in order, from any place on, with no gap."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.caught_up import READ_AT_ONCE, StreamCaughtUp, followed
from opps.api.context import Info
from opps.api.danger_zones import DangerZoneChange, ZoneNumber
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.scalars import ScoreCursor, cursor_of
from opps.domain.danger_zones.rule import Severity
from opps.projections.danger_zones import DANGER_ZONES, ZoneItem
from opps.projections.score_trend import ScoreCursor as Cursor
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
        services, tenant = info.context.services, info.context.viewer.tenant

        async def read(behind: Cursor, _: int) -> list[tuple[Cursor, DangerZoneChange | None]]:
            items = await zone_items(services.views.reading, tenant, behind, READ_AT_ONCE)
            return [
                (one.cursor, DangerZoneChange(item=one) if wanted.lets_through(one) else None)
                for one in items
            ]

        begin = None if after is None else cursor_of(after)
        async for told in followed(services, tenant, [DANGER_ZONES.name], begin, read):
            yield told


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
