"""How good the probabilities of closed opportunities are that a model has not learned from.

Each is asked as every opportunity is: what is known of it goes to `domain.score`.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from math import isfinite
from typing import Protocol

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict, replace
from numpy.typing import NDArray

from opps.domain.events import Interval
from opps.domain.explanation import listens
from opps.domain.knowledge import Known
from opps.domain.model import Model
from opps.domain.score import Score, score
from opps.learning.fit import fit
from opps.learning.metrics import SEED, Metrics, NullEce, Numbers, metrics, null_ece
from opps.learning.moments import TrainingRow
from opps.learning.settings import DEFAULT, FitSettings
from opps.learning.splits import Aggregate, Fold, Plan

FIGURES = ("accuracy", "auc", "brier", "log_loss", "ece")
DRAWS = 300
LEVEL = 0.95
LEAST_INPUTS = 30

Advance = Callable[[int, int], None]


class NotClosed(Exception):
    """A row that a protocol asks about has no end; the message says which."""


class Rows(Protocol):
    """The rows of a table, by their numbers; hidden columns count as not asked."""

    def __len__(self) -> int:
        """Return how many rows there are."""
        ...

    def takes(self, number: int) -> bool:
        """Tell whether a row can be read."""
        ...

    def known(self, number: int, hidden: Collection[str] = ()) -> Known:
        """Return what is known of a row."""
        ...

    def ended(self, number: int, hidden: Collection[str] = ()) -> TrainingRow | None:
        """Return how a row ended, with what is known of it; None where it has not."""
        ...

    def told(self, number: int) -> Hashable:
        """Return what a row says: those that say the same are twins."""
        ...


class Measured(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How good the probabilities of a protocol were, with 95 % intervals over its opportunities.

    `n` counts what was asked, `rows` the opportunities that it was asked of; those that say the
    same are drawn together for the intervals. `coverage80` is how
    often the band held what p is with nothing hidden, `base_rate_distance` how far p was at most
    from the share won of those learned from. Without `evidence` the models listen to nothing, and
    answer with the base rate; `base_rate_brier` is what that alone would score.
    """

    n: int
    rows: int
    folds: int
    base_rate: float
    accuracy: float
    auc: float | None
    brier: float
    log_loss: float
    ece: float
    null_ece: NullEce
    base_rate_brier: float
    evidence: bool
    intervals: dict[str, Interval]
    coverage80: float | None = None
    base_rate_distance: float | None = None


class _Asked(Struct, frozen=True):
    """What was said of the rows of a fold, and how they ended."""

    row: NDArray[np.intp]
    won: Numbers
    p: Numbers
    base: Numbers
    held: Numbers
    evidence: bool


def measured(
    plan: Plan,
    rows: Rows,
    prior: Model,
    settings: FitSettings = DEFAULT,
    advance: Advance = lambda done, total: None,
) -> Measured:
    """Return how good the probabilities of a protocol are.

    Each model is learned from the rows that its fold may learn from; of those outside its test of
    which the fold does not say to learn from them, it is told what is known, not how they ended.
    A row that cannot be read is passed over where nobody names it.

    Raises:
        NotClosed: a row to ask about has no end.
    """
    done = 0
    units: list[_Asked] = []
    asked: list[_Asked] = []
    for folds in plan.repeats:
        repeat = []
        for fold in folds:
            repeat.append(_ask(fold, rows, prior, settings, plan.drop_columns))
            done += 1
            advance(done, plan.folds)
        asked += repeat
        units += [_pooled(repeat)] if plan.aggregate is Aggregate.POOLED else repeat
    return _summed_up(units, asked, _twins(rows), hides=plan.hides)


def _twins(rows: Rows) -> NDArray[np.intp]:
    """Return a number for each row, the same for those that say the same."""
    inputs: dict[Hashable, int] = {}
    twins = [inputs.setdefault(rows.told(number), len(inputs)) for number in range(len(rows))]
    # Of so few inputs nothing could be drawn: a table that tells nothing has one.
    return np.array(twins) if len(inputs) >= LEAST_INPUTS else np.arange(len(rows))


