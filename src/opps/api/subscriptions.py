"""Live updates: every change of a score, in order, from any place on, with no gap."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.caught_up import READ_AT_ONCE, StreamCaughtUp, followed
from opps.api.context import Info
from opps.api.errors import node_argument
from opps.api.exception_news import ExceptionNews
from opps.api.ids import NodeType
from opps.api.scalars import ScoreCursor, cursor_of
from opps.api.scores import MILLI
from opps.api.trend import ScoreChanged, score_changed
from opps.api.zone_news import DangerZoneNews
from opps.projections.score_trend import SCORE_TREND, ScoreItem
from opps.projections.score_trend import ScoreCursor as Cursor


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

        async def read(behind: Cursor, _: int) -> list[tuple[Cursor, ScoreChanged | None]]:
            items = await services.views.score_items(tenant, behind, READ_AT_ONCE)
            return [
                (one.cursor, score_changed(one) if wanted.lets_through(one) else None)
                for one in items
            ]

        begin = None if after is None else cursor_of(after)
        async for told in followed(services, tenant, [SCORE_TREND.name], begin, read):
            yield told


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
