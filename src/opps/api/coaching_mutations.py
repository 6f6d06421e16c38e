"""The mutations on performance gaps: one for each command that somebody may ask for."""

from typing import get_args

import strawberry

from opps.api.coaching import PerformanceGap
from opps.api.context import Info
from opps.api.payload import Payload
from opps.application import Executed
from opps.application.coaching import readable_gaps, unseen_gaps
from opps.domain.coaching.commands import AnyGapCommand, IdentifyGapByRule, RecordImpact
from opps.domain.coaching.gap import Gap

# What only opps itself asks for is no mutation.
BY_OPPS_ALONE = (IdentifyGapByRule, RecordImpact)
ON_GAPS = tuple(one for one in get_args(AnyGapCommand) if one not in BY_OPPS_ALONE)


@strawberry.type(description="What a command on a performance gap answers.")
class GapPayload(Payload):
    executed: strawberry.Private[Executed[Gap] | None] = None

    @strawberry.field(description="The gap as it is now; null when refused.")
    async def gap(self, info: Info) -> PerformanceGap | None:
        if self.executed is None:
            return None
        id_ = self.executed.after.gap_id
        application, viewer = info.context.services.application, info.context.viewer
        # A command that was carried out long ago is answered again, to whoever repeats it.
        if await unseen_gaps(application, viewer.tenant, viewer.actor, [id_]):
            return None
        return PerformanceGap(gap=(await readable_gaps(application, viewer.tenant, [id_]))[id_])
