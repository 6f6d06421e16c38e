"""Streams and notifications of the library, kept in the log.

The library counts an aggregate's events from 1 unless told otherwise, the log every stream from 0.
The first version of a stream is kept in the metadata of its events, as one byte if it is not 0.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProgrammingError,
    StoredEvent,
    Subscription,
)

from opps.eventstore.appends import NEW_STREAM, Append, Appended, LoggedEvent, NewEvent
from opps.eventstore.library.errors import library_errors
from opps.eventstore.library.subscription import LogSubscription
from opps.eventstore.log import Log

_REMEMBERED_STREAMS = 10_000


class LogAggregateRecorder(AggregateRecorder):
    """Records streams of stored events."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self.log = log
        self.tenant = tenant
        self._first_versions: dict[UUID, int] = {}

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Store events all or not at all; return nothing, as an aggregate recorder does.

        Raises:
            IntegrityError: another writer was faster, or the versions leave a gap.
            OperationalError: the database is away or too busy.
        """
        self._insert(stored_events)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return events of one stream, with versions as the library counts them."""
        stream = stream_id(originator_id)
        with library_errors():
            first = 0 if gt is None and lte is None else self._first_version(stream) or 0
            logged = self.log.stream(
                self.tenant,
                stream,
                NEW_STREAM if gt is None else gt - first,
                until_version=None if lte is None else lte - first,
                newest_first=desc,
                limit=limit,
            )
        return [
            StoredEvent(event.stream, library_version(event), event.tag, event.payload)
            for event in logged
        ]

    def _insert(self, stored_events: Sequence[StoredEvent]) -> Sequence[int] | None:
        if not stored_events:
            return None
        with library_errors():
            return positions(self.log.append_now(self._append(stored_events)))

    def _append(self, stored_events: Sequence[StoredEvent]) -> Append:
        expected: dict[UUID, int] = {}
        following: dict[UUID, int] = {}
        events: list[NewEvent] = []
        firsts: dict[UUID, int] = {}
        for stored in stored_events:
            stream = stream_id(stored.originator_id)
            if stream not in expected:
                firsts[stream] = self._first_version_for(stream, stored.originator_version)
                expected[stream] = stored.originator_version - firsts[stream] - 1
                following[stream] = stored.originator_version
            if stored.originator_version != following[stream]:
                raise IntegrityError(f"the versions of {stream} are not consecutive")
            following[stream] += 1
            events.append(_new_event(stream, firsts[stream], stored))
        return Append(
            tenant=self.tenant, command_id=uuid4(), expected=expected, events=tuple(events)
        )

    def _first_version_for(self, stream: UUID, version: int) -> int:
        """Return the first version of a stream that has or will have this one."""
        known = 0 if version == 0 else self._first_version(stream)
        if known is not None:
            return known
        if version != 1:
            raise IntegrityError(f"{stream} is new and cannot begin with version {version}")
        return 1

    def _first_version(self, stream: UUID) -> int | None:
        """Return the first version of a stream, `None` if it has none yet."""
        if stream not in self._first_versions:
            first = self.log.stream(self.tenant, stream, limit=1)
            if not first:
                return None
            if len(self._first_versions) >= _REMEMBERED_STREAMS:
                self._first_versions.clear()
            self._first_versions[stream] = library_version(first[0])
        return self._first_versions[stream]


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """Records streams of stored events, and reads the log as a sequence of notifications."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Store events as an aggregate recorder does; return their positions."""
        return self._insert(stored_events)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return notifications; their ids are positions, without a gap."""
        after = 0 if start is None else start - inclusive_of_start
        with library_errors():
            logged = self.log.read(self.tenant, after, limit, until=stop, tags=topics or None)
        return [
            Notification(
                originator_id=event.stream,
                originator_version=library_version(event),
                topic=event.tag,
                state=event.payload,
                id=event.position,
            )
            for event in logged
        ]

    def max_notification_id(self) -> int | None:
        """Return the size of the log, `None` if it is empty."""
        with library_errors():
            head = self.log.head(self.tenant)
        return head.size or None if head else None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Return the endless notifications behind a position; a lost database is waited for."""
        return LogSubscription(self, self.log, self.tenant, gt=gt, topics=topics)


def stream_id(originator_id: UUID | str) -> UUID:
    """Return the stream of an originator.

    Raises:
        ProgrammingError: its id is no UUID.
    """
    if not isinstance(originator_id, UUID):
        raise ProgrammingError(f"an originator id is a UUID, not {originator_id!r}")
    return originator_id


def library_version(event: LoggedEvent) -> int:
    """Return the version of an event as the library counts it."""
    return event.version + int.from_bytes(event.metadata)


def positions(appended: Appended) -> Sequence[int]:
    """Return the positions of an append's events."""
    first = appended.first_position
    return [] if first is None else list(range(first, first + appended.count))


def _new_event(stream: UUID, first_version: int, stored: StoredEvent) -> NewEvent:
    return NewEvent(
        stream=stream,
        event_id=uuid4(),
        tag=stored.topic,
        schema=1,
        payload=stored.state,
        metadata=bytes([first_version]) if first_version else b"",
    )
