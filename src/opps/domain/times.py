"""Learned time: when our side came to know, as an interval with its zone and precision."""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Struct
from msgspec.structs import replace

CLOCK_TOLERANCE = timedelta(seconds=120)


class Precision(StrEnum):
    """How exactly a learned time is known."""

    INSTANT = "INSTANT"
    DAY = "DAY"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    UNKNOWN = "UNKNOWN"


class Reading(StrEnum):
    """Which end of an imprecise learned time counts."""

    CERTAIN = "CERTAIN"
    POSSIBLE = "POSSIBLE"


class Learned(Struct, frozen=True, gc=False, omit_defaults=True):
    """The interval `[earliest, latest)` in which our side came to know.

    An `INSTANT` has `latest` alone. `UNKNOWN` has neither end: it was learned at some time
    before it was recorded, which only an import may claim.
    """

    latest: datetime | None = None
    earliest: datetime | None = None
    precision: Precision = Precision.INSTANT
    zone: str = "UTC"
    defaulted: bool = False

    @property
    def start(self) -> datetime | None:
        """The earliest moment it can have been learned; None when that is unknown."""
        return self.latest if self.precision is Precision.INSTANT else self.earliest

    def effective(self, recorded_at: datetime) -> datetime:
        """Return min(end, recorded_at): nobody records what they have yet to learn."""
        return recorded_at if self.latest is None else min(self.latest, recorded_at)

    def read(self, reading: Reading, recorded_at: datetime) -> datetime:
        """Return the moment that counts: the effective end, or the start when it is possible."""
        if reading is Reading.CERTAIN:
            return self.effective(recorded_at)
        start = self.start
        return datetime.min.replace(tzinfo=UTC) if start is None else min(start, recorded_at)

    def flaw(self) -> str | None:
        """Say what is wrong with it, if anything: ends, zones and precision must fit together."""
        if _lacks_zone(self.earliest) or _lacks_zone(self.latest):
            return "a time has no zone"
        if self.precision is Precision.UNKNOWN:
            return "an unknown time has ends" if self.earliest or self.latest else None
        if self.latest is None:
            return "the end is missing"
        if self.precision is Precision.INSTANT:
            return None if self.earliest is None else "an instant has no start of its own"
        if self.earliest is None or self.earliest >= self.latest:
            return "the start is missing, or not before the end"
        return None if self.zone in available_zones() else f"no zone is called {self.zone!r}"

    def in_utc(self) -> "Learned":
        """Return it with both ends in UTC, the one form that is stored."""
        if self.earliest is None and self.latest is not None and self.latest.tzinfo is UTC:
            return self  # as nearly all are
        return replace(
            self,
            latest=self.latest and self.latest.astimezone(UTC),
            earliest=self.earliest and self.earliest.astimezone(UTC),
        )


def _lacks_zone(end: datetime | None) -> bool:
    return end is not None and end.utcoffset() is None


UNKNOWN = Learned(precision=Precision.UNKNOWN)


@cache
def available_zones() -> frozenset[str]:
    """Return the names of all zones that mean the same on every machine."""
    return frozenset(available_timezones() - {"localtime"})


class UnreadableTime(ValueError):
    """A time that opps cannot place: it says what it would accept."""


def learned_at(instant: datetime) -> Learned:
    """Return the learned time of one instant.

    Raises:
        UnreadableTime: `instant` has no zone.
    """
    if instant.tzinfo is None:
        raise UnreadableTime(f"{instant.isoformat()} has no zone: add one, such as Z or +01:00")
    try:
        return Learned(latest=instant.astimezone(UTC))
    except OverflowError:
        raise UnreadableTime(f"{instant.isoformat()} lies outside of the years 1 to 9999") from None


def learned_in(period: str, zone: str) -> Learned:
    """Return the learned time of a day, month, quarter or year of a zone's calendar.

    `period` is `2026-03-01`, `2026-03`, `2026-Q1` or `2026`; `zone` an IANA name.

    Raises:
        UnreadableTime: the period or the zone cannot be read.
    """
    first, after, precision = _calendar(period)
    where = zone_of(zone)
    if zone not in available_zones():
        raise _no_zone(zone)
    try:
        earliest, latest = midnight(first, where), midnight(after, where)
    except OverflowError:
        raise UnreadableTime(f"{period!r} lies outside of the years 1 to 9999 in UTC") from None
    return Learned(earliest=earliest, latest=latest, precision=precision, zone=zone)


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name.

    Raises:
        UnreadableTime: no zone has that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _no_zone(name) from None


def _no_zone(name: str) -> UnreadableTime:
    return UnreadableTime(f"no zone is called {name!r}: use one such as Europe/Madrid")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the instant at which a local day ends and the next one begins, in UTC.

    Raises:
        UnreadableTime: no zone has that name, or there is no such instant.
    """
    try:
        return midnight(day + timedelta(days=1), zone_of(zone))
    except OverflowError:
        raise UnreadableTime(f"{day} lies outside of the years 1 to 9999 in UTC") from None


_PERIOD = re.compile(r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(-(?P<day>\d\d))?)?")


def _calendar(period: str) -> tuple[date, date, Precision]:
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise UnreadableTime(f"{period!r} is no period: write 2026-03-01, 2026-03, 2026-Q1 or 2026")
    year, quarter, month, day = (
        int(found[name]) if found[name] else None for name in ("year", "quarter", "month", "day")
    )
    assert year is not None
    try:
        if day is not None and month is not None:
            first = date(year, month, day)
            return first, first + timedelta(days=1), Precision.DAY
        if month is not None:
            return date(year, month, 1), _month_after(year, month), Precision.MONTH
        if quarter is not None:
            return (
                date(year, 3 * quarter - 2, 1),
                _month_after(year, 3 * quarter),
                Precision.QUARTER,
            )
        return date(year, 1, 1), date(year + 1, 1, 1), Precision.YEAR
    except (ValueError, OverflowError) as error:
        raise UnreadableTime(f"{period!r} is no period of the calendar: {error}") from None


def _month_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
