"""What an import brought, and who has built on it: found in the log from where it began."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid5

from msgspec import Struct, field

from opps.domain.events import (
    AccountRegistered,
    Event,
    ExceptionEvent,
    ExceptionRaised,
    ExceptionResolved,
    LearningApplied,
    OpportunitiesMerged,
    OpportunityEvent,
    OpportunityOpened,
    PersonErased,
    PersonRegistered,
)
from opps.domain.imports import ImportRun
from opps.domain.opportunity.reverting import TAKES_BACK, brought_by
from opps.domain.recorded import Recorded, Via
from opps.eventstore import Log, LoggedEvent
from opps.recording import codec

MOST_NAMED = 20
_WINDOW = 5_000
# Events that name an opportunity from elsewhere.
_NAMING = frozenset(one.__name__ for one in (OpportunitiesMerged, ExceptionRaised, LearningApplied))

Progress = Callable[[int, int], None]


class Builders(Struct):
    """How many events build on an import, and some of them in words."""

    count: int = 0
    told: list[str] = field(default_factory=list)


class Touched(Struct):
    """An opportunity that the import opened or added to, up to what was read of the log.

    `taken_back` says that the import is out of it again. `built_on` tells who built on it, a later
    import apart from everybody else: that one may be taken back too.
    """

    opened: bool
    version: int
    taken_back: bool = False
    built_on: dict[UUID | None, Builders] = field(default_factory=dict)


class Survey:
    """Reads the log on behind where an import began, and remembers what is of concern.

    `reverting` counts the events that have taken it back so far.
    """

    def __init__(self, log: Log, tenant: UUID, run: ImportRun) -> None:
        self.touched: dict[UUID, Touched] = {}
        self.accounts = self.persons = self.reverting = 0
        self._log = log
        self._tenant = tenant
        self._import_id = run.import_id
        self._mark = str(run.import_id).encode()
        self._position = run.begun_position
        self._exceptions: dict[UUID, UUID] = {}
        self._reverts = set[UUID]()

    def read_on(self, progress: Progress) -> None:
        """Read to the end of the log."""
        head = self._log.head(self._tenant)
        size = 0 if head is None else head.size
        while some := self._log.read(self._tenant, self._position, _WINDOW):
            for logged in some:
                if self._concerns(logged):
                    self._note(codec.decode(logged))
            self._position = some[-1].position
            progress(self._position, max(size, self._position))

    def pending(self) -> list[UUID]:
        """Return the opportunities that the import is still in."""
        return [id_ for id_, one in self.touched.items() if not one.taken_back]

    def builders(self) -> int:
        """Return how many events build on the import."""
        return sum(one.count for one in self._builders())

    def built_on(self) -> list[str]:
        """Return some of these, in words."""
        return [told for one in self._builders() for told in one.told][:MOST_NAMED]

    def _builders(self) -> Iterator[Builders]:
        for one in self.touched.values():
            if not one.taken_back:
                yield from one.built_on.values()

    def _concerns(self, logged: LoggedEvent) -> bool:
        """Tell, without reading it, whether an event may concern the import."""
        known = logged.stream in self.touched or logged.stream in self._exceptions
        return known or logged.tag in _NAMING or self._mark in logged.metadata

    def _note(self, recorded: Recorded[Event]) -> None:
        event = recorded.event
        if self._import_of(recorded) == self._import_id:
            self._own(recorded)
        elif isinstance(event, PersonErased):
            self._moved(recorded)  # words of a person, wherever they stood
        elif isinstance(event, ExceptionRaised):
            self._exceptions[recorded.stream] = event.opportunity_id
            if not _of_a_rule(recorded):
                self._builds(event.opportunity_id, recorded)
        elif isinstance(event, ExceptionEvent):
            if not _of_a_rule(recorded):
                self._builds(self._exceptions.get(recorded.stream), recorded)
        elif isinstance(event, LearningApplied):
            for opportunity_id in {one.opportunity_id for one in event.facts}:
                self._builds(opportunity_id, recorded)
        else:
            if isinstance(event, OpportunitiesMerged):
                self._builds(event.into, recorded)
            self._builds(recorded.stream, recorded)

    def _import_of(self, recorded: Recorded[Event]) -> UUID | None:
        """Return the import that brought an event, or that it takes back.

        Its correlation id alone does not tell: whoever sends a command may name any.
        """
        import_id = recorded.metadata.correlation_id
        if import_id is None or recorded.metadata.actor.via == Via.IMPORT:
            return import_id
        if recorded.command_id == revert_command(recorded.stream, import_id, recorded.version - 1):
            self._reverts.add(recorded.command_id)  # further events may follow under it
        return import_id if recorded.command_id in self._reverts else None

    def _own(self, recorded: Recorded[Event]) -> None:
        """Note what the import brought, or what takes it back."""
        event, stream = recorded.event, recorded.stream
        if brought_by(recorded, self._import_id):
            self.accounts += isinstance(event, AccountRegistered)
            self.persons += isinstance(event, PersonRegistered)
            held = self.touched.get(stream)
            if isinstance(event, OpportunityEvent) and (held is None or held.taken_back):
                opens = isinstance(event, OpportunityOpened)
                self.touched[stream] = Touched(opened=opens, version=recorded.version)
        elif isinstance(event, OpportunityEvent):
            self.reverting += 1
            if isinstance(event, TAKES_BACK):
                self.touched[stream].taken_back = True
        self._moved(recorded)

    def _builds(self, opportunity_id: UUID | None, recorded: Recorded[Event]) -> None:
        """Note that somebody has built on an opportunity, if the import is in it."""
        held = self.touched.get(opportunity_id) if opportunity_id else None
        if held is not None and not held.taken_back:
            held.built_on.setdefault(by := self._import_of(recorded), Builders())
            held.built_on[by].count += 1
            if len(held.built_on[by].told) < MOST_NAMED:
                held.built_on[by].told.append(_told(recorded))
            if isinstance(recorded.event, TAKES_BACK):
                del held.built_on[by]  # a later import is out again: its events build on nothing
        self._moved(recorded)

    def _moved(self, recorded: Recorded[Event]) -> None:
        held = self.touched.get(recorded.stream)
        if held is not None:
            held.version = recorded.version


def revert_command(stream: UUID, import_id: UUID, version: int) -> UUID:
    """Return the id of the command that takes an import out of a stream of some version."""
    return uuid5(stream, f"revert:{import_id}:{version}")


def _of_a_rule(recorded: Recorded[Event]) -> bool:
    """Tell whether opps itself raised or ended an exception."""
    raised_or_ended = isinstance(recorded.event, ExceptionRaised | ExceptionResolved)
    return raised_or_ended and recorded.metadata.actor.via == Via.SYSTEM


def _told(recorded: Recorded[Event]) -> str:
    metadata = recorded.metadata
    if metadata.actor.via == Via.IMPORT and metadata.correlation_id is not None:
        who = f"import {metadata.correlation_id}"
    else:
        who = f"{metadata.actor.role} {metadata.actor.principal}"
    name = codec.tag_of(recorded.event)
    return f"{name} at position {recorded.position} in {recorded.stream} by {who}"
