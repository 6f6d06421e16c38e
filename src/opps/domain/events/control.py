"""What happens to the log of a tenant itself."""

from datetime import date

from opps.domain.describe import Code, Count
from opps.domain.events.base import Event


class DayTurned(Event, frozen=True, kw_only=True):
    """A day began in the tenant's zone: time is an event, so staleness follows from the log."""

    day: date
    zone: str


class ImportStarted(Event, frozen=True, kw_only=True):
    """An import of another system's history began; a further attempt follows a reverted one."""

    source: Code
    mapping: str
    file_digest: str
    attempt: Count = 1


class ImportCompleted(Event, frozen=True, kw_only=True):
    """An import ended, with its counts."""

    counts: dict[str, int]


class LogRestored(Event, frozen=True, kw_only=True):
    """This log was restored from a backup."""

    source_hash: str
    head: int
