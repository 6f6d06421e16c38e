"""What an opportunity tells of the danger zones that it is in, and was in."""

import strawberry

from opps.api.advised import Advised
from opps.api.connections import After, Connection, First
from opps.api.context import Info
from opps.api.danger_zones import (
    DangerZone,
    DangerZoneChange,
    Suppressed,
    changes_page,
    zones_of,
)


@strawberry.type(description="Which danger zones an opportunity is in.")
class Zoned(Advised):
    @strawberry.field(
        description="The danger zones that it is in, by the rules of that time; none once closed."
    )
    async def danger_zones(self, info: Info, suppressed: Suppressed = False) -> list[DangerZone]:
        return zones_of(await self.picture(info), self.moment, suppressed=suppressed)

    @strawberry.field(
        description="When each danger zone opened and closed, and by what, oldest first, as far as "
        "the log is read."
    )
    async def danger_zone_changes(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[DangerZoneChange]:
        return await changes_page(
            info, self.headline.opportunity_id, self.moment.position, first, after
        )
