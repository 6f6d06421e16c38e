"""What a log tells of persons: in which fields of which events, found by opening every seal."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from uuid import UUID

from msgspec import Struct, field

from opps.domain.events import TAGS, Event, OpportunitiesMerged, OpportunityEvent
from opps.domain.recorded import Recorded
from opps.eventstore import Log
from opps.recording import codec
from opps.recording.keyring import Keyring
from opps.recording.personal import Mention, has_personal, mentions

PERSONAL_TAGS = tuple(tag for tag, kind in TAGS.items() if has_personal(kind))
# Events without a personal value need not be read closely.
_SIGNS = (b'"sealed"', b'"redacted"')
_WINDOW = 20_000
_MERGED = (OpportunitiesMerged.__name__,)

Progress = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Show nobody how far it is."""


class Place(Struct, frozen=True, order=True):
    """Where personal values are held: the event's tag, the field, and if it says who it is."""

    tag: str
    field: str
    identity: bool


class Told(Struct, kw_only=True):
    """What is told of one person; `values` counts what can be read, `gone` what was erased.

    `going_on` are the opportunities in which those that tell of the person go on, once merged.
    """

    person_id: UUID
    values: Counter[Place] = field(default_factory=Counter)
    gone: Counter[Place] = field(default_factory=Counter)
    opportunities: set[UUID] = field(default_factory=set)
    going_on: set[UUID] = field(default_factory=set)
    only_fully: bool = False
    position: int = 0

    def note(self, recorded: Recorded[Event], mention: Mention) -> None:
        """Count one more value."""
        place = Place(codec.tag_of(recorded.event), _plain(mention.field), mention.identity)
        (self.values if mention.readable else self.gone)[place] += 1
        self.only_fully |= mention.identity and not mention.apart
        self.position = recorded.position
        if isinstance(recorded.event, OpportunityEvent):
            self.opportunities.add(recorded.stream)


def joined(person_id: UUID, parts: Iterable[Told]) -> Told:
    """Return what is told of the entries of one human being, taken together."""
    whole = Told(person_id=person_id)
    for one in parts:
        whole.values += one.values
        whole.gone += one.gone
        whole.opportunities |= one.opportunities
        whole.going_on |= one.going_on
        whole.only_fully |= one.only_fully
        whole.position = max(whole.position, one.position)
    return whole


def told_of(
    log: Log,
    tenant: UUID,
    keyring: Keyring,
    persons: Collection[UUID] | None = None,
    progress: Progress = unseen,
) -> dict[UUID, Told]:
    """Return what the log tells of some persons, or of everybody; not for the event loop.

    It opens every seal, since a seal does not show whose it is.

    Raises:
        SubjectKeyMissing, cryptography.exceptions.InvalidTag: the keys are not those of this log.
        LogUnavailable: the database is away.
    """
    found: dict[UUID, Told] = {}
    for recorded in _personal_events(log, tenant, progress):
        for mention in mentions(recorded.event, recorded.event_id, keyring):
            if persons is None or mention.subject in persons:
                person = mention.subject
                told = found.setdefault(person, Told(person_id=person))
                told.note(recorded, mention)
    into = _merged(log, tenant) if found else {}
    for told in found.values():
        told.going_on = set(_further(told.opportunities, into))
    return found


def _merged(log: Log, tenant: UUID) -> dict[UUID, UUID]:
    """Return of each opportunity that was merged in which one it goes on."""
    into: dict[UUID, UUID] = {}
    after = 0
    while some := log.read(tenant, after, _WINDOW, until=None, tags=_MERGED):
        for recorded in map(codec.decode, some):
            if isinstance(recorded.event, OpportunitiesMerged):
                into[recorded.stream] = recorded.event.into
        after = some[-1].position
    return into


def _further(opportunities: Collection[UUID], into: Mapping[UUID, UUID]) -> Iterator[UUID]:
    met: set[UUID] = set()
    waiting = list(opportunities)
    while waiting:
        next_ = into.get(waiting.pop())
        if next_ is not None and next_ not in met:
            met.add(next_)
            waiting.append(next_)
            yield next_


def _personal_events(log: Log, tenant: UUID, progress: Progress) -> Iterator[Recorded[Event]]:
    head = log.head(tenant)
    size = 0 if head is None else head.size
    for start in range(0, size, _WINDOW):
        until = min(size, start + _WINDOW)
        for logged in log.read(tenant, start, _WINDOW, until=until, tags=PERSONAL_TAGS):
            if any(sign in logged.payload for sign in _SIGNS):
                yield codec.decode(logged)
        progress(until, size)


def _plain(slot: str) -> str:
    """Return the field of a slot, whichever element of a list it is."""
    return ".".join(part for part in slot.split(".") if not part.isdigit())
