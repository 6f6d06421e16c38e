"""The lags of one seller: with their n, or not at all."""

from datetime import UTC, date, datetime, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.catalogue import Objective
from opps.domain.lag import LEAST, Noted, lag_report, lags, median_ranks
from opps.domain.provenance import Channel
from tests.domain.build import often

MARCH_2 = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = 3_600.0, 86_400.0


def noted(
    lag_s: float | None,
    channel: Channel = Channel.CALL,
    objective: Objective | None = Objective.FUNDING,
    on: datetime = MARCH_2,
) -> Noted:
    return Noted(channel, objective, on, lag_s)


def test_nine_lags_say_nothing_and_ten_say_something() -> None:
    nine, ten = (lags([noted(HOUR)] * count) for count in (LEAST - 1, LEAST))

    assert (nine.n, nine.enough, nine.median_s, nine.share_late) == (9, False, None, None)
    assert nine.sentence.startswith("Not enough data: 9 things learned")
    assert (ten.n, ten.enough, ten.median_s, ten.share_late) == (10, True, HOUR, 0.0)
    assert ten.sentence == (
        "Of 10 things learned, half were written down 1 hour later or sooner, and 0 late."
    )


def test_the_quartiles_and_the_interval_enclose_the_median() -> None:
    found = lags([noted(hours * HOUR) for hours in range(11)])

    assert (found.lower_quartile_s, found.median_s, found.upper_quartile_s) == (
        2.5 * HOUR,
        5 * HOUR,
        7.5 * HOUR,
    )
    assert (found.low_s, found.high_s) == (2 * HOUR, 8 * HOUR)


def test_what_is_written_down_after_a_day_is_late() -> None:
    found = lags([noted(DAY)] * 5 + [noted(DAY + 1)] * 5)

    assert (found.late, found.share_late) == (5, 0.5)


def test_what_came_without_a_learned_time_is_counted_apart() -> None:
    report = lag_report([noted(None)] * 3 + [noted(HOUR)])

    assert (report.total.n, report.undated) == (1, 3)


def test_a_report_goes_by_channel_objective_and_month_in_their_order() -> None:
    april = MARCH_2 + timedelta(days=31)
    report = lag_report(
        [
            noted(HOUR, Channel.EMAIL, Objective.TIMING, april),
            noted(DAY * 2, Channel.MEETING, None),
            noted(HOUR, Channel.MEETING, Objective.FUNDING),
        ]
    )

    assert {one: of.n for one, of in report.by_channel.items()} == {
        Channel.MEETING: 2,
        Channel.EMAIL: 1,
    }
    assert list(report.by_objective) == [Objective.FUNDING, Objective.TIMING]
    assert {one: of.late for one, of in report.by_month.items()} == {
        date(2026, 3, 1): 1,
        date(2026, 4, 1): 0,
    }


@pytest.mark.parametrize(("n", "ranks"), [(5, (1, 5)), (10, (2, 9)), (11, (3, 9)), (20, (6, 15))])
def test_the_ranks_of_the_interval_are_those_of_the_tables(n: int, ranks: tuple[int, int]) -> None:
    assert median_ranks(n) == ranks


@often
@given(st.integers(5, 400))
def test_the_interval_covers_the_median_as_often_as_it_says_and_no_narrower_one_does(
    n: int,
) -> None:
    first, last = median_ranks(n)

    def covered(low: int) -> float:
        return sum(comb(n, heads) for heads in range(low, n - low + 1)) / float(2**n)

    assert last == n + 1 - first
    assert covered(first) >= 0.9
    assert 2 * (first + 1) > n + 1 or covered(first + 1) < 0.9 + 1e-9


@often
@given(st.lists(st.floats(-HOUR, 30 * DAY), min_size=1, max_size=60))
def test_every_lag_is_in_one_channel_one_objective_and_one_month(seconds: list[float]) -> None:
    channels, objectives = list(Channel), list(Objective)
    every = [
        noted(
            one,
            channels[at % len(channels)],
            objectives[at % len(objectives)],
            MARCH_2 + timedelta(days=at),
        )
        for at, one in enumerate(seconds)
    ]
    report = lag_report(every)

    for groups in (report.by_channel, report.by_objective, report.by_month):
        assert sum(of.n for of in groups.values()) == report.total.n == len(seconds)
        assert sum(of.late for of in groups.values()) == report.total.late
