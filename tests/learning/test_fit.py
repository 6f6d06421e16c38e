"""A model learned from closed opportunities: it begins at the expert, and says how far it went."""

from collections.abc import Sequence
from math import fsum, inf, log
from re import findall

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from opps.domain.behaviour import PROPOSAL_ANSWER, Wait
from opps.domain.catalogue import Objective
from opps.domain.knowledge import Known
from opps.domain.model import Graded, Model, Nats, Signal
from opps.domain.model_check import problems
from opps.domain.oks_1 import OKS_1
from opps.domain.score import logit, score
from opps.learning.fit import FitSettings, centred, fit
from opps.learning.moments import TrainingRow
from tests.learning.closed import deal_id
from tests.learning.deals import EXPERT, KINDS, NEED, a_deal, closed, deals, waited

# What the organisation's deals are really like: the need counts more, new customers are harder.
TRUTH = replace(
    EXPERT,
    name="truth",
    prior_happen=0.7,
    prior_win=0.55,
    signals=tuple(
        {
            "need": lambda one: replace(one, weight=Nats(1.3, 0.1)),
            "kind": lambda one: replace(
                one,
                values={
                    "NEW": Graded(deviation=Nats(-0.1, -0.5)),
                    "EXISTING": Graded(deviation=Nats(0.1, 0.5)),
                },
            ),
        }.get(signal.name, lambda one: one)(signal)
        for signal in EXPERT.signals
    ),
)


def signal_of(model: Model, name: str) -> Signal:
    return next(one for one in model.signals if one.name == name)


def p(model: Model, one: Known) -> float:
    return score(replace(one, model=model)).p


def log_loss(model: Model, rows: Sequence[TrainingRow]) -> float:
    surprise = [-log(q if row.won else 1 - q) for row in rows for q in [p(model, row.known)]]
    return fsum(surprise) / len(rows)


def test_without_closed_opportunities_the_expert_speaks_alone() -> None:
    assert fit(EXPERT, [], name="learned") == replace(EXPERT, name="learned")
    assert centred(EXPERT, []) == EXPERT


def test_many_closed_opportunities_teach_what_is_true() -> None:
    learned = fit(EXPERT, closed(TRUTH, deals(6_000)), name="learned")

    differences = [abs(p(learned, one) - p(TRUTH, one)) for one in deals(300, seed=9)]
    assert np.mean(differences) < 0.025
    new, existing = (p(learned, a_deal(kind=kind)) for kind in KINDS)
    assert existing - new == pytest.approx(
        p(TRUTH, a_deal(kind="EXISTING")) - p(TRUTH, a_deal(kind="NEW")), abs=0.05
    )


def test_where_nobody_says_why_deals_are_lost_the_wins_still_teach() -> None:
    learned = fit(EXPERT, closed(TRUTH, deals(6_000), told=False), name="learned")

    differences = [abs(p(learned, one) - p(TRUTH, one)) for one in deals(300, seed=9)]
    assert np.mean(differences) < 0.025


def test_the_more_deals_have_closed_the_better_on_average() -> None:
    later = closed(TRUTH, deals(500, seed=11), seed=12)

    def loss(number: int) -> float:
        drawn = [closed(TRUTH, deals(number, seed), seed) for seed in range(20, 32)]
        return fsum(log_loss(fit(EXPERT, rows, name="learned"), later) for rows in drawn) / 12

    assert loss(200) < loss(40) < loss(10) < log_loss(EXPERT, later) + 0.01


def test_a_value_that_no_deal_had_moves_only_as_all_values_of_the_signal_do() -> None:
    known = [a_deal(need=("VAGUE", "CLEAR")[n % 2]) for n in range(50)]

    learned = signal_of(fit(EXPERT, closed(TRUTH, known), name="learned"), "need").values

    common = (learned["VAGUE"].deviation.happen + learned["CLEAR"].deviation.happen) / 2
    assert learned["URGENT"].grade == 1.0
    assert learned["URGENT"].deviation.happen == pytest.approx(common, abs=1e-9)
    assert learned["VAGUE"].deviation.happen != pytest.approx(common, abs=1e-4)


def test_a_signal_that_was_never_heard_stays_as_it_is() -> None:
    learned = fit(EXPERT, closed(TRUTH, [a_deal(need="CLEAR")] * 30), name="learned")

    assert signal_of(learned, "kind") == signal_of(EXPERT, "kind")
    assert signal_of(learned, PROPOSAL_ANSWER) == signal_of(EXPERT, PROPOSAL_ANSWER)


def test_steps_of_a_wait_that_nobody_saw_follow_their_neighbours() -> None:
    silent = [
        replace(row, won=False, decided=False)
        for row in closed(TRUTH, [a_deal(conduct=waited(Wait.AWAITED, 30))] * 200)
    ]
    others = closed(TRUTH, deals(200))
    learned = signal_of(fit(EXPERT, [*silent, *others], name="learned"), PROPOSAL_ANSWER)
    alone = signal_of(
        fit(EXPERT, [*silent, *others], name="alone", settings=FitSettings(step=1e6)),
        PROPOSAL_ANSWER,
    )
    neighbour = Wait.AWAITED.at(25)

    assert learned.values[neighbour].deviation.happen < alone.values[neighbour].deviation.happen


