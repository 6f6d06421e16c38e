"""Tracking of other applications' notifications, alone or atomically with new events."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import (
    IntegrityError,
    ProcessRecorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)

from opps.eventstore.appends import Append
from opps.eventstore.library.errors import library_errors
from opps.eventstore.library.recorders import LogApplicationRecorder, positions
from opps.eventstore.log import Log

_TRACK = "SELECT opps.track(%s, %s, %s)"
_TRACKED = "SELECT opps.tracked(%s, %s)"


class LogTrackingRecorder(TrackingRecorder):
    """Remembers how far other applications have been followed."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self.log = log
        self.tenant = tenant

    def insert_tracking(self, tracking: Tracking) -> None:
        """Remember a notification.

        Raises:
            IntegrityError: this notification, or a later one, was tracked before.
        """
        nothing = Append(tenant=self.tenant, command_id=uuid4(), expected={}, events=())
        with library_errors():
            self.log.append_with(nothing, lambda connection: self._track(connection, tracking))

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return the last notification tracked for an application, `None` if there is none."""
        arguments = (self.tenant, application_name)
        with library_errors():
            row = self.log.run(
                lambda connection: connection.execute(_TRACKED, arguments).fetchone()
            )
        return row[0] if row else None

    def _track(self, connection: psycopg.Connection, tracking: Tracking) -> None:
        arguments = (self.tenant, tracking.application_name, tracking.notification_id)
        if connection.execute(_TRACK, arguments).fetchone() != (True,):
            raise IntegrityError(f"{tracking} is not behind what was tracked before")


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """Stores events together with the notification that caused them."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        LogApplicationRecorder.__init__(self, log, tenant)

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        tracking: Tracking | None = None,
        **kwargs: Any,
    ) -> Sequence[int] | None:
        """Store events, and the tracking if one is given, all or not at all; return positions.

        Raises:
            IntegrityError: another writer was faster, or the notification was tracked before.
            OperationalError: the database is away or too busy.
        """
        if tracking is None:
            return super().insert_events(stored_events)
        with library_errors():
            append = self._append(stored_events)
            stored = self.log.append_with(append, lambda on: self._track(on, tracking))
        return positions(stored)
