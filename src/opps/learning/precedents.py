"""What near-identical closed deals add beyond all signals: a Gaussian process over likeness.

It speaks of will-we-win-it alone. What it answers of a deal is a sum over the closed ones, so that
each shows its own share. Source: docs/score.md.
"""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from opps.domain.model import Channel, Signal
from opps.domain.precedents import Compared, Precedent, Precedents
from opps.learning.base_rate import LogOdds
from opps.learning.design import NOT_HEARD
from opps.learning.metrics import Numbers
from opps.learning.optimiser import Outcomes, sigmoid
from opps.learning.settings import FitSettings

_STEPS = 30
_SHORTEST = 1e-3
_SMALL = 1e-7


def precedents(
    signals: Sequence[Signal],
    value: NDArray[np.intp],
    ended: Outcomes,
    said: LogOdds,
    deals: Sequence[UUID],
    settings: FitSettings,
) -> Precedents:
    """Return closed deals with the pulls that are most likely; one row of `value` a deal.

    `said` are the log odds of everything else.
    """
    kernel = likeness(value, settings)
    pulls = _pulls(kernel, ended, said)
    amplitude = settings.precedents**2
    return Precedents(
        signals=tuple(Compared(one.source, one.name, tuple(one.values)) for one in signals),
        deals=tuple(
            Precedent(
                values=tuple(int(place) for place in row),
                pull=float(amplitude * pull),
                won=bool(won),
                opportunity_id=deal,
            )
            for row, pull, won, deal in zip(value, pulls, ended.won, deals, strict=True)
        ),
        reach=settings.reach,
    )


def likeness(value: NDArray[np.intp], settings: FitSettings) -> Numbers:
    """Return how much of its pull each deal adds to each, in squared nats."""
    rows, signals = value.shape
    alike = np.zeros((rows, rows))
    for column in value.T:
        for place in range(column.max(initial=NOT_HEARD) + 1):
            (same,) = np.nonzero(column == place)
            alike[np.ix_(same, same)] += 1
    kernel: Numbers = settings.precedents**2 * np.exp((alike - signals) / settings.reach)
    return kernel


def _pulls(kernel: Numbers, ended: Outcomes, said: LogOdds) -> Numbers:
    """Return the most likely pulls: Newton's steps, shortened until each gains."""
    happen = sigmoid(said[Channel.HAPPEN])
    pulls = np.zeros(len(kernel))
    added = kernel @ pulls
    best = _gain(happen, said[Channel.WIN] + added, ended, 0.0)
    for _ in range(_STEPS):
        slope, firm = _slope(happen, sigmoid(said[Channel.WIN] + added), ended)
        step = _newton(kernel, slope, firm, added) - pulls
        size = 1.0
        while size > _SHORTEST:
            tried = pulls + size * step
            moved = kernel @ tried
            gain = _gain(happen, said[Channel.WIN] + moved, ended, float(tried @ moved))
            if gain >= best:
                break
            size /= 2
        else:
            break
        pulls, added, gained, best = tried, moved, gain - best, gain
        if gained < _SMALL:
            break
    return pulls


def _newton(kernel: Numbers, slope: Numbers, firm: Numbers, added: Numbers) -> Numbers:
    root = np.sqrt(firm)
    aim = firm * added + slope
    curved = root[:, None] * kernel * root
    curved.flat[:: len(kernel) + 1] += 1
    solved: Numbers = aim - root * np.linalg.solve(curved, root * (kernel @ aim))
    return solved


def _gain(happen: Numbers, win_odds: Numbers, ended: Outcomes, length: float) -> float:
    win = sigmoid(win_odds)
    won, decided, known, mass = ended
    p = np.clip(happen * win, 1e-12, 1 - 1e-12)
    lost = np.where(decided, np.log1p(-np.clip(win, 0, 1 - 1e-12)), 0.0)
    likely = np.where(won, np.log(np.maximum(win, 1e-12)), np.where(known, lost, np.log1p(-p)))
    return float(mass @ likely - length / 2)


def _slope(happen: Numbers, win: Numbers, ended: Outcomes) -> tuple[Numbers, Numbers]:
    """Return the slope of the log likelihood, and how firmly each row holds it."""
    won, decided, known, mass = ended
    p = np.minimum(happen * win, 1 - 1e-12)
    open_ = 1 - win
    lost = np.where(known, decided * -win, -p / (1 - p) * open_)
    firm = np.where(known, decided * win * open_, p / (1 - p) * open_**2)
    return mass * np.where(won, open_, lost), mass * firm
