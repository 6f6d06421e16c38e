"""What the leader does: move each tenant's projections on, a batch a transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import psycopg

from opps.eventstore import Log, LoggedEvent
from opps.projections import books
from opps.projections.books import Mark
from opps.projections.passage import Passage, Report, RowRefused
from opps.projections.projection import Projection
from opps.projections.states import States
from opps.projections.table import LIVE

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
            moved |= self._step(tenant, size)
        return moved

    def _step(self, tenant: UUID, size: int) -> bool:
        state = self._tenants.get(tenant) or self._enter(tenant)
        lowest = min(mark.position for mark in state.marks.values())
        if lowest >= size:
            return False
        group = [one for one in self._projections if state.marks[one.name].position == lowest]
        ahead = [mark.position for mark in state.marks.values() if mark.position > lowest]
        until = min(ahead, default=None)
        batch = self._log.read(tenant, lowest, self._batch, until=until)
        if batch:
            if self._entered != tenant:
                books.enter_tenant(self._connection, tenant)
                self._entered = tenant
            self._take(tenant, state, group, batch)
        return bool(batch)

    def _enter(self, tenant: UUID) -> "_Tenant":
        entered = _Tenant(
            States(self._log, tenant),
            books.marks_of(self._connection, tenant, self._projections),
            books.parked_of(self._connection, tenant, self._projections),
        )
        self._tenants[tenant] = entered
        return entered

    def _take(
        self,
        tenant: UUID,
        state: "_Tenant",
        group: Sequence[Projection],
        batch: Sequence[LoggedEvent],
    ) -> None:
        """Commit the rows of a batch and the new position together: exactly once."""
        passage = Passage(self._connection, group, LIVE, state.states, state.parked)
        names = [one.name for one in group]
        try:
            report = self._commit(tenant, state, names, batch, passage.take)
        except RowRefused:
            report = self._commit(tenant, state, names, batch, passage.take_apart)
        for parked in report.parked:
            logger.error(
                "%s gave up stream %s of tenant %s at position %d (%s): %s",
                *(parked.projection, parked.stream, tenant),
                *(parked.position, parked.tag, parked.reason),
            )

    def _commit(
        self,
        tenant: UUID,
        state: "_Tenant",
        names: Sequence[str],
        batch: Sequence[LoggedEvent],
        write: Callable[[Sequence[LoggedEvent], int], Report],
    ) -> Report:
        marks = {name: state.marks[name] for name in names}
        moved = {name: Mark(mark.generation, batch[-1].position) for name, mark in marks.items()}
        with self._connection.transaction():
            books.advance(self._connection, tenant, marks, batch[-1].position)
            report = write(batch, batch[0].position - 1)
            books.note(self._connection, tenant, names, report)
            after = {**state.marks, **moved}
            books.tell(self._connection, tenant, min(mark.position for mark in after.values()))
        state.marks = after
        return report


class _Tenant:
    """What the leader holds of one tenant between two batches."""

    def __init__(
        self, states: States, marks: dict[str, Mark], parked: dict[str, set[UUID]]
    ) -> None:
        self.states = states
        self.marks = marks
        self.parked = parked
