"""A model can reach the log by another way than its check: no score of it ever fails."""

from math import inf, isfinite

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.change import change
from opps.domain.interval import Doubt, interval80
from opps.domain.model import Graded, Model, Nats, Signal, SignalSource, Topic
from opps.domain.precedents import Compared, Precedent, Precedents
from opps.domain.score import score
from tests.domain.build import known, often

ANY = st.floats(allow_nan=False, allow_infinity=False)
EXTREME = ANY | st.sampled_from([-1e308, 1e308, -750.0, 750.0, 0.0, 5e-324])
CHANCES = st.floats(5e-324, 1 - 1e-16, exclude_max=True)
SIZES = st.floats(0, 1e308)
NATS = st.builds(Nats, EXTREME, EXTREME)
FINITE_OR_NOT = EXTREME | st.sampled_from([inf, -inf])
VARIANCES = SIZES | st.just(inf)


@st.composite
def wild_models(draw: st.DrawFn) -> Model:
    """Return any model that a log can hold, however far its numbers lie."""
    said = Signal(
        name="RFI",
        source=SignalSource.CONTEXT,
        topic=Topic.CONTEXT,
        weight=draw(NATS),
        values={"Yes": Graded(grade=draw(st.floats(-1, 1)), deviation=draw(NATS))},
        mean=draw(EXTREME),
        spread=draw(NATS),
    )
    places = st.lists(st.integers(-3, 3), max_size=3).map(tuple)
    precedents = Precedents(
        signals=(Compared(SignalSource.CONTEXT, "RFI", ("Yes",)),),
        deals=tuple(draw(st.lists(st.builds(Precedent, places, EXTREME), max_size=3))),
        reach=draw(EXTREME),
    )
    return Model(
        name="wild",
        prior_happen=draw(CHANCES),
        prior_win=draw(CHANCES),
        weights=draw(st.dictionaries(st.sampled_from(Objective), NATS)),
        spread_unexamined=draw(SIZES),
        spread_examined=draw(SIZES),
        signals=(said,),
        doubt=draw(SIZES),
        precedents=draw(st.none() | st.just(precedents)),
    )


@often
@given(wild_models())
def test_whatever_a_model_holds_it_gives_a_score_and_an_explanation(model: Model) -> None:
    silent = score(replace(known(), model=model))
    told = score(replace(known(), model=model, context={"RFI": "Yes"}))

    for one in (silent, told):
        assert 0 < one.low <= one.p <= one.high < 1
        assert all(map(isfinite, (one.log_odds_happen, one.log_odds_win, one.sd_happen)))
    moved = change(silent, told)
    assert sum(one.milli_points for one in moved.effects) == moved.milli_points


@often
@given(FINITE_OR_NOT, FINITE_OR_NOT, VARIANCES, VARIANCES, FINITE_OR_NOT)
def test_there_is_an_interval_however_far_the_log_odds_and_however_wide_the_doubt(
    happen: float, win: float, variance_happen: float, variance_win: float, covariance: float
) -> None:
    low, high = interval80(Doubt(happen, win, variance_happen, variance_win, covariance))

    assert 0 <= low <= high <= 1
