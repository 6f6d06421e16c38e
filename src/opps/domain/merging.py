"""Merges of duplicates: which of two entries goes on for both, and what is refused."""

from typing import Generic, Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from opps.domain.merge_errors import (
    GoesOnElsewhere,
    MergedAlready,
    MergedInACircle,
    MergedWithItself,
    NotMerged,
)


class Entry(Protocol):
    """An account or person that may go on as another one."""

    @property
    def merged_into(self) -> UUID | None:
        """Which one it goes on as."""


S = TypeVar("S", bound=Entry)


class Two(Struct, Generic[S], frozen=True, kw_only=True):
    """Two entries as they stand: the duplicate, and the one to go on for it.

    `goes_on` is who goes on for the second one, at last: itself, unless that was merged too.
    """

    duplicate_id: UUID
    duplicate: S
    survivor_id: UUID
    survivor: S
    goes_on: UUID

    def to_be_merged(self) -> bool:
        """Tell whether there is something to merge; not where these two are merged already.

        Raises:
            MergedWithItself, MergedAlready, MergedInACircle, GoesOnElsewhere: they cannot be.
        """
        if self.duplicate_id == self.survivor_id:
            raise MergedWithItself(id=self.duplicate_id)
        if self.duplicate.merged_into == self.survivor_id:
            return False
        if self.duplicate.merged_into is not None:
            raise MergedAlready(id=self.duplicate_id, other=self.duplicate.merged_into)
        if self.goes_on == self.duplicate_id:
            raise MergedInACircle(id=self.duplicate_id, other=self.survivor_id)
        if self.goes_on != self.survivor_id:
            raise GoesOnElsewhere(id=self.survivor_id, other=self.goes_on)
        return True

    def check_merged(self) -> None:
        """Refuse to take apart what is not merged.

        Raises:
            NotMerged: the one does not go on as the other.
        """
        if self.duplicate.merged_into is None or self.duplicate.merged_into != self.survivor_id:
            raise NotMerged(id=self.duplicate_id)
