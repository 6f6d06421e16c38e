"""Opinions against how it ended: a figure with its n, and none without enough of them."""

import pytest

from opps.domain.calibration import LEAST, Calibrated, Moment, overall
from opps.domain.opinions import Whose


def calibrated(n: int, won: int, squares: float) -> Calibrated:
    return Calibrated(whose=Whose.SELLER, moment=Moment.MID_LIFE, n=n, won=won, squares=squares)


def test_the_brier_score_is_the_mean_squared_error() -> None:
    one = calibrated(20, 10, 4.0)

    assert (one.brier, one.base_rate) == (0.2, 0.5)
    assert one.skill == pytest.approx(0.2)
    assert "20 closed opportunities" in one.sentence
    assert "says more than the share of wins alone" in one.sentence


@pytest.mark.parametrize(("n", "enough"), [(1, False), (LEAST - 1, False), (LEAST, True)])
def test_too_few_closed_opportunities_say_nothing(n: int, enough: bool) -> None:
    one = calibrated(n, 1, 1.0)

    assert one.enough is enough
    assert (one.brier is not None) is enough
    assert (one.base_rate is not None) is enough
    assert ("Not enough data" in one.sentence) is not enough


def test_opinions_that_do_no_better_than_the_base_rate_are_told_so() -> None:
    assert "says no more than the share of wins alone" in calibrated(20, 10, 5.0).sentence


def test_where_all_ended_alike_there_is_no_skill_to_speak_of() -> None:
    one = calibrated(20, 20, 1.0)

    assert one.skill is None
    assert "all ended alike" in one.sentence


def test_an_opinion_that_nobody_had_is_told_with_none() -> None:
    one = calibrated(20, 10, 4.0)
    found = overall([one])

    assert len(found) == len(Whose) * len(Moment)
    assert one in found
    assert {other.n for other in found if other is not one} == {0}