def test_the_same_deals_teach_the_same_model_in_any_order_of_reading() -> None:
    rows = closed(TRUTH, deals(200))
    learned = fit(EXPERT, rows, name="learned")
    backwards = fit(EXPERT, rows[::-1], name="learned")

    assert fit(EXPERT, rows, name="learned") == learned
    assert [p(backwards, row.known) for row in rows] == pytest.approx(
        [p(learned, row.known) for row in rows], abs=1e-9
    )


def test_two_deals_that_are_alike_count_as_one_of_twice_the_weight() -> None:
    rows = closed(TRUTH, deals(100))
    twice = fit(EXPERT, [*rows, *rows], name="learned")
    heavier = fit(EXPERT, [replace(row, weight=2.0) for row in rows], name="learned")

    assert [p(twice, row.known) for row in rows] == pytest.approx(
        [p(heavier, row.known) for row in rows], abs=1e-9
    )


def test_what_was_learned_can_be_stored_and_run_for_ever() -> None:
    learned = fit(EXPERT, closed(TRUTH, deals(100)), name="learned")

    assert not list(problems(learned))
    assert msgspec.convert(msgspec.to_builtins(learned), Model) == learned


def test_the_contributions_of_a_learned_model_add_up_to_its_score() -> None:
    learned = fit(EXPERT, closed(TRUTH, deals(300)), name="learned")

    for one in deals(40, seed=13):
        found = score(replace(one, model=learned))
        happen = fsum([logit(learned.prior_happen), *(each.happen for each in found.contributions)])
        assert found.log_odds_happen == pytest.approx(happen, abs=1e-12)
        assert found.prior_win == pytest.approx(logit(learned.prior_win), abs=1e-9)


def test_an_even_share_of_wins_is_the_probability_of_a_deal_of_which_nothing_is_known() -> None:
    rows = closed(TRUTH, [a_deal()] * 400)
    share = sum(row.won for row in rows) / len(rows)

    assert p(fit(EXPERT, rows, name="learned"), a_deal()) == pytest.approx(share, abs=0.02)


def test_means_and_spreads_come_from_deals_of_which_nobody_knows_the_end() -> None:
    known = [a_deal(need=need) for need in ("CLEAR", "URGENT", "URGENT", "URGENT")]
    model = centred(EXPERT, known)
    need = signal_of(model, "need")

    assert need.mean == pytest.approx(0.75)
    assert need.spread.happen == pytest.approx(0.8 * np.std([0, 1, 1, 1]))
    assert [one.grade for one in need.values.values()] == [-1.0, 0.0, 1.0]
    assert np.mean([p(model, one) for one in known]) == pytest.approx(p(EXPERT, a_deal()))
    assert p(model, a_deal()) == pytest.approx(p(EXPERT, a_deal()))


def test_of_what_none_of_many_closed_deals_spoke_the_band_does_not_speak_either() -> None:
    rows = [
        replace(row, opportunity_id=deal_id(number))
        for number, row in enumerate(closed(TRUTH, deals(200)))
    ]
    few, many = fit(EXPERT, rows[:-1], name="learned"), fit(EXPERT, rows, name="learned")

    assert few.unheard == ()
    assert many.unheard == tuple(OKS_1.weights)
    said = [score(replace(a_deal(), model=one)) for one in (few, many)]
    assert said[0].high - said[0].low > said[1].high - said[1].low


def test_many_moments_of_a_few_deals_are_still_a_few_deals() -> None:
    (row,) = closed(TRUTH, deals(1))
    learned = fit(EXPERT, [row] * 300, name="learned")

    assert learned.unheard == ()


def test_where_the_expert_says_that_the_source_tells_no_more_few_deals_will_do() -> None:
    only = replace(EXPERT, unheard=(Objective.FUNDING, Objective.TIMING))

    assert fit(only, closed(TRUTH, deals(12)), name="learned").unheard == only.unheard


def test_even_a_flood_of_wins_leaves_a_model_that_can_be_asked() -> None:
    rows = [replace(row, won=True, decided=True) for row in closed(TRUTH, deals(500))]
    learned = fit(EXPERT, rows, name="learned", settings=FitSettings(intercept=100.0))

    assert all(
        0 < p(learned, a_deal(need)) < 1 and p(learned, a_deal(need)) != inf for need in NEED
    )


def test_no_number_of_a_model_has_more_digits_than_two_machines_agree_on() -> None:
    learned = fit(EXPERT, closed(TRUTH, deals(50)), name="learned", settings=FitSettings())
    written = msgspec.json.encode(learned).decode()
    digits = [len(one.replace(".", "").lstrip("0")) for one in findall(r"\d+\.\d+", written)]

    assert 5 < max(digits) <= 9
