"""The swap of a rebuild: it keeps nobody waiting who might be waiting for others, nor is undone."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Event, Thread
from uuid import UUID

import psycopg
from msgspec.structs import replace

from opps.eventstore import Log
from opps.eventstore.database import connect_direct
from opps.projections.board import BOARD
from opps.projections.books import tenant_sizes
from opps.projections.leader import Leader
from opps.projections.projection import Projection
from opps.projections.projector import catch_up
from opps.projections.rebuild import rebuild
from opps.projections.registry import PROJECTIONS
from opps.projections.steps import Step
from opps.projections.table import Row
from opps.projections.tables import connect_role
from opps.projections.timeline import TIMELINE
from opps.projections.verify import verify
from tests.domain.given import cfo_known, opened
from tests.projections.support import Teller, deals, rows, settings
from tests.support import eventually

ONE, TWO = deals(2)

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'opps rebuild'"
    " AND datname = current_database() AND wait_event_type = 'Lock'"
)


@contextmanager
def rebuilding(database: str, log: Log, projection: Projection) -> Iterator[None]:
    """Let a thread rebuild a projection, and go on once it has to wait for somebody."""
    failed: list[Exception] = []

    def run() -> None:
        try:
            rebuild(log, settings(database), projection)
        except Exception as error:
            failed.append(error)

    thread = Thread(target=run)
    thread.start()
    with psycopg.connect(database, autocommit=True) as connection:
        eventually(lambda: connection.execute(WAITING).fetchone() != (0,))
    yield
    thread.join()
    assert not failed


@contextmanager
def leading(database: str, log: Log, *projections: Projection) -> Iterator[Callable[[], bool]]:
    """Yield what moves projections on by a batch."""
    with closing(connect_direct(settings(database), "opps test")) as connection:
        connect_role(connection)
        leader = Leader(connection, log, projections, 100)
        yield lambda: leader.step(tenant_sizes(connection))


def generation(database: str, projection: Projection) -> int:
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT generation FROM opps_views.positions WHERE projection = %s", [projection.name]
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_a_rebuild_that_waits_for_the_projector_holds_no_table_that_it_writes(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    release, reached = Event(), Event()

    def held(step: Step) -> Iterable[Row]:
        reached.set()
        assert release.wait(30)
        return BOARD.rows(step)

    catch_up(log, settings(database))
    teller.tell(ONE, opened, cfo_known)
    with leading(database, log, replace(BOARD, rows=held)) as step:
        projecting = Thread(target=step)
        projecting.start()
        assert reached.wait(30)

        # Under the events of the warehouse lies the board too, which the projector is to write.
        with rebuilding(database, log, TIMELINE):
            release.set()
            projecting.join()

    assert [row["position"] for row in rows(database, "board", tenant)] == [2]
    assert verify(log, settings(database), tenant).difference is None


def test_whoever_reads_one_view_may_read_another_while_a_rebuild_waits_for_both(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened, cfo_known)
    catch_up(log, settings(database))

    with psycopg.connect(database) as reader:
        reader.execute("SELECT * FROM opps_warehouse.wrong_beliefs")
        with rebuilding(database, log, BOARD):
            reader.execute("SELECT * FROM opps_warehouse.opportunities")
            reader.rollback()

    assert generation(database, BOARD) == 1


def test_while_a_rebuild_waits_for_a_long_query_the_projector_and_other_readers_go_on(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened)
    catch_up(log, settings(database))

    with (
        leading(database, log, *PROJECTIONS) as step,
        psycopg.connect(database) as reader,
    ):
        reader.execute("SELECT * FROM opps_warehouse.opportunities")
        with rebuilding(database, log, BOARD):
            teller.tell(TWO, opened)
            assert step()
            assert len(rows(database, "board", tenant)) == 2
            assert generation(database, BOARD) == 0
            reader.rollback()

    assert generation(database, BOARD) == 1
    assert len(rows(database, "board", tenant)) == 2


def test_a_verification_finds_no_difference_that_a_rebuild_beside_it_made(
    database: str, log: Log, tenant: UUID, teller: Teller
) -> None:
    teller.tell(ONE, opened, cfo_known)
    catch_up(log, settings(database))

    with ExitStack() as beside:

        def told(done: int, total: int) -> None:
            if done > total // 2:  # the log is compared, and rows are
                beside.enter_context(rebuilding(database, log, BOARD))

        assert verify(log, settings(database), tenant, told).difference is None

    assert generation(database, BOARD) == 1
