"""Timelines in the schema: of an opportunity, an evaluator, an account or a seller."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import strawberry
from msgspec.structs import replace
from strawberry.dataloader import DataLoader

from opps.api.connections import After, Connection, First, page_of, page_size, place
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable
from opps.api.facts import FactKind
from opps.api.moments import ToldBy, told_by_position
from opps.api.reading import HEAD, Key, Moment
from opps.api.scalars import Position
from opps.api.scores import MILLI
from opps.api.tags import known_tags
from opps.api.timeline_line import TimelineEntry, timeline_entry
from opps.domain.beliefs import View
from opps.domain.catalogue import Objective
from opps.domain.opportunity.lenses import AsKnown
from opps.domain.times import UnreadableTime, zone_of
from opps.projections import timelines
from opps.projections.scopes import LineFilter, Said, Scope, Until
from opps.projections.timeline_row import TimelineRow
from opps.projections.timelines import Asked, Group, GroupBy
from opps.projections.views import Axis

for _enum in (Axis, GroupBy, Said):
    enum_of(_enum)

Along = Annotated[Axis, strawberry.argument(description="The time that orders it.")]
By = Annotated[GroupBy, strawberry.argument(description="What to put together.")]
Told = Annotated[
    ToldBy | None,
    strawberry.argument(description="As told by then; all that is shown now when absent."),
]
DaysOf = Annotated[
    str, strawberry.argument(description="The zone in which days begin, such as Europe/Madrid.")
]


@strawberry.input(description="Which lines to show; what is absent does not matter.")
class TimelineFilter:
    objectives: list[Objective] | None = strawberry.field(
        description="Only lines about these objectives.", default=None
    )
    kinds: list[FactKind] | None = strawberry.field(
        description="Only lines about facts of these kinds.", default=None
    )
    tags: list[str] | None = strawberry.field(
        description="Only events of these names, such as FactLearned.", default=None
    )
    since: datetime | None = strawberry.field(
        description="Only lines from this instant on, by the time that orders them.", default=None
    )
    until: datetime | None = strawberry.field(
        description="Only lines before this instant, by the time that orders them.", default=None
    )
    late: bool | None = strawberry.field(
        description="Only late arrivals, or only what was recorded within a day.", default=None
    )


Wanted = Annotated[TimelineFilter | None, strawberry.argument(description="Which lines to show.")]


class Part(NamedTuple):
    """Lines of one group to read: how many, from behind which position."""

    key: str
    size: int
    after: int | None


@strawberry.type(
    description="Lines that belong together. Nothing is left out: `lines` holds each of them."
)
class TimelineGroup:
    loader: strawberry.Private[DataLoader[Part, list[TimelineRow]]]
    key: strawberry.Private[str]
    day: date | None = strawberry.field(description="Their day, where they go by day.")
    command_id: UUID | None = strawberry.field(
        description="The command that told them, where they go by command."
    )
    objective: Objective | None = strawberry.field(
        description="Their objective, where they go by objective; null for those without one."
    )
    line_count: int = strawberry.field(description="How many lines there are.")
    late_count: int = strawberry.field(description="How many of them came late.")
    points: float = strawberry.field(
        description="What all of them did to the scores of their opportunities, in points."
    )
    milli_points: int = strawberry.field(description="The same in thousandths, exact.")
    first_at: datetime = strawberry.field(
        description="The first instant of them, by the time that orders them."
    )
    last_at: datetime = strawberry.field(description="The last one.")

    @strawberry.field(description="The lines, oldest first.")
    async def lines(self, first: First = None, after: After = None) -> Connection[TimelineEntry]:
        size, behind = page_size(first), _behind(after)
        rows = await self.loader.load(Part(self.key, size, behind))
        return page_of(_entries(rows), size, begun=behind is not None)


@strawberry.type(description="One page of a timeline, and the whole of it in groups.")
class TimelineConnection(Connection[TimelineEntry]):
    asked: strawberry.Private[Asked]

    @strawberry.field(
        description="The position of the log that it is told by: ask again at it, and the answer "
        "is the same."
    )
    def as_of_position(self) -> Position:
        return Position(self.asked.until.position)

    @strawberry.field(
        description="How many lines there are in all pages; counted only when asked for."
    )
    async def total_count(self, info: Info) -> int:
        views = info.context.services.views
        return await timelines.count(views.reading, info.context.viewer.tenant, self.asked)

    @strawberry.field(
        description="The same lines put together: a view of them that loses none. By DAY and by "
        "COMMAND the oldest come first."
    )
    async def groups(
        self,
        info: Info,
        by: By,
        zone: DaysOf = "UTC",
        first: First = None,
        after: After = None,
    ) -> Connection[TimelineGroup]:
        try:
            zone_of(zone)
        except UnreadableTime as error:
            raise NotAcceptable(str(error)) from None
        return await _groups(info, replace(self.asked, zone=zone), by, first, after)


async def timeline_of(
    info: Info,
    scope: Scope,
    axis: Axis,
    wanted: TimelineFilter | None,
    until: Until,
    first: int | None,
    after: str | None,
) -> TimelineConnection:
    """Return a page of a timeline along an axis, oldest first."""
    size, behind = page_size(first), _behind(after)
    asked = Asked(scope=scope, axis=axis, until=until, wanted=_filter(wanted))
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    rows = await timelines.lines(reading, tenant, asked, behind, size + 1)
    page = page_of(_entries(rows), size, begun=behind is not None)
    return TimelineConnection(
        shown=page.shown, nodes=page.nodes, page_info=page.page_info, asked=asked
    )


async def until_of(info: Info, opportunity_id: UUID, moment: Moment = HEAD) -> Until:
    """Return up to where the lines of an opportunity go at a moment.

    Raises:
        NotAcceptable: the read models do not show that position within ten seconds.
    """
    position = await _shown(info, moment.position)
    if not isinstance(moment.lens, AsKnown):
        return Until(position=position)
    lens, pictures = moment.lens, info.context.reading.pictures
    whole = await pictures.load(Key(opportunity_id, Moment(position)))
    view = View(known_at=lens.at, position=position, reading=lens.reading)
    histories = whole.state.histories.values() if whole else ()
    redated = {
        one.fact_id: one.reached(view) for of in histories for one in of.beliefs if one.redated
    }
    return Until(position=position, known_at=lens.at, reading=lens.reading, redated=redated)


async def told_until(info: Info, told_by: ToldBy | None) -> Until:
    """Return up to where lines go that are told by then.

    Raises:
        NotAcceptable: it does not exist yet, or is not shown within some seconds.
    """
    given = None if told_by is None else await told_by_position(info, told_by)
    return Until(position=await _shown(info, given))


async def _shown(info: Info, position: int | None) -> int:
    end = await info.context.lines.ends.load(position)
    if end is None:
        message = f"Position {position} is not shown yet: ask again in a moment."
        raise NotAcceptable(message, "NOT_YET")
    return end


async def _groups(
    info: Info, asked: Asked, by: GroupBy, first: int | None, after: str | None
) -> Connection[TimelineGroup]:
    size = page_size(first)
    behind = None if after is None else _group_place(after, by)
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    found = await timelines.groups(reading, tenant, asked, by, behind, size + 1)
    shown = found[:size]

    async def load(parts: list[Part]) -> list[list[TimelineRow]]:
        return await _parts(info, asked, by, shown, parts)

    loader = DataLoader(load)
    items = [(one.place, _group(one, by, loader)) for one in found]
    return page_of(items, size, begun=after is not None)


async def _parts(
    info: Info, asked: Asked, by: GroupBy, shown: Sequence[Group], parts: list[Part]
) -> list[list[TimelineRow]]:
    """Return lines of groups: those that begin alike by one statement."""
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    groups = {one.key: one for one in shown}
    alike: dict[tuple[int, int | None], list[Group]] = defaultdict(list)
    for one in parts:
        alike[one.size, one.after].append(groups[one.key])
    found = {
        (size, after): await timelines.lines_of_groups(
            reading, tenant, asked, by, of, after, size + 1
        )
        for (size, after), of in alike.items()
    }
    return [found[one.size, one.after][one.key] for one in parts]


def _group(of: Group, by: GroupBy, loader: DataLoader[Part, list[TimelineRow]]) -> TimelineGroup:
    objective = Objective(of.key) if by is GroupBy.OBJECTIVE and of.key else None
    return TimelineGroup(
        loader=loader,
        key=of.key,
        day=date.fromisoformat(of.key) if by is GroupBy.DAY else None,
        command_id=UUID(of.key) if by is GroupBy.COMMAND else None,
        objective=objective,
        line_count=of.lines,
        late_count=of.late,
        points=of.milli_points / MILLI,
        milli_points=of.milli_points,
        first_at=of.first_at,
        last_at=of.last_at,
    )


def _group_place(cursor: str, by: GroupBy) -> str:
    if by is not GroupBy.DAY:
        return str(place(cursor))
    try:
        return date.fromisoformat(cursor).isoformat()
    except ValueError:
        message = f"{cursor!r} is no cursor of these groups: use one that they gave you"
        raise NotAcceptable(message) from None


def _entries(rows: Sequence[TimelineRow]) -> list[tuple[str, TimelineEntry]]:
    return [(str(row.position), timeline_entry(row)) for row in rows]


def _behind(after: str | None) -> int | None:
    return None if after is None else place(after)


def _filter(given: TimelineFilter | None) -> LineFilter:
    if given is None:
        return LineFilter()
    return LineFilter(
        objectives=given.objectives,
        kinds=None if given.kinds is None else [one.value for one in given.kinds],
        tags=known_tags(given.tags),
        since=given.since,
        before=given.until,
        late=given.late,
    )
