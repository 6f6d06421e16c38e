"""The source's times: each becomes a learned time, or is refused when nobody can place it."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from opps.domain.times import (
    UNKNOWN,
    Learned,
    Precision,
    UnreadableTime,
    learned_in,
    zone_of,
)
from opps.integrations.importing.errors import RowRefused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIKE_ISO = "%Y-%m-%d"
_OF_A_CLOCK = ("%H", "%I", "%X", "%c", "%s")
_SAY_UNKNOWN = "add it, or say in the mapping that nobody knows: [times] unknown = true"
_NAME_THE_FORMAT = (
    "write it like 2026-03-01T09:30:00+01:00, or name its format in the mapping: "
    '[times] format = "%d/%m/%Y %H:%M"'
)
# How tables are often written; only a suggestion, for nobody knows which one a text means.
_COMMON = ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y", "%d %b %Y")
_NAME_THE_ZONE = 'name it in the mapping: [times] zone = "Europe/Madrid"'


class TimeFormat(StrEnum):
    """Formats that are not patterns: ISO 8601, or a number since 1970."""

    ISO = "iso"
    EPOCH_SECONDS = "epoch-seconds"
    EPOCH_MILLISECONDS = "epoch-milliseconds"


class Times(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the source writes its times: `format` as for strptime, `zone` where it leaves it out.

    Several formats are one source whose exports differ: a time that two of them read otherwise is
    refused. With `unknown`, an empty time is one that nobody knows any more; else it is refused.
    """

    attribute: str | None = None
    format: str | tuple[str, ...] = TimeFormat.ISO
    zone: str | None = None
    unknown: bool = False


class TimeReader:
    """Reads the times of a source.

    Raises:
        UnreadableTime: no zone has the name in the mapping.
    """

    def __init__(self, times: Times) -> None:
        self._formats = (times.format,) if isinstance(times.format, str) else times.format
        self._unknown = times.unknown
        self._zone_name = times.zone
        self._zone: ZoneInfo | None = zone_of(times.zone) if times.zone else None

    def read(self, text: str) -> Learned:
        """Return the learned time of a text: an instant, or a whole day where it has no clock.

        Raises:
            RowRefused: it cannot be read, or in two ways, or it has no zone and the mapping names
                none.
        """
        if not text.strip():
            if self._unknown:
                return UNKNOWN
            raise RowRefused("TIME_MISSING", "there is no time", _SAY_UNKNOWN)
        found: dict[Learned, str] = {}
        for written in self._formats:
            if TimeFormat.ISO in found.values() and written.startswith(_LIKE_ISO):
                continue  # it could only agree
            try:
                found.setdefault(self._as(written, text), written)
            except (ValueError, OverflowError, UnreadableTime):
                continue
        if not found:
            wanted = " or ".join(map(repr, self._formats))
            reason = f"{text!r} is no time of the format {wanted}"
            raise RowRefused("TIME_UNREADABLE", reason, formats_of(text) or _NAME_THE_FORMAT)
        if len(found) > 1:
            ways = " or ".join(f"{_shown(time)} as {way!r}" for time, way in found.items())
            raise RowRefused(
                "TIME_AMBIGUOUS",
                f"{text!r} is {ways}",
                "nobody can tell which is meant: leave one format in [times] of the mapping",
            )
        return next(iter(found))

    def _as(self, written: str, text: str) -> Learned:
        if written == TimeFormat.ISO:
            return self._iso(text)
        if written in (TimeFormat.EPOCH_SECONDS, TimeFormat.EPOCH_MILLISECONDS):
            unit = 1 if written == TimeFormat.EPOCH_SECONDS else 1000
            return Learned(latest=_EPOCH + timedelta(seconds=int(text) / unit))
        moment = datetime.strptime(text, written)
        if not any(mark in written for mark in _OF_A_CLOCK):
            return self._day(moment.date())
        return self._instant(moment)

    def _iso(self, text: str) -> Learned:
        if len(text) <= len("2026-03-01"):  # no form with a clock is as short
            return self._day(date.fromisoformat(text))
        return self._instant(datetime.fromisoformat(text))

    def _instant(self, moment: datetime) -> Learned:
        if moment.tzinfo is None:
            if self._zone is None:
                raise RowRefused("ZONE_MISSING", f"{moment} has no zone", _NAME_THE_ZONE)
            moment = moment.replace(tzinfo=self._zone)
        return Learned(latest=moment.astimezone(UTC))

    def _day(self, day: date) -> Learned:
        if self._zone_name is None:
            raise RowRefused("ZONE_MISSING", f"{day} has no zone", _NAME_THE_ZONE)
        return learned_in(day.isoformat(), self._zone_name)


def formats_of(text: str) -> str | None:
    """Return which common formats a text fits, to suggest them; None if it fits none."""
    found = {}
    for written in _COMMON:
        try:
            found[written] = datetime.strptime(text.strip(), written).date()
        except ValueError:
            continue
    if not found:
        return None
    ways = " or ".join(f"{day} as {written!r}" for written, day in found.items())
    only = len(set(found.values())) == 1
    written = next(iter(found))
    added = f'name it in the mapping: [times] format = ["iso", "{written}"]'
    return f"it would be {ways}; " + (added if only else "name the one that is meant in [times]")


def _shown(time: Learned) -> str:
    """Return the day or moment that was read."""
    start = time.start or time.latest
    assert start is not None
    return start.astimezone(ZoneInfo(time.zone)).strftime(
        "%Y-%m-%d" if time.precision is Precision.DAY else "%Y-%m-%dT%H:%M:%S%z"
    )
