"""Live updates: every change of a score, in order, from any place on, with no gap."""

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.caught_up import AWAY_S, HEARTBEAT_S, READ_AT_ONCE, StreamCaughtUp, news
from opps.api.context import Info, Services
from opps.api.errors import node_argument
from opps.api.exception_news import ExceptionNews
from opps.api.ids import NodeType
from opps.api.scalars import Position, ScoreCursor, behind, cursor_of, text_of
from opps.api.scores import MILLI
from opps.api.trend import ScoreChanged, score_changed
from opps.api.zone_news import DangerZoneNews
from opps.eventstore import LogUnavailable
from opps.projections.score_trend import SCORE_TREND, ScoreItem


@strawberry.input(description="Which changes to send; what is absent does not matter.")
class ScoreFilter:
    opportunity_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only changes of these opportunities.", default=None
    )
    min_points: float | None = strawberry.field(
        description="Only changes of at least so many points, up or down; 10 double the odds.",
        default=None,
    )


ScoreEvent = Annotated[
    ScoreChanged | StreamCaughtUp,
    strawberry.union("ScoreEvent", description="A change of a score, or that all were sent."),
]


@strawberry.type(description="Live updates, over WebSocket with `graphql-transport-ws`.")
class Subscription(ExceptionNews, DangerZoneNews):
    @strawberry.subscription(
        description="Every change of a score, in the order of the log and with no gap. After a "
        "lost connection, subscribe again after the last cursor."
    )
    async def score_changed(
        self,
        info: Info,
        filter: Annotated[
            ScoreFilter | None, strawberry.argument(description="Which changes to send.")
        ] = None,
        after: Annotated[
            ScoreCursor | None,
            strawberry.argument(
                description='Send what comes behind this cursor; "0" sends everything. Only what '
                "happens from now on when absent."
            ),
        ] = None,
    ) -> AsyncGenerator[ScoreEvent, None]:
        wanted = _Wanted(filter or ScoreFilter())
        services, tenant = info.context.services, info.context.viewer.tenant
        async for told in _followed(services, tenant, after):
            if isinstance(told, StreamCaughtUp):
                yield told
            elif wanted.lets_through(told):
                yield score_changed(told)


async def _followed(
    services: Services, tenant: UUID, after: ScoreCursor | None
) -> AsyncGenerator[ScoreItem | StreamCaughtUp, None]:
    """Yield every score item behind a cursor, and where the present is reached, until draining.

    The read model is the buffer: whoever is slow or comes back reads on from where they are.
    """
    views, draining = services.views, services.draining
    cursor = None if after is None else cursor_of(after)
    told_s = -HEARTBEAT_S
    while not draining.begun:
        try:
            # Read before the items: all that it covers is among them.
            reached = await views.position(tenant, SCORE_TREND.name)
            cursor = cursor or behind(reached)
            items = await views.score_items(tenant, cursor, READ_AT_ONCE)
        except LogUnavailable:
            await draining.unless(asyncio.sleep(AWAY_S))
            continue
        for item in items:
            cursor = item.cursor
            yield item
        if len(items) < READ_AT_ONCE:
            # What was recorded between the two reads is behind `reached`, and sent all the same.
            reached = max([reached, *(item.cursor.position for item in items)])
            cursor = max(cursor, behind(reached))
            if monotonic() - told_s >= HEARTBEAT_S:
                told_s = monotonic()
                yield StreamCaughtUp(cursor=text_of(cursor), position=Position(reached))
            await draining.unless(news(views, tenant, reached))


class _Wanted:
    """What a filter lets through."""

    def __init__(self, filter_: ScoreFilter) -> None:
        ids = filter_.opportunity_ids
        self._ids: set[UUID] | None = (
            None if ids is None else {node_argument(NodeType.OPPORTUNITY, one) for one in ids}
        )
        self._milli_points = MILLI * (filter_.min_points or 0)

    def lets_through(self, item: ScoreItem) -> bool:
        """Tell whether an item is to be sent."""
        if self._ids is not None and item.opportunity_id not in self._ids:
            return False
        return abs(item.milli_points_change) >= self._milli_points
