"""How a seller's own estimates came true, in fifths, each with its n and interval."""

from hypothesis import given
from hypothesis import strategies as st

from opps.domain.coaching.reliability import Estimate, reliability
from opps.domain.lag import LEAST

estimates = st.lists(st.builds(Estimate, st.floats(0, 1), st.booleans()), min_size=LEAST)


def test_fewer_than_ten_estimates_say_nothing() -> None:
    found = reliability([Estimate(0.5, True)] * (LEAST - 1))

    assert (found.n, found.brier, found.fifths) == (9, None, ())
    assert found.sentence.startswith("Not enough data: 9 estimates")


def test_who_says_ninety_and_wins_a_third_is_told_so() -> None:
    found = reliability([Estimate(0.9, number < 4) for number in range(12)])

    [high] = found.fifths
    assert (high.begin, high.n, high.came) == (0.8, 12, 4 / 12)
    assert found.sentence.endswith("90% said, 33% came.")


def test_estimates_that_came_true_are_left_in_peace() -> None:
    found = reliability([Estimate(0.5, number % 2 == 0) for number in range(20)])

    assert found.brier == 0.25
    assert found.sentence.endswith("they came true as far as they can tell.")


@given(estimates)
def test_every_estimate_stands_in_one_fifth(of: list[Estimate]) -> None:
    found = reliability(of)

    assert sum(one.n for one in found.fifths) == len(of)
    assert all(one.begin - 1e-9 <= one.said <= one.end + 1e-9 for one in found.fifths)
    assert all(one.low <= one.came <= one.high for one in found.fifths)
