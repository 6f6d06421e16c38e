"""The lenses on one short history, word for word: what was known, what the screen showed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from opps.domain.beliefs import FOREVER, HEAD, History, View, stand
from opps.domain.facts import Fact
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.times import learned_in
from tests.domain.build import CFO, CTO, SELLER, belief, budget, fact_id, leans, note


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


FEB_20, MAR_1, MAR_2 = date(2026, 2, 20), date(2026, 3, 1), date(2026, 3, 2)
MAR_3, MAR_5, MAR_9 = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 9)
MAR_10, MAR_11, MAR_12, MAR_15 = (date(2026, 3, day) for day in (10, 11, 12, 15))

RECORDED = {1: FEB_20, 2: MAR_5, 3: MAR_9, 4: MAR_10, 5: MAR_12, 6: MAR_15}

BUDGET = (
    History()
    .learn(
        belief(
            budget(100),
            by=CFO,
            learned=learned_in("2026-02-20", "UTC"),
            position=1,
            recorded=noon(FEB_20),
        )
    )
    .learn(
        belief(
            budget(60),
            by=CFO,
            learned=learned_in("2026-03-01", "UTC"),
            position=3,
            recorded=noon(MAR_9),
        )
    )
    .learn(
        belief(
            budget(80),
            by=CFO,
            learned=learned_in("2026-03-10", "UTC"),
            position=4,
            recorded=noon(MAR_10),
        )
    )
    .annotate(fact_id(3), "retracted", note(learned_in("2026-03-12", "UTC"), 5, noon(MAR_12)))
)
CHAMPION = (
    History()
    .learn(
        belief(
            leans(CTO, LeaningLevel.CHAMPION, behaviour="Sold it to the board"),
            by=SELLER,
            learned=learned_in("2026-03-05", "UTC"),
            position=2,
            recorded=noon(MAR_5),
        )
    )
    .annotate(fact_id(2), "redated", note(learned_in("2026-03-02", "UTC"), 6, noon(MAR_15)))
)
THOUSANDS: dict[Fact, int] = {budget(amount): amount for amount in (60, 80, 100)}


def position_at(day: date) -> int:
    """Return the last position recorded by the end of a day."""
    return max(position for position, recorded in RECORDED.items() if recorded <= day)


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def screen(day: date) -> View:
    return View(FOREVER, position_at(day))


def known_on(day: date, told_by: date | None = None) -> View:
    return View(end_of(day), HEAD if told_by is None else position_at(told_by))


def seen(view: View) -> tuple[int | None, str | None]:
    """Return the budget in thousands and the champion that a view answers."""
    money, champion = stand(BUDGET, view).belief, stand(CHAMPION, view).belief
    return THOUSANDS[money.fact] if money else None, "CTO" if champion else None


@pytest.mark.parametrize(
    ("view", "answer"),
    [
        pytest.param(screen(MAR_5), (100, "CTO"), id="SCREEN(5 Mar)"),
        pytest.param(known_on(MAR_5), (60, "CTO"), id="KNOWN(5 Mar) told by now"),
        pytest.param(known_on(MAR_5, MAR_11), (60, "CTO"), id="KNOWN(5 Mar, toldBy 11 Mar)"),
        pytest.param(known_on(MAR_3), (60, "CTO"), id="KNOWN(3 Mar) told by now"),
        pytest.param(screen(MAR_3), (100, None), id="SCREEN(3 Mar)"),
        pytest.param(screen(MAR_11), (80, "CTO"), id="SCREEN(11 Mar)"),
    ],
)
def test_each_lens_answers_what_was_known_then(view: View, answer: tuple[int, str | None]) -> None:
    assert seen(view) == answer


def test_the_screen_of_a_day_is_what_now_answered_on_that_day() -> None:
    now_on_11_march = View(end_of(MAR_11), position_at(MAR_11))

    assert seen(screen(MAR_11)) == seen(now_on_11_march) == (80, "CTO")
