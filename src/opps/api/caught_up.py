"""What every live feed has: the sign that all was sent, and the wait for more."""

import asyncio
from uuid import UUID

import strawberry

from opps.api.scalars import Position, ScoreCursor
from opps.eventstore import LogUnavailable
from opps.projections.views import Views

HEARTBEAT_S = 15.0
READ_AT_ONCE = 100
AWAY_S = 0.5


@strawberry.type(
    description="Everything up to here was sent. It comes once the past has been sent, and then "
    "now and again as a sign of life."
)
class StreamCaughtUp:
    cursor: ScoreCursor = strawberry.field(
        description="Subscribe again after it to miss nothing and get nothing twice."
    )
    position: Position = strawberry.field(description="The place in the log that is reached.")


async def news(views: Views, tenant: UUID, seen: int) -> None:
    """Wait until there is more than was seen, or a sign of life is due."""
    try:
        await views.wait_for_change(tenant, HEARTBEAT_S, seen)
    except LogUnavailable:
        await asyncio.sleep(AWAY_S)
