"""Verification: silent on what is sound, and precise about each way to tamper with it."""

from datetime import date
from uuid import UUID

import pytest

from opps.domain.events import OpportunityRenamed
from opps.eventstore import Log
from opps.projections.board import BOARD
from opps.projections.projector import catch_up
from opps.projections.verify import Difference, verify
from tests.domain.given import (
    ACCOUNT,
    CFO,
    DEAL,
    TUESDAY,
    at,
    budget,
    cfo_known,
    learned,
    named,
    opened,
    said_by,
)
from tests.projections.support import (
    Teller,
    account_registered,
    person_registered,
    run,
    settings,
)

OTHER = named("other deal")
LAST = 9
DROP_CHECKS = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT conrelid::regclass AS checked, conname FROM pg_constraint
               WHERE conrelid IN ('opps.events'::regclass, 'opps_views.score_trend'::regclass)
                     AND contype = 'c' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.checked, found.conname);
  END LOOP;
END $$"""


@pytest.fixture(autouse=True)
def sound(database: str, log: Log, teller: Teller) -> None:
    """Project a small sound log."""
    teller.tell(ACCOUNT, account_registered("Halden"))
    teller.tell(CFO, person_registered())
    teller.tell(DEAL, opened, cfo_known, learned(budget(80_000), source=said_by(CFO)))
    teller.tell(OTHER, opened, cfo_known)
    teller.turn(date(2026, 5, 20))
    teller.tell(OTHER, OpportunityRenamed(learned=at(TUESDAY), title="Line 4"))
    catch_up(log, settings(database))


def found(database: str, log: Log, tenant: UUID) -> Difference | None:
    return verify(log, settings(database), tenant).difference


def tamper(database: str, *statements: str) -> None:
    """Change what is stored, as only somebody with every right could."""
    run(
        database,
        "ALTER TABLE opps.events DISABLE TRIGGER ALL",
        "ALTER TABLE opps.commands DISABLE TRIGGER ALL",
        "ALTER TABLE opps.tenant_head DISABLE TRIGGER ALL",
        DROP_CHECKS,
        *statements,
    )


def test_a_sound_log_verifies(database: str, log: Log, tenant: UUID) -> None:
    verdict = verify(log, settings(database), tenant)

    assert (verdict.events, verdict.parked, verdict.difference) == (LAST, 0, None)


def test_an_empty_log_verifies(database: str, log: Log) -> None:
    assert found(database, log, named("nobody")) is None


def test_progress_is_told_up_to_the_end(database: str, log: Log, tenant: UUID) -> None:
    told: list[tuple[int, int]] = []

    verify(log, settings(database), tenant, lambda done, total: told.append((done, total)))

    assert told[-1] == (2 * LAST, 2 * LAST)
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("change", "position", "field"),
    [
        ("SET payload = payload || ' ' WHERE position = 4", 4, "payload"),
        ("SET metadata = '{}' WHERE position = 4", 4, "metadata"),
        ("SET tag = 'FactRetracted' WHERE position = 4", 4, "tag"),
        ("SET schema = 2 WHERE position = 4", 4, "schema"),
        ("SET event_id = gen_random_uuid() WHERE position = 4", 4, "event_id"),
        ("SET command_id = gen_random_uuid() WHERE position = 3", 3, "command_id"),
        ("SET recorded_at = recorded_at - interval '1 day' WHERE position = 8", 8, "recorded_at"),
        ("SET recorded_at = recorded_at + interval '1 us' WHERE position = 8", 8, "recorded_at"),
        ("SET stream = gen_random_uuid() WHERE position = 1", 1, "stream"),
        ("SET version = 7 WHERE position = 4", 4, "version"),
        ("SET leaf = sha256('forged') WHERE position = 5", 5, "leaf"),
        (
            "SET header = overlay(header placing sha256('forged') from 50 for 32),"
            " leaf = sha256('\\x00'::bytea || overlay(header placing sha256('forged')"
            " from 50 for 32)) WHERE position = 5",
            5,
            "previous_leaf",
        ),
    ],
)
def test_a_changed_event_is_found(
    database: str, log: Log, tenant: UUID, change: str, position: int, field: str
) -> None:
    tamper(database, f"UPDATE opps.events {change}")

    difference = found(database, log, tenant)

    assert difference is not None
    assert (difference.where, difference.position, difference.field) == ("log", position, field)


def test_an_event_rewritten_with_all_its_hashes_is_found_by_the_next_of_its_stream(
    database: str, log: Log, tenant: UUID
) -> None:
    tamper(
        database,
        "UPDATE opps.events SET payload = convert_to("
        "replace(convert_from(payload, 'UTF8'), 'CFO', 'CEO'), 'UTF8') WHERE position = 4",
        "UPDATE opps.events SET header = overlay(header placing sha256(payload) from 122 for 32)"
        " WHERE position = 4",
        "UPDATE opps.events SET leaf = sha256('\\x00'::bytea || header) WHERE position = 4",
    )

    difference = found(database, log, tenant)

    assert difference is not None
    assert (difference.position, difference.field) == (5, "previous_leaf")


def test_a_missing_event_is_found(database: str, log: Log, tenant: UUID) -> None:
    tamper(database, "DELETE FROM opps.events WHERE position = 7")

    difference = found(database, log, tenant)

    assert difference is not None
    assert (difference.position, difference.field) == (7, "position")


def test_a_missing_end_is_found(database: str, log: Log, tenant: UUID) -> None:
    tamper(database, f"DELETE FROM opps.events WHERE position = {LAST}")

    difference = found(database, log, tenant)

    assert difference is not None
    assert (difference.position, difference.stored) == (LAST, "missing")


def test_a_head_that_was_set_back_is_found(database: str, log: Log, tenant: UUID) -> None:
    tamper(database, "UPDATE opps.tenant_head SET recorded_at = recorded_at + interval '1 hour'")

    difference = found(database, log, tenant)

    assert difference is not None
    assert difference.field == "recorded_at of the head"


def test_a_forgotten_command_is_found(database: str, log: Log, tenant: UUID) -> None:
    tamper(database, "DELETE FROM opps.commands WHERE first_position = 3")

    difference = found(database, log, tenant)

    assert difference is not None
    assert difference.where.startswith("command ")
    assert (difference.position, difference.expected) == (3, "3")


@pytest.mark.parametrize(
    ("change", "table", "field"),
    [
        ("UPDATE opps_views.board SET title = 'Ours' WHERE position = 5", "board", "title"),
        ("UPDATE opps_views.score_trend SET p = 0.9 WHERE position = 5", "score_trend", "p"),
        (
            "UPDATE opps_views.score_current SET next_step_at = NULL",
            "score_current",
            "next_step_at",
        ),
        ("UPDATE opps_views.timeline SET told_by = NULL WHERE position = 5", "timeline", "told_by"),
        ("UPDATE opps_views.accounts SET name = 'Ours'", "accounts", "name"),
        ("DELETE FROM opps_views.persons", "persons", "row"),
        (
            "INSERT INTO opps_views.accounts (tenant, account_id, name, version, position)"
            " SELECT tenant, gen_random_uuid(), 'Ghost', 0, 1 FROM opps_views.accounts",
            "accounts",
            "row",
        ),
    ],
)
def test_a_row_that_the_log_does_not_say_is_found(
    database: str, log: Log, tenant: UUID, change: str, table: str, field: str
) -> None:
    run(database, DROP_CHECKS, change)

    difference = found(database, log, tenant)

    assert difference is not None
    assert difference.where.startswith(table)
    assert difference.field == field


def test_projections_that_lag_are_compared_as_far_as_they_are(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(OTHER, OpportunityRenamed(learned=at(TUESDAY), title="Line 5"))
    catch_up(log, settings(database), [BOARD])

    assert found(database, log, tenant) is None
