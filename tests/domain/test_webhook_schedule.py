"""A message that does not arrive is tried ten times within 75 hours and a half, then given up."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from opps.domain.webhooks.schedule import JITTER, LONGEST_ASKED, SCHEDULE, due_again
from tests.domain.given import MONDAY


def test_attempts_span_more_than_75_hours_without_jitter() -> None:
    at = MONDAY
    for tried in range(1, len(SCHEDULE) + 1):
        due_at = due_again(tried, at, 0)
        assert due_at is not None
        at = due_at

    assert at - MONDAY == timedelta(hours=75, minutes=35, seconds=5)
    assert due_again(len(SCHEDULE) + 1, at, 0) is None


def test_the_schedule_is_the_one_that_receivers_are_told() -> None:
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    [row] = [line for line in page.splitlines() if line.startswith("| after |")]
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    told = [cell.split() for cell in row.strip("|").split("|")[1:]]

    assert tuple(timedelta(**{units[unit]: int(number)}) for number, unit in told) == SCHEDULE


@drawn(st.integers(1, len(SCHEDULE)), st.floats(-1, 1))
def test_a_pause_is_a_fifth_shorter_or_longer_at_most(tried: int, jitter: float) -> None:
    due_at = due_again(tried, MONDAY, jitter)

    assert due_at is not None
    pause, planned = due_at - MONDAY, SCHEDULE[tried - 1]
    assert planned * (1 - JITTER) <= pause <= planned * (1 + JITTER)


@pytest.mark.parametrize(
    ("asked_s", "pause"),
    [
        (None, timedelta(seconds=5)),
        (0, timedelta(seconds=5)),
        (4, timedelta(seconds=5)),
        (6, timedelta(seconds=6)),
        (86_400, LONGEST_ASKED),
        (86_401, LONGEST_ASKED),
        (10**9, LONGEST_ASKED),
    ],
)
def test_a_receiver_is_left_alone_for_as_long_as_it_asks_but_a_day_at_most(
    asked_s: int | None, pause: timedelta
) -> None:
    assert due_again(1, MONDAY, 0, asked_s) == MONDAY + pause
