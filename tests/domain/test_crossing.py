"""Crossing a probability: which way, and never the same way twice in a row."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from opps.domain.crossing import CrossingDirection, crosses

UP, DOWN, EITHER = CrossingDirection.UP, CrossingDirection.DOWN, CrossingDirection.EITHER
PROBABILITIES = st.floats(min_value=0.01, max_value=0.99)


def test_a_score_that_reaches_a_probability_has_crossed_it() -> None:
    assert crosses(0.59, 0.6, 0.6, UP)
    assert not crosses(0.6, 0.7, 0.6, EITHER)
    assert crosses(0.6, 0.59, 0.6, DOWN)


def test_a_crossing_has_one_way() -> None:
    assert not crosses(0.5, 0.7, 0.6, DOWN)
    assert not crosses(0.7, 0.5, 0.6, UP)


def test_a_first_score_crosses_nothing() -> None:
    assert not crosses(None, 0.9, 0.6, EITHER)


@given(st.lists(PROBABILITIES, min_size=1), PROBABILITIES)
def test_what_goes_up_through_a_probability_comes_down_before_it_goes_up_again(
    scores: list[float], probability: float
) -> None:
    moves = list(zip([None, *scores], scores, strict=False))
    ways = [
        way
        for before, after in moves
        for way in (UP, DOWN)
        if crosses(before, after, probability, way)
    ]

    assert len(ways) == sum(crosses(*move, probability, EITHER) for move in moves)
    assert all(one is not other for one, other in pairwise(ways))
    if ways:
        assert (ways[-1] is UP) == (scores[-1] >= probability)
