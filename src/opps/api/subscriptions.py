"""Live updates: every change of a score, in order, from any place on, with no gap."""

from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.scalars import Position, ScoreCursor, behind, cursor_of
from opps.api.scores import MILLI
from opps.api.trend import ScoreChanged, score_changed
from opps.projections.score_trend import SCORE_TREND, ScoreItem

HEARTBEAT_S = 15.0
READ_AT_ONCE = 500


@strawberry.type(
    description="Everything up to here was sent. It comes once the past has been sent, and then "
    "now and again as a sign of life."
)
class StreamCaughtUp:
    cursor: ScoreCursor = strawberry.field(
        description="Subscribe again after it to miss nothing and get nothing twice."
    )
    position: Position = strawberry.field(description="The place in the log that is reached.")


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
class Subscription:
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
        views, tenant = info.context.services.views, info.context.viewer.tenant
        draining = info.context.services.draining
        reached = await views.position(tenant, SCORE_TREND.name)
        cursor = behind(reached) if after is None else cursor_of(after)
        live = False
        # The read model is the buffer: whoever is slow or comes back reads on from where they are.
        while not draining.begun:
            items = await views.score_items(tenant, cursor, READ_AT_ONCE)
            for item in items:
                cursor = item.cursor
                if wanted.lets_through(item):
                    yield score_changed(item)
            if len(items) == READ_AT_ONCE:
                continue
            news = live and await draining.unless(
                views.wait_for_change(tenant, HEARTBEAT_S, reached)
            )
            if not news:
                # Read before the items, so all that it covers was among them.
                yield StreamCaughtUp(cursor=ScoreCursor(str(reached)), position=Position(reached))
            live = True
            reached = await views.position(tenant, SCORE_TREND.name)


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
