"""Rebuild a projection: fold the log into new tables beside the live ones, then swap."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from uuid import UUID
from zlib import crc32

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable
from psycopg.sql import SQL, Identifier

from opps.eventstore import Log, LogSettings
from opps.eventstore.database import connect_direct, setting
from opps.projections import books
from opps.projections.books import tenant_sizes
from opps.projections.passage import Passage, Report, RowRefused, uncollected
from opps.projections.projection import Projection
from opps.projections.states import States
from opps.projections.table import LIVE, NEXT
from opps.projections.tables import connect_role, drop, index, make, make_tables, note_version
from opps.projections.warehouse import publish_next
from opps.projections.warehouse_views import VIEWS

Progress = Callable[[int, int], None]
"""Told how many events are done, and how many there are."""

BATCH = 20_000
_KEPT_STATES = 20_000
_REBUILDING = 0x6F7071
_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
# Well below the second after which the database ends one of two who wait for each other.
_PATIENCE = "100ms"
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 5.0


class AlreadyRebuilding(Exception):
    """Another process is rebuilding this projection."""


def unseen(done: int, total: int) -> None:
    """Show nobody how far it is."""


def rebuild(
    log: Log, settings: LogSettings, projection: Projection, progress: Progress = unseen
) -> None:
    """Build a projection anew for every tenant; readers see the old rows until the swap.

    Raises:
        AlreadyRebuilding: another process is at it.
        psycopg.OperationalError: the database went away; the old rows stay.
    """
    with closing(connect_direct(settings, "opps rebuild")) as connection:
        connect_role(connection)
        make_tables(connection, [projection])
        rebuild_with(connection, log, projection, progress)


def rebuild_with(
    connection: psycopg.Connection, log: Log, projection: Projection, progress: Progress = unseen
) -> None:
    """Rebuild as `rebuild` does, on a connection that has the projector's role."""
    with _alone(connection, projection), _unhurried(connection):
        with connection.transaction():
            drop(connection, projection, NEXT)
            make(connection, projection, NEXT)
            # A tick asks this table which rows time has changed; the others are indexed once full.
            index(connection, [projection.due] if projection.due else [], NEXT)
        building = _Building(connection, log, projection, progress)
        building.fill()
        with connection.transaction():
            index(connection, [one for one in projection.tables if one != projection.due], NEXT)
        building.fill()
        building.swap()


class _Building:
    """The next tables of a projection, being filled for every tenant."""

    def __init__(
        self, connection: psycopg.Connection, log: Log, projection: Projection, progress: Progress
    ) -> None:
        self._connection = connection
        self._log = log
        self._projection = projection
        self._progress = progress
        self._tenants: dict[UUID, _Tenant] = {}

    def fill(self) -> None:
        """Fold what the log holds by now."""
        sizes = tenant_sizes(self._connection)
        for tenant, size in sizes.items():
            built = self._tenants.setdefault(
                tenant, _Tenant(States(self._log, tenant, _KEPT_STATES), self._projection.name)
            )
            books.enter_tenant(self._connection, tenant)
            while built.position < size:
                with uncollected():
                    self._take(tenant, built)
                self._progress(self._done(), sum(sizes.values()))

    def swap(self) -> None:
        """Put the new tables in the place of the live ones, complete, in one transaction.

        The positions are locked first, as by whoever projects, those of tenants to come too: he
        waits, and is fenced then. What others read is locked last and only where that takes
        moments; or else everything is let go, what was folded is kept, and it is tried again.
        """
        pause_s = _FIRST_PAUSE_S
        while not self._swapped():
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _swapped(self) -> bool:
        with self._connection.transaction():
            self._connection.execute("LOCK TABLE opps_views.positions IN SHARE ROW EXCLUSIVE MODE")
            self.fill()
            if not self._old_tables_gone():
                return False
            self._go_live()
        return True

    def _old_tables_gone(self) -> bool:
        """Let the views read the new tables and drop the old ones, unless somebody reads either.

        Whoever reads may go on to what is locked already: to wait for him could be for ever.
        """
        try:
            with self._connection.transaction():
                self._connection.execute(SQL("SET LOCAL lock_timeout = {}").format(_PATIENCE))
                publish_next(self._connection, VIEWS, self._projection.tables)
                drop(self._connection, self._projection, LIVE)
        except (LockNotAvailable, DeadlockDetected):
            return False
        self._connection.execute("SET LOCAL lock_timeout = 0")
        return True

    def _go_live(self) -> None:
        name = self._projection.name
        for table in self._projection.tables:
            self._connection.execute(
                SQL("ALTER TABLE {} RENAME TO {}").format(NEXT(table.name), Identifier(table.name))
            )
        note_version(self._connection, self._projection)
        self._connection.execute("DELETE FROM opps_views.parked WHERE projection = %s", [name])
        for tenant, built in self._tenants.items():
            books.start_generation(self._connection, tenant, name, built.position)
            books.note(self._connection, tenant, [name], built.report)

    def _take(self, tenant: UUID, built: "_Tenant") -> None:
        batch = self._log.read(tenant, built.position, BATCH)
        passage = Passage(self._connection, [self._projection], NEXT, built.states, built.parked)
        try:
            with self._connection.transaction():
                report = passage.take(batch, built.position)
        except RowRefused:
            passage.undo()
            with self._connection.transaction():
                report = passage.take_apart(batch, built.position)
        built.position = batch[-1].position
        built.report = Report(
            built.report.parked + report.parked, built.report.unknown + report.unknown
        )

    def _done(self) -> int:
        return sum(built.position for built in self._tenants.values())


class _Tenant:
    """How far the building is for one tenant."""

    def __init__(self, states: States, projection: str) -> None:
        self.states = states
        self.position = 0
        self.parked: dict[str, set[UUID]] = {projection: set()}
        self.report = Report()


@contextmanager
def _alone(connection: psycopg.Connection, projection: Projection) -> Iterator[None]:
    """Be the only one who rebuilds a projection; a lost connection gives the place up by itself."""
    lock = [_REBUILDING, crc32(projection.name.encode()) - 2**31]
    if connection.execute("SELECT pg_try_advisory_lock(%s, %s)", lock).fetchone() != (True,):
        raise AlreadyRebuilding(f"{projection.name} is being rebuilt by another process")
    yield
    connection.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


@contextmanager
def _unhurried(connection: psycopg.Connection) -> Iterator[None]:
    """Let it take its time: an index over everything is no runaway query, nor a fold an idler."""
    usual = {name: setting(connection, name) for name in _LIMITS}
    for name in _LIMITS:
        connection.execute("SELECT set_config(%s, '0', false)", [name])
    yield
    for name, value in usual.items():
        connection.execute("SELECT set_config(%s, %s, false)", [name, value])
