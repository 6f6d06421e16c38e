"""The interval of a win probability: what the doubt in two log odds leaves open."""

from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate
from math import exp, sqrt

from msgspec import Struct

from opps.domain.quadrature import NORMAL

LOWER = 0.10
UPPER = 0.90

_WEIGHTS = tuple(weight * other for _, weight in NORMAL for _, other in NORMAL)


class Doubt(Struct, frozen=True):
    """Two log odds, will it happen and will we win it, with the variances of what is unknown."""

    happen: float
    win: float
    variance_happen: float
    variance_win: float
    covariance: float


# Most opportunities share a state with others, such as nothing known: their interval is the same.
@lru_cache(maxsize=4096)
def interval80(doubt: Doubt) -> tuple[float, float]:
    """Return the ends of the 80 % interval of the product of both probabilities.

    Both log odds are normal and correlated. The quantiles are read between the mid-points of the
    cumulated weights of 31 x 31 Gauss-Hermite nodes. All nodes count, however small their weight:
    leaving out the negligible ones moved an end by up to .005, for it changes the neighbours.
    """
    inverses = _inverses(doubt)
    # The inverse of p is free of divisions; it falls as p rises, so the upper end comes first.
    order = sorted(range(len(inverses)), key=inverses.__getitem__)
    weights = [_WEIGHTS[node] for node in order]
    cumulated = list(accumulate(weights))

    def quantile(share: float) -> float:
        after = bisect_left(cumulated, share)
        if cumulated[after] - weights[after] / 2 < share:
            after += 1
        before = after - 1
        start = cumulated[before] - weights[before] / 2
        width = (weights[before] + weights[after]) / 2
        first, last = 1 / inverses[order[before]], 1 / inverses[order[after]]
        return first + (last - first) * (share - start) / width

    return quantile(1 - LOWER), quantile(1 - UPPER)


def _inverses(doubt: Doubt) -> list[float]:
    """Return 1 / p at each pair of nodes; three exponentials a node, not two a pair."""
    sd_happen = sqrt(doubt.variance_happen)
    shared = doubt.covariance / sd_happen if sd_happen else 0.0
    own = sqrt(max(0.0, doubt.variance_win - shared * shared))
    odds_win = [exp(-own * node) for node, _ in NORMAL]
    inverses: list[float] = []
    for node, _ in NORMAL:
        happen = 1 + exp(-doubt.happen - sd_happen * node)
        win = happen * exp(-doubt.win - shared * node)
        inverses += [happen + win * odds for odds in odds_win]
    return inverses
