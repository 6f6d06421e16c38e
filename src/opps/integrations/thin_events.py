"""What happened, in so few words that nothing personal is in it: who may know more asks the API."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

import msgspec
from msgspec import Struct

from opps.domain.events import TAGS, OpportunityEvent
from opps.domain.recorded import Metadata
from opps.eventstore import LoggedEvent
from opps.integrations.cloud_events import (
    JSON,
    SPECVERSION,
    happened_at,
    sequence_of,
    source_of,
    type_of,
)
from opps.projections.danger_zones import ZoneItem
from opps.projections.score_trend import ScoreItem

CONTENT_TYPE = "application/cloudevents+json"
SCORE_CHANGED = type_of("ScoreChanged")
DANGER_ZONE_CHANGED = type_of("DangerZoneChanged")
PING = type_of("Ping")

_ORDINAL_DIGITS = 9
_MILLI = 1_000
_METADATA = msgspec.json.Decoder(Metadata)


class Data(Struct, frozen=True, kw_only=True, rename="camel"):
    """The places of what happened: its position in the log, and the opportunity if it is of one."""

    position: int
    opportunity_id: UUID | None


class EventData(Data, frozen=True, kw_only=True, rename="camel"):
    """A domain event: its stored name, and its place among those of the same stream."""

    tag: str
    stream: UUID
    version: int


class ScoreThen(Struct, frozen=True, kw_only=True):
    """A score as the API's `ScorePoint` tells it: 10 points double the odds."""

    p: float
    low: float
    high: float
    points: float


class ScoreData(Data, frozen=True, kw_only=True, rename="camel"):
    """A change of a score, in the words of `ScoreChanged` of the API."""

    cursor: str
    cause: str
    event_id: UUID
    model: str
    before: ScoreThen | None
    after: ScoreThen
    points: float
    milli_points: int


class ZoneData(Data, frozen=True, kw_only=True, rename="camel"):
    """A danger zone that opened or closed, in the words of `DangerZoneChange` of the API."""

    cursor: str
    cause: str
    event_id: UUID
    zone: str
    opened: bool
    severity: str


class PingData(Struct, frozen=True, kw_only=True, rename="camel"):
    """Nothing happened: somebody tries whether messages arrive."""

    endpoint_id: UUID


class ThinEvent(Struct, frozen=True, kw_only=True):
    """A CloudEvent 1.0 with ids, places and numbers in it, and no word that somebody wrote.

    `sequence` is in the order of the log also as a text; what has the same `partitionkey` is
    about the same opportunity, or the same other stream.
    """

    specversion: str = SPECVERSION
    id: UUID
    source: str
    type: str
    subject: UUID
    time: datetime
    datacontenttype: str = JSON
    sequence: str
    partitionkey: UUID
    recordedtime: datetime
    data: EventData | ScoreData | ZoneData | PingData

    @property
    def body(self) -> bytes:
        """The bytes that are sent, and signed."""
        return msgspec.json.encode(self)


def thin(tenant: UUID, what: LoggedEvent | ScoreItem | ZoneItem) -> ThinEvent:
    """Return what happened as a thin event; its id is that of the event or item, for ever."""
    match what:
        case ScoreItem():
            return _of_score(tenant, what)
        case ZoneItem():
            return _of_zone(tenant, what)
        case LoggedEvent():
            return _of_event(tenant, what)
        case _:
            assert_never(what)


def ping(tenant: UUID, message_id: UUID, endpoint_id: UUID, at: datetime) -> ThinEvent:
    """Return an event that only tries an endpoint."""
    return ThinEvent(
        id=message_id,
        source=source_of(tenant),
        type=PING,
        subject=endpoint_id,
        time=at,
        sequence=sequence_of(0),
        partitionkey=endpoint_id,
        recordedtime=at,
        data=PingData(endpoint_id=endpoint_id),
    )


def _of_event(tenant: UUID, event: LoggedEvent) -> ThinEvent:
    kind = TAGS.get(event.tag)
    of_opportunity = kind is not None and issubclass(kind, OpportunityEvent)
    return ThinEvent(
        id=event.event_id,
        source=source_of(tenant),
        type=type_of(event.tag),
        subject=event.stream,
        time=happened_at(event, _METADATA.decode(event.metadata)),
        sequence=sequence_of(event.position),
        partitionkey=event.stream,
        recordedtime=event.recorded_at,
        data=EventData(
            position=event.position,
            opportunity_id=event.stream if of_opportunity else None,
            tag=event.tag,
            stream=event.stream,
            version=event.version,
        ),
    )


def _of_score(tenant: UUID, item: ScoreItem) -> ThinEvent:
    return ThinEvent(
        id=item.id,
        source=source_of(tenant),
        type=SCORE_CHANGED,
        subject=item.opportunity_id,
        time=item.learned_at,
        sequence=_sequence(item, "score"),
        partitionkey=item.opportunity_id,
        recordedtime=item.recorded_at,
        data=ScoreData(
            position=item.position,
            opportunity_id=item.opportunity_id,
            cursor=str(item.cursor),
            cause=item.cause,
            event_id=item.event_id,
            model=item.model,
            before=_before(item),
            after=_then(item.p, item.low, item.high, item.milli_points),
            points=item.milli_points_change / _MILLI,
            milli_points=item.milli_points_change,
        ),
    )


def _before(item: ScoreItem) -> ScoreThen | None:
    """Return the score before an item; there is none before the opening."""
    p, low, high = item.p_before, item.low_before, item.high_before
    milli_points = item.milli_points_before
    if p is None or low is None or high is None or milli_points is None:
        return None
    return _then(p, low, high, milli_points)


def _then(p: float, low: float, high: float, milli_points: int) -> ScoreThen:
    return ScoreThen(p=p, low=low, high=high, points=milli_points / _MILLI)


def _of_zone(tenant: UUID, item: ZoneItem) -> ThinEvent:
    return ThinEvent(
        id=item.id,
        source=source_of(tenant),
        type=DANGER_ZONE_CHANGED,
        subject=item.opportunity_id,
        time=item.happened_at,
        sequence=_sequence(item, "zone"),
        partitionkey=item.opportunity_id,
        recordedtime=item.recorded_at,
        data=ZoneData(
            position=item.position,
            opportunity_id=item.opportunity_id,
            cursor=str(item.cursor),
            cause=item.cause,
            event_id=item.event_id,
            zone=item.zone,
            opened=item.opened,
            severity=item.severity,
        ),
    )


def _sequence(item: ScoreItem | ZoneItem, kind: str) -> str:
    """Return a place behind that of the event: what an event led to comes after it."""
    return f"{sequence_of(item.position)}.{kind}.{str(item.ordinal).zfill(_ORDINAL_DIGITS)}"
