"""Near-identical closed deals pull a new one their way, each its own share of one sum."""

from collections.abc import Sequence
from math import fsum
from uuid import uuid5

import pytest
from msgspec.structs import replace

from opps.domain.knowledge import Believed, Known
from opps.domain.model import Model, Topic
from opps.domain.score import logit, score
from opps.domain.signals import hear
from opps.learning.fit import FitSettings, fit
from opps.learning.moments import TrainingRow
from opps.learning.settings import with_precedents
from tests.domain.build import DEAL
from tests.learning.deals import EXPERT, KINDS, NEED, a_deal, closed, deals

PRECEDENTS = with_precedents(FitSettings())


def as_deals(rows: Sequence[TrainingRow]) -> list[TrainingRow]:
    return [
        replace(row, opportunity_id=uuid5(DEAL, f"{number}")) for number, row in enumerate(rows)
    ]


def ended(known: Known, won: bool, times: int) -> list[TrainingRow]:
    row = TrainingRow(known=known, won=won, decided=True, opportunity_id=DEAL)
    return [row] * times


def p(model: Model, one: Known) -> float:
    return score(replace(one, model=model)).p


# What both sides of it have in common speaks against what they are together.
ROWS = as_deals(
    [
        *ended(a_deal("CLEAR", "NEW"), True, 30),
        *ended(a_deal("CLEAR", "EXISTING"), False, 30),
        *ended(a_deal("VAGUE", "NEW"), False, 30),
        *ended(a_deal("VAGUE", "EXISTING"), True, 30),
    ]
)


def test_nobody_has_precedents_who_does_not_ask_for_them() -> None:
    assert fit(EXPERT, ROWS, name="learned").precedents is None


def test_closed_deals_pull_those_that_are_just_like_them() -> None:
    alone = fit(EXPERT, ROWS, name="alone")
    beside = fit(EXPERT, ROWS, name="beside", settings=PRECEDENTS)
    won, lost = a_deal("CLEAR", "NEW"), a_deal("CLEAR", "EXISTING")

    assert p(beside, won) > p(alone, won) + 0.1
    assert p(beside, lost) < p(alone, lost) - 0.1


def test_a_deal_of_which_nothing_is_known_has_next_to_no_precedent() -> None:
    beside = fit(EXPERT, ROWS, name="beside", settings=PRECEDENTS)
    added = score(replace(a_deal(), model=beside)).contributions
    win = next(one.win for one in added if one.topic is Topic.PRECEDENTS)

    assert abs(win) < 0.05


def test_what_each_closed_deal_adds_is_told_and_adds_up() -> None:
    beside = fit(EXPERT, ROWS, name="beside", settings=PRECEDENTS)
    assert beside.precedents is not None
    one = replace(a_deal("CLEAR", "NEW"), model=beside)

    pulls = beside.precedents.pulls(list(hear(Believed(one))))
    found = score(one)

    told = next(each for each in found.contributions if each.topic is Topic.PRECEDENTS)
    assert told.happen == 0.0
    assert fsum(pull.win for pull in pulls) == pytest.approx(told.win, abs=1e-12)
    assert pulls[0].precedent.won
    assert pulls[0].precedent.opportunity_id in {row.opportunity_id for row in ROWS[:30]}
    happen = fsum([logit(beside.prior_happen), *(each.happen for each in found.contributions)])
    win = fsum([logit(beside.prior_win), *(each.win for each in found.contributions)])
    assert found.log_odds_happen == pytest.approx(happen, abs=1e-12)
    assert found.log_odds_win == pytest.approx(win, abs=1e-12)


def test_a_deal_told_at_many_moments_is_one_precedent_as_it_was_last() -> None:
    twice = [replace(row, weight=0.5) for row in ROWS]
    earlier = [replace(row, known=a_deal()) for row in twice]
    rows = [moment for pair in zip(earlier, twice, strict=True) for moment in pair]

    found = fit(EXPERT, rows, name="beside", settings=PRECEDENTS).precedents

    assert found is not None
    assert len(found.deals) == len(ROWS)
    assert all(max(deal.values) >= 0 for deal in found.deals)


def test_precedents_are_the_same_each_time_whether_or_not_losses_are_explained() -> None:
    for told in (True, False):
        rows = as_deals(closed(EXPERT, deals(150), told=told))
        first = fit(EXPERT, rows, name="beside", settings=PRECEDENTS)

        assert first == fit(EXPERT, rows, name="beside", settings=PRECEDENTS)
        assert all(0 < p(first, a_deal(need, kind)) < 1 for need in NEED for kind in KINDS)


def test_a_model_that_learns_anew_forgets_the_precedents_it_had() -> None:
    beside = fit(EXPERT, ROWS, name="beside", settings=PRECEDENTS)

    assert fit(beside, ROWS, name="again").precedents is None
