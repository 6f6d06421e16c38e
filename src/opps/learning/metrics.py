"""How well probabilities did on closed opportunities, and how sure that is.

Everything here is deterministic: what is drawn at random is drawn from a fixed seed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict
from numpy.typing import ArrayLike, NDArray

from opps.domain.events import Interval

Numbers = NDArray[np.float64]
Clusters = Sequence[Any] | NDArray[Any]

BINS = 10
DRAWS = 1_000
SEED = 20_260_302
_LEAST_P = 1e-12


class Metrics(Struct, frozen=True, kw_only=True):
    """How well probabilities did; each figure counts every row by its weight.

    `skill` is how much of the Brier score of the base rate is gone. `auc` and `skill` are not a
    number where all ended alike: then there is nothing to tell apart. `ece` is the calibration
    error over ten bins of equal mass.
    """

    n: int
    base_rate: float
    accuracy: float
    auc: float
    brier: float
    skill: float
    log_loss: float
    ece: float


class Bin(Struct, frozen=True):
    """A tenth of the rows by their probability: what was said on average, and what came."""

    mass: float
    said: float
    came: float


class NullEce(Struct, frozen=True):
    """The calibration error that a perfect model would show by chance alone."""

    mean: float
    quantile_95: float


def metrics(
    won: ArrayLike, p: ArrayLike, weights: ArrayLike | None = None, *, rate: float | None = None
) -> Metrics:
    """Return how well the probabilities did; `rate` is the base rate that skill is against.

    Without one that of the rows themselves is taken, which flatters the base rate.
    """
    sample = _Sample(won, p)
    return sample.measured(sample.weights(weights), rate)


def reliability(
    won: ArrayLike, p: ArrayLike, weights: ArrayLike | None = None, bins: int = BINS
) -> list[Bin]:
    """Return what was said and what came, in bins of equal mass from the lowest p to the highest.

    Rows of the same p are spread evenly over the bins that they lie in, so that the order of rows
    makes no difference.
    """
    sample = _Sample(won, p)
    mass = sample.weights(weights)
    said, came = (sample.binned(mass * what, mass, bins) for what in (sample.p, sample.won))
    each = mass.sum() / bins
    return [
        Bin(float(each), float(one / each), float(other / each))
        for one, other in zip(said, came, strict=True)
    ]


def bootstrap(
    won: ArrayLike,
    p: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    clusters: Clusters | None = None,
    rate: float | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> dict[str, Interval]:
    """Return each metric by its name with its percentile interval.

    Whole opportunities are drawn, not rows: rows of one of `clusters` go together.
    """
    sample = _Sample(won, p)
    mass = sample.weights(weights)
    found = asdict(sample.measured(mass, rate))
    drawn = [
        asdict(sample.measured(mass * often, rate))
        for often in _drawn(_codes(clusters, len(mass)), draws, seed)
    ]
    return {
        name: _interval(value, np.array([one[name] for one in drawn]), level)
        for name, value in found.items()
        if name != "n"
    }


def paired_difference(
    won: ArrayLike,
    p: ArrayLike,
    other: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    clusters: Clusters | None = None,
    level: float = 0.90,
    draws: int = 2 * DRAWS,
    seed: int = SEED,
) -> Interval:
    """Return the Brier score of `p` less that of `other` on the same rows, with its interval.

    Below 0 `p` is better.
    """
    sample, beside = _Sample(won, p), _Sample(won, other)
    mass = sample.weights(weights)
    lost = mass * (sample.squares - beside.squares)
    codes = _codes(clusters, len(mass))
    per_cluster = _summed(codes, lost), _summed(codes, mass)
    alone = np.arange(len(per_cluster[0]))
    drawn = [[often @ part for part in per_cluster] for often in _drawn(alone, draws, seed)]
    above, below = np.array(drawn).T
    return _interval(float(lost.sum() / mass.sum()), above / below, level)


def rate_gap(
    won: ArrayLike,
    apart: NDArray[np.bool_],
    weights: Numbers,
    *,
    clusters: Clusters | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Interval:
    """Return the win rate of the rows apart less that of the others, with its interval."""
    ended = np.asarray(won, dtype=np.float64)

    def gap(mass: Numbers) -> float:
        sides = [(mass[side] @ ended[side], mass[side].sum()) for side in (apart, ~apart)]
        rates = [came / of if of > 0 else np.nan for came, of in sides]
        return float(rates[0] - rates[1])

    codes = _codes(clusters, len(ended))
    drawn = np.array([gap(weights * often) for often in _drawn(codes, draws, seed)])
    return _interval(gap(weights), drawn, level)


def null_ece(
    p: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    clusters: Clusters | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> NullEce:
    """Return the calibration error that these probabilities would show if they were the truth.

    Rows of one of `clusters` end together.
    """
    generator = np.random.default_rng(seed)
    truth = np.asarray(p, dtype=np.float64)
    sample = _Sample(np.zeros_like(truth), truth)
    mass = sample.weights(weights)
    codes = _codes(clusters, len(truth))
    errors = np.empty(draws)
    for draw in range(draws):
        came = generator.random(int(codes.max()) + 1)[codes] < truth
        errors[draw] = sample.calibration_error(came.astype(np.float64), mass)
    return NullEce(float(errors.mean()), float(np.quantile(errors, 0.95)))


class _Sample:
    """Outcomes and probabilities, with equal probabilities put together once."""

    def __init__(self, won: ArrayLike, p: ArrayLike) -> None:
        self.won = np.asarray(won, dtype=np.float64)
        self.p = np.asarray(p, dtype=np.float64)
        assert self.won.shape == self.p.shape
        assert len(self.won)
        self.squares = (self.p - self.won) ** 2
        self._right = (self.p >= 0.5) == (self.won >= 0.5)
        likely = np.clip(self.p, _LEAST_P, 1 - _LEAST_P)
        self._surprise = -np.where(self.won >= 0.5, np.log(likely), np.log1p(-likely))
        levels, self._level = np.unique(self.p, return_inverse=True)
        self._levels = len(levels)

    def weights(self, weights: ArrayLike | None) -> Numbers:
        if weights is None:
            return np.ones_like(self.p)
        return np.asarray(weights, dtype=np.float64)

    def measured(self, mass: Numbers, rate: float | None) -> Metrics:
        total = mass.sum()
        base = float(mass @ self.won / total)
        brier = float(mass @ self.squares / total)
        against = float(mass @ (self.won - (base if rate is None else rate)) ** 2 / total)
        return Metrics(
            n=len(self.p),
            base_rate=base,
            accuracy=float(mass @ self._right / total),
            auc=self._auc(mass),
            brier=brier,
            skill=1 - brier / against if against > 0 else np.nan,
            log_loss=float(mass @ self._surprise / total),
            ece=self.calibration_error(self.won, mass),
        )

    def calibration_error(self, came: Numbers, mass: Numbers) -> float:
        gaps = self.binned(mass * (came - self.p), mass, BINS)
        return float(np.abs(gaps).sum() / mass.sum())

    def binned(self, amounts: Numbers, mass: Numbers, bins: int) -> Numbers:
        """Return the sums of the amounts over bins of equal mass."""
        upto = np.concatenate(([0.0], np.cumsum(self._by_level(mass))))
        sums = np.concatenate(([0.0], np.cumsum(self._by_level(amounts))))
        return np.diff(np.interp(np.linspace(0, upto[-1], bins + 1), upto, sums))

    def _auc(self, mass: Numbers) -> float:
        won, lost = self._by_level(mass * self.won), self._by_level(mass * (1 - self.won))
        pairs = won.sum() * lost.sum()
        below = np.cumsum(lost) - lost / 2
        return float(won @ below / pairs) if pairs > 0 else np.nan

    def _by_level(self, amounts: Numbers) -> Numbers:
        return _summed(self._level, amounts, self._levels)


def _summed(codes: NDArray[np.intp], amounts: Numbers, least: int = 0) -> Numbers:
    return np.bincount(codes, amounts, least).astype(np.float64, copy=False)


def _codes(clusters: Clusters | None, rows: int) -> NDArray[np.intp]:
    """Return a number from 0 for each row: rows of one cluster have the same."""
    if clusters is None:
        return np.arange(rows)
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(one, len(numbers)) for one in clusters], dtype=np.intp)


def _drawn(codes: NDArray[np.intp], draws: int, seed: int) -> Iterator[Numbers]:
    """Yield how often each row is there when as many clusters as there are are drawn."""
    generator = np.random.default_rng(seed)
    clusters = int(codes.max()) + 1
    for _ in range(draws):
        often = np.bincount(generator.integers(clusters, size=clusters), minlength=clusters)
        yield often.astype(np.float64)[codes]


def _interval(value: float, drawn: Numbers, level: float) -> Interval:
    """Return the value with its percentile interval, over the draws that have the figure."""
    there = drawn[np.isfinite(drawn)]
    if not len(there):
        return Interval(value, np.nan, np.nan)
    low, high = np.quantile(there, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))
