"""How well probabilities did, against figures worked out by hand."""

from itertools import pairwise
from math import isnan, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opps.learning.metrics import (
    Numbers,
    bootstrap,
    metrics,
    null_ece,
    paired_difference,
    reliability,
)
from tests.domain.build import often

FOUR_ENDED = [True, False, True, False]
FOUR_SAID = [0.8, 0.6, 0.4, 0.2]

shares = st.integers(1, 19).map(lambda twentieths: twentieths / 20)
deals = st.lists(st.tuples(st.booleans(), shares, st.integers(1, 3)), min_size=1, max_size=40)


def world(deals: int, seed: int) -> tuple[Numbers, Numbers]:
    """Return what was said of some deals and how they ended, where what was said is true."""
    generator = np.random.default_rng(seed)
    said = generator.beta(1.2, 2.8, size=deals)
    return (generator.random(deals) < said).astype(np.float64), said


def test_four_deals_are_judged_as_by_hand() -> None:
    found = metrics(FOUR_ENDED, FOUR_SAID)

    assert found.n == 4
    assert found.base_rate == 0.5
    assert found.accuracy == 0.5
    assert found.auc == 3 / 4
    assert found.brier == pytest.approx((0.04 + 0.36 + 0.36 + 0.04) / 4)
    assert found.skill == pytest.approx(1 - 0.2 / 0.25)
    assert found.log_loss == pytest.approx(-(log(0.8) + log(0.4)) / 2)


def test_equal_probabilities_are_half_right_about_which_deal_is_better() -> None:
    assert metrics(FOUR_ENDED, [0.5, 0.5, 0.7, 0.2]).auc == 3.5 / 4
    assert metrics(FOUR_ENDED, [0.3] * 4).auc == 0.5
    assert metrics(FOUR_ENDED, [0.9, 0.1, 0.9, 0.1]).auc == 1
    assert metrics(FOUR_ENDED, [0.1, 0.9, 0.1, 0.9]).auc == 0


def test_where_all_ended_alike_there_is_nothing_to_tell_apart() -> None:
    found = metrics([True, True], [0.6, 0.7])

    assert isnan(found.auc)
    assert isnan(found.skill)
    assert found.brier == pytest.approx((0.16 + 0.09) / 2)


def test_skill_is_against_the_base_rate_that_was_known_before() -> None:
    against_own = metrics(FOUR_ENDED, FOUR_SAID).skill
    against_earlier = metrics(FOUR_ENDED, FOUR_SAID, rate=0.3).skill

    assert against_earlier == pytest.approx(1 - 0.2 / ((0.49 + 0.09) / 2))
    assert against_earlier > against_own


def test_what_comes_as_often_as_said_has_no_calibration_error() -> None:
    said = [0.25] * 4 + [0.5] * 2 + [0.75] * 4
    ended = [True] + [False] * 3 + [True, False] + [True] * 3 + [False]

    assert metrics(ended, said).ece == pytest.approx(0)
    assert metrics(ended, [0.25] * 10).ece == pytest.approx(0.25)


def test_the_calibration_error_is_the_mean_gap_of_ten_bins() -> None:
    said = [number / 20 for number in range(20)]
    ended = [number % 2 == 0 for number in range(20)]

    gaps = [abs(0.5 - (low / 20 + 0.025)) for low in range(0, 20, 2)]
    assert metrics(ended, said).ece == pytest.approx(sum(gaps) / 10)


def test_the_reliability_table_shows_what_was_said_and_what_came() -> None:
    table = reliability([False, True, True, True], [0.1, 0.3, 0.7, 0.9], bins=2)

    assert [one.mass for one in table] == [2, 2]
    assert [one.said for one in table] == pytest.approx([0.2, 0.8])
    assert [one.came for one in table] == pytest.approx([0.5, 1.0])


@often
@given(deals)
def test_a_deal_of_weight_two_counts_as_two_deals(told: list[tuple[bool, float, int]]) -> None:
    ended, said, weights = zip(*told, strict=True)
    weighted = metrics(ended, said, weights)
    repeated = metrics(np.repeat(ended, weights), np.repeat(said, weights))

    for name in ("base_rate", "accuracy", "auc", "brier", "skill", "log_loss", "ece"):
        found, expected = getattr(weighted, name), getattr(repeated, name)
        assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


