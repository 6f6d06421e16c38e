"""Danger zones live: what opens and closes, in order, from any place on, with no gap."""

from collections.abc import AsyncIterable
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.caught_up import READ_AT_ONCE, Followed, StreamCaughtUp
from opps.api.context import Info
from opps.api.danger_zones import DangerZoneChange, ZoneNumber
from opps.api.deals_meant import deals_meant
from opps.api.scalars import ScoreCursor, cursor_of
from opps.api.teams import TEAM_ID
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
    team_id: UUID | None = strawberry.field(description=TEAM_ID, default=None)
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
    ) -> AsyncIterable[DangerZoneEvent]:
        given = filter or DangerZoneFilter()
        wanted = _Wanted(given)
        deals = await deals_meant(info, given.opportunity_ids, given.team_id)
        services, tenant = info.context.services, info.context.viewer.tenant

        async def read(
            behind: Cursor, reached: int
        ) -> list[tuple[Cursor, DangerZoneChange | None]]:
            until = reached if deals.read_from else None
            reading = services.views.reading
            items = await services.groups.together.ask(
                ("zones", tenant, behind, reached, until),
                lambda: zone_items(reading, tenant, behind, READ_AT_ONCE, until=until),
            )
            sent = await deals.places([one for one in items if wanted.lets_through(one)])
            return [
                (one.cursor, DangerZoneChange(item=one) if one.cursor in sent else None)
                for one in items
            ]

        begin = None if after is None else cursor_of(after)
        projections = [DANGER_ZONES.name, *deals.read_from]
        return Followed(services, tenant, projections, begin, read)


class _Wanted:
    """What a filter lets through, of whichever opportunity."""

    def __init__(self, filter_: DangerZoneFilter) -> None:
        self._zones, self._severities = filter_.zones, filter_.severities

    def lets_through(self, item: ZoneItem) -> bool:
        """Tell whether an item is to be sent."""
        return (self._zones is None or item.zone in self._zones) and (
            self._severities is None or item.severity in self._severities
        )
