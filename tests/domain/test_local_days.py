"""A local day means its end, in every zone and on the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opps.domain.times import UnreadableTime, available_zones, end_of_day, learned_in, midnight
from tests.domain.build import often

A_MOMENT = timedelta(microseconds=1)
# Islands that skipped a day, zones that turn their clocks at midnight, and both ends of the world.
ZONES = [
    "UTC",
    "Europe/Madrid",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Etc/GMT-14",
    "Etc/GMT+12",
]
days = st.dates(date(1990, 1, 1), date(2035, 12, 31))
zones = st.sampled_from(ZONES) | st.sampled_from(sorted(available_zones()))


@often
@given(days, zones)
@example(date(2026, 3, 29), "Europe/Madrid")
@example(date(2026, 10, 25), "Europe/Madrid")
@example(date(2018, 11, 3), "America/Sao_Paulo")
@example(date(2018, 2, 17), "America/Sao_Paulo")
@example(date(2026, 3, 7), "America/Havana")
@example(date(2011, 12, 29), "Pacific/Apia")
@example(date(2026, 1, 1), "Etc/GMT-14")
@example(date(2026, 1, 1), "Etc/GMT+12")
def test_a_day_ends_where_the_next_one_begins(day: date, zone: str) -> None:
    end = end_of_day(day, zone)
    where = ZoneInfo(zone)

    assert end.astimezone(where).date() > day
    assert (end - A_MOMENT).astimezone(where).date() <= day
    assert end == midnight(day + timedelta(days=1), where)


@often
@given(days, zones)
def test_what_was_learned_on_a_day_is_known_at_its_end(day: date, zone: str) -> None:
    learned = learned_in(day.isoformat(), zone)

    assert learned.effective(datetime(2040, 1, 1, tzinfo=UTC)) <= end_of_day(day, zone)


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("Etc/GMT-14", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("UTC", datetime(2026, 3, 6, tzinfo=UTC)),
        ("Etc/GMT+12", datetime(2026, 3, 6, 12, tzinfo=UTC)),
    ],
)
def test_the_same_date_ends_at_another_instant_in_each_zone(zone: str, end: datetime) -> None:
    assert end_of_day(date(2026, 3, 5), zone) == end


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 5), 24)]
)
def test_a_day_on_which_clocks_change_is_shorter_or_longer(day: date, hours: int) -> None:
    begin = midnight(day, ZoneInfo("Europe/Madrid"))

    assert end_of_day(day, "Europe/Madrid") - begin == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "zone"), [(date(2026, 3, 5), "Madrid"), (date.max, "UTC"), (date(2026, 3, 5), "../x")]
)
def test_a_day_that_cannot_be_placed_is_refused(day: date, zone: str) -> None:
    with pytest.raises(UnreadableTime):
        end_of_day(day, zone)