@often
@given(deals)
def test_the_order_of_the_deals_makes_no_difference(told: list[tuple[bool, float, int]]) -> None:
    ended, said, _ = zip(*told, strict=True)
    turned = metrics(ended[::-1], said[::-1])

    assert turned.ece == pytest.approx(metrics(ended, said).ece, abs=1e-9)
    assert turned.auc == pytest.approx(metrics(ended, said).auc, nan_ok=True)


@pytest.mark.parametrize(
    ("deals", "mean", "quantile"),
    [
        (50, 0.150, 0.214),
        (100, 0.101, 0.142),
        (200, 0.073, 0.105),
        (400, 0.050, 0.071),
        (1000, 0.032, 0.045),
    ],
)
def test_even_the_truth_shows_a_calibration_error_with_few_deals(
    deals: int, mean: float, quantile: float
) -> None:
    found = [null_ece(world(deals, seed)[1], draws=500, seed=seed) for seed in range(8)]

    # The figures were found with another spread of probabilities, which moves them a little.
    assert np.mean([one.mean for one in found]) == pytest.approx(mean, rel=0.08)
    assert np.mean([one.quantile_95 for one in found]) == pytest.approx(quantile, rel=0.08)


def test_moments_of_one_deal_end_together() -> None:
    _, said = world(100, seed=3)
    apart = null_ece(np.tile(said, 5))
    together = null_ece(np.tile(said, 5), clusters=list(range(100)) * 5)

    assert together.mean == pytest.approx(null_ece(said).mean, rel=0.05)
    assert apart.mean < 0.6 * together.mean


def test_what_is_not_the_truth_shows_more_error_than_chance_explains() -> None:
    true_above = bold_above = 0
    for seed in range(100):
        ended, said = world(400, seed)
        bold = np.clip(0.5 + 1.7 * (said - 0.5), 0.01, 0.99)
        true_above += metrics(ended, said).ece > null_ece(said, draws=200).quantile_95
        bold_above += metrics(ended, bold).ece > null_ece(bold, draws=200).quantile_95

    assert 1 <= true_above <= 10
    assert bold_above > 90


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    true_brier = metrics(*world(100_000, seed=99)).brier
    held = 0
    for seed in range(100):
        found = bootstrap(*world(150, seed), draws=200, seed=seed, level=0.80)["brier"]
        held += found.low <= true_brier <= found.high

    assert 70 <= held <= 90


def test_rows_of_one_deal_make_the_interval_no_narrower() -> None:
    ended, said = world(100, seed=8)
    once = bootstrap(ended, said)["brier"]
    clusters = list(range(100)) * 4
    together = bootstrap(np.tile(ended, 4), np.tile(said, 4), clusters=clusters)["brier"]
    apart = bootstrap(np.tile(ended, 4), np.tile(said, 4))["brier"]

    assert (together.low, together.high) == pytest.approx((once.low, once.high))
    assert apart.high - apart.low < 0.6 * (once.high - once.low)


def test_each_figure_lies_in_its_interval_and_is_the_same_again() -> None:
    ended, said = world(200, seed=1)
    found = bootstrap(ended, said)

    assert found == bootstrap(ended, said)
    assert found != bootstrap(ended, said, seed=2)
    assert all(found[name].value == getattr(metrics(ended, said), name) for name in found)
    for name in ("accuracy", "auc", "brier", "log_loss"):
        assert found[name].low < found[name].value < found[name].high


def test_a_model_is_compared_with_another_on_the_same_deals() -> None:
    ended, said = world(400, seed=4)
    dull = np.full(400, ended.mean())

    better = paired_difference(ended, said, dull)
    same = paired_difference(ended, said, said)

    assert better.high < 0
    assert paired_difference(ended, dull, said).low > 0
    assert (same.low, same.value, same.high) == (0, 0, 0)


def test_moments_of_one_deal_are_compared_together() -> None:
    ended, said = world(100, seed=8)
    dull = np.full(100, 0.3)
    four = [np.tile(one, 4) for one in (ended, said, dull)]

    once = paired_difference(ended, said, dull)
    together = paired_difference(*four, clusters=list(range(100)) * 4)
    apart = paired_difference(*four)
    assert (together.low, together.high) == pytest.approx((once.low, once.high))
    assert apart.high - apart.low < 0.6 * (once.high - once.low)


def test_the_bins_rise_with_what_was_said() -> None:
    table = reliability(*world(300, seed=2))

    assert len(table) == 10
    assert all(one.said < other.said for one, other in pairwise(table))
