"""What the leader does: move each tenant's projections on, a batch a transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import psycopg

from opps.domain.setting import SURROUNDING_TAGS
from opps.eventstore import Log, LoggedEvent
from opps.projections import books
from opps.projections.books import Mark
from opps.projections.passage import ROW_REFUSED, Passage, Report, RowRefused, uncollected
from opps.projections.projection import Projection
from opps.projections.states import States
from opps.projections.table import LIVE
from opps.telemetry.traces import span

# Rows have bounded texts: these many events make less than 100 kB of them.
_SMALL = 10

logger = logging.getLogger(__name__)


class Leader:
    """Moves the live projections on; its connection holds the leader's lock."""

    def __init__(
        self,
        connection: psycopg.Connection,
        log: Log,
        projections: Sequence[Projection],
        batch: int,
    ) -> None:
        self._connection = connection
        self._log = log
        self._projections = projections
        self._batch = batch
        self._tenants: dict[UUID, _Tenant] = {}
        self._entered: UUID | None = None

    def step(self, sizes: Mapping[UUID, int]) -> bool:
        """Take one batch of each tenant with news; tell whether there was any.

        Raises:
            Fenced: another process has moved a projection; a new leader can go on.
        """
        moved = False
        for tenant, size in sizes.items():
            state = self._tenants.get(tenant) or self._enter(tenant)
            if state.position < size:
                self._step(state)
                moved = True
        return moved

    def _enter(self, tenant: UUID) -> "_Tenant":
        entered = _Tenant(
            tenant,
            States(self._log, tenant),
            books.marks_of(self._connection, tenant, self._projections),
            books.parked_of(self._connection, tenant, self._projections),
        )
        self._tenants[tenant] = entered
        return entered

    def _step(self, state: "_Tenant") -> None:
        """Move those on that are the furthest behind, up to where others are already."""
        lowest = state.position
        ahead = (mark.position for mark in state.marks.values() if mark.position > lowest)
        group = [one for one in self._projections if state.marks[one.name].position == lowest]
        if self._entered != state.tenant:
            books.enter_tenant(self._connection, state.tenant)
            self._entered = state.tenant
        with uncollected(), span("project") as told:
            until = min(ahead, default=None)
            batch = self._log.read(state.tenant, lowest, self._batch, until=until)
            told.note("opps.events", len(batch))
            told.note("opps.projections", len(group))
            report = self._take(state, group, batch)
        for parked in report.parked:
            logger.error(
                # The rest of the reason may quote what was stated; `opps status` shows it.
                "%s gave up stream %s of tenant %s at position %d (%s): %s",
                *(parked.projection, parked.stream, state.tenant),
                *(parked.position, parked.tag, parked.reason.partition(":")[0]),
            )

    def _take(
        self, state: "_Tenant", group: Sequence[Projection], batch: Sequence[LoggedEvent]
    ) -> Report:
        passage = Passage(self._connection, group, LIVE, state.states, state.parked)
        names = [one.name for one in group]
        try:
            if not _is_small(batch):
                return self._commit(state, names, batch, passage.take)
            # Everything is sent at once, and answered together.
            with self._connection.pipeline() as pipeline:
                return self._commit(state, names, batch, passage.take, pipeline.sync)
        except (RowRefused, psycopg.errors.PipelineAborted, *ROW_REFUSED):
            # In a pipeline an answer comes late: which row it was about, one by one will tell.
            passage.undo()
            return self._commit(state, names, batch, passage.take_apart)

    def _commit(
        self,
        state: "_Tenant",
        names: Sequence[str],
        batch: Sequence[LoggedEvent],
        write: Callable[[Sequence[LoggedEvent], int], Report],
        answered: Callable[[], None] = lambda: None,
    ) -> Report:
        """Commit the rows of a batch and the new position together: exactly once."""
        marks = {name: state.marks[name] for name in names}
        last = batch[-1].position
        after = {name: Mark(mark.generation, last) for name, mark in marks.items()}
        marks_after = {**state.marks, **after}
        with self._connection.transaction():
            check = books.advance(self._connection, state.tenant, marks, last)
            report = write(batch, state.position)
            books.note(self._connection, state.tenant, names, report)
            books.tell(self._connection, state.tenant, _lowest(marks_after))
            answered()
            check()
        state.marks = marks_after
        return report


class _Tenant:
    """What the leader holds of one tenant between two batches."""

    def __init__(
        self, tenant: UUID, states: States, marks: dict[str, Mark], parked: dict[str, set[UUID]]
    ) -> None:
        self.tenant = tenant
        self.states = states
        self.marks = marks
        self.parked = parked

    @property
    def position(self) -> int:
        """Up to where every projection is."""
        return _lowest(self.marks)


def _is_small(batch: Sequence[LoggedEvent]) -> bool:
    """Tell whether all rows of a batch surely fit into the buffer of a socket.

    A pipeline that is sent more than that can wait for ever: the driver reads before it has
    written all, and the server too waits for the rest.
    """
    return len(batch) <= _SMALL and all(one.tag not in SURROUNDING_TAGS for one in batch)


def _lowest(marks: Mapping[str, Mark]) -> int:
    return min(mark.position for mark in marks.values())
