"""The projector: exactly once, one leader, and no event that stops all others."""

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from threading import Event
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from opps.domain.clock import clock_stream
from opps.domain.events import OpportunityRenamed
from opps.eventstore import Log, register_tenant
from opps.projections import board
from opps.projections.board import BOARD
from opps.projections.books import parked_streams, standings
from opps.projections.projector import Projector, catch_up
from opps.projections.rebuild import rebuild
from opps.projections.registry import PROJECTIONS
from opps.projections.steps import Step
from opps.projections.table import Row
from opps.projections.timeline import TIMELINE
from opps.recording import codec
from tests.domain.given import (
    ACCOUNT,
    CFO,
    MONDAY,
    TUESDAY,
    at,
    budget,
    cfo_known,
    learned,
    lost,
    opened,
)
from tests.projections.support import (
    Teller,
    account_registered,
    all_rows,
    deals,
    person_registered,
    rows,
    run,
    settings,
)
from tests.support import eventually

DEALS = ONE, TWO, THREE = deals(3)
CUT_AT = 7
TERMINATE_PROJECTOR = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'opps projector' AND datname = current_database()"
)


def renamed(title: str) -> OpportunityRenamed:
    return OpportunityRenamed(learned=at(TUESDAY), title=title)


def tell_a_story(teller: Teller) -> int:
    """Tell of three deals, of which one is lost, over two days; return the last position."""
    teller.tell(ACCOUNT, account_registered("Halden"))
    teller.tell(CFO, person_registered())
    for deal in (ONE, TWO, THREE):
        teller.tell(deal, opened, cfo_known)
    teller.turn((MONDAY + timedelta(days=9)).date())
    teller.tell(ONE, learned(budget(100_000), "approved"), renamed("Line 4"))
    teller.tell(TWO, lost)
    teller.turn((MONDAY + timedelta(days=400)).date())
    return teller.tell(THREE, renamed("Line 5"))


def positions(database: str, tenant: UUID) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        try:
            return {one.projection: one.position for one in standings(connection, tenant)}
        except psycopg.errors.UndefinedTable:
            return {}


