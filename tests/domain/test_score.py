"""The win probability, worked by hand: examples, range and interval."""

from collections.abc import Iterable
from math import exp, sqrt

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.facts.purchase import FundingStatus
from opps.domain.interval import Doubt, interval80
from opps.domain.model import Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.provenance import SourceKind
from opps.domain.quadrature import NORMAL, UNIT
from opps.domain.score import LOWEST, NOTHING_KNOWN, Score, logit, score, weigh
from opps.domain.valence import SILENT, Spoken, Voice
from tests.domain.build import (
    an_event,
    an_impact,
    belief,
    euros,
    expects,
    funded,
    known,
)


def sigmoid(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def said(happen: Voice, win: Voice, only: Iterable[Objective] = Objective) -> Score:
    """Return the score where some objectives say the same and the others nothing."""
    return weigh(
        Spoken(one, happen, win, examined=True) if one in set(only) else Spoken(one)
        for one in Objective
    )


def everything(valence: float, credence: float) -> Score:
    return said(Voice(valence, credence), Voice(valence, credence))


def points(value: Score) -> float:
    return value.milli_points / 1000


# Worked by hand.


def test_with_nothing_known_the_prior_speaks() -> None:
    assert NOTHING_KNOWN.p == pytest.approx(0.55 * 0.45)
    assert (round(NOTHING_KNOWN.low, 4), round(NOTHING_KNOWN.high, 4)) == (0.0149, 0.7359)
    # Square roots of the sums of squared weights: 2.54 will it happen, 3.20 will we win.
    assert NOTHING_KNOWN.sd_happen == pytest.approx(sqrt(2.54))
    assert NOTHING_KNOWN.sd_win == pytest.approx(sqrt(3.20))


def test_an_approved_budget_that_the_buyer_told_us_makes_it_likelier_to_happen() -> None:
    heard = score(known(funded()))

    # The prior of .55 is .2007; the weight .60 at credence .80 and valence +1 adds .48.
    assert heard.log_odds_happen == pytest.approx(0.2007 + 0.60 * 0.80, abs=1e-4)
    assert heard.log_odds_win == pytest.approx(logit(0.45))
    # 1 / (1 + e^-.6807) = .6639, times .45.
    assert heard.p == pytest.approx(0.6639 * 0.45, abs=1e-4)
    # A fifth of funding's .60 stays open, at spread .8: 2.54 - .36 + (.60 x .20 x .80)^2.
    assert heard.sd_happen == pytest.approx(sqrt(2.54 - 0.36 + 0.096**2))
    # Nothing was said of the price: its .20 stays open, at spread .8 of what was looked at.
    assert heard.sd_win == pytest.approx(sqrt(3.20 - 0.04 + 0.16**2))


def test_a_rumour_of_no_money_counts_by_how_far_it_is_believed() -> None:
    rumour = belief(funded(FundingStatus.NONE), source=SourceKind.THIRD_PARTY)
    heard = score(known(rumour))

    # .2007 - .60 x .45 = -.0693, which is .4827, times .45.
    assert heard.p == pytest.approx(0.4827 * 0.45, abs=1e-4)


def test_two_facts_of_two_objectives_add_up_in_log_odds() -> None:
    heard = score(
        known(
            funded(FundingStatus.REQUESTED),
            an_event(consequence="A fine"),
            expects(euros(80), euros(90)),
            amount=euros(100),
        )
    )

    # Funding: .60 x .80 x .4 = .192, timing: .80 x .80 = .64; price above range: -.20 x .80.
    assert heard.log_odds_happen == pytest.approx(0.2007 + 0.192 + 0.64, abs=1e-4)
    assert heard.log_odds_win == pytest.approx(-0.2007 - 0.16, abs=1e-4)


def test_the_contributions_explain_the_log_odds_exactly() -> None:
    heard = score(known(funded(), an_impact(value_per_year=euros(9000)), amount=euros(1000)))
    by_topic = {one.topic: (one.happen, one.win) for one in heard.contributions}

    assert list(by_topic) == [Topic(objective.value) for objective in Objective]
    assert by_topic.pop(Topic.FUNDING) == pytest.approx((0.48, 0.0))
    assert by_topic.pop(Topic.DESIRED_IMPACT) == pytest.approx((0.4, 0.0))
    assert set(by_topic.values()) == {(0.0, 0.0)}
    assert heard.prior_happen == pytest.approx(logit(0.55))
    assert heard.prior_win == pytest.approx(logit(0.45))


# Range and interval.


def test_the_best_that_can_be_known_is_97_percent_and_the_worst_is_held_at_1() -> None:
    best, worst = everything(+1, 0.95), everything(-1, 0.95)

    assert best.p == pytest.approx(0.973, abs=5e-4)
    assert worst.p == worst.low == worst.high == LOWEST
    assert sigmoid(worst.log_odds_happen) * sigmoid(worst.log_odds_win) == pytest.approx(
        0.0002, abs=5e-5
    )


def test_acknowledging_all_nine_unknowns_leaves_the_probability_and_narrows_the_interval() -> None:
    acknowledged = said(SILENT, SILENT)

    assert acknowledged.p == NOTHING_KNOWN.p
    assert (round(acknowledged.low, 4), round(acknowledged.high, 4)) == (0.0293, 0.6723)


@pytest.mark.parametrize(
    ("objective", "narrowing"),
    [
        (Objective.EVALUATORS, 0.015),
        (Objective.ALTERNATIVES, 0.012),
        (Objective.TIMING, 0.011),
        (Objective.REQUIRED_SOLUTION, 0.002),
    ],
)
def test_acknowledging_one_unknown_narrows_the_interval_a_little(
    objective: Objective, narrowing: float
) -> None:
    acknowledged = said(SILENT, SILENT, only=[objective])

    assert acknowledged.decidability - NOTHING_KNOWN.decidability == pytest.approx(
        narrowing, abs=0.001
    )


def test_what_the_buyer_said_on_all_nine_closes_four_fifths_of_the_doubt() -> None:
    at_eighty = Voice(valence=0.5, credence=0.8)
    spread_one = replace(OKS_1, spread_examined=1.0)
    heard = weigh(
        (Spoken(one, at_eighty, at_eighty, examined=True) for one in Objective), spread_one
    )

    assert (round(heard.sd_happen, 2), round(heard.sd_win, 2)) == (0.32, 0.36)


def test_the_interval_is_that_of_all_pairs_of_nodes_one_by_one() -> None:
    doubt = Doubt(0.3, -0.4, variance_happen=1.2, variance_win=0.9, covariance=0.5)
    shared = doubt.covariance / sqrt(doubt.variance_happen)
    own = sqrt(doubt.variance_win - shared**2)
    pairs = sorted(
        (
            sigmoid(doubt.happen + sqrt(doubt.variance_happen) * x)
            * sigmoid(doubt.win + shared * x + own * y),
            weight * other,
        )
        for x, weight in NORMAL
        for y, other in NORMAL
    )
    below, middles = 0.0, []
    for p, weight in pairs:
        middles.append((below + weight / 2, p))
        below += weight

    assert interval80(doubt) == pytest.approx((_between(middles, 0.1), _between(middles, 0.9)))


def _between(middles: list[tuple[float, float]], share: float) -> float:
    after = next(place for place, (middle, _) in enumerate(middles) if middle >= share)
    (start, first), (end, last) = middles[after - 1], middles[after]
    return first + (last - first) * (share - start) / (end - start)


def test_without_doubt_the_interval_is_a_point() -> None:
    certain = Doubt(1.0, 2.0, variance_happen=0.0, variance_win=0.0, covariance=0.0)

    assert interval80(certain) == pytest.approx((sigmoid(1) * sigmoid(2),) * 2)


def test_the_nodes_integrate_what_they_must() -> None:
    moments = [sum(weight * node**power for node, weight in NORMAL) for power in (0, 1, 2, 4, 6)]

    assert moments == pytest.approx([1, 0, 1, 3, 15])
    assert [sum(weight * node**power for node, weight in UNIT) for power in range(8)] == (
        pytest.approx([1 / (power + 1) for power in range(8)])
    )


def test_ten_points_double_the_odds_and_even_odds_are_zero() -> None:
    def at(p: float) -> float:
        return points(replace(NOTHING_KNOWN, p=p))

    assert at(0.5) == 0
    assert at(2 / 3) == 10
    assert at(0.8) == 20
    assert at(0.2) == -20
