"""Where in a log an instant of recorded time lies."""

from datetime import datetime
from uuid import UUID

from opps.eventstore import Log


def position_at(log: Log, tenant: UUID, instant: datetime) -> int:
    """Return the last position that was recorded at an instant or before, 0 where none was.

    Recorded times grow with the position: a log of a million events is looked into 20 times.
    """
    head = log.head(tenant)
    first, last = 0, head.size if head else 0
    if head and head.recorded_at and head.recorded_at <= instant:
        return last
    while first < last:
        middle = (first + last + 1) // 2
        [event] = log.read(tenant, middle - 1, 1)
        first, last = (middle, last) if event.recorded_at <= instant else (first, middle - 1)
    return first
