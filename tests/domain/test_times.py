"""When our side came to know: periods of a calendar, in a zone, and what is no time at all."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from opps.domain.errors import MalformedTime
from opps.domain.events import FactLearned
from opps.domain.opportunity.commands import LearnFact
from opps.domain.times import (
    UNKNOWN,
    Learned,
    Precision,
    Reading,
    UnreadableTime,
    learned_at,
    learned_in,
    midnight,
    zone_of,
)
from tests.domain.given import DEAL, MONDAY, TUESDAY, WEDNESDAY, given, opened, stated, the_issue


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


PERIODS = {
    "2026-03-01": (Precision.DAY, utc(2026, 2, 28, 23), utc(2026, 3, 1, 23)),
    "2026-03-29": (Precision.DAY, utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
    "2028-02-29": (Precision.DAY, utc(2028, 2, 28, 23), utc(2028, 2, 29, 23)),
    "2026-03": (Precision.MONTH, utc(2026, 2, 28, 23), utc(2026, 3, 31, 22)),
    "2026-12": (Precision.MONTH, utc(2026, 11, 30, 23), utc(2026, 12, 31, 23)),
    "2026-Q1": (Precision.QUARTER, utc(2025, 12, 31, 23), utc(2026, 3, 31, 22)),
    "2026-Q4": (Precision.QUARTER, utc(2026, 9, 30, 22), utc(2026, 12, 31, 23)),
    "2026": (Precision.YEAR, utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
}


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_reaches_from_its_first_midnight_to_the_one_behind_it(period: str) -> None:
    precision, earliest, latest = PERIODS[period]

    assert learned_in(period, "Europe/Madrid") == Learned(
        earliest=earliest, latest=latest, precision=precision, zone="Europe/Madrid"
    )


@pytest.mark.parametrize(
    "period",
    ["2026-13", "2026-02-29", "2026-Q5", "2026-3-1", "26", "soon", "", "2026-03-01T10:00", "0000"],
)
def test_what_no_calendar_has_is_no_period(period: str) -> None:
    with pytest.raises(UnreadableTime):
        learned_in(period, "Europe/Madrid")


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc/passwd", "CEST+1"])
def test_a_zone_that_nobody_knows_is_no_zone(zone: str) -> None:
    with pytest.raises(UnreadableTime, match="no zone is called"):
        zone_of(zone)


@pytest.mark.parametrize(
    ("period", "zone"),
    [("0001", "Asia/Tokyo"), ("0001-01-01", "Asia/Tokyo"), ("9999-12-31", "UTC")],
)
def test_a_period_that_reaches_beyond_the_calendar_is_no_period(period: str, zone: str) -> None:
    with pytest.raises(UnreadableTime):
        learned_in(period, zone)


def test_a_zone_that_differs_between_machines_is_no_zone() -> None:
    with pytest.raises(UnreadableTime, match="no zone is called"):
        learned_in("2026", "localtime")


def test_a_moment_beyond_the_calendar_is_no_moment() -> None:
    with pytest.raises(UnreadableTime, match="years 1 to 9999"):
        learned_at(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(UnreadableTime, match="has no zone"):
        learned_at(datetime(2026, 3, 1, 9))


def test_a_moment_of_another_zone_is_kept_in_utc() -> None:
    vienna = timezone(timedelta(hours=1))

    assert learned_at(datetime(2026, 3, 1, 10, tzinfo=vienna)) == Learned(latest=utc(2026, 3, 1, 9))


def test_a_day_begins_where_the_clock_is_turned() -> None:
    assert midnight(date(2026, 3, 29), zone_of("Europe/Madrid")) == utc(2026, 3, 28, 23)


def test_nobody_came_to_know_later_than_it_was_recorded() -> None:
    march = learned_in("2026-03", "UTC")

    assert march.effective(MONDAY) == MONDAY
    assert march.effective(utc(2026, 4, 2)) == utc(2026, 4, 1)


def test_a_period_counts_by_its_end_for_sure_and_by_its_start_perhaps() -> None:
    march = learned_in("2026-03", "UTC")

    assert march.read(Reading.CERTAIN, utc(2026, 5, 1)) == utc(2026, 4, 1)
    assert march.read(Reading.POSSIBLE, utc(2026, 5, 1)) == utc(2026, 3, 1)


FLAWED = {
    "no zone": Learned(latest=datetime(2026, 3, 1)),
    "an unknown time with an end": Learned(latest=MONDAY, precision=Precision.UNKNOWN),
    "a day without an end": Learned(earliest=MONDAY, precision=Precision.DAY),
    "a day without a start": Learned(latest=MONDAY, precision=Precision.DAY),
    "a day that ends as it begins": Learned(
        earliest=MONDAY, latest=MONDAY, precision=Precision.DAY
    ),
    "an instant with a start": Learned(earliest=MONDAY, latest=TUESDAY),
    "a day of no zone": Learned(
        earliest=MONDAY, latest=TUESDAY, precision=Precision.DAY, zone="Europe/Atlantis"
    ),
}
SOUND = {
    "an instant": Learned(latest=MONDAY),
    "a day": Learned(earliest=MONDAY, latest=TUESDAY, precision=Precision.DAY),
    "a day of a zone": learned_in("2026-03-02", "Europe/Madrid"),
}


@pytest.mark.parametrize("learned", FLAWED.values(), ids=FLAWED)
def test_a_time_that_does_not_hold_together_is_refused(learned: Learned) -> None:
    asked = LearnFact(opportunity_id=DEAL, stated=stated(the_issue), learned=learned)

    given(opened).when(asked).then_refused(MalformedTime)


@pytest.mark.parametrize("learned", SOUND.values(), ids=SOUND)
def test_a_time_that_holds_together_is_accepted(learned: Learned) -> None:
    asked = LearnFact(opportunity_id=DEAL, stated=stated(the_issue), learned=learned)

    assert given(opened).when(asked, now=WEDNESDAY).then_one(FactLearned).learned == learned


def test_an_unknown_time_has_no_flaw_by_itself() -> None:
    assert UNKNOWN.flaw() is None
