"""Which entries of accounts or persons are one: those merged into each other, directly or not."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from opps.domain.events import (
    AccountAbsorbed,
    AccountMerged,
    AccountMergeUndone,
    Event,
    PersonAbsorbed,
    PersonMerged,
    PersonMergeUndone,
)
from opps.domain.recorded import Recorded
from opps.eventstore import Log
from opps.recording import codec

MERGES = frozenset(
    kind.__name__
    for kind in (
        AccountMerged,
        AccountAbsorbed,
        AccountMergeUndone,
        PersonMerged,
        PersonAbsorbed,
        PersonMergeUndone,
    )
)
_PERSONS = (PersonMerged.__name__, PersonMergeUndone.__name__)
_WINDOW = 20_000


class Entries(Struct, frozen=True):
    """The entries of one account or person, by their ids, and the one that goes on for all."""

    goes_on: UUID
    every: frozenset[UUID]

    def beside(self, id_: UUID) -> tuple[UUID, ...]:
        """Return the entries but one, in a fixed order."""
        return tuple(sorted(self.every - {id_}))


def entries_of(log: Log, tenant: UUID, id_: UUID, position: int | None = None) -> Entries:
    """Return the entries that are one with an account or person; not for the event loop.

    It is how they stood at a position, now if none is given. Where nothing was merged, and of an
    unknown id, it is the one that was asked about.
    """
    into: dict[UUID, UUID] = {}
    met: set[UUID] = set()
    near = {id_}
    while near:
        met |= near
        further: set[UUID] = set()
        for logged in log.streams(tenant, sorted(near)):
            if logged.tag in MERGES and (position is None or logged.position <= position):
                further |= _take(into, codec.decode(logged))
        near = further - met
    return Entries(root_of(id_, into), frozenset(_joined(id_, into)))


def merged_persons(log: Log, tenant: UUID) -> Mapping[UUID, UUID]:
    """Return of each person who is merged into whom, from the whole log."""
    into: dict[UUID, UUID] = {}
    after = 0
    while some := log.read(tenant, after, _WINDOW, until=None, tags=_PERSONS):
        for logged in some:
            _take(into, codec.decode(logged))
        after = some[-1].position
    return into


def root_of(id_: UUID, into: Mapping[UUID, UUID]) -> UUID:
    """Return who goes on for an entry at last."""
    while id_ in into:
        id_ = into[id_]
    return id_


def _take(into: dict[UUID, UUID], recorded: Recorded[Event]) -> set[UUID]:
    """Note what an event says of its own entry, and return whom else it names."""
    match recorded.event:
        case AccountMerged(into_account=other) | PersonMerged(into_person=other):
            into[recorded.stream] = other
            return {other}
        case AccountAbsorbed(merged_account=one) | PersonAbsorbed(merged_person=one):
            return {one}
        case AccountMergeUndone(merged_account=one) | PersonMergeUndone(merged_person=one) if (
            one == recorded.stream
        ):
            into.pop(one, None)
    return set()


def _joined(id_: UUID, into: Mapping[UUID, UUID]) -> Iterable[UUID]:
    root = root_of(id_, into)
    return {root, *(one for one in into if root_of(one, into) == root)}
