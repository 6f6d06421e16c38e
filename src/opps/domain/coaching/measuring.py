"""Measures of leading indicators, with n and an interval, beside one's own past and one's peers.

Nobody is ranked: of the peers there is a median alone, and only where no single one shows in it.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import sqrt
from random import Random
from statistics import fmean, median

from msgspec import Struct

from opps.domain.coaching.indicators import INDICATORS, Better, Indicator, Unit
from opps.domain.lag import LEAST, median_ranks
from opps.domain.shares import wilson

LEAST_PEERS = 3
CONFIDENCE = 0.9
# The 95th percentile of the normal distribution: 5 % on each side.
_Z = 1.6448536269514722
_RESAMPLES = 1_000
_NEWEST = 500


class Observed(Struct, frozen=True):
    """A value that was observed; without `counts` it adds to the value, not to n."""

    value: float
    counts: bool = True


class Measure(Struct, frozen=True, kw_only=True):
    """An indicator of one seller over some time; there are no figures below `LEAST`.

    `low` to `high` is an interval of 90 %.
    """

    indicator: Indicator
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything."""
        return self.value is not None


class PeerMedian(Struct, frozen=True):
    """The median of the others of whom there is enough; none of too few of them."""

    peers: int
    value: float | None = None


class Compared(StrEnum):
    """How a measure stands to another figure: different only where the interval says so."""

    BETTER = "BETTER"
    WORSE = "WORSE"
    NO_DIFFERENCE = "NO_DIFFERENCE"
    NOT_ENOUGH_DATA = "NOT_ENOUGH_DATA"


class Impact(Struct, frozen=True, kw_only=True):
    """What changed with a seller beyond what changed with the others, in the indicator's unit.

    `effect` is the change of the seller less the change of the peers, `low` to `high` its interval
    of 90 % by resampling. There are no figures unless each of the four groups has `LEAST` values.
    """

    indicator: Indicator
    n_before: int
    n_after: int
    before: float | None = None
    after: float | None = None
    peers_change: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything."""
        return self.effect is not None

    @property
    def compared(self) -> Compared:
        """Whether it got better or worse, as far as the interval says so."""
        if self.low is None or self.high is None:
            return Compared.NOT_ENOUGH_DATA
        return _side(self.indicator, self.low, self.high, 0)


def measure(indicator: Indicator, observed: Sequence[Observed]) -> Measure:
    """Return the measure of what was observed of one seller.

    A share has the interval of `shares.wilson`, a median that of `lag.median_ranks`, a mean error
    the normal one.
    """
    n = sum(one.counts for one in observed)
    if n < LEAST:
        return Measure(indicator=indicator, n=n)
    value, (low, high) = figure(indicator, observed), _interval(indicator, observed, n)
    return Measure(indicator=indicator, n=n, value=value, low=low, high=high)


def figure(indicator: Indicator, observed: Sequence[Observed]) -> float:
    """Return a share, a mean error, or the median of hours or days."""
    if INDICATORS[indicator].unit in (Unit.HOURS, Unit.DAYS):
        return median(one.value for one in observed)
    n = sum(one.counts for one in observed)
    return min(sum(one.value for one in observed) / n, 1.0)


def peer_median(values: Iterable[float]) -> PeerMedian:
    """Return the median of the measures of others, without those of whom there is not enough."""
    held = list(values)
    return PeerMedian(len(held), median(held) if len(held) >= LEAST_PEERS else None)


def compared(measure: Measure, other: float | None) -> Compared:
    """Return how a measure stands to another figure."""
    if measure.low is None or measure.high is None or other is None:
        return Compared.NOT_ENOUGH_DATA
    return _side(measure.indicator, measure.low, measure.high, other)


def impact(
    indicator: Indicator,
    before: Sequence[Observed],
    after: Sequence[Observed],
    peers_before: Sequence[Observed],
    peers_after: Sequence[Observed],
) -> Impact:
    """Return what changed with a seller beyond what changed with peers who were assigned nothing.

    The interval is that of differences of resampled groups, drawn from a fixed seed, so that the
    same observations always give the same one; of each group the newest 500 count.
    """
    groups = [one[-_NEWEST:] for one in (before, after, peers_before, peers_after)]
    counted = [sum(one.counts for one in group) for group in groups]
    n_before, n_after, *_ = counted
    if min(counted) < LEAST:
        return Impact(indicator=indicator, n_before=n_before, n_after=n_after)
    was, now, peers_were, peers_are = (figure(indicator, group) for group in groups)
    low, high = _resampled(indicator, groups)
    return Impact(
        indicator=indicator,
        n_before=n_before,
        n_after=n_after,
        before=was,
        after=now,
        peers_change=peers_are - peers_were,
        effect=(now - was) - (peers_are - peers_were),
        low=low,
        high=high,
    )


def _side(indicator: Indicator, low: float, high: float, other: float) -> Compared:
    if low <= other <= high:
        return Compared.NO_DIFFERENCE
    higher_is_better = INDICATORS[indicator].better is Better.HIGHER
    return Compared.BETTER if (low > other) == higher_is_better else Compared.WORSE


def _interval(indicator: Indicator, observed: Sequence[Observed], n: int) -> tuple[float, float]:
    values = sorted(one.value for one in observed)
    match INDICATORS[indicator].unit:
        case Unit.HOURS | Unit.DAYS:
            first, last = median_ranks(n)
            return values[first - 1], values[last - 1]
        case Unit.SHARE:
            return share_interval(min(sum(values), n), n)
        case Unit.BRIER:
            mean = fmean(values)
            spread = sqrt(sum((one - mean) ** 2 for one in values) / (n - 1) / n)
            return max(mean - _Z * spread, 0.0), min(mean + _Z * spread, 1.0)


def share_interval(hits: float, n: int) -> tuple[float, float]:
    """Return the interval of 90 % of a share, of so many hits in n."""
    return wilson(hits, n, _Z)


def _resampled(indicator: Indicator, groups: Sequence[Sequence[Observed]]) -> tuple[float, float]:
    random = Random(0)
    effects = []
    for _ in range(_RESAMPLES):
        drawn = [_drawn(random, group) for group in groups]
        was, now, peers_were, peers_are = (figure(indicator, one) for one in drawn)
        effects.append((now - was) - (peers_are - peers_were))
    effects.sort()
    edge = round(_RESAMPLES * (1 - CONFIDENCE) / 2)
    return effects[edge], effects[-edge - 1]


def _drawn(random: Random, group: Sequence[Observed]) -> list[Observed]:
    """Return a group of as many, drawn from it, in which something counts."""
    while True:
        drawn = random.choices(group, k=len(group))
        if any(one.counts for one in drawn):
            return drawn
