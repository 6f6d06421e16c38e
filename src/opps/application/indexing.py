"""The search index of persons: built from the log, kept up with it, and dropped."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from uuid import UUID, uuid4

from msgspec import Struct
from msgspec.structs import replace

from opps.application.personal_data import PersonalData
from opps.application.told import Progress, unseen
from opps.domain import person as persons
from opps.domain.events import PersonCorrected, PersonErased, PersonRegistered
from opps.domain.finding import Trait, traits_of
from opps.domain.person import Person
from opps.domain.personal import text_of
from opps.eventstore import Log
from opps.eventstore import search as store
from opps.recording import codec
from opps.recording.blind_index import tokens
from opps.recording.keyring import Keyring, SubjectErased, SubjectKeyMissing
from opps.rounds import Rounds

EVERY_S = 1.0
_BATCH = 2_000
_TAGS = tuple(one.__name__ for one in (PersonRegistered, PersonCorrected, PersonErased))


class IndexStatus(Struct, frozen=True, kw_only=True):
    """How a search index stands; `behind` counts the events of the log that it has not read."""

    key_id: UUID
    position: int
    behind: int
    persons: int
    tokens: int


class Indexing:
    """Knows who is found by what, of every tenant; what it does reads or writes: in a thread."""

    def __init__(
        self, log: Log, keyring_of: Callable[[UUID], Keyring], personal: PersonalData
    ) -> None:
        self._log = log
        self._keyring_of = keyring_of
        self._personal = personal

    def build(self, tenant: UUID, progress: Progress = unseen) -> IndexStatus:
        """Make an index where there is none, read the log to its end, and return how it stands.

        Raises:
            LogFault: the database is away; go on by asking again.
        """
        if self.standing(tenant) is None:
            self._log.run(partial(store.begin, tenant=tenant, key_id=uuid4()))
        while not self.catch_up(tenant, progress):
            pass
        found = self.status(tenant)
        assert found is not None, "nobody drops it while it is built"
        return found

    def drop(self, tenant: UUID) -> store.Dropped:
        """Delete an index, and destroy its key for ever; safe to repeat."""
        dropped = self._log.run(partial(store.drop, tenant=tenant))
        if dropped.key_id is not None:
            self._keyring_of(tenant).destroy_keys([dropped.key_id])
        return dropped

    def standing(self, tenant: UUID) -> store.SearchIndex | None:
        """Return the index of a tenant, None where there is none."""
        return self._log.run(partial(store.standing, tenant=tenant))

    def key(self, tenant: UUID) -> bytes | None:
        """Return the key of an index, None where there is none or it is being dropped."""
        found = self.standing(tenant)
        try:
            return None if found is None else self._keyring_of(tenant).key(found.key_id)
        except SubjectKeyMissing:
            return None

    def status(self, tenant: UUID) -> IndexStatus | None:
        """Return how an index stands, None where there is none."""
        found = self.standing(tenant)
        if found is None:
            return None
        held = self._log.run(partial(store.held, tenant=tenant))
        return IndexStatus(
            key_id=found.key_id,
            position=found.position,
            behind=self._size(tenant) - found.position,
            persons=held.persons,
            tokens=held.tokens,
        )

    def catch_up(self, tenant: UUID, progress: Progress = unseen) -> bool:
        """Read a part of what is new in the log, and tell whether that was all of it."""
        found, size = self.standing(tenant), self._size(tenant)
        if found is None or found.position >= size:
            return True
        logged = self._log.read(tenant, found.position, _BATCH, until=size, tags=_TAGS)
        until = logged[-1].position if len(logged) == _BATCH else size
        try:
            key = self._keyring_of(tenant).key_or_new(found.key_id)
        except SubjectErased:
            return True  # it is being dropped
        changed = self._persons(tenant, {one.stream for one in logged})
        read = store.Tokens(
            from_position=found.position,
            to_position=until,
            of={id_: tokens(key, _traits(one)) for id_, one in changed.items()},
        )
        write = partial(store.write, tenant=tenant, key_id=found.key_id, tokens=read)
        written = self._log.run(write)  # else somebody else was first: look where it stands now
        progress(until, size)
        return written and until == size

    def _persons(self, tenant: UUID, ids: Iterable[UUID]) -> Mapping[UUID, Person | None]:
        """Return persons as they are now, readable."""
        found: dict[UUID, Person | None] = dict.fromkeys(ids)
        for logged in self._log.streams(tenant, list(found)):
            if logged.tag in _TAGS:
                stored = codec.decode(logged)
                event = self._personal.unsealed(tenant, stored.event, stored.event_id)
                told = replace(stored, event=event)
                found[told.stream] = persons.evolve(found[told.stream], told)
        return found

    def _size(self, tenant: UUID) -> int:
        head = self._log.head(tenant)
        return 0 if head is None else head.size


def indexing(index: Indexing, tenants: Callable[[], Iterable[UUID]]) -> Rounds:
    """Return what keeps the indexes of all tenants up with the log, within a `with` block."""

    def visit(tenant: UUID) -> None:
        while not index.catch_up(tenant):
            pass

    return Rounds("indexer", tenants, visit, EVERY_S)


def _traits(person: Person | None) -> frozenset[Trait]:
    if person is None or person.erased is not None:
        return frozenset()
    return traits_of(text_of(person.name), text_of(person.email))
