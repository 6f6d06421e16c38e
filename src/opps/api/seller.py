"""A seller in the schema: what one of us learned, did and recorded, always one at a time."""

from uuid import UUID

import strawberry

from opps.api.connections import After, Connection, First
from opps.api.context import Info
from opps.api.ids import NodeType
from opps.api.indicators import EstimateReliability, LeadingIndicators, estimates_of, indicators_of
from opps.api.indicators import Since as Observed
from opps.api.indicators import Until as ObservedUntil
from opps.api.lag import Before, LagReportType, Since, lag_report_of
from opps.api.parties import Person, node_id, read_person
from opps.api.policies.relations import only_if_shown_of
from opps.api.timelines import (
    Along,
    TimelineConnection,
    Told,
    Wanted,
    timeline_of,
    told_until,
)
from opps.api.wrong_beliefs import WrongBeliefType, wrong_beliefs_of_seller
from opps.projections.scopes import of_seller
from opps.projections.views import Axis


@strawberry.type(
    description="Somebody on our side: what this one person learned, did and recorded, over all "
    "opportunities. There is no list of sellers, and nothing that sets one above another."
)
class Seller:
    seller_id: strawberry.Private[UUID]

    @strawberry.field(description="The person's global id.")
    def id(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.seller_id)

    @strawberry.field(description="The person, if registered as one.")
    async def person(self, info: Info) -> Person | None:
        return await read_person(info, self.seller_id)

    @strawberry.field(
        description="What the seller learned or did, and what the seller wrote down for others."
    )
    async def timeline(
        self,
        info: Info,
        axis: Along = Axis.RECORDED,
        filter: Wanted = None,
        told_by: Told = None,
        first: First = None,
        after: After = None,
    ) -> TimelineConnection:
        await only_if_shown_of(info, self.seller_id)
        until = await told_until(info, told_by)
        return await timeline_of(info, of_seller(self.seller_id), axis, filter, until, first, after)

    @strawberry.field(
        description="What the seller had learned and turned out wrong, by when it was found."
    )
    async def wrong_beliefs(
        self, info: Info, told_by: Told = None, first: First = None, after: After = None
    ) -> Connection[WrongBeliefType]:
        await only_if_shown_of(info, self.seller_id)
        until = await told_until(info, told_by)
        return await wrong_beliefs_of_seller(info, self.seller_id, until, first, after)

    @strawberry.field(description="How long the seller takes from learning to recording.")
    async def lag_report(
        self, info: Info, since: Since = None, until: Before = None, told_by: Told = None
    ) -> LagReportType:
        position = await told_until(info, told_by)
        return await lag_report_of(info, self.seller_id, position, since, until)

    @strawberry.field(
        description="The seller's leading indicators, for the seller and whoever leads the team."
    )
    async def leading_indicators(
        self, info: Info, since: Observed = None, until: ObservedUntil = None
    ) -> LeadingIndicators:
        return await indicators_of(info, self.seller_id, since, until)

    @strawberry.field(description="How the seller's own estimates came true.")
    async def own_estimates(self, info: Info) -> EstimateReliability:
        return await estimates_of(info, self.seller_id)
