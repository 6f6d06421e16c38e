"""The inbox live: every change of an exception, in order, from any place on, with no gap."""

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic
from typing import Annotated, get_args

import strawberry

from opps.api.caught_up import AWAY_S, HEARTBEAT_S, READ_AT_ONCE, StreamCaughtUp, news
from opps.api.context import Info
from opps.api.exceptions import ExceptionType
from opps.api.inbox import ExceptionFilter, found_in_inbox
from opps.api.scalars import Position, behind, text_of
from opps.domain.events import ExceptionEvent
from opps.eventstore import LogUnavailable
from opps.projections.exceptions import EXCEPTIONS

TAGS = tuple(kind.__name__ for kind in get_args(ExceptionEvent))


@strawberry.type(description="Something happened to an exception.")
class ExceptionChanged:
    position: Position = strawberry.field(
        description="Place in the log: subscribe again after it to miss nothing."
    )
    change: str = strawberry.field(description="What happened: the stable name of the event.")
    exception: ExceptionType = strawberry.field(
        description="The exception as it stands now, later changes included."
    )


ExceptionNewsItem = Annotated[
    ExceptionChanged | StreamCaughtUp,
    strawberry.union(
        "ExceptionNews", description="A change of an exception, or that all were sent."
    ),
]


@strawberry.type
class ExceptionNews:
    @strawberry.subscription(
        description="Every change of an exception, in the order of the log and with no gap. After "
        "a lost connection, subscribe again after the last position."
    )
    async def exception_changed(
        self,
        info: Info,
        filter: Annotated[
            ExceptionFilter | None,
            strawberry.argument(
                description="Which changes to send, by how the exception stands now; all of them "
                "when absent."
            ),
        ] = None,
        after: Annotated[
            Position | None,
            strawberry.argument(
                description="Send what comes behind this position; 0 sends everything. Only "
                "what happens from now on when absent."
            ),
        ] = None,
    ) -> AsyncGenerator[ExceptionNewsItem, None]:
        async for told in _followed(info, filter or ExceptionFilter(open=None), after):
            yield told


async def _followed(
    info: Info, wanted: ExceptionFilter, after: Position | None
) -> AsyncGenerator[ExceptionChanged | StreamCaughtUp, None]:
    """Yield every change of an exception behind a position, and where the present is reached.

    The log is the buffer, and is read no further than the read model shows it.
    """
    services, tenant = info.context.services, info.context.viewer.tenant
    log, views, draining = services.application.log, services.views, services.draining
    place, told_s = after, -HEARTBEAT_S
    while not draining.begun:
        try:
            reached = await views.position(tenant, EXCEPTIONS.name)
            if place is None:
                place = Position(reached)
            events = await log.aside(
                log.read, tenant, place, READ_AT_ONCE, until=reached, tags=TAGS
            )
            standing = await found_in_inbox(info, {one.stream for one in events}, wanted)
        except LogUnavailable:
            await draining.unless(asyncio.sleep(AWAY_S))
            continue
        for event in events:
            place = Position(event.position)
            if event.stream in standing:
                yield ExceptionChanged(
                    position=place, change=event.tag, exception=standing[event.stream]
                )
        if len(events) < READ_AT_ONCE:
            place = Position(max(place, reached))
            if monotonic() - told_s >= HEARTBEAT_S:
                told_s = monotonic()
                yield StreamCaughtUp(cursor=text_of(behind(place)), position=place)
            await draining.unless(news(views, tenant, place))
