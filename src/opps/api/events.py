"""The log in the schema: every event, as it was recorded."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Optional, get_args
from uuid import UUID

import msgspec
import strawberry
from strawberry.scalars import JSON

from opps.api.connections import Connection, page_of, page_size, place
from opps.api.context import Context, Info
from opps.api.derive import sentence_of
from opps.api.errors import node_argument
from opps.api.identity import Viewer
from opps.api.ids import NodeType
from opps.api.outputs import FactContent, LearnedTime
from opps.api.parties import node_id
from opps.api.policies.log import shows, shows_again
from opps.api.policies.relations import NotForWhoReplays
from opps.api.scalars import Position
from opps.api.tags import known_tags
from opps.application.coaching import unseen_gaps
from opps.domain.events import CoachingEvent, Event, FactLearned, OpportunityEvent, PrivacyEvent
from opps.domain.privacy.decide import LOOKING
from opps.domain.recorded import Recorded
from opps.eventstore import LoggedEvent
from opps.projections.steps import OPPORTUNITY

_OF_GAPS = frozenset(one.__name__ for one in get_args(CoachingEvent))
# Read at once where much is passed over.
_WINDOW = 1_000


@strawberry.type(description="Who acted.")
class Actor:
    principal: strawberry.ID = strawberry.field(description="The person or program that acted.")
    role: str = strawberry.field(description="In which role.")
    on_behalf_of: strawberry.ID | None = strawberry.field(description="For whom, if not itself.")
    via: str = strawberry.field(
        description="Which way the command came in: GRAPHQL, IMPORT, INTEGRATION or SYSTEM."
    )


@strawberry.type(
    name="Event",
    description="Something that happened. An event is never changed, and never deleted.",
)
class EventType:
    recorded: strawberry.Private[Recorded[Event]]

    @strawberry.field(description="Its id.")
    def event_id(self) -> UUID:
        return self.recorded.event_id

    @strawberry.field(description="What happened: the stable name of the event.")
    def tag(self) -> str:
        tag = getattr(self.recorded.event, "tag", None)
        return tag if isinstance(tag, str) else type(self.recorded.event).__name__

    @strawberry.field(description="What such an event says.")
    def meaning(self) -> str:
        return sentence_of(type(self.recorded.event))

    @strawberry.field(description="Place in the log of the organisation.")
    def position(self) -> Position:
        return Position(self.recorded.position)

    @strawberry.field(description="Place in the history of its own object, from 0 on.")
    def version(self) -> int:
        return self.recorded.version

    @strawberry.field(description="The opportunity it happened to; null for other objects.")
    def opportunity_id(self) -> strawberry.ID | None:
        if not isinstance(self.recorded.event, OpportunityEvent):
            return None
        return node_id(NodeType.OPPORTUNITY, self.recorded.stream)

    @strawberry.field(description="When it was recorded: the system's own time.")
    def recorded_at(self) -> datetime:
        return self.recorded.recorded_at

    @strawberry.field(description="When the source system says that it recorded this.")
    def source_recorded_at(self) -> datetime | None:
        return self.recorded.metadata.source_recorded_at

    @strawberry.field(
        description="When our side came to know of it.",
        graphql_type=Optional[LearnedTime],  # noqa: UP045 - read from the domain's own type
    )
    def learned(self) -> Any:
        return getattr(self.recorded.event, "learned", None)

    @strawberry.field(description="The command that led to it.")
    def command_id(self) -> UUID:
        return self.recorded.command_id

    @strawberry.field(description="Who acted.")
    def actor(self) -> Actor:
        actor = self.recorded.metadata.actor
        behalf = actor.on_behalf_of
        return Actor(
            principal=node_id(NodeType.PERSON, actor.principal),
            role=actor.role,
            on_behalf_of=node_id(NodeType.PERSON, behalf) if behalf else None,
            via=actor.via,
        )

    @strawberry.field(
        description="The fact that was learned, of a FactLearned.",
        graphql_type=Optional[FactContent],  # noqa: UP045 - a derived union
    )
    def fact(self) -> Any:
        event = self.recorded.event
        return event.fact if isinstance(event, FactLearned) else None

    @strawberry.field(
        description="Everything that the event says, under its stored names; personal data is "
        "readable, or marked as redacted. What was decided about erasures is for those who look at "
        "them."
    )
    def content(self, info: Info) -> JSON:
        role = info.context.viewer.actor.role
        if isinstance(self.recorded.event, PrivacyEvent) and role not in LOOKING:
            # Notes and reasons are for those who look at erasures, whichever way they take.
            return JSON({"withheld": f"from all but {', '.join(LOOKING)}"})
        if info.context.touched is not None:
            info.context.touched.note_event(self.recorded.event, info._raw_info)
        return JSON(msgspec.to_builtins(self.recorded.event))


@strawberry.input(description="Which events to show; what is absent does not matter.")
class EventFilter:
    tags: list[str] | None = strawberry.field(
        description="Only events of these names, such as FactLearned.", default=None
    )
    opportunity_id: strawberry.ID | None = strawberry.field(
        description="Only events of this opportunity.", default=None
    )


async def read_events(
    info: Info, after: str | None, filter_: EventFilter | None, first: int | None
) -> Connection[EventType]:
    """Return events behind a position, in the order of the log.

    What is told of a gap is for those who take part in the coaching, and what is told of access
    for those who answer for it, whichever way they ask.
    """
    size, behind = page_size(first), place(after)
    wanted = filter_ or EventFilter()
    tags = known_tags(wanted.tags)
    reading, log = info.context.reading, info.context.services.application.log
    if wanted.opportunity_id is None:
        logged = await _seen(info, behind, size + 1, tags)
    else:
        stream = node_argument(NodeType.OPPORTUNITY, wanted.opportunity_id)
        every = await log.aside(log.stream, reading.tenant, stream)
        if every and every[0].tag not in OPPORTUNITY.tags:
            every = []  # the id of something else
        kept = [one for one in every if one.position > behind]
        told = [one for one in kept if tags is None or one.tag in tags][: size + 1]
        logged = await without_unseen(info, told)
    items = [(str(one.position), EventType(recorded=one)) for one in reading.readable(logged)]
    return page_of(items, size, begun=behind > 0)


async def _seen(
    info: Info, behind: int, limit: int, tags: Sequence[str] | None
) -> Sequence[LoggedEvent]:
    """Return so many events of the log that whoever asks may see, if there are as many."""
    log, tenant = info.context.services.application.log, info.context.viewer.tenant
    found: list[LoggedEvent] = []
    window = limit
    while len(found) < limit:
        some = await log.aside(log.read, tenant, behind, window, until=None, tags=tags)
        found += await without_unseen(info, some)
        if len(some) < window:
            break
        behind, window = some[-1].position, _WINDOW
    return found[:limit]


async def without_unseen(info: Info, logged: Sequence[LoggedEvent]) -> Sequence[LoggedEvent]:
    """Return stored events without those that whoever asks may not see.

    Raises:
        NotForWhoReplays: they were seen then, and are not for whoever has them shown again.
    """
    context = info.context
    seen = await _seen_by(context, context.viewer, logged, shows)
    again = context.shown_to
    if again is not None and seen != await _seen_by(context, again, seen, shows_again):
        raise NotForWhoReplays("events")
    return seen


async def _seen_by(
    context: Context,
    viewer: Viewer,
    logged: Sequence[LoggedEvent],
    shown_to: Callable[[str, str], bool],
) -> Sequence[LoggedEvent]:
    shown = [one for one in logged if shown_to(one.tag, viewer.actor.role)]
    gaps = {one.stream for one in shown if one.tag in _OF_GAPS}
    unseen = await unseen_gaps(context.services.application, viewer.tenant, viewer.actor, gaps)
    return [one for one in shown if one.stream not in unseen]
