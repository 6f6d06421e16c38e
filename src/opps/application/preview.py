"""What an erasure would reach, and what it would leave."""

from uuid import UUID

from msgspec import Struct

from opps.application.entries import entries_of
from opps.application.told import Place, Progress, Told, joined, told_of, unseen
from opps.domain.errors import UnknownPerson
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.state import Privacy
from opps.eventstore import Log
from opps.eventstore.reads import ReadsWanted, find_reads
from opps.recording.keyring import Keyring

MOST_READS = 1_000


class HeldPlace(Struct, frozen=True, kw_only=True):
    """A field in which values about the person are held, and what would become of them."""

    tag: str
    field: str
    values: int
    erased: bool


class Preview(Struct, frozen=True, kw_only=True):
    """What is held about a person, and what an erasure would do.

    `also` are the other entries of that human being, merged with this one: they are erased with
    it, and counted in. `reads` are those marked for audit that showed the person, counted up to
    1,000 an entry. `gone` values were erased before. Facts and scores stay where they are: they
    never held who it is.
    """

    person_id: UUID
    also: list[UUID]
    level: ErasureLevel
    places: list[HeldPlace]
    gone: int
    opportunities: list[UUID]
    reads: int
    holds: list[UUID]
    erased: ErasureLevel | None
    only_fully: bool

    @property
    def erasing(self) -> int:
        """How many values would be erased."""
        return sum(one.values for one in self.places if one.erased)

    @property
    def remaining(self) -> int:
        """How many values would still be readable."""
        return sum(one.values for one in self.places if not one.erased)


def preview(
    log: Log,
    tenant: UUID,
    keyring: Keyring,
    decided: Privacy,
    person_id: UUID,
    level: ErasureLevel,
    progress: Progress = unseen,
) -> Preview:
    """Return what an erasure would reach and leave; nothing is written.

    Raises:
        UnknownPerson: nothing is told of that person.
        LogUnavailable: the database is away.
    """
    entries = entries_of(log, tenant, person_id)
    found = told_of(log, tenant, keyring, entries.every, progress)
    if not found:
        raise UnknownPerson(person_id=person_id)
    told = joined(person_id, found.values())
    held_by = [decided.holding(one, told.opportunities | told.going_on) for one in entries.every]
    return Preview(
        person_id=person_id,
        also=list(entries.beside(person_id)),
        level=level,
        places=[_held(place, told, level) for place in sorted(told.values)],
        gone=sum(told.gone.values()),
        opportunities=sorted(told.opportunities),
        reads=sum(_reads(log, tenant, one) for one in entries.every),
        holds=sorted({hold for holds in held_by for hold in holds}),
        erased=keyring.erased(person_id),
        only_fully=told.only_fully,
    )


def _reads(log: Log, tenant: UUID, person_id: UUID) -> int:
    wanted = ReadsWanted(subject=person_id)
    return log.run(lambda one: len(find_reads(one, tenant, wanted, limit=MOST_READS)))


def _held(place: Place, told: Told, level: ErasureLevel) -> HeldPlace:
    reached = level is ErasureLevel.FULL or place.identity
    return HeldPlace(tag=place.tag, field=place.field, values=told.values[place], erased=reached)