def test_projecting_in_any_batches_leaves_the_same_rows(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    last = tell_a_story(teller)
    with Projector(log, settings(database), batch=1):
        eventually(lambda: set(positions(database, tenant).values()) == {last})
    one_by_one = all_rows(database, tenant)
    run(database, "TRUNCATE opps_views.board, opps_views.timeline, opps_views.score_trend")
    run(
        database,
        "TRUNCATE opps_views.score_current, opps_views.portfolio, opps_views.accounts,"
        " opps_views.persons",
    )
    run(database, "UPDATE opps_views.positions SET position = 0")

    catch_up(log, settings(database))

    assert all_rows(database, tenant) == one_by_one
    assert len(one_by_one["timeline"]) == 10


def test_a_rebuild_leaves_the_same_rows(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    tell_a_story(teller)
    catch_up(log, settings(database))
    before = all_rows(database, tenant)

    for projection in PROJECTIONS:
        rebuild(log, settings(database), projection)

    assert all_rows(database, tenant) == before
    teller.tell(ONE, renamed("Line 6"))
    catch_up(log, settings(database))
    assert "Line 6" in [row["title"] for row in rows(database, "board", tenant)]


def test_a_long_backlog_is_projected_in_one_batch(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    for deal in deals(40):
        teller.tell(deal, opened, *(renamed(f"Line {number}" * 20) for number in range(49)))

    catch_up(log, settings(database))

    assert positions(database, tenant)["timeline"] == 2_000
    assert len(rows(database, "timeline", tenant)) == 2_000


def test_a_connection_lost_within_a_batch_loses_and_doubles_nothing(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    cut = Event()

    def rows_after_a_cut(step: Step) -> Iterable[Row]:
        if step.recorded.position == CUT_AT and not cut.is_set():
            cut.set()
            run(database, TERMINATE_PROJECTOR)
        return TIMELINE.rows(step)

    last = tell_a_story(teller)

    with Projector(log, settings(database), [replace(TIMELINE, rows=rows_after_a_cut)], batch=4):
        eventually(lambda: positions(database, tenant) == {"timeline": last})

    assert cut.is_set()
    shown = [(row["position"], row["event_id"]) for row in rows(database, "timeline", tenant)]
    told = [(one.position, one.event_id) for one in teller.history() if one.stream in DEALS]
    assert sorted(shown) == told


def test_one_projector_leads_and_another_takes_over(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    with Projector(log, settings(database), poll_s=0.05) as first:
        eventually(lambda: first.leading)
        with Projector(log, settings(database), poll_s=0.05) as second:
            teller.tell(ONE, opened)
            eventually(lambda: positions(database, tenant).get("board") == 1)
            assert not second.leading

            first.close()

            eventually(lambda: second.leading)
            teller.tell(TWO, opened)
            eventually(lambda: positions(database, tenant)["board"] == 2)


def test_an_event_that_cannot_be_shown_parks_its_deal_and_no_other(
    database: str,
    log: Log,
    tenant: UUID,
    teller: Teller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def rows_of_all_but_line_13(step: Step) -> Iterable[Row]:
        if step.after.title == "Line 13":
            raise ValueError("nobody builds that")
        return BOARD.rows(step)

    teller.tell(ONE, opened)
    bad = teller.tell(TWO, opened, renamed("Line 12"), renamed("Line 13"))
    teller.tell(THREE, opened)

    catch_up(log, settings(database), [replace(BOARD, rows=rows_of_all_but_line_13)])

    shown = {row["opportunity_id"]: row["title"] for row in rows(database, "board", tenant)}
    assert shown == {ONE: opened.title, TWO: "Line 12", THREE: opened.title}
    with psycopg.connect(database) as connection:
        [parked] = parked_streams(connection, tenant)
    assert (parked.stream, parked.position) == (TWO, bad)
    assert parked.reason == "ValueError: nobody builds that"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_timeline_ends_at_the_event_that_cannot_be_shown(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    def rows_of_all_but_line_13(step: Step) -> Iterable[Row]:
        if step.after.title == "Line 13":
            raise ValueError("nobody builds that")
        return TIMELINE.rows(step)

    teller.tell(ONE, opened, renamed("Line 12"), renamed("Line 13"), renamed("Line 14"))
    last = teller.tell(TWO, opened)

    catch_up(log, settings(database), [replace(TIMELINE, rows=rows_of_all_but_line_13)])

    shown = [(row["position"], row["opportunity_id"]) for row in rows(database, "timeline", tenant)]
    assert sorted(shown) == [(1, ONE), (2, ONE), (last, TWO)]


def test_a_parked_deal_stays_parked_until_a_rebuild_tries_it_again(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    def no_rows(step: Step) -> Iterable[Row]:
        raise ValueError("not today")

    teller.tell(ONE, opened)
    catch_up(log, settings(database), [replace(BOARD, rows=no_rows)])
    teller.tell(ONE, renamed("Line 4"))
    catch_up(log, settings(database), [BOARD])
    assert rows(database, "board", tenant) == []

    rebuild(log, settings(database), BOARD)

    assert [row["title"] for row in rows(database, "board", tenant)] == ["Line 4"]
    with psycopg.connect(database) as connection:
        assert parked_streams(connection, tenant) == []


def test_a_row_that_the_database_refuses_parks_its_deal_and_no_other(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened)
    payload = json.loads(codec.encode(renamed("Line 4")))
    unreadable = json.dumps({**payload, "title": "Line\0four"}).encode()
    bad = teller.tell_bytes(ONE, ("OpportunityRenamed", unreadable))
    teller.tell(TWO, opened, renamed("Line 4"))

    catch_up(log, settings(database))

    shown = {row["opportunity_id"]: row["title"] for row in rows(database, "board", tenant)}
    assert shown == {ONE: opened.title, TWO: "Line 4"}
    with psycopg.connect(database) as connection:
        parked = parked_streams(connection, tenant)
    assert [(one.projection, one.stream, one.position) for one in parked] == [
        ("board", ONE, bad),
        ("board_history", ONE, bad),
    ]
    assert len(rows(database, "timeline", tenant)) == 4


def test_a_deal_that_the_database_refuses_on_a_tick_does_not_keep_the_others_young(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    for deal in DEALS:
        teller.tell(deal, opened, cfo_known, learned(budget(100)))
    catch_up(log, settings(database))
    run(
        database,
        f"ALTER TABLE opps_views.score_trend ADD CHECK (opportunity_id <> '{TWO}') NOT VALID",
    )
    turned = [teller.turn(MONDAY.date() + timedelta(days=number)) for number in range(1, 120)]
    catch_up(log, settings(database))

    aged = {
        row["opportunity_id"]
        for row in rows(database, "score_trend", tenant)
        if row["position"] >= turned[0]
    }
    with psycopg.connect(database) as connection:
        parked = {(one.projection, one.stream) for one in parked_streams(connection, tenant)}
    assert aged == {ONE, THREE}
    assert parked == {("score_trend", TWO)}


def test_known_events_behind_an_unknown_one_are_shown(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened)
    catch_up(log, settings(database))
    teller.tell_bytes(ONE, ("MoonRose", b"{}"))
    teller.tell(ONE, renamed("Line 4"))
    catch_up(log, settings(database))

    assert [row["title"] for row in rows(database, "board", tenant)] == ["Line 4"]


def test_unknown_events_are_skipped_and_counted(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened)
    teller.tell_bytes(ONE, ("MoonRose", b"{}"), ("MoonSet", b"{}"))

    catch_up(log, settings(database))

    with psycopg.connect(database) as connection:
        assert {one.unknown for one in standings(connection, tenant)} == {2}


def test_a_tick_that_nobody_can_place_is_skipped_and_counted(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened, cfo_known)
    clock = clock_stream(tenant)
    teller.tell_bytes(clock, ("DayTurned", b'{"day":"2026-03-03","zone":"Atlantis"}'))
    teller.tell_bytes(clock, ("DayTurned", b'{"day":"whenever"}'))
    catch_up(log, settings(database))
    teller.turn((MONDAY + timedelta(days=400)).date())
    last = teller.tell(ONE, renamed("Line 4"))

    catch_up(log, settings(database))

    assert set(positions(database, tenant).values()) == {last}
    assert [row["next_step_at"] for row in rows(database, "score_current", tenant)] == [None]


def test_two_tenants_do_not_see_each_other(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    other = register_tenant(database, uuid4(), "rival")
    teller.tell(ONE, opened)
    Teller(log, other).tell(TWO, opened)

    catch_up(log, settings(database))

    with psycopg.connect(database) as connection:
        connection.execute("SET ROLE opps_reader")
        assert connection.execute("SELECT * FROM opps_views.board").fetchall() == []
        connection.execute("SELECT set_config('app.tenant', %s, false)", [str(other)])
        seen = connection.execute("SELECT opportunity_id FROM opps_views.board").fetchall()
        assert seen == [(TWO,)]
        assert connection.execute(
            "SELECT DISTINCT tenant FROM opps_views.positions"
        ).fetchall() == [(other,)]


def test_a_projection_of_another_version_is_built_anew(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    def shouted(step: Step) -> Iterable[Row]:
        yield replace(board.row(step.after, TUESDAY), title=opened.title.upper())

    teller.tell(ONE, opened)
    catch_up(log, settings(database), [BOARD])

    catch_up(log, settings(database), [replace(BOARD, version=BOARD.version + 1, rows=shouted)])

    assert [row["title"] for row in rows(database, "board", tenant)] == [opened.title.upper()]
