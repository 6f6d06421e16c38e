"""What surrounds an opportunity, also before it was opened: the clock and the model in force."""

from datetime import date

from msgspec.structs import replace

from opps.domain.events import DayTurned, Event, Gate, ScoringModelActivated
from opps.domain.oks_1 import OKS_1
from opps.domain.opportunity.state import known
from opps.domain.score import score
from opps.domain.setting import DAY_ONE, Setting, setting_after, turned_at
from tests.domain.given import MANAGER, MONDAY, budget, given, learned, lost, opened, recorded

BOLDER = replace(OKS_1, name="bolder", prior_happen=0.65)

turned = DayTurned(day=date(2026, 3, 2), zone="Europe/Madrid")
later = DayTurned(day=date(2026, 9, 1), zone="Europe/Madrid")
activated = ScoringModelActivated(
    model=BOLDER, approver=MANAGER, reason="It did better", gate=Gate.PASSED
)
told = learned(budget(100), on=MONDAY)


def setting_of(*events: Event) -> Setting:
    return given(*events).state.setting


def test_before_anything_happens_there_is_no_clock_and_an_experts_model() -> None:
    assert setting_of(opened) == DAY_ONE == Setting(clock=None, model=OKS_1)


def test_an_opportunity_opened_after_the_days_tick_is_under_that_clock() -> None:
    assert given(turned, opened).state.clock == turned_at(turned)


def test_an_opportunity_opened_after_a_model_came_into_force_is_scored_by_it() -> None:
    state = given(activated, opened).state

    assert score(known(state)).model == "bolder"


def test_whether_it_was_opened_before_or_after_makes_no_difference() -> None:
    assert setting_of(opened, turned, activated) == setting_of(turned, activated, opened)


def test_a_tick_and_a_model_reach_an_open_opportunity() -> None:
    before, after = given(opened, told).state, given(opened, told, later, activated).state

    assert score(known(before)).model == OKS_1.name
    assert score(known(after)).model == "bolder"
    assert after.clock == turned_at(later)


def test_neither_reaches_the_score_of_one_that_is_closed() -> None:
    closed = given(opened, told, lost).state
    still = given(opened, told, lost, later, activated).state

    assert score(known(still)) == score(known(closed))


def test_the_setting_is_that_of_the_last_tick_and_the_last_model() -> None:
    history = recorded([turned, activated, opened, later])

    assert setting_after(history) == Setting(clock=turned_at(later), model=BOLDER)
