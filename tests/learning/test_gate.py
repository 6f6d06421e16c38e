"""A model comes into force only if it does no worse on deals it has not learned from."""

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from opps.domain.model import Model, Nats
from opps.domain.promotion import LEAST_TRIED
from opps.learning.folds import folds
from opps.learning.gate import TooFewDeals, Trial, judged, predicted, trial
from opps.learning.metrics import metrics
from opps.learning.moments import TrainingRow
from opps.learning.rates import base_rate_model
from tests.learning.closed import CONTRARY, EXPERT, closed, later, of_deals, unmoved


def expert(rows: Sequence[TrainingRow]) -> Model:
    return EXPERT


def contrary(rows: Sequence[TrainingRow]) -> Model:
    return CONTRARY


def base_rate(rows: Sequence[TrainingRow]) -> Model:
    return base_rate_model(EXPERT, rows, "base")


def tried(rows: Sequence[TrainingRow]) -> Trial:
    return trial(rows, expert, base_rate)


def test_a_model_is_tried_only_on_deals_that_ended_later() -> None:
    made = folds(closed(60)[::-1])

    assert len(made) == 5
    for fold in made:
        latest = max(row.closed_at for row in fold.learn if row.closed_at)
        assert all(row.closed_at and row.closed_at > latest for row in fold.tried)
    assert len({row.opportunity_id for fold in made for row in fold.tried}) == 50


def test_deals_that_ended_at_the_same_instant_are_not_parted() -> None:
    rows = [later(row, -place) for place, row in enumerate(closed(60))]

    assert folds(rows) == []


def test_all_moments_of_a_deal_stay_together() -> None:
    twice = [row for row in closed(60) for _ in range(2)]
    untimed = [row for row in closed(60, timed=False) for _ in range(2)]

    for fold in (*folds(twice), *folds(untimed)):
        assert not of_deals(fold.learn) & of_deals(fold.tried)


def test_without_times_deals_of_which_the_same_is_known_stay_together() -> None:
    rows = closed(40, timed=False)
    copies = [
        replace(row, opportunity_id=twin.opportunity_id)
        for row, twin in zip(rows, closed(80)[40:], strict=True)
    ]
    made = folds([*rows, *copies])

    assert len(made) == 10
    assert sum(len(fold.tried) for fold in made) == 80
    for fold in made:
        heard = [row.known for row in fold.learn]
        assert not any(row.known in heard for row in fold.tried)
    assert [of_deals(fold.tried) for fold in made] == [
        of_deals(fold.tried) for fold in folds([*copies, *rows][::-1])
    ]


def test_deals_without_a_time_are_left_out_where_others_have_one() -> None:
    untimed = [replace(row, closed_at=None) for row in closed(70)[60:]]

    learned_from = {one for fold in folds([*closed(60), *untimed]) for one in of_deals(fold.learn)}
    assert not learned_from & of_deals(untimed)


def test_neither_contender_sees_the_deals_it_is_tried_on() -> None:
    rows = closed(120)
    seen: list[set[object]] = []

    def curious(learn: Sequence[TrainingRow]) -> Model:
        seen.append({row.opportunity_id for row in learn})
        return EXPERT

    trial(rows, curious, curious)
    for mine, theirs, fold in zip(seen[::2], seen[1::2], folds(rows), strict=True):
        assert mine == theirs == of_deals(fold.learn)
        assert not mine & of_deals(fold.tried)


def test_a_model_that_knows_better_passes() -> None:
    found = judged(tried(closed(300)))

    assert found.passed
    assert found.skill > 0.1
    assert found.difference.high < 0
    assert (found.opportunities, found.folds) == (250, 5)
    assert found.brier.low < found.brier.value < found.brier.high


def test_a_model_that_does_worse_does_not_pass() -> None:
    found = judged(trial(closed(300), contrary, expert))

    assert not found.passed
    assert found.difference.low > 0.003
    assert found.skill < 0


def test_a_model_as_good_as_the_one_in_force_passes() -> None:
    found = judged(trial(closed(300), expert, expert))

    assert found.passed
    assert found.difference.value == found.difference.high == 0


def test_better_than_a_bad_model_is_not_enough() -> None:
    found = judged(trial(closed(300, rate=0.35), expert, contrary))

    assert found.skill < 0
    assert not found.passed


def test_a_model_that_does_a_little_worse_does_not_pass() -> None:
    timid = replace(
        EXPERT, signals=tuple(replace(one, weight=Nats(0.2, 0.2)) for one in EXPERT.signals)
    )
    found = judged(trial(closed(300), lambda rows: timid, expert))

    assert 0 < found.difference.value < 0.03
    assert found.skill > 0.1
    assert not found.passed


def test_the_base_rate_does_not_pass_however_bad_the_model_in_force() -> None:
    rosy = unmoved(replace(EXPERT, prior_happen=0.9, prior_win=0.9))
    found = judged(trial(closed(300, rate=0.35), base_rate, lambda rows: rosy))

    assert found.difference.high < -0.1
    assert not found.passed


def test_a_few_deals_are_not_enough_to_pass() -> None:
    enough, too_few = (
        judged(trial(closed(deals), expert, contrary)) for deals in (LEAST_TRIED + 6, 34)
    )

    assert (enough.opportunities, enough.passed) == (30, True)
    assert (too_few.opportunities, too_few.passed) == (29, False)
    assert too_few.skill > 0 > too_few.difference.high


def test_too_few_deals_to_try_a_model_on_are_told() -> None:
    with pytest.raises(TooFewDeals, match="1 closed opportunities are too few"):
        tried(closed(1))
    with pytest.raises(TooFewDeals):
        tried([])


def test_where_nothing_decides_there_is_no_evidence() -> None:
    worlds = [tried(closed(200, seed, rate=0.35)) for seed in range(12)]

    assert not any(world.evidence for world in worlds)
    assert sum(judged(world).passed for world in worlds) <= 1


def test_where_what_is_known_decides_there_is_evidence() -> None:
    evident = [tried(closed(200, seed)).evidence for seed in range(10)]

    assert sum(evident) >= 9
    assert tried(closed(200, timed=False)).evidence


def test_a_better_guess_of_the_base_rate_is_no_evidence() -> None:
    falling = [
        replace(row, won=row.won and place < 150) for place, row in enumerate(closed(300, rate=0.5))
    ]
    found = trial(falling, lambda rows: unmoved(replace(EXPERT, prior_win=0.2)))

    assert found.against(found.base).high < 0
    assert not found.evidence


def test_the_base_rate_itself_is_no_evidence() -> None:
    found = trial(closed(300), base_rate, base_rate)

    assert not found.evidence
    assert abs(judged(found).skill) < 0.02


def test_what_is_said_is_the_score_of_the_model() -> None:
    rows = closed(30)

    assert predicted(unmoved(), rows) == pytest.approx(np.full(30, 0.36))
    assert predicted(EXPERT, rows).std() > 0.1
    ended = [row.won for row in rows]
    assert (
        metrics(ended, predicted(EXPERT, rows)).brier
        < metrics(ended, predicted(CONTRARY, rows)).brier
    )
