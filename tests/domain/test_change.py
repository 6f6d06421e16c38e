"""What each event did to the score: whole milli-points that always add up."""

from itertools import pairwise
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.change import Effect, change
from opps.domain.model import Channel, Nats, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.score import NOTHING_KNOWN, prior, score, weigh
from opps.domain.valence import Spoken, Voice
from tests.domain.build import euros, expects, funded, known, often
from tests.domain.deals import Deal, deals

BIG = Voice(valence=-1.0, credence=0.95)


def test_nothing_changes_between_a_score_and_itself() -> None:
    same = change(NOTHING_KNOWN, NOTHING_KNOWN)

    assert (same.milli_points, same.delta_p, same.effects) == (0, 0.0, ())


def test_one_fact_moves_one_objective_in_one_channel() -> None:
    moved = change(NOTHING_KNOWN, score(known(funded())))

    # From odds .2475 / .7525 to .2988 / .7012: log2 of 1.2955 is .3735 doublings, 3.735 points.
    assert moved.milli_points == pytest.approx(3735, abs=5)
    assert moved.effects == (Effect(Topic.FUNDING, Channel.HAPPEN, moved.milli_points),)
    assert moved.delta_p == moved.after.p - moved.before.p > 0


def test_two_channels_of_one_objective_are_told_apart() -> None:
    heard = score(known(funded(), expects(euros(80), euros(90)), amount=euros(100)))
    effects = {one.channel: one.milli_points for one in change(NOTHING_KNOWN, heard).effects}

    assert effects[Channel.HAPPEN] > 0 > effects[Channel.WIN]


def test_taking_a_fact_back_undoes_its_effect_to_the_last_milli_point() -> None:
    learned = score(known(funded()))
    there, back = change(NOTHING_KNOWN, learned), change(learned, NOTHING_KNOWN)

    assert there.milli_points == -back.milli_points
    assert [one.milli_points for one in there.effects] == [
        -one.milli_points for one in back.effects
    ]


@often
@given(deals(), deals())
def test_the_effects_add_up_to_the_change(before: Deal, after: Deal) -> None:
    moved = change(score(before.known()), score(after.known()))

    assert sum(one.milli_points for one in moved.effects) == moved.milli_points
    assert all(one.milli_points for one in moved.effects)


@often
@given(st.lists(deals(largest=5), min_size=2, max_size=5))
def test_the_changes_add_up_to_the_way_from_the_first_score_to_the_last(steps: list[Deal]) -> None:
    scores = [score(step.known()) for step in steps]

    assert sum(change(one, other).milli_points for one, other in pairwise(scores)) == (
        scores[-1].milli_points - scores[0].milli_points
    )


def test_each_effect_follows_the_path_and_its_rounding_is_at_most_one_milli_point() -> None:
    before = NOTHING_KNOWN
    after = weigh(
        Spoken(one, Voice(0.3, 0.8), Voice(-0.2, 0.65), examined=True) for one in Objective
    )
    # The same path in a thousand steps, each nearly straight, weighed by its own middle.
    exact = dict.fromkeys(Channel, 0.0)
    for step in range(1000):
        middle = (step + 0.5) / 1000
        a = exp(-(before.log_odds_happen * (1 - middle) + after.log_odds_happen * middle))
        b = exp(-(before.log_odds_win * (1 - middle) + after.log_odds_win * middle))
        exact[Channel.HAPPEN] += (a + a * b) / (a + b + a * b) / 1000
        exact[Channel.WIN] += (b + a * b) / (a + b + a * b) / 1000

    for effect in change(before, after).effects:
        moved = next(one for one in after.contributions if one.topic is effect.topic)
        nats = moved.happen if effect.channel is Channel.HAPPEN else moved.win
        assert effect.milli_points == pytest.approx(
            nats * exact[effect.channel] * 10_000 / log(2), abs=1
        )


def test_what_is_held_at_one_percent_shows_no_effect() -> None:
    worst = weigh(Spoken(one, BIG, BIG, examined=True) for one in Objective)
    nearly = weigh(
        Spoken(one, BIG, BIG, examined=True) if one is not Objective.FUNDING else Spoken(one)
        for one in Objective
    )

    assert change(worst, nearly).effects == ()


def test_what_leaves_one_percent_shows_only_the_way_beyond_it() -> None:
    worst = weigh(Spoken(one, BIG, BIG, examined=True) for one in Objective)
    moved = change(worst, NOTHING_KNOWN)

    assert moved.milli_points == NOTHING_KNOWN.milli_points - worst.milli_points
    assert sum(one.milli_points for one in moved.effects) == moved.milli_points
    assert all(one.milli_points > 0 for one in moved.effects)


def test_another_model_is_told_apart_from_what_was_learned() -> None:
    bolder = replace(OKS_1, name="oks-2", prior_happen=0.65)
    moved = change(NOTHING_KNOWN, prior(bolder))

    assert moved.effects == (Effect(Topic.MODEL, Channel.HAPPEN, moved.milli_points),)
    assert moved.milli_points > 0


def test_what_other_weights_move_is_the_model_s_doing_and_nobody_else_s() -> None:
    looked_at = known(funded())
    heavier = replace(
        OKS_1, name="oks-2", weights={**OKS_1.weights, Objective.FUNDING: Nats(0.9, 0.2)}
    )
    moved = change(score(looked_at), score(replace(looked_at, model=heavier)))

    assert {one.topic for one in moved.effects} == {Topic.MODEL}
