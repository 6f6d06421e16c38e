"""The log of one tenant as it was when it ended earlier: for looking at, not for appending."""

from collections.abc import Sequence
from uuid import UUID

from opps.eventstore.appends import LoggedEvent, LogHead
from opps.eventstore.log import Log


class LogUntil(Log):
    """A log that ends at a position of one tenant, whatever was recorded since.

    It reads by what the whole log has open, and lives no longer than that.
    """

    def __init__(self, log: Log, tenant: UUID, head: LogHead) -> None:
        self._closed = False
        self._reader = log._reader
        self._threads = log._threads
        self._tenant = tenant
        self._head = head
        self.read = self._read
        self.streams = self._streams
        self.stream = self._stream
        self.head = self._head_of
        self.run = self._reader.run

    def _read(
        self,
        tenant: UUID,
        after: int,
        limit: int,
        *,
        until: int | None = None,
        tags: Sequence[str] | None = None,
    ) -> list[LoggedEvent]:
        self._check(tenant)
        end = self._head.size if until is None else min(until, self._head.size)
        return self._reader.read(tenant, after, limit, until=end, tags=tags)

    def _streams(self, tenant: UUID, streams: Sequence[UUID]) -> list[LoggedEvent]:
        self._check(tenant)
        return self._shown(self._reader.streams(tenant, streams))

    def _stream(
        self,
        tenant: UUID,
        stream: UUID,
        after_version: int = -1,
        *,
        until_version: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> list[LoggedEvent]:
        self._check(tenant)
        # A limit counts what is shown: with the newest first, that begins further down.
        found = self._shown(
            self._reader.stream(
                tenant,
                stream,
                after_version,
                until_version=until_version,
                newest_first=newest_first,
            )
        )
        return found[:limit]

    def _head_of(self, tenant: UUID) -> LogHead | None:
        self._check(tenant)
        return self._head

    def _shown(self, found: list[LoggedEvent]) -> list[LoggedEvent]:
        return [one for one in found if one.position <= self._head.size]

    def _check(self, tenant: UUID) -> None:
        assert tenant == self._tenant, "a request reads the log of its own tenant"
