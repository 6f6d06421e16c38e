"""The dates of a source: read as the mapping says, and never guessed."""

from datetime import UTC, datetime

import pytest

from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.times import TimeReader, Times


def _reader(*formats: str) -> TimeReader:
    return TimeReader(Times(format=formats, zone="UTC"))


@pytest.mark.parametrize("text", ["10/20/2016", "2016-10-20"])
def test_two_exports_of_one_pipeline_may_write_a_day_in_two_ways(text: str) -> None:
    learned = _reader("%m/%d/%Y", "iso").read(text)

    assert learned.start == datetime(2016, 10, 20, tzinfo=UTC)


def test_a_day_that_two_formats_read_otherwise_is_refused_with_both_readings() -> None:
    with pytest.raises(RowRefused) as refused:
        _reader("%m/%d/%Y", "%d/%m/%Y").read("03/01/2017")

    assert refused.value.code == "TIME_AMBIGUOUS"
    assert "2017-03-01 as '%m/%d/%Y'" in refused.value.reason
    assert "2017-01-03 as '%d/%m/%Y'" in refused.value.reason


def test_a_day_that_two_formats_read_alike_is_taken() -> None:
    learned = _reader("%m/%d/%Y", "%d/%m/%Y").read("03/03/2017")

    assert learned.start == datetime(2017, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10/20/2016", "it would be 2016-10-20 as '%m/%d/%Y'; name it in the mapping"),
        ("03/01/2017", "name the one that is meant"),
        ("soon", "write it like 2026-03-01T09:30:00"),
    ],
)
def test_what_is_no_time_of_the_format_is_refused_with_what_it_may_be(text: str, says: str) -> None:
    with pytest.raises(RowRefused) as refused:
        _reader("iso").read(text)

    assert refused.value.code == "TIME_UNREADABLE"
    assert says in (refused.value.suggestion or "")


def test_hours_of_one_digit_and_thousandths_are_read() -> None:
    reader = _reader("iso", "%Y-%m-%d %H:%M:%S", "epoch-milliseconds")

    assert reader.read("2021-01-07 6:49:18").latest == datetime(2021, 1, 7, 6, 49, 18, tzinfo=UTC)
    assert reader.read("1609998558000").latest == datetime(2021, 1, 7, 5, 49, 18, tzinfo=UTC)
    assert reader.read("2021-01-07 06:49:18.819").latest is not None
