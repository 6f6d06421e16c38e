"""Measures of indicators: never without n and interval, and nothing where there is too little."""

from datetime import datetime
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.coaching.indicators import INDICATORS, Better, Indicator
from opps.domain.coaching.measuring import (
    LEAST_PEERS,
    Compared,
    Observed,
    compared,
    impact,
    measure,
    peer_median,
    share_interval,
)
from opps.domain.coaching.success import GapMeasure
from opps.domain.lag import LEAST

SHARE = Indicator.BUYER_SHARE
indicators = st.sampled_from(sorted(Indicator))
shares = st.lists(st.sampled_from([0.0, 1.0]), min_size=LEAST, max_size=60)


def saw(*values: float) -> list[Observed]:
    return [Observed(value) for value in values]


def hits(of: int, n: int) -> list[Observed]:
    """Return that so many of n were so."""
    return saw(*[1.0] * of, *[0.0] * (n - of))


def test_below_the_least_number_there_is_no_figure() -> None:
    few, enough = measure(SHARE, hits(5, LEAST - 1)), measure(SHARE, hits(5, LEAST))

    assert (few.n, few.value, few.low, few.enough) == (LEAST - 1, None, None, False)
    assert (enough.n, enough.value, enough.enough) == (LEAST, 0.5, True)


def test_a_share_has_the_interval_of_wilson() -> None:
    # By hand: z = 1.64485, n = 10, 5 hits: centre .5, half width .2306.
    assert share_interval(5, 10) == pytest.approx((0.2693, 0.7307), abs=1e-4)
    assert share_interval(0, 10)[0] == 0


def test_hours_are_told_by_their_median() -> None:
    measured = measure(Indicator.RECORDING_LAG, saw(*range(1, 10), 1_000))

    assert measured.value == 5.5
    assert (measured.low, measured.high) == (2, 9)


def test_what_was_taken_back_is_a_share_of_all_that_was_learned() -> None:
    learned, taken_back = saw(*[0.0] * 20), [Observed(1.0, counts=False)] * 3
    measured = measure(Indicator.RETRACTIONS, [*learned, *taken_back])

    assert (measured.n, measured.value) == (20, 0.15)


@given(indicators, shares)
def test_the_value_lies_in_its_interval(indicator: Indicator, values: list[float]) -> None:
    measured = measure(indicator, saw(*values))

    assert measured.low is not None
    assert measured.high is not None
    assert measured.value is not None
    assert measured.low - 1e-9 <= measured.value <= measured.high + 1e-9


def test_the_median_of_peers_is_told_only_where_no_single_one_shows_in_it() -> None:
    assert peer_median([0.2] * (LEAST_PEERS - 1)).value is None
    assert peer_median([0.2, 0.4, 0.9]).value == 0.4
    assert peer_median([]).peers == 0


def test_a_difference_is_one_only_outside_the_interval() -> None:
    measured = measure(SHARE, hits(10, 40))

    assert compared(measured, 0.30) is Compared.NO_DIFFERENCE
    assert compared(measured, 0.60) is Compared.WORSE
    assert compared(measured, 0.05) is Compared.BETTER
    assert compared(measured, None) is Compared.NOT_ENOUGH_DATA


@given(indicators)
def test_lower_is_better_where_its_sheet_says_so(indicator: Indicator) -> None:
    measured = measure(indicator, hits(20, 40))
    higher = INDICATORS[indicator].better is Better.HIGHER

    assert compared(measured, -1) is (Compared.BETTER if higher else Compared.WORSE)


def test_an_impact_is_what_changed_beyond_what_changed_with_the_peers() -> None:
    found = impact(SHARE, hits(10, 50), hits(40, 50), hits(100, 300), hits(120, 300))

    assert found.effect == pytest.approx(0.6 - 20 / 300)
    assert found.low is not None
    assert found.high is not None
    assert found.effect is not None
    assert 0 < found.low < found.effect < found.high
    assert found.compared is Compared.BETTER


def test_what_changed_with_everybody_is_no_impact() -> None:
    found = impact(SHARE, hits(10, 50), hits(40, 50), hits(60, 300), hits(240, 300))

    assert found.effect == pytest.approx(0)
    assert found.compared is Compared.NO_DIFFERENCE


@pytest.mark.parametrize("short", range(4))
def test_there_is_no_impact_unless_all_four_groups_say_enough(short: int) -> None:
    groups = [hits(5, LEAST - (number == short)) for number in range(4)]
    found = impact(SHARE, *groups)

    assert not found.enough
    assert found.compared is Compared.NOT_ENOUGH_DATA


def test_the_same_observations_always_have_the_same_interval() -> None:
    groups = [hits(3, 12), hits(9, 12), hits(4, 30), hits(5, 30)]

    assert impact(SHARE, *groups) == impact(SHARE, *groups)


def test_an_interval_of_no_effect_holds_zero_about_nine_times_in_ten() -> None:
    random = Random(7)

    def drawn(n: int) -> list[Observed]:
        return saw(*(float(random.random() < 0.4) for _ in range(n)))

    found = [impact(SHARE, drawn(40), drawn(40), drawn(80), drawn(80)) for _ in range(60)]
    held = sum(one.compared is Compared.NO_DIFFERENCE for one in found)

    assert 47 <= held <= 60


def test_a_fact_of_an_old_date_breaks_no_limit_of_what_is_stored() -> None:
    since_year_1 = (datetime.max - datetime.min).total_seconds() / 3600
    written_down_late = GapMeasure(value=24.0, n=5, low=2.0, high=since_year_1, own_past=24.0)

    stored = msgspec.json.encode(written_down_late)

    assert msgspec.json.decode(stored, type=GapMeasure) == written_down_late
