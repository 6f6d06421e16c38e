"""Everything that is held of one person, from the log and the saved reads, in one document."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, field

from opps.application.entries import entries_of
from opps.domain.events import (
    Event,
    FactLearned,
    OpportunityEvent,
    OpportunityOpened,
    OpportunityRenamed,
    PersonErased,
)
from opps.domain.facts import Evaluator
from opps.domain.personal import Clear, Erased, ErasureLevel, Erasures, Redacted
from opps.domain.recorded import Recorded
from opps.eventstore import Log
from opps.eventstore.reads import ReadsWanted, SavedRead, find_reads
from opps.recording import codec
from opps.recording.keyring import Keyring
from opps.recording.personal import has_personal, only_of, unsealed

FORMAT = "opps-subject-export/1"
BATCH = 5_000
READS = 500


class Where(Struct, frozen=True, kw_only=True):
    """The event that holds something: which, when it was recorded and by whom."""

    event: str
    event_id: UUID
    position: int
    recorded_at: datetime
    recorded_by: UUID
    opportunity_id: UUID | None


class HeldValue(Struct, frozen=True, kw_only=True):
    """A text that is kept under the person's keys; null where it was erased."""

    field: str
    tells_who: bool
    text: str | None
    erased_at: datetime | None
    basis: str | None
    where: Where


class Statement(Struct, frozen=True, kw_only=True):
    """What was recorded of the person as an evaluator; what is of others is withheld."""

    evaluator_id: UUID
    said: Any
    where: Where


class Mention(Struct, frozen=True, kw_only=True):
    """How often the person's id stands in one place, as the one who acts or as somebody named."""

    event: str
    field: str
    count: int
    first_at: datetime
    last_at: datetime


class ShownTo(Struct, frozen=True, kw_only=True):
    """That somebody was shown data of the person, or that the person looked."""

    read_at: datetime
    principal: UUID
    role: str
    operation: str | None
    fields: list[str]


class ErasureOf(Struct, frozen=True, kw_only=True):
    """That the person was erased; `erasure_id` is that of the certificate."""

    erasure_id: UUID
    level: ErasureLevel
    basis: str
    at: datetime
    position: int


class SubjectExport(Struct, frozen=True, kw_only=True):
    """Everything that is held of one person up to a position of the log."""

    format: str = FORMAT
    tenant: UUID
    person_id: UUID
    written_at: datetime
    position: int
    erasures: list[ErasureOf]
    merged_with: list[UUID] = field(default_factory=list)
    """The other entries of that human being, each with an export of its own."""
    values: list[HeldValue]
    evaluators: dict[UUID, UUID] = field(default_factory=dict)
    """The opportunity of each evaluator that the person was."""
    statements: list[Statement] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    shown: list[ShownTo] = field(default_factory=list)
    opportunities: dict[UUID, str] = field(default_factory=dict)
    """The titles of the opportunities above."""


def subject_export(
    log: Log, tenant: UUID, person: UUID, keyring: Keyring, now: datetime
) -> SubjectExport:
    """Return what is held of a person, from the whole log; not for the event loop.

    Nothing of others is in it but ids, and the words that name them only by their function.

    Raises:
        SubjectKeyMissing, cryptography.exceptions.InvalidTag: the keys are not those of this log.
        LogUnavailable: the database is away.
    """
    head = log.head(tenant)
    size = 0 if head is None else head.size
    erasures = list(_erasures(log, tenant, person))
    export = SubjectExport(
        tenant=tenant,
        person_id=person,
        written_at=now,
        position=size,
        erasures=erasures,
        merged_with=list(entries_of(log, tenant, person).beside(person)),
        values=[],
    )
    told: Erasures = {}
    if erasures:
        told = {person: Erased(erasures[-1].level, erasures[-1].at, erasures[-1].basis)}
    reading = _Reading(export, lambda one: unsealed(one.event, one.event_id, keyring, told))
    for after in range(0, size, BATCH):
        for logged in log.read(tenant, after, BATCH, until=min(size, after + BATCH)):
            reading.take(logged.payload + logged.metadata, codec.decode(logged))
    for logged in log.streams(tenant, list(set(export.evaluators.values()))):
        if logged.position <= size:
            reading.take_statement(logged.payload, codec.decode(logged))
    export.shown.extend(_shown(log, tenant, person))
    return reading.done()


