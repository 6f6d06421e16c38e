"""The state of every stream up to one position: kept in memory, read from the log when missing."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import TAGS, DayTurned, Event
from opps.domain.opportunity.evolve import evolve, under
from opps.domain.opportunity.state import Opportunity
from opps.domain.person import Person
from opps.domain.recorded import Recorded
from opps.domain.setting import (
    DAY_ONE,
    SURROUNDING,
    Setting,
    surround,
    surrounding_streams,
    turned_at,
)
from opps.domain.times import UnreadableTime, zone_of
from opps.eventstore import Log, LoggedEvent
from opps.projections.known_lines import KnownLines
from opps.projections.scores import Scores
from opps.projections.steps import KIND_OF, OPPORTUNITY, PERSON, Kind, Step
from opps.recording import codec
from opps.recording.codec import UnknownEvent

KEPT_STATES = 10_000
_READ_AT_ONCE = 500
_NOWHERE = -1
_LONGEST_REASON = 1_000


class Broken(Struct, frozen=True):
    """An event that could not be folded: its stream ends here."""

    logged: LoggedEvent
    kind: Kind
    reason: str


class Folded(Struct):
    """What a run of events did, in order."""

    steps: list[Step]
    broken: list[Broken]
    unknown: int = 0


class States:
    """Folds a tenant's log in order, each stream from where it stands."""

    def __init__(self, log: Log, tenant: UUID, kept: int = KEPT_STATES) -> None:
        self._log = log
        self._tenant = tenant
        self._kept = kept
        self._scores = Scores()
        self._lines = KnownLines(log, tenant)
        self._states: dict[UUID, Any] = {}
        self._broken: set[UUID] = set()
        self._settings: list[tuple[int, Setting]] = [(0, DAY_ONE)]
        self._position = _NOWHERE

    def clear(self) -> None:
        """Forget everything, as after a transaction that failed."""
        self._states.clear()
        self._broken.clear()
        self._scores.clear()
        self._lines.clear()
        self._position = _NOWHERE

    def stand_at(self, position: int) -> None:
        """Be ready to fold what comes behind a position."""
        if position != self._position:
            self.clear()
            self._position = position
            self._settings = [(0, DAY_ONE)]
            streams = surrounding_streams(self._tenant)
            for logged in self._log.streams(self._tenant, list(streams)):
                if logged.position <= position:
                    self._surrounded(logged)

    def fold(self, run: Sequence[LoggedEvent]) -> Folded:
        """Return what a run of events did; it follows on the last one and has no tick."""
        folded = Folded([], [])
        self._load(_begun_before(run), folded)
        for logged in run:
            kind = KIND_OF.get(logged.tag)
            if kind is not None:
                self._take(kind, logged, folded)
            elif logged.tag not in TAGS:
                folded.unknown += 1
        self._position = run[-1].position
        self._forget_oldest(folded.steps)
        return folded

    def surround(self, logged: LoggedEvent, concerned: Sequence[UUID]) -> Iterator[list[Step]]:
        """Yield, some at a time, the steps of opportunities that a tick or a model concerns."""
        recorded = codec.decode(logged)
        setting = surround(self._settings[-1][1], recorded.event)
        for start in range(0, len(concerned), _READ_AT_ONCE):
            some = concerned[start : start + _READ_AT_ONCE]
            self._load(set(some), Folded([], []))
            yield [
                self._moved(recorded, self._states[one], setting, start + number)
                for number, one in enumerate(some)
                if one in self._states
            ]
            self._forget_oldest(())

    def surrounded(self, logged: LoggedEvent) -> None:
        """Go on behind a tick or an activation: every opportunity stands in the new setting."""
        self._surrounded(logged)
        self._position = logged.position

    def _surrounded(self, logged: LoggedEvent) -> None:
        event = surrounding(logged)
        if event is not None:
            self._settings.append((logged.position, surround(self._settings[-1][1], event)))
            self._lines.surrounded(codec.decode(logged))

    def moves_days(self, event: Event) -> bool:
        """Tell whether days begin to turn in another zone than before."""
        return isinstance(event, DayTurned) and zone_of(event.zone) != self._lines.zone

    def _moved(
        self, recorded: Recorded[Event], state: Opportunity, setting: Setting, ordinal: int
    ) -> Step:
        before = under(state, self._settings[-1][1])
        after = under(before, setting)
        stream = state.opportunity_id
        return Step(
            OPPORTUNITY, stream, recorded, before, after, self._scores, self._lines, ordinal
        )

    def _take(self, kind: Kind, logged: LoggedEvent, folded: Folded) -> None:
        stream = logged.stream
        if self._broken and stream in self._broken:
            return
        try:
            recorded = codec.decode(logged)
            if isinstance(recorded.event, UnknownEvent):
                folded.unknown += 1
                return
            before = self._states.get(stream)
            if kind is PERSON and not isinstance(before, Person | None):
                # Words stood under the id of something else, and were erased in its stream.
                at = {"version": recorded.version, "position": recorded.position}
                self._states[stream] = replace(before, **at)
                return
            if kind is OPPORTUNITY:
                setting = self._setting_at(logged.position)
                before = before and under(before, setting)
                after = evolve(before, recorded, setting)
            else:
                after = kind.evolve(before, recorded)
        except Exception as error:
            self._break(Broken(logged, kind, said(error)), folded)
            return
        if after is not None:
            self._states[stream] = after
            folded.steps.append(
                Step(kind, stream, recorded, before, after, self._scores, self._lines)
            )

    def _break(self, broken: Broken, folded: Folded) -> None:
        self._broken.add(broken.logged.stream)
        self._states.pop(broken.logged.stream, None)
        folded.broken.append(broken)

    def _load(self, wanted: set[UUID], folded: Folded) -> None:
        """Read what is missing with one statement for many streams, up to the position."""
        missing = list(wanted - self._states.keys() - self._broken)
        for start in range(0, len(missing), _READ_AT_ONCE):
            some = missing[start : start + _READ_AT_ONCE]
            read = self._log.streams(self._tenant, some)
            self._replay((one for one in read if one.position <= self._position), folded)

    def _replay(self, history: Iterable[LoggedEvent], folded: Folded) -> None:
        replayed = Folded([], [])
        for logged in history:
            kind = KIND_OF.get(logged.tag)
            if kind is not None:
                self._take(kind, logged, replayed)
        folded.broken.extend(replayed.broken)

    def _setting_at(self, position: int) -> Setting:
        """Return the setting in which an event at a position is folded."""
        last_at, last = self._settings[-1]
        if last_at < position:
            return last
        before = bisect_left(self._settings, position, key=itemgetter(0))
        return self._settings[before - 1][1]

    def _forget_oldest(self, steps: Sequence[Step]) -> None:
        """Keep the states that were used last."""
        if len(self._states) > self._kept:
            for stream in {step.stream for step in steps} & self._states.keys():
                self._states[stream] = self._states.pop(stream)
            for stream in list(self._states)[: len(self._states) - self._kept]:
                del self._states[stream]


def surrounding(logged: LoggedEvent) -> Event | None:
    """Return the tick or activation; None for a tick that nobody can place, or an unknown event."""
    event = codec.decode(logged).event
    if isinstance(event, DayTurned):
        try:
            turned_at(event)
        except UnreadableTime:
            return None
    return event if isinstance(event, SURROUNDING) else None


def _begun_before(run: Sequence[LoggedEvent]) -> set[UUID]:
    """Return the streams of a run that it does not hold from their start."""
    first: dict[UUID, LoggedEvent] = {}
    for logged in run:
        if logged.tag in KIND_OF:
            first.setdefault(logged.stream, logged)
    return {stream for stream, one in first.items() if one.version > 0}


def said(error: Exception) -> str:
    """Return what an error says, in short, for somebody who looks for its cause."""
    return f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
