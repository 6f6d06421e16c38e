"""The log live: every event, in order, from any place on, with no gap."""

from collections.abc import AsyncIterable
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.caught_up import READ_AT_ONCE, Followed, StreamCaughtUp
from opps.api.context import Info
from opps.api.deals_meant import deals_meant
from opps.api.events import EventType, without_unseen
from opps.api.scalars import Position, behind
from opps.api.tags import known_tags
from opps.api.teams import TEAM_ID
from opps.projections.score_trend import ScoreCursor as Cursor
from opps.projections.steps import OPPORTUNITY


@strawberry.input(description="Which events to send; what is absent does not matter.")
class EventNewsFilter:
    tags: list[str] | None = strawberry.field(
        description="Only events of these names, such as FactLearned.", default=None
    )
    opportunity_ids: list[strawberry.ID] | None = strawberry.field(
        description="Only events of these opportunities.", default=None
    )
    team_id: UUID | None = strawberry.field(description=TEAM_ID, default=None)


EventNewsItem = Annotated[
    EventType | StreamCaughtUp,
    strawberry.union("EventNews", description="An event, or that all were sent."),
]


@strawberry.type
class EventNews:
    @strawberry.subscription(
        description="Every event, in the order of the log and with no gap, once every list shows "
        "it. What the query `events` does not show is not sent. After a lost connection, subscribe "
        "again after the last position."
    )
    async def events(
        self,
        info: Info,
        filter: Annotated[
            EventNewsFilter | None, strawberry.argument(description="Which events to send.")
        ] = None,
        after: Annotated[
            Position | None,
            strawberry.argument(
                description="Send what comes behind this position; 0 sends everything. Only "
                "what happens from now on when absent."
            ),
        ] = None,
    ) -> AsyncIterable[EventNewsItem]:
        given = filter or EventNewsFilter()
        tags = known_tags(given.tags)
        deals = await deals_meant(info, given.opportunity_ids, given.team_id)
        services, viewer = info.context.services, info.context.viewer
        log = services.application.log

        async def read(behind_: Cursor, reached: int) -> list[tuple[Cursor, EventType | None]]:
            place = behind_.position
            found = await services.groups.together.ask(
                ("events", viewer.tenant, place, reached, repr(tags)),
                lambda: log.aside(
                    log.read, viewer.tenant, place, READ_AT_ONCE, until=reached, tags=tags
                ),
            )
            logged = found
            if not deals.every:
                of_deals = [one for one in found if one.tag in OPPORTUNITY.tags]
                meant = await deals.among({one.stream for one in of_deals})
                logged = [one for one in of_deals if one.stream in meant]
            seen = info.context.reading.readable(await without_unseen(info, logged))
            shown = {one.position: EventType(recorded=one) for one in seen}
            return [(behind(one.position), shown.get(one.position)) for one in found]

        begin = None if after is None else behind(after)
        # No further than every list: whoever hears of an event finds what it led to.
        return Followed(services, viewer.tenant, [], begin, read)
