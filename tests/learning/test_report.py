"""The report on a model, for a reader who doubts."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

import msgspec
import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.facts import Attribute
from opps.domain.model import Model, Nats, Topic
from opps.learning.diagnosis import covered, unknowns
from opps.learning.fit import fit
from opps.learning.folds import held_out, latest
from opps.learning.gate import trial
from opps.learning.metrics import Bin
from opps.learning.moments import TrainingRow
from opps.learning.picture import picture
from opps.learning.rates import base_rate_model
from opps.learning.rendering import markdown, text
from opps.learning.report import Report, Subject, report
from opps.learning.telling import learned
from tests.learning.closed import CONTRARY, EXPERT, FACETS, closed, of_deals

DEALS = 240


def reported(rows: Sequence[TrainingRow], prior: Model = EXPERT) -> Report:
    model = fit(prior, rows, name="learned")
    found = trial(rows, lambda learn: fit(prior, learn, name="learned"), lambda learn: EXPERT)
    return report(Subject(model=model, prior=prior, against="expert"), rows, found, fit)


@pytest.fixture(scope="module")
def good() -> Report:
    return reported(closed(DEALS))


@pytest.fixture(scope="module")
def hopeless() -> Report:
    return reported(closed(DEALS, rate=0.35))


def test_a_report_says_how_many_deals_it_rests_on(good: Report) -> None:
    assert (good.deals, good.rows, good.backtest.folds) == (200, 200, 5)
    assert sum(one.mass for one in good.reliability) == pytest.approx(200)
    assert good.figures["brier"].value == good.backtest.brier.value


def test_evidence_is_told_and_its_absence_too(good: Report, hopeless: Report) -> None:
    assert good.evidence
    assert "There is evidence that" in text(good)
    assert not hopeless.evidence
    assert "There is no evidence that" in text(hopeless)
    assert "It does not pass the gate." in text(hopeless)


def test_a_model_in_force_is_not_said_to_pass_against_itself(good: Report) -> None:
    itself = text(replace(good, against=good.model))

    assert "It is in force, and was compared with itself." in itself
    assert "passes the gate" not in itself


def test_every_figure_has_its_interval_and_the_error_of_chance(good: Report) -> None:
    page = markdown(good)

    for name in ("Brier score", "log loss", "AUC", "calibration error", "accuracy"):
        assert re.search(rf"\| {re.escape(name)}.*\| 0\.\d{{4}} \| \[\d\.\d+, \d\.\d+\] \|", page)
    assert f"{good.null_ece.mean:.3f} by chance alone" in page
    assert "![What was said and what came](reliability.svg)" in page


def test_the_learning_curve_begins_at_the_prior_and_ends_at_all_deals(good: Report) -> None:
    assert [one.deals for one in good.curve] == [0, 20, 40, 80, 160]
    assert reported(closed(DEALS), CONTRARY).curve[0].brier.value > 0.3


def test_the_curve_is_drawn_on_deals_that_were_never_learned_from() -> None:
    for rows, number in ((closed(120), 1), (closed(120, timed=False), 10)):
        made = held_out(rows)
        assert len(made) == number
        for fold in made:
            assert not of_deals(fold.learn) & of_deals(fold.tried)
            assert len(of_deals(latest(fold.learn, 20))) == 20
    assert held_out([]) == []


def test_learning_from_the_latest_deals_takes_those_that_ended_last() -> None:
    rows = closed(50)

    assert of_deals(latest(rows[::-1], 20)) == of_deals(rows[30:])


def test_only_segments_of_fifty_deals_are_told(good: Report) -> None:
    few = reported(closed(100))

    assert [(one.what, one.value, one.deals) for one in good.segments] == [
        ("customer_kind", "EXISTING", 100),
        ("customer_kind", "NEW", 100),
    ]
    assert few.segments == []


def test_what_was_learned_is_told_by_objective_in_the_words_of_the_grade() -> None:
    prior = EXPERT.signals[0]
    bolder = replace(
        prior,
        values={**prior.values, "BAD": replace(prior.values["BAD"], deviation=Nats(0.0, 1.0))},
    )
    (told,) = learned(EXPERT, replace(EXPERT, signals=(bolder, *EXPERT.signals[1:])))

    assert told.topic is Topic.FUNDING
    assert told.text == "With “an expert's bad” deals are won more often than the expert said"
    assert told.points > 5


def test_the_same_model_learned_nothing() -> None:
    assert learned(EXPERT, EXPERT) == []


def test_a_new_start_and_a_weaker_objective_are_told() -> None:
    weights = {**EXPERT.weights, Objective.EVALUATORS: Nats(0.1, 0.1)}
    start, evaluators = learned(EXPERT, replace(EXPERT, prior_win=0.3, weights=weights))

    assert start.text == "A deal of which nothing is known starts at 18%, not at 36%"
    assert (evaluators.topic, evaluators.points < 0) == (Topic.EVALUATORS, True)


def test_what_is_unknown_is_told_beside_what_is_known() -> None:
    rows = [_without_funding(row) if number % 2 else row for number, row in enumerate(closed(200))]
    (funding,) = unknowns(EXPERT, rows)

    assert funding.objective is Objective.FUNDING
    assert (funding.known_deals, funding.unknown_deals) == (100, 100)
    assert funding.difference.low < 0 < funding.difference.high
    assert funding.difference.value == pytest.approx(funding.won_unknown - funding.won_known)


def test_that_unknown_deals_are_lost_is_seen_where_it_is_so() -> None:
    rows = [row if row.won else _without_funding(row) for row in closed(200)]
    (funding,) = unknowns(EXPERT, rows)

    assert (funding.won_known, funding.won_unknown) == (1, 0)
    assert funding.difference.high < -0.9


def test_the_band_is_tried_by_hiding_half_of_what_is_known() -> None:
    found = covered(EXPERT, closed(300))
    overconfident = covered(_narrow(EXPERT), closed(300))

    assert found is not None
    assert overconfident is not None
    assert found.rows == 300
    assert overconfident.share < 0.4 < found.share
    assert covered(base_rate_model(EXPERT, closed(50), "base"), closed(50)) is not None


def test_nothing_can_be_hidden_of_what_is_not_known() -> None:
    (row,) = closed(1)
    empty = replace(row, known=replace(row.known, standings={}, context={}))

    assert covered(EXPERT, [empty]) is None


def test_a_report_is_read_by_scripts(good: Report) -> None:
    told = msgspec.json.decode(msgspec.json.encode(good))

    assert told["figures"]["brier"].keys() == {"value", "low", "high"}
    assert told["null_ece"].keys() == {"mean", "quantile_95"}
    assert len(told["reliability"]) == 10


def test_the_picture_shows_each_bin_where_it_belongs() -> None:
    drawn = picture([Bin(20, 0.25, 0.5), Bin(20, 0.75, 1.0)], "Said & came")
    svg = ElementTree.fromstring(drawn)
    places = {
        (one.get("cx"), one.get("cy")) for one in svg.iter("{http://www.w3.org/2000/svg}circle")
    }

    assert places == {("154.0", "228.0"), ("334.0", "48.0")}
    assert "Said &amp; came" in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def _without_funding(row: TrainingRow) -> TrainingRow:
    kept = {
        key: one
        for key, one in row.known.standings.items()
        if not (
            isinstance(fact := one.beliefs[0].fact, Attribute) and fact.facet is FACETS["budget"]
        )
    }
    return replace(row, known=replace(row.known, standings=kept))


def _narrow(model: Model) -> Model:
    """Return the model that takes what it does not know for next to certain."""
    signals = tuple(replace(one, spread=Nats(0.01, 0.01)) for one in model.signals)
    return replace(model, signals=signals, spread_unexamined=0.01, spread_examined=0.01)
