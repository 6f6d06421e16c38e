"""Who was erased, as each person's own stream tells it: what dates a text whose key is gone."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import cast
from uuid import UUID

from opps.domain.events import PersonErased
from opps.domain.personal import Erased, Erasures
from opps.domain.recorded import Recorded
from opps.eventstore import Log
from opps.recording import codec
from opps.recording.keyring import Keyring
from opps.recording.personal import E, unsealed

_NOBODY: Mapping[UUID, Erased] = MappingProxyType({})


def erased_by(recorded: Recorded[PersonErased]) -> Erased:
    """Return what an erasure says of the texts that it reached."""
    return Erased(recorded.event.level, recorded.recorded_at, recorded.event.basis.value)


class ErasedPersons:
    """The erasures that were asked about, of every tenant; each is looked for when first needed.

    It reads the whole log, whatever end of it is shown: an erasure holds at every instant.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._known: dict[UUID, dict[UUID, Erased]] = {}

    def of(self, tenant: UUID) -> Erasures:
        """Return the erasures that are known so far."""
        return self._known.get(tenant, _NOBODY)

    def note(self, tenant: UUID, person: UUID, erased: Erased) -> None:
        """Know of an erasure."""
        self._known.setdefault(tenant, {})[person] = erased

    def unsealed(self, tenant: UUID, event: E, event_id: UUID, keyring: Keyring) -> E:
        """Return an event readable, or redacted with date and basis; not for the event loop."""
        missing: set[UUID] = set()

        def look_up(person: UUID) -> Erased | None:
            if person in missing:
                return None
            found = self._look_up(tenant, person)
            if found is None:
                missing.add(person)
            return found

        return unsealed(event, event_id, keyring, self.of(tenant), look_up)

    def among(self, tenant: UUID, persons: Iterable[UUID]) -> list[Recorded[PersonErased]]:
        """Return the erasures of some persons, in the order of the log."""
        read = map(codec.decode, self._log.streams(tenant, list(persons)))
        return [
            cast(Recorded[PersonErased], one) for one in read if isinstance(one.event, PersonErased)
        ]

    def _look_up(self, tenant: UUID, person: UUID) -> Erased | None:
        told = self.among(tenant, [person])
        if not told:
            return None
        found = erased_by(told[-1])
        self.note(tenant, person, found)
        return found
