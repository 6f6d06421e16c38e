"""What counts as written down late, and how a lag reads."""

import pytest

from opps.domain.lateness import LATE_AFTER, is_late, lag_in_words

A_DAY = LATE_AFTER.total_seconds()


@pytest.mark.parametrize(
    ("lag_s", "late"), [(0, False), (A_DAY, False), (A_DAY + 1, True), (-5, False)]
)
def test_what_is_written_down_within_a_day_is_not_late(lag_s: float, late: bool) -> None:
    assert is_late(lag_s) is late


@pytest.mark.parametrize(
    ("lag_s", "words"),
    [
        (-3, "at once"),
        (59, "at once"),
        (60, "1 minute later"),
        (7_200, "2 hours later"),
        (86_400, "1 day later"),
        (8.5 * 86_400, "8 days later"),
    ],
)
def test_a_lag_reads_in_the_largest_unit_that_fits(lag_s: float, words: str) -> None:
    assert lag_in_words(lag_s) == words
