"""The clock of a tenant: a stream of the days that turned, because time is an event."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo


def clock_stream(tenant: UUID) -> UUID:
    """Return the stream of the tenant's clock ticks."""
    return uuid5(tenant, "clock")


def days_turned(after: date, now: datetime, zone: ZoneInfo) -> list[date]:
    """Return each day of the zone that began behind the day `after`, up to the one of `now`."""
    today = now.astimezone(zone).date()
    return [after + timedelta(days=number) for number in range(1, (today - after).days + 1)]
