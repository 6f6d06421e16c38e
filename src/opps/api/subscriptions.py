"""Live updates: every change of a score, in order, from any place on, with no gap."""

from collections.abc import AsyncIterable
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.caught_up import READ_AT_ONCE, Followed, StreamCaughtUp
from opps.api.context import Info
from opps.api.deals_meant import deals_meant
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable
from opps.api.event_news import EventNews
from opps.api.exception_news import ExceptionNews
from opps.api.scalars import ScoreCursor, cursor_of
from opps.api.scores import MILLI
from opps.api.tags import known_tags
from opps.api.teams import TEAM_ID
from opps.api.trend import ScoreChanged
from opps.api.zone_news import DangerZoneNews
from opps.domain.crossing import CrossingDirection, crosses
from opps.projections.score_trend import LINES, SCORE_TREND, ScoreItem
from opps.projections.score_trend import ScoreCursor as Cursor

enum_of(CrossingDirection)


@strawberry.input(description="A probability that a score crosses.")
class Crossing:
    probability: float = strawberry.field(
        description="The win probability, between 0 and 1. A score that reaches it is above it; "
        "the first score of an opportunity crosses nothing."
    )
    direction: CrossingDirection = strawberry.field(
        description="Which way it is crossed.", default=CrossingDirection.EITHER
    )


@strawberry.input(description="Which changes to send; what is absent does not matter.")
class ScoreFilter:
    opportunity_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only changes of these opportunities.", default=None
    )
    team_id: UUID | None = strawberry.field(description=TEAM_ID, default=None)
    min_points: float | None = strawberry.field(
        description="Only changes of at least so many points, up or down; 10 double the odds.",
        default=None,
    )
    crossing: Crossing | None = strawberry.field(
        description="Only changes that cross this probability.", default=None
    )
    causes: list[str] | None = strawberry.field(
        description="Only changes that these events led to, such as FactLearned.", default=None
    )


ScoreEvent = Annotated[
    ScoreChanged | StreamCaughtUp,
    strawberry.union("ScoreEvent", description="A change of a score, or that all were sent."),
]


@strawberry.type(
    description="Live updates, over WebSocket with `graphql-transport-ws` or as server-sent events."
)
class Subscription(EventNews, ExceptionNews, DangerZoneNews):
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
    ) -> AsyncIterable[ScoreEvent]:
        given = filter or ScoreFilter()
        wanted = _Wanted(given)
        deals = await deals_meant(info, given.opportunity_ids, given.team_id)
        services, tenant = info.context.services, info.context.viewer.tenant
        lines = _speaks_of_lines(info)

        async def read(behind: Cursor, reached: int) -> list[tuple[Cursor, ScoreChanged | None]]:
            # No further than what tells whose they are has got.
            until = reached if deals.read_from else None
            items = await services.groups.together.ask(
                ("scores", tenant, behind, reached, until, lines),
                lambda: services.views.score_items(
                    tenant, behind, READ_AT_ONCE, until=until, lines=lines
                ),
            )
            sent = await deals.places([one for one in items if wanted.lets_through(one)])
            return [
                (one.cursor, ScoreChanged(item=one) if one.cursor in sent else None)
                for one in items
            ]

        begin = None if after is None else cursor_of(after)
        projections = [SCORE_TREND.name, *deals.read_from]
        return Followed(services, tenant, projections, begin, read)


def _speaks_of_lines(info: Info) -> bool:
    """Tell whether the document may ask for what each objective adds or moved."""
    place = info._raw_info.operation.loc
    return place is None or any(name in place.source.body for name in LINES)


class _Wanted:
    """What a filter lets through, of whichever opportunity."""

    def __init__(self, filter_: ScoreFilter) -> None:
        causes = known_tags(filter_.causes)
        self._causes = None if causes is None else frozenset(causes)
        self._milli_points = MILLI * (filter_.min_points or 0)
        self._crossing = filter_.crossing
        if self._crossing is not None and not 0 < self._crossing.probability < 1:
            raise NotAcceptable("no score crosses 0 or 1: name a probability between the two")

    def lets_through(self, item: ScoreItem) -> bool:
        """Tell whether an item is to be sent."""
        if self._causes is not None and item.cause not in self._causes:
            return False
        if abs(item.milli_points_change) < self._milli_points:
            return False
        at = self._crossing
        return at is None or crosses(item.p_before, item.p, at.probability, at.direction)
