"""What was known of each opportunity, followed event by event, read from the log when missing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import DayTurned, Event, OpportunityEvent, ScoringModelActivated
from opps.domain.opportunity.known_line import (
    Line,
    Piece,
    changed_since,
    line_of,
    pieces,
    retold,
)
from opps.domain.opportunity.placing import UTC_ZONE
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Recorded
from opps.domain.setting import turned_at
from opps.domain.times import zone_of
from opps.eventstore import Log
from opps.projections.scores import Scores
from opps.recording import codec

_KEPT_LINES = 10_000
_KEPT_HISTORIES = 500
_RIGHT_AFTER = timedelta(microseconds=1)


class Told(Struct, frozen=True):
    """Pieces that an event tells, by a position: behind all others, or in the place of some.

    Pieces that are told anew take the place of all from their first instant on.
    """

    pieces: Sequence[Piece]
    position: int
    anew: bool = False


class _Entry(Struct, frozen=True):
    """The end of a line: its last piece, the position that it is told by, the stream's version."""

    line: Line
    last: datetime
    exact_until: datetime | None
    position: int
    version: int


class KnownLines:
    """Tells what each step of a fold changes in what was known; a step is told once."""

    def __init__(self, log: Log, tenant: UUID) -> None:
        self._log = log
        self._tenant = tenant
        self._entries: dict[UUID, _Entry] = {}
        self._histories: dict[UUID, list[Recorded[Event]]] = {}
        self._models: list[Recorded[Event]] = []
        self._ticks: list[Recorded[Event]] = []
        self._zone_since = 0
        self.scores = Scores()

    def clear(self) -> None:
        """Forget everything, as after a transaction that failed."""
        self._entries.clear()
        self._histories.clear()
        self._models.clear()
        self._ticks.clear()
        self._zone_since = 0
        self.scores.clear()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin."""
        return _zone(self._ticks[-1]) if self._ticks else UTC_ZONE

    def surrounded(self, recorded: Recorded[Event]) -> None:
        """Go on behind a tick or an activation."""
        if isinstance(recorded.event, DayTurned):
            if _zone(recorded) != self.zone:
                self._zone_since = recorded.position
            self._ticks.append(recorded)
        elif isinstance(recorded.event, ScoringModelActivated):
            self._models.append(recorded)

    def exact_until(self, opportunity_id: UUID) -> datetime | None:
        """Return until when the last piece holds of an opportunity whose step was just told."""
        entry = self._entries.get(opportunity_id)
        return None if entry is None else entry.exact_until

    def told(
        self, recorded: Recorded[Event], before: Opportunity | None, after: Opportunity
    ) -> Iterator[Told]:
        """Yield what an event changes in what was known of an opportunity."""
        if isinstance(recorded.event, DayTurned):
            assert before is not None, "a tick opens nothing"
            yield from self._ticked(recorded, before, after)
        elif isinstance(recorded.event, ScoringModelActivated):
            assert before is not None, "a model opens nothing"
            yield self._scored_anew(recorded, before, after)
        elif recorded.stream == after.opportunity_id:
            yield self._happened(recorded, before, after)

    def _happened(
        self, recorded: Recorded[Event], before: Opportunity | None, after: Opportunity
    ) -> Told:
        if before is None:
            return self._opened(recorded, after)
        entry = self._entry(before, recorded.position)
        self._remember(recorded)
        if entry.line.follows(recorded, before, after):
            line = entry.line.after(recorded, after, self.zone)
            if line.at >= max(entry.last, self._last_model()):
                return self._behind(line, line.at, recorded.position, after)
        history = self._history(after.opportunity_id, recorded.position)
        since = changed_since(history, before, after)
        return self._anew(history, after, since, recorded.position)

    def _opened(self, recorded: Recorded[Event], after: Opportunity) -> Told:
        line = line_of([recorded], after)
        if self._last_model() <= line.begin:
            return self._behind(line, line.begin, recorded.position, after)
        history = self._history(after.opportunity_id, recorded.position)
        return self._anew(history, after, line.begin, recorded.position)

    def _scored_anew(
        self, recorded: Recorded[Event], before: Opportunity, after: Opportunity
    ) -> Told:
        entry = self._entry(before, recorded.position)
        at = recorded.recorded_at
        if after.open and at >= max(entry.last, self._last_model()):
            return self._behind(entry.line, at, recorded.position, after)
        history = self._history(after.opportunity_id, recorded.position, recorded)
        since = max(entry.line.begin, min(at, entry.line.at))
        return self._anew(history, after, since, recorded.position)

    def _ticked(
        self, recorded: Recorded[Event], before: Opportunity, after: Opportunity
    ) -> Iterator[Told]:
        entry = self._entry(before, recorded.position)
        zone = _zone(recorded)
        if zone != self.zone:
            history = self._history(after.opportunity_id, recorded.position, recorded)
            yield self._anew(history, after, entry.line.begin, recorded.position)
            entry = self._entries[after.opportunity_id]
        assert isinstance(recorded.event, DayTurned)
        now = turned_at(recorded.event)
        if entry.exact_until is not None and entry.exact_until <= now:
            found = self._until(entry, after, now, zone)
            self._keep(_moved(entry, found), after)
            yield Told(found, entry.position)

    def _behind(self, line: Line, at: datetime, position: int, after: Opportunity) -> Told:
        zone = self.zone
        [piece] = pieces(lambda k: line.shown(after, k, zone), at, at, zone, self._turn)
        self._keep(_Entry(line, at, piece.exact_until, position, after.version), after)
        return Told([piece], position)

    def _anew(
        self,
        history: Sequence[Recorded[Event]],
        after: Opportunity,
        since: datetime,
        position: int,
    ) -> Told:
        found = retold(history, after, since)
        last = found[-1]
        line = line_of(history, after)
        entry = _Entry(line, last.known_from, last.exact_until, position, after.version)
        self._keep(entry, after)
        return Told(found, position, anew=True)

    def _until(
        self, entry: _Entry, whole: Opportunity, now: datetime, zone: ZoneInfo
    ) -> list[Piece]:
        """Return the pieces that time makes behind the last one, up to an instant."""
        since = entry.exact_until
        assert since is not None, "somebody looked"
        return list(
            pieces(lambda k: entry.line.shown(whole, k, zone), since, now + _RIGHT_AFTER, zone)
        )

    def _entry(self, before: Opportunity, position: int) -> _Entry:
        """Return the end of the line as it was told before a position."""
        entry = self._entries.get(before.opportunity_id)
        if entry is None or entry.version != before.version:
            entry = self._read(before, position - 1)
            self._keep(entry, before)
        return entry

    def _read(self, state: Opportunity, position: int) -> _Entry:
        history = self._history(state.opportunity_id, position)
        line, zone = line_of(history, state), self.zone
        told_by = max(state.position, self._zone_since)
        last = line.at
        if state.open and self._models:
            told_by = max(told_by, self._models[-1].position)
            last = max(last, self._last_model())
        [piece] = pieces(lambda k: line.shown(state, k, zone), last, last, zone)
        until = piece.exact_until if state.open else None
        entry = _Entry(line, last, until, told_by, state.version)
        ticks = [one.event for one in self._ticks if one.position >= told_by]
        now = max((turned_at(one) for one in ticks if isinstance(one, DayTurned)), default=None)
        if now is None or until is None or until > now:
            return entry
        return _moved(entry, self._until(entry, state, now, zone))

    def _keep(self, entry: _Entry, of: Opportunity) -> None:
        self._entries.pop(of.opportunity_id, None)
        self._entries[of.opportunity_id] = entry
        if len(self._entries) > _KEPT_LINES:
            del self._entries[next(iter(self._entries))]

    def _turn(self, state: Opportunity) -> datetime | None:
        """Return when time next changes what is known, worked out once with its score."""
        return self.scores.at(state).turns_at

    def _last_model(self) -> datetime:
        """Return when the model in force was recorded."""
        return self._models[-1].recorded_at if self._models else _LONG_AGO

    def _remember(self, recorded: Recorded[Event]) -> None:
        """Add to a history that is held already."""
        held = self._histories.get(recorded.stream)
        if held is not None and held[-1].position < recorded.position:
            held.append(recorded)

    def _history(
        self, stream: UUID, position: int, tick: Recorded[Event] | None = None
    ) -> list[Recorded[Event]]:
        """Return the events of an opportunity up to a position, with what surrounds them."""
        held = self._histories.get(stream)
        if held is None:
            read = self._log.streams(self._tenant, [stream])
            decoded = [codec.decode(one) for one in read if one.position <= position]
            held = [one for one in decoded if isinstance(one.event, OpportunityEvent)]
            self._histories[stream] = held
            if len(self._histories) > _KEPT_HISTORIES:
                del self._histories[next(iter(self._histories))]
        own = [one for one in held if one.position <= position]
        around = [*self._models, *self._ticks[-1:], *([tick] if tick else [])]
        return sorted([*around, *own], key=lambda one: one.position)


_LONG_AGO = datetime.min.replace(tzinfo=UTC_ZONE)


def _moved(entry: _Entry, found: Sequence[Piece]) -> _Entry:
    last = found[-1]
    return replace(entry, last=last.known_from, exact_until=last.exact_until)


def _zone(tick: Recorded[Event]) -> ZoneInfo:
    assert isinstance(tick.event, DayTurned)
    return zone_of(tick.event.zone)