class _Reading:
    """What has been found so far."""

    def __init__(self, export: SubjectExport, readable: Callable[[Recorded[Event]], Event]) -> None:
        self._export = export
        self._readable = readable
        self._id = str(export.person_id).encode()
        self._names: dict[UUID, str] = {}
        self._mentions: dict[tuple[str, str], list[datetime]] = defaultdict(list)

    def take(self, stored: bytes, recorded: Recorded[Event]) -> None:
        """Take in what an event holds of the person."""
        event = recorded.event
        if isinstance(event, OpportunityOpened | OpportunityRenamed):
            self._names[recorded.stream] = event.title
        if has_personal(type(event)):
            self._take_values(recorded)
        if self._id in stored:
            builtins = {"recorded_by": recorded.metadata, "": event}
            for place in _places(msgspec.to_builtins(builtins), str(self._export.person_id)):
                self._mentions[codec.tag_of(event), place].append(recorded.recorded_at)

    def take_statement(self, stored: bytes, recorded: Recorded[Event]) -> None:
        """Take in what an event says of an evaluator that the person was."""
        for evaluator in self._export.evaluators:
            if str(evaluator).encode() in stored:
                event, _ = only_of(self._export.person_id, self._readable(recorded))
                said = _withheld(msgspec.to_builtins(event))
                where = _where(recorded)
                statement = Statement(evaluator_id=evaluator, said=said, where=where)
                self._export.statements.append(statement)

    def done(self) -> SubjectExport:
        """Return all of it."""
        for (event, place), times in sorted(self._mentions.items()):
            self._export.mentions.append(
                Mention(
                    event=event,
                    field=place,
                    count=len(times),
                    first_at=min(times),
                    last_at=max(times),
                )
            )
        values, said = self._export.values, self._export.statements
        for where in (*(one.where for one in values), *(one.where for one in said)):
            if (opportunity := where.opportunity_id) is not None:
                self._export.opportunities[opportunity] = self._names.get(opportunity, "")
        return self._export

    def _take_values(self, recorded: Recorded[Event]) -> None:
        event, own = only_of(self._export.person_id, self._readable(recorded))
        for value in own:
            gone = value.personal if isinstance(value.personal, Redacted) else None
            self._export.values.append(
                HeldValue(
                    field=value.field,
                    tells_who=value.identity,
                    text=value.personal.text if isinstance(value.personal, Clear) else None,
                    erased_at=None if gone is None else gone.erased_at,
                    basis=None if gone is None else gone.basis,
                    where=_where(recorded),
                )
            )
        fact = event.fact if isinstance(event, FactLearned) and own else None
        if isinstance(fact, Evaluator) and any(one.field == "fact.person" for one in own):
            self._export.evaluators[fact.evaluator_id] = recorded.stream


def _where(recorded: Recorded[Event]) -> Where:
    of_one = isinstance(recorded.event, OpportunityEvent)
    return Where(
        event=codec.tag_of(recorded.event),
        event_id=recorded.event_id,
        position=recorded.position,
        recorded_at=recorded.recorded_at,
        recorded_by=recorded.metadata.actor.principal,
        opportunity_id=recorded.stream if of_one else None,
    )


def _erasures(log: Log, tenant: UUID, person: UUID) -> Iterator[ErasureOf]:
    for logged in log.stream(tenant, person):
        recorded = codec.decode(logged)
        if isinstance(recorded.event, PersonErased):
            yield ErasureOf(
                erasure_id=recorded.event.erasure_id,
                level=recorded.event.level,
                basis=recorded.event.basis,
                at=recorded.recorded_at,
                position=recorded.position,
            )


def _shown(log: Log, tenant: UUID, person: UUID) -> Iterator[ShownTo]:
    behind: tuple[datetime, UUID] | None = None
    while True:
        found: list[SavedRead] = log.run(
            partial(
                find_reads,
                tenant=tenant,
                wanted=ReadsWanted(subject=person),
                behind=behind,
                limit=READS,
            )
        )
        for one in found:
            paths = zip(one.subjects, one.paths, strict=True)
            yield ShownTo(
                read_at=one.read_at,
                principal=one.principal,
                role=one.role,
                operation=one.operation,
                fields=sorted(path for subject, path in paths if subject == person),
            )
        if len(found) < READS:
            return
        behind = (found[-1].read_at, found[-1].read_id)


def _places(held: Any, wanted: str, path: str = "") -> Iterator[str]:
    """Yield the fields that hold an id, whichever element of a list it is."""
    if isinstance(held, dict):
        for name, one in held.items():
            yield from _places(one, wanted, f"{path}.{name}".strip("."))
    elif isinstance(held, list | tuple):
        for one in held:
            yield from _places(one, wanted, path)
    elif held == wanted:
        yield path


def _withheld(held: Any) -> Any:
    """Return what an event says, with a note in the place of what is of others."""
    if isinstance(held, dict):
        if held.get("type") == "sealed":
            return {"withheld": "of somebody else"}
        return {name: _withheld(one) for name, one in held.items()}
    return [_withheld(one) for one in held] if isinstance(held, list | tuple) else held
