"""The projector: one leader that follows every tenant's log, and does not give up."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack, closing
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import UUID

import psycopg

from opps.eventstore import Log, LogFault, LogSettings
from opps.eventstore.database import connect_direct
from opps.projections.books import Fenced, tenant_sizes
from opps.projections.leader import Leader
from opps.projections.projection import Projection
from opps.projections.rebuild import Progress, rebuild_with, unseen
from opps.projections.registry import PROJECTIONS
from opps.projections.tables import connect_role, make_tables

BATCH = 5_000
# Any two numbers that nobody else locks in this database.
LEADER = (0x6F7070, 0x7073)
# On a replica nobody leads; whoever waits there leads once it is promoted.
_TRY_TO_LEAD = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_try_advisory_lock(%s, %s) END"
# Cheap to ask, and as long as nobody leads, nobody sees what is recorded.
_TRY_TO_LEAD_EVERY_S = 0.25
_FIRST_BACK_OFF_S = 0.1
_LONGEST_BACK_OFF_S = 5.0

logger = logging.getLogger(__name__)


class Projector:
    """Keeps the rows of every projection up with the log, in a thread of its own.

    Several may run: one leads, the others wait to take over.
    """

    def __init__(
        self,
        log: Log,
        settings: LogSettings,
        projections: Sequence[Projection] = PROJECTIONS,
        *,
        batch: int = BATCH,
        poll_s: float = 1.0,
    ) -> None:
        self._log = log
        self._settings = settings
        self._projections = projections
        self._batch = batch
        self._poll_s = poll_s
        self._news = Event()
        self._closed = Event()
        self._leading = Event()
        self._thread: Thread | None = None
        self._back_off_s = _FIRST_BACK_OFF_S

    @property
    def leading(self) -> bool:
        """Whether this one is the leader."""
        return self._leading.is_set()

    def start(self) -> None:
        """Start the thread."""
        self._thread = Thread(target=self.run, name="opps-projector", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish the batch under way, then stop."""
        self._closed.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Project until closed; whatever goes wrong, begin again from what is committed."""
        while not self._closed.is_set():
            try:
                with closing(connect_direct(self._settings, "opps projector")) as connection:
                    connect_role(connection)
                    if self._lead(connection):
                        self._follow(connection)
            except Fenced as error:
                logger.warning("the projector begins again from what is committed: %s", error)
                self._back_off_s = _FIRST_BACK_OFF_S  # somebody got on, and nothing is broken
            except (psycopg.OperationalError, LogFault) as error:
                logger.warning("the projector begins again from what is committed: %s", error)
            except Exception:
                logger.exception("the projector stumbled, and begins again")
            finally:
                self._leading.clear()
            self._closed.wait(self._back_off_s)
            self._back_off_s = min(2 * self._back_off_s, _LONGEST_BACK_OFF_S)

    def _lead(self, connection: psycopg.Connection) -> bool:
        """Wait to become the leader; False when closed before."""
        while not self._closed.is_set():
            row = connection.execute(_TRY_TO_LEAD, LEADER).fetchone()
            if row == (True,):
                self._leading.set()
                return True
            self._closed.wait(min(self._poll_s, _TRY_TO_LEAD_EVERY_S))
        return False

    def _follow(self, connection: psycopg.Connection) -> None:
        prepare(connection, self._log, self._projections)
        leader = Leader(connection, self._log, self._projections, self._batch)
        with ExitStack() as woken:
            known: set[UUID] = set()
            while not self._closed.is_set():
                self._news.clear()  # before looking: news that comes meanwhile wakes again
                sizes = tenant_sizes(connection)
                for tenant in sizes.keys() - known:
                    woken.enter_context(self._log.waking(tenant, self._news.set))
                    known.add(tenant)
                if leader.step(sizes):
                    self._back_off_s = _FIRST_BACK_OFF_S
                else:
                    self._news.wait(self._poll_s)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def catch_up(
    log: Log,
    settings: LogSettings,
    projections: Sequence[Projection] = PROJECTIONS,
    *,
    batch: int = BATCH,
) -> None:
    """Project everything that the log holds now, here, and return.

    Waits for a projector that leads elsewhere to end.
    """
    with closing(connect_direct(settings, "opps catch up")) as connection:
        connect_role(connection)
        connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        connection.execute("SELECT pg_advisory_lock(%s, %s)", LEADER)
        prepare(connection, log, projections)
        leader = Leader(connection, log, projections, batch)
        sizes = tenant_sizes(connection)
        while leader.step(sizes):
            pass


def prepare(
    connection: psycopg.Connection,
    log: Log,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = unseen,
) -> None:
    """Make missing tables, and rebuild what another version of the code has made."""
    for projection in make_tables(connection, projections):
        logger.info("rebuilding %s: its version has changed", projection.name)
        rebuild_with(connection, log, projection, progress)
