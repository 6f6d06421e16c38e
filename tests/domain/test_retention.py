"""Retention: who has been kept as long as the rules say."""

from datetime import timedelta

import pytest

from opps.domain.events import Outcome, RetentionRule
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.retention import Due, Ended, due
from tests.domain.given import MONDAY

FULL, IDENTITY = ErasureLevel.FULL, ErasureLevel.IDENTITY
LOST_A_YEAR = RetentionRule(outcome=Outcome.LOST, keep_days=365, level=FULL)
WON_TEN_YEARS = RetentionRule(outcome=Outcome.WON, keep_days=3650, level=IDENTITY)
RULES = (LOST_A_YEAR, WON_TEN_YEARS)
A_YEAR = timedelta(days=365)
TEN_YEARS = timedelta(days=3650)
lost, won = Ended(Outcome.LOST, MONDAY), Ended(Outcome.WON, MONDAY)
still_open = Ended(None, None)


def test_a_person_is_due_as_soon_as_the_time_is_over() -> None:
    assert due(RULES, [lost], MONDAY + A_YEAR) == Due(FULL, MONDAY + A_YEAR)
    assert due(RULES, [lost], MONDAY + A_YEAR - timedelta(seconds=1)) is None


def test_an_open_opportunity_keeps_its_people() -> None:
    assert due(RULES, [lost, still_open], MONDAY + TEN_YEARS) is None


def test_the_longest_time_counts_and_the_milder_level() -> None:
    assert due(RULES, [lost, won], MONDAY + A_YEAR) is None
    assert due(RULES, [lost, won], MONDAY + TEN_YEARS) == Due(IDENTITY, MONDAY + TEN_YEARS)


def test_an_outcome_without_a_rule_keeps_its_people() -> None:
    nowhere = Ended(Outcome.NO_DECISION, MONDAY)

    assert due(RULES, [nowhere], MONDAY + TEN_YEARS) is None


def test_of_whom_no_opportunity_tells_is_kept() -> None:
    assert due(RULES, [], MONDAY + TEN_YEARS) is None


@pytest.mark.parametrize("days", [2_147_483_647, 3_000_000])
def test_a_time_beyond_all_calendars_is_never_over(days: int) -> None:
    for_ever = RetentionRule(outcome=Outcome.LOST, keep_days=days, level=FULL)

    assert due([for_ever], [lost], MONDAY + TEN_YEARS) is None
