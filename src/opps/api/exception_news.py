"""The inbox live: every change of an exception, in order, from any place on, with no gap."""

from collections.abc import AsyncIterable, Mapping
from typing import Annotated, get_args
from uuid import UUID

import strawberry

from opps.api.caught_up import READ_AT_ONCE, Followed, StreamCaughtUp
from opps.api.context import Info
from opps.api.exceptions import ExceptionType
from opps.api.inbox import ExceptionFilter, found_in_inbox
from opps.api.scalars import Position, behind
from opps.domain.events import ExceptionEvent
from opps.eventstore import LoggedEvent
from opps.projections.board import BOARD
from opps.projections.exceptions import EXCEPTIONS
from opps.projections.score_trend import ScoreCursor as Cursor

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
    def exception_changed(
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
    ) -> AsyncIterable[ExceptionNewsItem]:
        wanted = filter or ExceptionFilter(open=None)
        services, tenant = info.context.services, info.context.viewer.tenant
        log = services.application.log

        async def read(
            behind_: Cursor, reached: int
        ) -> list[tuple[Cursor, ExceptionChanged | None]]:
            place = behind_.position
            # No further than the read model shows: an exception is sent as it stands there.
            events = await services.groups.together.ask(
                ("exceptions", tenant, place, reached),
                lambda: log.aside(log.read, tenant, place, READ_AT_ONCE, until=reached, tags=TAGS),
            )
            standing = await found_in_inbox(info, {one.stream for one in events}, wanted)
            return [(behind(one.position), _changed(one, standing)) for one in events]

        begin = None if after is None else behind(after)
        return Followed(services, tenant, [EXCEPTIONS.name, BOARD.name], begin, read)


def _changed(event: LoggedEvent, standing: Mapping[UUID, ExceptionType]) -> ExceptionChanged | None:
    exception = standing.get(event.stream)
    if exception is None:
        return None
    return ExceptionChanged(
        position=Position(event.position), change=event.tag, exception=exception
    )
