"""The gate to promotion: no model comes into force that does worse on later deals.

Source of the margin and of what counts as evidence: docs/score.md.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import Backtest, Interval
from opps.domain.model import Model
from opps.domain.promotion import passes
from opps.domain.score import score
from opps.learning.folds import Fold, folds
from opps.learning.metrics import Numbers, bootstrap, metrics, paired_difference
from opps.learning.moments import TrainingRow

_NOTHING = 1e-9

Contender = Callable[[Sequence[TrainingRow]], Model]
Advance = Callable[[int, int], None]


class TooFewDeals(Exception):
    """There are too few closed deals to try a model on; the message says how many there are."""


class Trial(Struct, frozen=True, kw_only=True):
    """What a model said of deals that it had not learned from, beside the model in force.

    `base` is the base rate of the deals that were learned from. `average` is what the model said on
    average of the deals of a fold: all it could say if it could not tell them apart. Rows with
    `timed` were foretold from earlier deals, the others from other deals.
    """

    rows: list[TrainingRow]
    p: Numbers
    in_force: Numbers
    base: Numbers
    average: Numbers
    folds: int
    timed: bool

    @property
    def won(self) -> Numbers:
        return np.array([float(row.won) for row in self.rows])

    @property
    def weights(self) -> Numbers:
        return np.array([row.weight for row in self.rows])

    @property
    def deals(self) -> list[UUID]:
        """The deal of each row."""
        return [row.opportunity_id for row in self.rows]

    @property
    def tried(self) -> int:
        """How many deals the model was tried on."""
        return len(set(self.deals))

    def against(self, other: Numbers) -> Interval:
        """Return the Brier score less that of other probabilities, with its 90 % interval."""
        return paired_difference(self.won, self.p, other, self.weights, clusters=self.deals)

    @property
    def evidence(self) -> bool:
        """Whether what is known of a deal tells more than one rate for all does.

        It must do better than the base rate, and not only by a better guess of that.
        """
        return max(self.against(self.base).high, self.against(self.average).high) < -_NOTHING


def trial(
    rows: Sequence[TrainingRow],
    candidate: Contender,
    in_force: Contender | None = None,
    advance: Advance = lambda done, total: None,
) -> Trial:
    """Return how a model does on deals that it has not learned from.

    Both contenders are told only what each fold may learn from. Without a model in force there is
    the base rate to do better than.

    Raises:
        TooFewDeals: there is nothing to learn from, or nothing to be tried on.
    """
    made = folds(rows)
    tried = [row for fold in made for row in fold.tried]
    if not tried:
        deals = len({row.opportunity_id for row in rows})
        raise TooFewDeals(
            f"{deals} closed opportunities are too few to try a model on others than it learned "
            "from. Close more of them, or import those that were closed elsewhere."
        )
    said: list[tuple[Numbers, ...]] = []
    for number, fold in enumerate(made):
        advance(number, len(made))
        said.append(_foretold(fold, candidate, in_force))
    advance(len(made), len(made))
    p, beside, base, average = (np.concatenate(one) for one in zip(*said, strict=True))
    return Trial(
        rows=tried,
        p=p,
        in_force=beside,
        base=base,
        average=average,
        folds=len(made),
        timed=tried[0].closed_at is not None,
    )


def judged(trial: Trial) -> Backtest:
    """Return whether a model may come into force: the record of its trial.

    It passes when the upper end of the 90 % interval of the difference in Brier score is at most
    .003, when it does better than the base rate, and when it was tried on 30 deals or more.
    """
    won, weights = trial.won, trial.weights
    brier = _around(bootstrap(won, trial.p, weights, clusters=trial.deals)["brier"])
    against_base = metrics(won, trial.base, weights).brier
    skill = 1 - brier.value / against_base if against_base > 0 else 0.0
    difference = _around(trial.against(trial.in_force))
    return Backtest(
        opportunities=trial.tried,
        folds=trial.folds,
        base_rate=_share(won, weights),
        training_base_rate=_share(trial.base, weights),
        brier=brier,
        difference=difference,
        skill=skill,
        passed=passes(trial.tried, difference, skill),
    )


def _around(one: Interval) -> Interval:
    """Return an interval that holds its value, which rounding may have left just outside."""
    return Interval(one.value, min(one.low, one.value), max(one.high, one.value))


def _share(of: Numbers, weights: Numbers) -> float:
    return min(1.0, float(weights @ of / weights.sum()))


def predicted(model: Model, rows: Iterable[TrainingRow]) -> Numbers:
    """Return what a model says of each row, by the way that every opportunity is scored."""
    return np.array([score(replace(row.known, model=model)).p for row in rows], dtype=np.float64)


def _foretold(fold: Fold, candidate: Contender, in_force: Contender | None) -> tuple[Numbers, ...]:
    """Return what both say, the base rate, and the average of what the candidate says."""
    rate = _average(np.array([float(row.won) for row in fold.learn]), fold.learn)
    base = np.full(len(fold.tried), rate)
    p = predicted(candidate(fold.learn), fold.tried)
    beside = base if in_force is None else predicted(in_force(fold.learn), fold.tried)
    return p, beside, base, np.full(len(fold.tried), _average(p, fold.tried))


def _average(of: Numbers, rows: Sequence[TrainingRow]) -> float:
    return float(np.average(of, weights=[row.weight for row in rows]))
