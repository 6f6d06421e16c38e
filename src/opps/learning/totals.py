"""What the opportunities of a forecast may come to together: simulated, the same every time."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from opps.domain.forecasting.lines import ZERO, Line

DRAWS = 4_000
SEED = 20_260_301
# The ends of an 80 % interval are the first and the ninth tenth.
LOW, HIGH = 0.1, 0.9
_LEAST, _MOST = 0.001, 0.999
_LINES_AT_ONCE = 200


class Range(Struct, frozen=True):
    """The middle of many draws, and an interval that holds 80 of 100 of them."""

    low: float
    median: float
    high: float


class Total(Struct, frozen=True):
    """What opportunities come to together.

    `expected` is the sum of amount times probability, drawn over what is not known about each
    probability: its interval is what more knowledge would narrow. `outcome` is what comes in once
    each is won or not: its interval is wider, and chance.
    """

    expected: Range
    outcome: Range


def total_of(lines: Sequence[Line]) -> Total:
    """Return what lines of one currency come to, won ones in full.

    A draw takes for each open opportunity a probability from its own interval: its logit from two
    half-normals that meet at the point and reach the ends of the interval at 10 % and 90 %. Then
    it decides it by that probability. Forecasts of the same amounts and probabilities are the same,
    whatever the ids. Opportunities are drawn independently of each other: what
    moves all of them at once, such as a bad quarter, makes the true intervals wider.
    """
    held = [one for one in lines if one.amount is not None]
    sure = float(sum(one.amount or 0 for one in held if one.won))
    open_ = sorted((one for one in held if not one.won), key=_worth_and_chances)
    expected, outcome = np.full(DRAWS, sure), np.full(DRAWS, sure)
    draw = np.random.Generator(np.random.PCG64(SEED))
    for start in range(0, len(open_), _LINES_AT_ONCE):
        some = open_[start : start + _LINES_AT_ONCE]
        amounts = np.array([float(one.amount or 0) for one in some])
        chances = _chances(some, draw)
        expected += chances @ amounts
        outcome += (draw.random(chances.shape) < chances) @ amounts
    return Total(_range(expected), _range(outcome))


def _worth_and_chances(line: Line) -> tuple[Decimal, float, float, float]:
    return line.amount or ZERO, line.p, line.low, line.high


def _chances(lines: Sequence[Line], draw: np.random.Generator) -> NDArray[np.float64]:
    # Here, and not above: a server would start half a second later.
    from scipy.special import expit, logit, ndtri

    point, low, high = (
        logit(np.clip([getattr(one, name) for one in lines], _LEAST, _MOST))
        for name in ("p", "low", "high")
    )
    steps = draw.standard_normal((DRAWS, len(lines)))
    reach = np.where(steps < 0, point - low, high - point) / ndtri(HIGH)
    chances: NDArray[np.float64] = expit(point + np.maximum(reach, 0) * steps)
    return chances


def _range(drawn: NDArray[np.float64]) -> Range:
    low, median, high = np.quantile(drawn, [LOW, 0.5, HIGH])
    return Range(float(low), float(median), float(high))
