"""Ids that go on: what was taken back is followed by the next link of its chain."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from uuid_utils.compat import uuid5

from opps.domain.events import Event, OpportunityWithdrawn
from opps.domain.imports import fold
from opps.domain.opportunity.reverting import still_brought
from opps.domain.recorded import Recorded
from opps.eventstore import Log
from opps.recording import codec

Existing = Mapping[UUID, Sequence[Recorded[Event]]]


def again(id_: UUID) -> UUID:
    """Return the next link behind an id."""
    return uuid5(id_, "again")


class CaseIds(Struct, frozen=True):
    """The id of an opportunity of a source, and what ids within it are made in."""

    opportunity_id: UUID
    ids_in: UUID

    def again(self) -> "CaseIds":
        """Return the ids of the one that comes in after this one was withdrawn."""
        return CaseIds(again(self.opportunity_id), again(self.ids_in))

    def standing(self, existing: Existing) -> "CaseIds":
        """Return the first ids of the chain whose opportunity was not withdrawn."""
        found = self
        while is_withdrawn(existing.get(found.opportunity_id, ())):
            found = found.again()
        return found


def is_withdrawn(history: Sequence[Recorded[Event]]) -> bool:
    """Tell whether an opportunity went with the import that had opened it."""
    return any(isinstance(one.event, OpportunityWithdrawn) for one in history)


class Attempt(NamedTuple):
    """Which stream an import has, and the how many-th of its file it is."""

    import_id: UUID
    number: int


def attempt(log: Log, tenant: UUID, import_id: UUID) -> Attempt:
    """Return the attempt that an import is: a further one where those before were reverted.

    Raises:
        LogUnavailable: the database is away.
    """
    number = 1
    while True:
        found = fold([codec.decode(one) for one in log.stream(tenant, import_id)])
        if found is None or found.reverted_at is None:
            return Attempt(import_id, number)
        import_id, number = again(import_id), number + 1


class Rows:
    """Which rows are in an opportunity: those that were taken back come in under further ids."""

    def __init__(self, existing: Sequence[Recorded[Event]]) -> None:
        self.standing = still_brought(existing)
        self.ids = {one.metadata.causation_id for one in self.standing}
        self._gone = {one.metadata.causation_id for one in existing} - self.ids

    def id_of(self, row_id: UUID) -> UUID:
        """Return the id of a row: the first link of its chain that was not taken back."""
        while row_id in self._gone:
            row_id = again(row_id)
        return row_id
