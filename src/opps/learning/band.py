"""How much wider the band must be for what signals have in common.

A band that adds up the variances of signals takes them for independent. Where they hang together
it is too narrow, and half of what was told, hidden again, shows by how much.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from opps.domain.interval import LOWER, UPPER
from opps.domain.model import Channel, Signal
from opps.domain.quadrature import NORMAL
from opps.learning.base_rate import LogOdds
from opps.learning.design import NOT_HEARD, Sample, of_channel
from opps.learning.design import terms as terms_of
from opps.learning.metrics import SEED, Numbers
from opps.learning.optimiser import sigmoid

_NARROWEST, _WIDEST = 0.1, 10.0
_HALVINGS = 20
_NODES = np.array([node for node, _ in NORMAL])
_MASS = np.array([weight for _, weight in NORMAL])
_LEAST = 1e-9


def doubt(
    signals: Sequence[Signal], said: Sample, start: LogOdds, spreads: tuple[float, float], rows: int
) -> float | None:
    """Return by what the variance of the signals is to be widened, None where nothing shows it.

    `start` is what is said besides the signals; `spreads` are those of what is not told, and of
    what is told and left in doubt. With it 80 % of the bands hold, when half of what was told of
    a deal is hidden, what p is when all of it is known. What to hide is drawn from a fixed seed.
    """
    told = said.value != NOT_HEARD
    (telling,) = np.nonzero(told.sum(axis=1) > 1)
    if not len(telling) or not rows:
        return None
    drawn = telling[np.arange(rows) * len(telling) // rows]
    shown = told[drawn] & _half(told[drawn])
    left = np.where(shown, (1 - said.credence[drawn]) * spreads[1], spreads[0])
    full, partly, variance = [], [], []
    for channel in Channel:
        terms = terms_of(channel, signals, said)[drawn]
        spread = np.array([of_channel(channel, one.spread) for one in signals])
        besides = start[channel][drawn]
        full.append(besides + terms.sum(axis=1))
        partly.append(besides + (terms * shown).sum(axis=1))
        variance.append(left * spread)
    p = sigmoid(full[0]) * sigmoid(full[1])
    own = [(one**2).sum(axis=1) for one in variance]
    shared = (variance[0] * variance[1]).sum(axis=1)
    return _widened(p, partly, own, shared)


def _half(told: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which half of what was told stays."""
    lots = np.where(told, np.random.default_rng(SEED).random(told.shape), 2.0)
    place = lots.argsort(axis=1).argsort(axis=1)
    stays: NDArray[np.bool_] = place >= (told.sum(axis=1) // 2)[:, None]
    return stays


def _widened(p: Numbers, said: list[Numbers], own: list[Numbers], shared: Numbers) -> float:
    low, high = np.log(_NARROWEST), np.log(_WIDEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _held(p, said, own, shared, float(np.exp(middle))) < UPPER - LOWER:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


def _held(
    p: Numbers, said: list[Numbers], own: list[Numbers], shared: Numbers, doubt: float
) -> float:
    """Return in what share of the rows p lies between the ends of the band."""
    sd = np.sqrt(doubt * np.maximum(own[0], _LEAST))
    covered = doubt * shared / sd
    rest = np.sqrt(np.maximum(doubt * own[1] - covered**2, _LEAST))
    happen = sigmoid(said[0][:, None] + sd[:, None] * _NODES)
    won = np.minimum(p[:, None] / happen, 1 - 1e-12)
    needed = np.log(won / (1 - won)) - said[1][:, None] - covered[:, None] * _NODES
    below = ndtr(needed / rest[:, None]) @ _MASS
    return float(((below >= LOWER) & (below <= UPPER)).mean())
