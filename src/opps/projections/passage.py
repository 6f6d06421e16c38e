"""One passage over a tenant's log: batches become rows, whatever the rows are for."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain, groupby
from uuid import UUID

import psycopg
from msgspec import Struct, field
from psycopg.sql import SQL, Composable, Identifier

from opps.domain.events import DayTurned, Event
from opps.domain.setting import SURROUNDING_TAGS, turned_at
from opps.eventstore import LoggedEvent
from opps.projections import rescoring
from opps.projections.projection import Projection
from opps.projections.states import States, said, surrounding
from opps.projections.steps import Step
from opps.projections.table import Place, Row, Table, encode
from opps.recording import codec

# What the database can hold against a row; anything else it says is no fault of the row.
ROW_REFUSED = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)


class Parked(Struct, frozen=True):
    """A stream that a projection gave up at an event, so that all others go on."""

    projection: str
    stream: UUID
    position: int
    event_id: UUID
    tag: str
    reason: str


class Report(Struct):
    """What a batch brought beside rows."""

    parked: list[Parked] = field(default_factory=list)
    unknown: int = 0


def _surrounds(logged: LoggedEvent) -> bool:
    return logged.tag in SURROUNDING_TAGS


class RowRefused(Exception):
    """The database does not take a row of a projection."""

    def __init__(self, projection: Projection, reason: str) -> None:
        super().__init__(f"{projection.name}: {reason}")
        self.projection = projection
        self.reason = reason


class Passage:
    """Writes the rows of some projections at one place; the caller owns the transaction."""

    def __init__(
        self,
        connection: psycopg.Connection,
        projections: Sequence[Projection],
        place: Place,
        states: States,
        parked: dict[str, set[UUID]],
    ) -> None:
        self._connection = connection
        self._projections = projections
        self._place = place
        self._states = states
        self._parked = parked
        self._parked_before: dict[str, set[UUID]] = {}

    def take(self, batch: Sequence[LoggedEvent], after: int) -> Report:
        """Write the rows of a batch that follows on a position.

        Raises:
            RowRefused: the transaction has failed; undo, and let `take_apart` find who is to blame.
        """
        self._states.stand_at(after)
        self._parked_before = {name: set(streams) for name, streams in self._parked.items()}
        report = Report()
        for apart, run in groupby(batch, _surrounds):
            if apart:
                for logged in run:
                    self._surround(logged, report)
            else:
                self._fold(list(run), report)
        return report

    def undo(self) -> None:
        """Forget the last batch: its transaction has failed."""
        self._parked.update(self._parked_before)
        self._states.clear()

    def take_apart(self, batch: Sequence[LoggedEvent], after: int) -> Report:
        """Write the rows of a batch, but for events whose rows the database refuses."""
        try:
            with self._connection.transaction():
                return self.take(batch, after)
        except RowRefused as refused:
            self.undo()
            if len(batch) == 1:
                return self._without(refused, batch, after)
        middle = len(batch) // 2
        one = self.take_apart(batch[:middle], after)
        other = self.take_apart(batch[middle:], batch[middle - 1].position)
        return Report(one.parked + other.parked, one.unknown + other.unknown)

    def _without(self, refused: RowRefused, batch: Sequence[LoggedEvent], after: int) -> Report:
        before = Report()
        if _surrounds(batch[0]):
            self._park_refused(batch[0], after, before)
        if not before.parked:
            self._park(_parked(refused.projection, batch[0], refused.reason), before)
        report = self.take_apart(batch, after)
        return Report(before.parked + report.parked, report.unknown)

    def _fold(self, run: Sequence[LoggedEvent], report: Report) -> None:
        folded = self._states.fold(run)
        report.unknown += folded.unknown
        for broken in folded.broken:
            for projection in self._projections:
                if projection.kind is broken.kind:
                    self._park(_parked(projection, broken.logged, broken.reason), report)
        for projection in self._projections:
            self._write(projection, self._rows(projection, folded.steps, report))

    def _surround(self, logged: LoggedEvent, report: Report) -> None:
        event = surrounding(logged)
        if event is None:
            report.unknown += 1
        else:
            for projection in self._projections:
                if projection.due is not None and isinstance(event, projection.moved_by):
                    self._move(projection, self._concerned(projection, event), logged, report)
        self._states.surrounded(logged)

    def _move(
        self, projection: Projection, concerned: list[UUID], logged: LoggedEvent, report: Report
    ) -> None:
        with rescoring.telling(self._connection, len(concerned)) as tell:
            for steps in self._states.surround(logged, concerned):
                self._write(projection, self._rows(projection, steps, report))
                tell(len(steps))

    def _park_refused(self, logged: LoggedEvent, after: int, report: Report) -> None:
        """Park the opportunities whose rows the database refuses; the others move."""
        self._states.stand_at(after)
        event = surrounding(logged)
        assert event is not None
        for projection in self._projections:
            moved = projection.due is not None and isinstance(event, projection.moved_by)
            concerned = self._concerned(projection, event) if moved else []
            for step in chain.from_iterable(self._states.surround(logged, concerned)):
                try:
                    with self._connection.transaction(force_rollback=True):
                        self._write(projection, self._rows(projection, [step], report))
                except RowRefused as refused:
                    self._park(_parked_at(projection, step, refused.reason), report)
        self._states.clear()

    def _concerned(self, projection: Projection, event: Event) -> list[UUID]:
        """Return the opportunities that a tick has come due for, or a model scores: open ones."""
        assert projection.due is not None
        concerned: Composable = SQL("open")
        if projection.by_zone and self._states.moves_days(event):
            concerned = SQL("true")
        elif isinstance(event, DayTurned):
            concerned = SQL("next_step_at <= {}").format(turned_at(event))
        query = SQL("SELECT {0} FROM {1} WHERE tenant = opps.current_tenant() AND {2} ORDER BY {0}")
        found = self._connection.execute(
            query.format(
                Identifier(projection.kind.column),
                self._place(projection.due.name),
                concerned,
            )
        )
        return [one for (one,) in found if one not in self._parked[projection.name]]

    def _rows(self, projection: Projection, steps: Sequence[Step], report: Report) -> list[Row]:
        """Return the rows that steps leave behind; a stream that cannot be shown is parked."""
        parked = self._parked[projection.name]
        own = [step for step in steps if step.kind is projection.kind]
        rows: list[Row] = []
        for step in _last_of_each_stream(own) if projection.last_only else own:
            if parked and step.stream in parked:
                continue
            try:
                rows.extend(projection.rows(step))
            except Exception:
                mine = [one for one in own if one.stream == step.stream]
                again = mine if projection.last_only else [step]
                rows.extend(self._rows_until_failure(projection, again, report))
        return rows

    def _rows_until_failure(
        self, projection: Projection, steps: Sequence[Step], report: Report
    ) -> Iterator[Row]:
        for step in steps:
            try:
                yield from list(projection.rows(step))
            except Exception as error:
                self._park(_parked_at(projection, step, said(error)), report)
                return

    def _park(self, parked: Parked, report: Report) -> None:
        if parked.stream not in self._parked[parked.projection]:
            self._parked[parked.projection].add(parked.stream)
            report.parked.append(parked)

    def _write(self, projection: Projection, rows: Sequence[Row]) -> None:
        for table in projection.tables:
            own = table.last_of_each_key([row for row in rows if type(row) is table.row])
            if own:
                # Linked rows are looked for in a table that grows: a plan of today for each.
                once = table.written is None
                try:
                    self._connection.execute(
                        _statement(table, self._place), [encode(own)], prepare=once
                    )
                except ROW_REFUSED as error:
                    raise RowRefused(projection, said(error)) from error


def _parked(projection: Projection, logged: LoggedEvent, reason: str) -> Parked:
    return Parked(
        projection=projection.name,
        stream=logged.stream,
        position=logged.position,
        event_id=logged.event_id,
        tag=logged.tag,
        reason=reason,
    )


def _parked_at(projection: Projection, step: Step, reason: str) -> Parked:
    recorded = step.recorded
    return Parked(
        projection=projection.name,
        stream=step.stream,
        position=recorded.position,
        event_id=recorded.event_id,
        tag=codec.tag_of(recorded.event),
        reason=reason,
    )


def _last_of_each_stream(steps: Sequence[Step]) -> list[Step]:
    return list({step.stream: step for step in steps}.values())


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the garbage collector out: a fold makes much, and none of it in cycles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@cache
def _statement(table: Table, place: Place) -> bytes:
    """Return the statement that writes rows, put together once."""
    return table.write(place).as_bytes()