def _ask(
    fold: Fold, rows: Rows, prior: Model, settings: FitSettings, dropped: Collection[str]
) -> _Asked:
    model, rate = _learned(fold, rows, prior, settings, dropped)
    won, said, full = [], [], []
    for number, hidden in fold.asked():
        ended = rows.ended(number, dropped)
        if ended is None:
            raise NotClosed(f"row {number} is asked about, and has not ended")
        won.append(float(ended.won))
        said.append(_said(model, rows.known(number, [*dropped, *hidden])))
        if hidden:
            full.append(_said(model, ended.known).p)
    return _Asked(
        row=np.array(fold.test),
        won=np.array(won),
        p=np.array([one.p for one in said]),
        base=np.full(len(won), rate),
        held=np.array([float(a.low <= p <= a.high) for a, p in zip(said, full, strict=False)]),
        evidence=listens(model),
    )


def _learned(
    fold: Fold, rows: Rows, prior: Model, settings: FitSettings, dropped: Collection[str]
) -> tuple[Model, float]:
    """Return the model of a fold, and the share won of those it learned from."""
    numbers = fold.learned_from(len(rows))
    if fold.train is None:
        numbers = [number for number in numbers if rows.takes(number)]
    taught = [row for number in numbers if (row := rows.ended(number, dropped)) is not None]
    others = sorted({*range(len(rows))} - {*numbers, *fold.test})
    unlabelled = [rows.known(number, dropped) for number in others if rows.takes(number)]
    model = fit(prior, taught, name=prior.name, settings=settings, unlabelled=unlabelled)
    if not taught:
        return model, prior.prior_happen * prior.prior_win
    return model, float(np.mean([row.won for row in taught]))


def _said(model: Model, known: Known) -> Score:
    return score(replace(known, model=model))


def _pooled(folds: Sequence[_Asked]) -> _Asked:
    together = {
        name: np.concatenate([getattr(one, name) for one in folds])
        for name in ("row", "won", "p", "base", "held")
    }
    return _Asked(**together, evidence=any(one.evidence for one in folds))


def _summed_up(
    units: Sequence[_Asked], asked: Sequence[_Asked], twins: NDArray[np.intp], *, hides: bool
) -> Measured:
    found = _mean([metrics(one.won, one.p) for one in units])
    everything = _pooled(asked)
    return Measured(
        n=len(everything.p),
        rows=len(set(everything.row.tolist())),
        folds=len(asked),
        base_rate=float(everything.won.mean()),
        accuracy=found["accuracy"],
        auc=found["auc"] if isfinite(found["auc"]) else None,
        brier=found["brier"],
        log_loss=found["log_loss"],
        ece=found["ece"],
        null_ece=null_ece(units[0].p),
        base_rate_brier=float(np.mean([((one.base - one.won) ** 2).mean() for one in units])),
        evidence=everything.evidence,
        intervals=_intervals(units, twins, found),
        coverage80=float(everything.held.mean()) if hides and len(everything.held) else None,
        base_rate_distance=float(np.abs(everything.p - everything.base).max()) if hides else None,
    )


def _mean(found: Sequence[Metrics]) -> dict[str, float]:
    """Return the mean of each figure over those that have it."""
    return {
        name: float(np.mean(there)) if len(there) else np.nan
        for name in FIGURES
        for figures in [np.array([asdict(one)[name] for one in found])]
        for there in [figures[np.isfinite(figures)]]
    }


def _intervals(
    units: Sequence[_Asked], twins: NDArray[np.intp], found: dict[str, float]
) -> dict[str, Interval]:
    """Return the figures with what they would be for other opportunities of this kind.

    Whole inputs are drawn, each with all opportunities of it and all that was said of those.
    """
    asked = np.unique(np.concatenate([twins[one.row] for one in units]))
    drawn = [
        _mean([one for unit in units if (one := _weighed(unit, often[twins])) is not None])
        for often in _drawn(asked, len(twins))
    ]
    intervals = {}
    for name in FIGURES:
        figures = np.array([one[name] for one in drawn])
        there = figures[np.isfinite(figures)]
        if name == "ece" and len(there):
            # Drawing again adds to a calibration error what chance adds: it is taken off.
            there = np.maximum(there - there.mean() + found[name], 0.0)
        if len(there):
            low, high = np.quantile(there, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            intervals[name] = Interval(found[name], float(low), float(high))
    return intervals


def _weighed(unit: _Asked, often: Numbers) -> Metrics | None:
    weights = often[unit.row]
    return metrics(unit.won, unit.p, weights) if weights.any() else None


def _drawn(inputs: NDArray[np.intp], size: int) -> Iterator[Numbers]:
    """Yield how often each input is there when as many as there are are drawn."""
    generator = np.random.default_rng(SEED)
    for _ in range(DRAWS):
        draw = generator.choice(inputs, size=len(inputs))
        yield np.bincount(draw, minlength=size).astype(np.float64)
