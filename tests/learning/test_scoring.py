"""The figures of a protocol: of each fold, or of all folds of a repeat put together."""

from collections.abc import Collection
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from opps.domain.knowledge import Known
from opps.learning.metrics import metrics
from opps.learning.moments import TrainingRow
from opps.learning.scoring import Measured, NotClosed, measured
from opps.learning.splits import Plan
from tests.learning.closed import EXPERT, closed

ROWS = closed(40)


class Deals:
    """Invented deals in the place of a table, the last of which is open."""

    def __len__(self) -> int:
        return len(ROWS)

    def takes(self, number: int) -> bool:
        return number != 0

    def known(self, number: int, hidden: Collection[str] = ()) -> Known:
        assert number != 0
        left = {
            key: standing
            for key, standing in ROWS[number].known.standings.items()
            if key.removeprefix("attribute:") not in hidden
        }
        return replace(ROWS[number].known, standings=left)

    def ended(self, number: int, hidden: Collection[str] = ()) -> TrainingRow | None:
        known = self.known(number, hidden)
        return None if number == len(ROWS) - 1 else replace(ROWS[number], known=known)

    def told(self, number: int) -> int:
        return number


def of(**plan: Any) -> Measured:
    return measured(msgspec.convert(plan, Plan), Deals(), EXPERT)


FOLDS = [{"test": list(range(1, 11))}, {"test": list(range(11, 31))}]


def test_pooled_folds_are_one_sample_and_others_are_averaged() -> None:
    pooled = of(aggregate="pooled", repeats=[FOLDS])
    mean = of(aggregate="mean", repeats=[FOLDS])
    alone = [of(aggregate="mean", repeats=[[fold]]) for fold in FOLDS]

    assert mean.brier == pytest.approx((alone[0].brier + alone[1].brier) / 2)
    assert pooled.brier == pytest.approx((alone[0].brier + 2 * alone[1].brier) / 3)
    assert pooled.n == mean.n == 30


def test_repeats_count_alike_and_the_same_twice_is_the_same() -> None:
    once = of(aggregate="pooled", repeats=[FOLDS])
    twice = of(aggregate="pooled", repeats=[FOLDS, FOLDS])

    assert (twice.brier, twice.auc, twice.ece) == (once.brier, once.auc, once.ece)
    assert (twice.n, twice.rows, twice.folds) == (60, 30, 4)


def test_without_training_rows_nobodys_end_is_learned_from() -> None:
    found = of(aggregate="mean", repeats=[[{"test": list(range(1, 31)), "train": []}]])
    won = [row.won for row in ROWS[1:31]]

    given = EXPERT.prior_happen * EXPERT.prior_win
    assert found.base_rate_brier == pytest.approx(metrics(won, [given] * 30).brier)


def test_a_dropped_column_is_not_asked_and_a_hidden_one_only_of_the_tested() -> None:
    test = list(range(1, 31))
    everything = ["budget", "sponsor", "rival", "date", "need"]
    plain = of(aggregate="mean", repeats=[[{"test": test}]])
    dropped = of(aggregate="mean", repeats=[[{"test": test}]], drop_columns=everything)
    hidden = of(aggregate="mean", repeats=[[{"test": test, "hidden": [everything] * 30}]])

    assert plain.coverage80 is None
    assert plain.base_rate_distance is None
    assert dropped.auc == hidden.auc == 0.5
    assert hidden.base_rate_distance is not None
    assert hidden.base_rate_distance < 0.2
    assert hidden.coverage80 is not None


def test_what_has_not_ended_cannot_be_asked_about() -> None:
    with pytest.raises(NotClosed, match="row 39"):
        of(aggregate="mean", repeats=[[{"test": [39]}]])
