"""What there is to tell an endpoint, read from the log and what it led to, in one order."""

from collections.abc import Iterator, Sequence, Set
from uuid import UUID

from msgspec import Struct

from opps.application import Application
from opps.domain.webhooks.state import Endpoint
from opps.domain.webhooks.types import SCORE_CHANGED, ZONE_CHANGED, tags_among, wants
from opps.eventstore import LoggedEvent
from opps.eventstore.transfer import restore_stream
from opps.eventstore.webhook_rows import LAST_KIND, Lane, Place
from opps.integrations.thin_events import thin
from opps.projections.board import BOARD
from opps.projections.danger_zones import DANGER_ZONES, ZoneItem
from opps.projections.listing import BoardFilter
from opps.projections.score_trend import SCORE_TREND, ScoreCursor, ScoreItem
from opps.projections.views import Views
from opps.projections.zones_view import zone_items

READ_AT_ONCE = 100
_EVENT, _SCORE, _ZONE = 0, 1, 2

What = LoggedEvent | ScoreItem | ZoneItem


class Message(Struct, frozen=True, kw_only=True):
    """Something to tell; the subject is the opportunity, or the other stream that it is about."""

    message_id: UUID
    subject: UUID
    type: str
    position: int
    body: str


class Page(Struct, frozen=True, kw_only=True):
    """Some messages in order, up to which place these are all, and whether more may follow."""

    messages: Sequence[Message]
    place: Place
    full: bool


class Outbox:
    """Reads what happened: from the log alone where nobody wants scores, danger zones or teams."""

    def __init__(self, application: Application, views: Views, at_once: int = READ_AT_ONCE) -> None:
        self._application, self._views, self._at_once = application, views, at_once
        self._log = application.log

    async def beginning(self, tenant: UUID, endpoint: Endpoint) -> Lane:
        """Return the lane of an endpoint that was told nothing yet: from its registration on.

        In a log that was restored, from the restoration on: what was told before, nobody knows.
        """
        told = await self._log.aside(
            self._log.stream, tenant, restore_stream(tenant), newest_first=True, limit=1
        )
        position = max([endpoint.position, *(one.position for one in told)])
        return Lane(lane_id=endpoint.endpoint_id, position=position, kind=LAST_KIND, ordinal=0)

    async def reached(self, tenant: UUID, endpoint: Endpoint) -> int:
        """Return up to where all that an endpoint wants can be read."""
        names = {
            SCORE_TREND.name: wants(endpoint.types, SCORE_CHANGED),
            DANGER_ZONES.name: wants(endpoint.types, ZONE_CHANGED),
            BOARD.name: endpoint.team_id is not None,
        }
        if any(names.values()):
            return await self._views.position(tenant, *(one for one in names if names[one]))
        head = await self._log.aside(self._log.head, tenant)
        return 0 if head is None else head.size

    async def page(self, tenant: UUID, endpoint: Endpoint, lane: Lane) -> Page:
        """Return what comes next in a lane, of what the endpoint wants."""
        last, after = await self.reached(tenant, endpoint), lane.place
        if lane.until is not None:
            last = min(last, lane.until)
        if last < after.position:
            return Page(messages=(), place=after, full=False)
        found = [
            await self._events(tenant, endpoint, after, last),
            await self._scores(tenant, endpoint, after, last),
            await self._zones(tenant, endpoint, after, last),
        ]
        full = [one[-1][0] for one in found if len(one) >= self._at_once]
        bound = min(full, default=max(after, Place(last, LAST_KIND, 0)))
        merged = sorted((one for some in found for one in some), key=lambda one: one[0])
        whole = [what for place, what in merged if place <= bound]
        wanted = await self._wanted(tenant, endpoint, whole)
        messages = [one for one in (_message(tenant, it) for it in wanted) if _is_meant(one, lane)]
        return Page(messages=messages, place=bound, full=bool(full))

    async def _events(
        self, tenant: UUID, endpoint: Endpoint, after: Place, last: int
    ) -> list[tuple[Place, What]]:
        tags = tags_among(endpoint.types)
        if not tags or last <= after.position:
            return []
        read = await self._log.aside(
            self._log.read, tenant, after.position, self._at_once, until=last, tags=sorted(tags)
        )
        return [(Place(one.position, _EVENT, 0), one) for one in read]

    async def _scores(
        self, tenant: UUID, endpoint: Endpoint, after: Place, last: int
    ) -> list[tuple[Place, What]]:
        if not wants(endpoint.types, SCORE_CHANGED):
            return []
        behind = _behind(after, _SCORE)
        read = await self._views.score_items(tenant, behind, self._at_once)
        return list(_placed(read, _SCORE, last))

    async def _zones(
        self, tenant: UUID, endpoint: Endpoint, after: Place, last: int
    ) -> list[tuple[Place, What]]:
        if not wants(endpoint.types, ZONE_CHANGED):
            return []
        behind = _behind(after, _ZONE)
        read = await zone_items(self._views.reading, tenant, behind, self._at_once, until=last)
        return list(_placed(read, _ZONE, last))

    async def _wanted(
        self, tenant: UUID, endpoint: Endpoint, found: Sequence[What]
    ) -> Sequence[What]:
        """Return what is about the opportunities that an endpoint is told of, as owners are now."""
        if not endpoint.opportunity_ids and endpoint.team_id is None:
            return found
        meant: Set[UUID] = {_subject(one) for one in found}
        if endpoint.opportunity_ids:
            meant = meant & frozenset(endpoint.opportunity_ids)
        if endpoint.team_id is not None and meant:
            teams = await self._application.teams(tenant)
            members = teams.members(endpoint.team_id) if endpoint.team_id in teams.teams else ()
            wanted = BoardFilter(ids=sorted(meant), owners=sorted(members))
            rows = await self._views.board(tenant, wanted, limit=len(meant)) if members else []
            meant = {one.board.opportunity_id for one in rows}
        return [one for one in found if _subject(one) in meant]


def _behind(after: Place, kind: int) -> ScoreCursor:
    """Return the cursor of one kind of items behind a place among all."""
    if after.kind < kind:
        return ScoreCursor(after.position, -1)
    if after.kind == kind:
        return ScoreCursor(after.position, after.ordinal)
    return ScoreCursor(after.position + 1, -1)


def _placed(
    items: Sequence[ScoreItem] | Sequence[ZoneItem], kind: int, last: int
) -> Iterator[tuple[Place, What]]:
    for one in items:
        if one.position <= last:
            yield Place(one.position, kind, one.ordinal), one


def _subject(what: What) -> UUID:
    return what.stream if isinstance(what, LoggedEvent) else what.opportunity_id


def _is_meant(message: Message, lane: Lane) -> bool:
    return lane.only_message in (None, message.message_id)


def _message(tenant: UUID, what: What) -> Message:
    told = thin(tenant, what)
    return Message(
        message_id=told.id,
        subject=told.partitionkey,
        type=told.type,
        position=what.position,
        body=told.body.decode(),
    )
