"""An indicator beside the own past and the others: what is a gap, and what is chance."""

import pytest

from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.measuring import Observed
from opps.domain.coaching.reporting import IndicatorReport, report

PEERS = (0.6, 0.7, 0.8)


def told(now: int, past: int | None, peers: tuple[float, ...] = PEERS) -> IndicatorReport:
    """Return the share of what the buyer said: so many of forty now, and in the time before."""
    before = [] if past is None else hits(past)
    return report(Indicator.BUYER_SHARE, hits(now), before, peers)


def hits(of: int) -> list[Observed]:
    return [Observed(float(number < of)) for number in range(40)]


@pytest.mark.parametrize(("now", "past"), [(10, 12), (10, 36)])
def test_worse_than_the_others_for_longer_or_than_it_was_is_a_gap(now: int, past: int) -> None:
    assert told(now, past).is_gap


@pytest.mark.parametrize(("now", "past"), [(10, None), (27, 27), (27, 39), (39, 10)])
def test_one_look_alone_or_no_worse_than_the_others_is_none(now: int, past: int | None) -> None:
    assert not told(now, past).is_gap


def test_where_there_are_too_few_others_there_is_no_gap() -> None:
    assert not told(2, 38, peers=PEERS[:2]).is_gap


def test_it_is_told_in_words_with_n_and_interval() -> None:
    assert told(10, 36).sentence == (
        "25 % of 40 cases (between 16 % and 38 %); worse than 90 % before; "
        "worse than 70 %, the median of 3 others."
    )


def test_a_difference_that_matters_to_nobody_is_no_gap() -> None:
    def hours(value: float) -> list[Observed]:
        return [Observed(value)] * 40

    def lag(mine: float) -> IndicatorReport:
        return report(Indicator.RECORDING_LAG, hours(mine), hours(mine), (10.0, 10.0, 10.0))

    assert not lag(12.4).is_gap
    assert lag(12.5).is_gap


def test_shares_have_to_differ_by_ten_points() -> None:
    many = [Observed(float(number % 100 < 62)) for number in range(2_000)]

    assert not report(Indicator.BUYER_SHARE, many, many, PEERS).is_gap
    assert report(Indicator.BUYER_SHARE, many, many, (0.73, 0.73, 0.73)).is_gap
