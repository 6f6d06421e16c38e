"""A model learns from closed deals, and admits it where there is nothing to learn."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from opps.domain.model import Model
from opps.learning.fit import fit
from opps.learning.gate import TooFewDeals, predicted
from opps.learning.metrics import metrics
from opps.learning.moments import TrainingRow
from opps.learning.teaching import Taught, taught
from tests.learning.closed import CONTRARY, EXPERT, closed


def learned(rows: Sequence[TrainingRow], prior: Model = EXPERT) -> Taught:
    return taught(prior, rows, name="learned")


def brier(model: Model, rows: Sequence[TrainingRow]) -> float:
    return metrics([row.won for row in rows], predicted(model, rows)).brier


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_where_nothing_decides_the_model_answers_with_the_base_rate(rate: float) -> None:
    rows, later = closed(300, rate=rate), closed(300, seed=2, rate=rate)
    found = learned(rows)

    assert (found.evidence, found.dull) == (False, True)
    assert predicted(found.model, later).std() < 1e-9
    assert predicted(found.model, later)[0] == pytest.approx(rate, abs=0.07)
    assert brier(found.model, later) < brier(EXPERT, later)


def test_where_what_is_known_decides_the_model_is_the_fitted_one() -> None:
    rows = closed(300)
    found = learned(rows)

    assert (found.evidence, found.dull) == (True, False)
    assert found.model == fit(EXPERT, rows, name="learned")


def test_an_expert_who_was_wrong_is_corrected_by_deals() -> None:
    found = learned(closed(400), prior=CONTRARY)

    assert found.evidence
    assert brier(found.model, closed(300, seed=2)) < brier(CONTRARY, closed(300, seed=2)) - 0.05


def test_with_few_deals_the_expert_speaks_whatever_they_seem_to_say() -> None:
    found = learned(closed(30, rate=0.3))

    assert (found.evidence, found.dull) == (False, False)
    assert predicted(found.model, closed(50)).std() > 0.05


def test_fewer_than_ten_deals_are_told() -> None:
    assert learned(closed(10)).deals == 10
    with pytest.raises(TooFewDeals, match="9 closed opportunities teach too little"):
        learned(closed(9))


def test_deals_that_all_ended_at_once_are_learned_from_without_a_trial() -> None:
    moment = closed(1)[0].closed_at
    found = learned([replace(row, closed_at=moment) for row in closed(40)])

    assert found.trial is None
    assert (found.evidence, found.dull) == (False, False)


def test_the_same_deals_teach_the_same() -> None:
    assert learned(closed(60)).model == learned(closed(60)).model
