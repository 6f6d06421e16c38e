"""The database itself holds the score ledger to its sums: each check has a row that it refuses."""

from datetime import date
from uuid import UUID

import psycopg
import pytest

from opps.domain.events import FactRetracted, OpportunityReopened, RetractionReason
from opps.eventstore import Log
from opps.projections import books
from opps.projections.projector import catch_up
from opps.projections.promises import Broken, Promise, first_broken
from opps.projections.score_checks import CHECKS, PROMISES
from tests.domain.given import (
    CFO,
    DEAL,
    FRIDAY,
    TUESDAY,
    at,
    budget,
    cfo_known,
    learned,
    lost,
    named,
    opened,
    said_by,
)
from tests.projections.support import Teller, run, settings

IN_THE_MIDDLE = "WHERE cause = 'FactLearned' AND p_before IS NOT NULL AND milli_points_change > 0"
CONSECUTIVE, ALL_IN_ALL = PROMISES

# What each check refuses: a change of a sound row that breaks nothing else.
BROKEN = {
    "points_add_up": "milli_points_before = milli_points_before + 1",
    "effects_add_up": "effects = '[]'",
    "p_adds_up": "p_change = p_change + 1e-15",
    "log_odds_add_up": "log_odds_change = log_odds_change + 0.0001",
    "points_are_those_of_p": "milli_points = milli_points + 1,"
    " milli_points_before = milli_points_before + 1",
    "p_in_range": "p = 0.995, p_change = 0.995 - p_before, high = 1,"
    " log_odds_change = ln(0.995 / 0.005) - ln(p_before / (1 - p_before)),"
    " milli_points = 76367, milli_points_before = 76367 - milli_points_change",
    "p_in_interval": "low = p + 0.001",
    "before_whole": "low_before = NULL",
}


@pytest.fixture(autouse=True)
def ledger(database: str, log: Log, teller: Teller) -> None:
    """Project two deals: one rises, falls, ages, ends and goes on; of the other nothing is told."""
    told = learned(budget(80_000), "told", source=said_by(CFO))
    back = FactRetracted(
        learned=at(TUESDAY), fact_id=named("told"), reason=RetractionReason.MISHEARD
    )
    teller.tell(DEAL, opened, cfo_known, told)
    teller.turn(date(2026, 4, 20))
    teller.tell(DEAL, back, lost, OpportunityReopened(learned=at(FRIDAY), reason="Called back"))
    teller.tell(named("other deal"), opened)
    catch_up(log, settings(database))


def broken(database: str, tenant: UUID, promise: Promise) -> Broken | None:
    with psycopg.connect(database) as connection:
        books.enter_tenant(connection, tenant)
        return first_broken(connection, promise)


def unchecked(database: str, *statements: str) -> None:
    """Change rows as only somebody could who takes the checks away."""
    drop = (f"ALTER TABLE opps_views.score_trend DROP CONSTRAINT {name}" for name, _ in CHECKS)
    run(database, *drop, *statements)


@pytest.mark.parametrize("name", [name for name, _ in CHECKS])
def test_each_check_refuses_a_row_that_breaks_it(database: str, name: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match=name):
        run(database, f"UPDATE opps_views.score_trend SET {BROKEN[name]} {IN_THE_MIDDLE}")


def test_no_check_goes_untried() -> None:
    assert BROKEN.keys() == {name for name, _ in CHECKS}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.name)
def test_a_sound_ledger_keeps_its_promises(database: str, tenant: UUID, promise: Promise) -> None:
    assert broken(database, tenant, promise) is None


def test_a_missing_line_is_found_by_the_line_behind_it(database: str, tenant: UUID) -> None:
    run(database, f"DELETE FROM opps_views.score_trend {IN_THE_MIDDLE}")

    found = broken(database, tenant, CONSECUTIVE)

    assert found is not None
    assert (found.stream, found.position) == (DEAL, 4)
    assert broken(database, tenant, ALL_IN_ALL) is not None


def test_a_line_that_adds_up_by_itself_and_not_with_its_neighbours_is_found(
    database: str, tenant: UUID
) -> None:
    unchecked(
        database,
        "UPDATE opps_views.score_trend SET milli_points = milli_points + 5,"
        f" milli_points_before = milli_points_before + 5 {IN_THE_MIDDLE}",
    )

    found = broken(database, tenant, CONSECUTIVE)

    assert found is not None
    assert (found.stream, found.position) == (DEAL, 3)


def test_a_score_that_its_lines_do_not_lead_to_is_found(database: str, tenant: UUID) -> None:
    run(database, "UPDATE opps_views.score_current SET milli_points = milli_points + 1")

    assert broken(database, tenant, CONSECUTIVE) is None
    assert broken(database, tenant, ALL_IN_ALL) is not None


def test_only_one_tenant_is_asked_about_and_what_is_left_out_is_left_out(
    database: str, tenant: UUID
) -> None:
    run(database, f"DELETE FROM opps_views.score_trend {IN_THE_MIDDLE}")

    with psycopg.connect(database) as connection:
        books.enter_tenant(connection, tenant)
        assert first_broken(connection, CONSECUTIVE, [DEAL]) is None
    assert broken(database, named("nobody"), CONSECUTIVE) is None
