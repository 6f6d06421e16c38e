"""A rebuild: beside the live rows, whoever writes and reads meanwhile, and swapped at once."""

from collections.abc import Iterable
from contextlib import closing
from functools import partial
from itertools import count
from threading import Event, Thread
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from opps.domain.events import OpportunityRenamed
from opps.eventstore import Log
from opps.eventstore.database import connect_direct
from opps.projections.board import BOARD
from opps.projections.books import Fenced, tenant_sizes
from opps.projections.leader import Leader
from opps.projections.projector import Projector, catch_up
from opps.projections.rebuild import AlreadyRebuilding, rebuild
from opps.projections.registry import PROJECTIONS, UnknownProjection, projection_of
from opps.projections.score_trend import SCORE_TREND
from opps.projections.steps import Step
from opps.projections.table import Row
from opps.projections.tables import connect_role
from opps.projections.verify import verify
from tests.domain.given import TUESDAY, at, cfo_known, opened
from tests.projections.support import Teller, deals, rows, run, settings
from tests.support import eventually

ONE, TWO = deals(2)


def renamed(title: str) -> OpportunityRenamed:
    return OpportunityRenamed(learned=at(TUESDAY), title=title)


def held_until(release: Event, reached: Event) -> object:
    """Return the rows of the board, but wait in the middle of the first."""

    def board_rows(step: Step) -> Iterable[Row]:
        reached.set()
        assert release.wait(30)
        return BOARD.rows(step)

    return board_rows


def test_rebuilding_while_others_write_and_project_ends_with_the_right_rows(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    stop = Event()

    def projected() -> int:
        return max((row["position"] for row in rows(database, "board", tenant)), default=0)

    def write() -> None:
        for number in count():
            told = teller.tell(ONE, renamed(f"Line {number}"))
            # Never so far ahead that all that is left to see is a backlog.
            eventually(partial(lambda told: projected() + 100 > told or stop.is_set(), told), 60)
            if stop.is_set():
                return

    teller.tell(ONE, opened, cfo_known)
    catch_up(log, settings(database))
    writer = Thread(target=write)
    with Projector(log, settings(database), batch=3):
        writer.start()
        for projection in PROJECTIONS * 2:
            rebuild(log, settings(database), projection)
        stop.set()
        writer.join()
        head = log.head(tenant)
        assert head is not None
        eventually(lambda: projected() == head.size)

    catch_up(log, settings(database))
    assert verify(log, settings(database), tenant).difference is None


def test_readers_see_the_old_rows_until_the_new_ones_are_complete(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    release, reached = Event(), Event()
    teller.tell(ONE, opened)
    catch_up(log, settings(database))
    run(database, "UPDATE opps_views.board SET title = 'old'")
    held = replace(BOARD, rows=held_until(release, reached))
    rebuilding = Thread(target=rebuild, args=(log, settings(database), held))

    rebuilding.start()
    assert reached.wait(30)
    assert [row["title"] for row in rows(database, "board", tenant)] == ["old"]
    with pytest.raises(AlreadyRebuilding):
        rebuild(log, settings(database), BOARD)
    release.set()
    rebuilding.join()

    assert [row["title"] for row in rows(database, "board", tenant)] == [opened.title]


def test_a_rebuild_that_broke_off_leaves_the_old_rows_and_can_be_repeated(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    def cut(step: Step) -> Iterable[Row]:
        run(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'opps rebuild' AND datname = current_database()",
        )
        return BOARD.rows(step)

    teller.tell(ONE, opened)
    catch_up(log, settings(database))

    with pytest.raises(psycopg.OperationalError):
        rebuild(log, settings(database), replace(BOARD, rows=cut))

    assert [row["title"] for row in rows(database, "board", tenant)] == [opened.title]
    rebuild(log, settings(database), BOARD)
    assert [row["title"] for row in rows(database, "board", tenant)] == [opened.title]


def test_whoever_leads_by_an_old_mark_is_fenced(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    catch_up(log, settings(database))
    with closing(connect_direct(settings(database), "opps test")) as connection:
        connect_role(connection)
        leader = Leader(connection, log, PROJECTIONS, 100)
        teller.tell(ONE, opened)
        assert leader.step(tenant_sizes(connection))

        rebuild(log, settings(database), SCORE_TREND)
        teller.tell(TWO, opened)

        with pytest.raises(Fenced, match="score_trend"):
            leader.step(tenant_sizes(connection))
    catch_up(log, settings(database))
    assert verify(log, settings(database), tenant).difference is None


def test_progress_is_told_up_to_the_end(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    told: list[tuple[int, int]] = []
    teller.tell(ONE, opened, renamed("Line 4"))

    rebuild(log, settings(database), BOARD, lambda done, total: told.append((done, total)))

    assert told == [(2, 2)]


def test_a_projection_that_is_none_is_named_with_those_that_are() -> None:
    assert projection_of("board") is BOARD
    with pytest.raises(UnknownProjection, match="accounts, persons, board, timeline, score_trend"):
        projection_of("ledger")
