"""The interval of a win probability: what the doubt in two log odds leaves open."""

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate
from math import exp, fsum, inf, isnan, sqrt
from typing import NamedTuple

from msgspec import Struct

from opps.domain.quadrature import NORMAL

LOWER = 0.10
UPPER = 0.90

# In a row of pairs the other node goes down, so that the inverse of p goes up.
_UP = tuple(node for node, _ in NORMAL)
_DOWN = _UP[::-1]
_WEIGHTS = tuple(weight for _, weight in NORMAL)
_PAIRS = tuple([weight * other for other in _WEIGHTS] for weight in _WEIGHTS)
_BELOW = tuple(list(accumulate(row, initial=0.0)) for row in _PAIRS)

# Near which pairs a quantile lies is read off the heaviest nodes; the light ones weigh little.
_HEAVY = slice(11, 20)
_HEAVY_PAIRS = [weight for row in _PAIRS[_HEAVY] for weight in row[_HEAVY]]
_LIGHT = 1 - fsum(_HEAVY_PAIRS)
# More than rounding moves an inverse or a sum of weights, and less than a search would notice.
_NUDGE = 1e-9
# Beyond, both ends stay what they are, and exponentials overflow.
_FURTHEST = 36.0
_WIDEST = 15.0


class Doubt(Struct, frozen=True):
    """Two log odds, will it happen and will we win it, with the variances of what is unknown."""

    happen: float
    win: float
    variance_happen: float
    variance_win: float
    covariance: float


class _Grid(NamedTuple):
    """The inverse of p at each pair of nodes: base + slope x odds, a row for each first node.

    The odds rise, and one more is infinite.
    """

    odds: list[float]
    bases: list[float]
    slopes: list[float]


# Most opportunities share a state with others, such as nothing known: their interval is the same.
@lru_cache(maxsize=4096)
def interval80(doubt: Doubt) -> tuple[float, float]:
    """Return the ends of the 80 % interval of the product of both probabilities.

    Both log odds are normal and correlated. The quantiles are read between the mid-points of the
    cumulated weights of 31 x 31 Gauss-Hermite nodes. All nodes count, however small their weight:
    leaving out the negligible ones moved an end by up to .005, for it changes the neighbours.
    """
    grid = _grid(doubt)
    inverses, cumulated = _heavy(grid)

    def quantile(share: float) -> float:
        first = bisect_left(cumulated, share - _LIGHT - _NUDGE) - 1
        last = bisect_right(cumulated, share + _NUDGE) + 1
        low = inverses[first] * (1 - _NUDGE) if first >= 0 else 0.0
        high = inverses[last] * (1 + _NUDGE) if last < len(inverses) else inf
        return _quantile(share, *_between(grid, low, high))

    # The inverse of p is free of divisions; it falls as p rises, so the upper end comes first.
    return quantile(1 - LOWER), quantile(1 - UPPER)


def _grid(doubt: Doubt) -> _Grid:
    """Return 1 / p at each pair of nodes; three exponentials a node, not two a pair."""
    sd_happen = sqrt(_within(doubt.variance_happen, 0.0, _WIDEST * _WIDEST))
    variance_win = _within(doubt.variance_win, 0.0, _WIDEST * _WIDEST)
    shared = doubt.covariance / sd_happen if sd_happen else 0.0
    shared = _within(shared, -_WIDEST, _WIDEST)
    own = sqrt(max(0.0, variance_win - shared * shared))
    happen = _within(doubt.happen, -_FURTHEST, _FURTHEST)
    win = _within(doubt.win, -_FURTHEST, _FURTHEST)
    bases = [1 + exp(-happen - sd_happen * node) for node in _UP]
    return _Grid(
        odds=[*[exp(-own * node) for node in _DOWN], inf],
        bases=bases,
        slopes=[base * exp(-win - shared * node) for base, node in zip(bases, _UP, strict=True)],
    )


def _within(number: float, low: float, high: float) -> float:
    """Return a number between two; what is no number leaves as much open as can be."""
    return min(max(number, low), high) if not isnan(number) else high


def _heavy(grid: _Grid) -> tuple[list[float], list[float]]:
    """Return the inverses at the heaviest nodes in order, and their cumulated weights."""
    odds = grid.odds[_HEAVY]
    rows = zip(grid.bases[_HEAVY], grid.slopes[_HEAVY], strict=True)
    inverses = [base + slope * one for base, slope in rows for one in odds]
    order = sorted(range(len(inverses)), key=inverses.__getitem__)
    weights = accumulate([_HEAVY_PAIRS[pair] for pair in order])
    return [inverses[pair] for pair in order], list(weights)


def _between(grid: _Grid, low: float, high: float) -> tuple[float, list[tuple[float, float]]]:
    """Return the weight of the inverses up to `low`, and in order those from there to `high`."""
    odds, bases, slopes = grid
    below = 0.0
    between: list[tuple[float, float]] = []
    rows = zip(bases, slopes, _PAIRS, _BELOW, strict=True)
    for base, slope, weights, cumulated in rows:
        other = bisect_right(odds, (low - base) / slope)
        below += cumulated[other]
        # In most rows nothing lies between; the odds end with what is greater than anything.
        while (inverse := base + slope * odds[other]) < high:
            between.append((inverse, weights[other]))
            other += 1
    between.sort()
    return below, between


def _quantile(share: float, below: float, pairs: list[tuple[float, float]]) -> float:
    """Return p where the share is reached, between the mid-points of two neighbours."""
    before, start = inf, 0.0
    for inverse, weight in pairs:
        middle = below + weight / 2
        if middle >= share:
            first, last = 1 / before, 1 / inverse
            return first + (last - first) * (share - start) / (middle - start)
        below += weight
        before, start = inverse, middle
    raise AssertionError
