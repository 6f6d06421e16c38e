"""What a model says of a deal of which nothing is told: no better and no worse than the others."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.knowledge import Known
from opps.domain.model import Channel, Model
from opps.domain.score import score
from opps.learning.base_rate import lift, smoothed
from opps.learning.fit import FitSettings, centred, fit
from tests.learning import closed as alike
from tests.learning.deals import EXPERT, NEED, a_deal, closed

SETTINGS = FitSettings()


def p(model: Model, one: Known) -> float:
    return score(replace(one, model=model)).p


def average(model: Model, knowns: Sequence[Known]) -> float:
    return float(np.mean([p(model, one) for one in knowns]))


def test_twenty_deals_of_ones_own_count_as_much_as_the_rate_of_the_expert() -> None:
    assert smoothed(0, 0, 0.5, SETTINGS.pseudo_deals) == 0.5
    assert smoothed(20, 20, 0.5, SETTINGS.pseudo_deals) == 0.75


@given(
    st.lists(st.tuples(st.floats(-4, 4), st.floats(-4, 4)), min_size=1, max_size=20),
    st.floats(0.05, 0.9),
)
def test_a_lift_brings_the_mean_probability_to_the_rate(
    said: list[tuple[float, float]], rate: float
) -> None:
    happen, win = np.array(said).T

    lifted = lift({Channel.HAPPEN: happen, Channel.WIN: win}, np.ones(len(said)), rate)

    chances = 1 / ((1 + np.exp(-happen - lifted)) * (1 + np.exp(-win - lifted)))
    assert chances.mean() == pytest.approx(rate, abs=1e-6)


@pytest.mark.parametrize(
    "usual", [NEED, ("CLEAR", "URGENT", "URGENT"), ("VAGUE", "VAGUE", "CLEAR")]
)
def test_without_outcomes_what_is_usual_moves_nobody_on_average(usual: Sequence[str]) -> None:
    knowns = [a_deal(need) for need in usual] * 5
    model = centred(EXPERT, knowns)

    assert average(model, knowns) == pytest.approx(p(EXPERT, a_deal()), abs=1e-6)
    assert p(model, a_deal()) == pytest.approx(p(EXPERT, a_deal()), abs=1e-6)


def test_with_outcomes_a_deal_of_which_nothing_is_told_stands_at_the_base_rate() -> None:
    rows = closed(EXPERT, [a_deal(NEED[n % 3]) for n in range(300)])
    rate = smoothed(sum(row.won for row in rows), 300, p(EXPERT, a_deal()), SETTINGS.pseudo_deals)

    learned = fit(EXPERT, rows, name="learned")

    assert p(learned, a_deal()) == pytest.approx(rate, abs=1e-6)


def test_that_a_deal_was_asked_about_at_all_is_no_evidence() -> None:
    told = closed(EXPERT, [a_deal(NEED[n % 3]) for n in range(300)])
    silent = [replace(row, won=False, decided=False) for row in closed(EXPERT, [a_deal()] * 300)]

    learned = fit(EXPERT, [*told, *silent], name="learned")

    usual = average(learned, [row.known for row in told])
    assert p(learned, a_deal()) == pytest.approx(usual, abs=0.03)


def test_where_what_is_known_decides_nothing_all_deals_stand_near_the_base_rate() -> None:
    rows = alike.closed(600, rate=0.3)
    learned = fit(alike.EXPERT, rows, name="learned")
    expert = centred(alike.EXPERT, [row.known for row in rows])

    def apart(model: Model) -> float:
        return float(np.std([p(model, row.known) for row in rows]))

    assert apart(learned) < 0.5 * apart(expert)
    assert average(learned, [row.known for row in rows]) == pytest.approx(0.3, abs=0.06)


def test_deals_of_which_nobody_knows_the_end_tell_what_is_usual() -> None:
    rows = closed(EXPERT, [a_deal("URGENT")] * 5 + [a_deal("VAGUE")] * 5)
    open_ones = [a_deal("URGENT")] * 90

    alone = fit(EXPERT, rows, name="alone")
    beside = fit(EXPERT, rows, name="beside", unlabelled=open_ones)

    need_alone, need_beside = (
        next(one for one in model.signals if one.name == "need") for model in (alone, beside)
    )
    assert need_alone.mean == pytest.approx(0.0)
    assert need_beside.mean == pytest.approx(0.9)
