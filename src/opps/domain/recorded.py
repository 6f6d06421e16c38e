"""An event as the log holds it: what happened, with where and when it was recorded, and by whom."""

from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from msgspec import Struct

from opps.domain.events import Event, SalesProcessPublished
from opps.domain.times import Learned

E = TypeVar("E", bound=Event)


class Via(StrEnum):
    """Which way a command came in."""

    GRAPHQL = "GRAPHQL"
    IMPORT = "IMPORT"
    INTEGRATION = "INTEGRATION"
    SYSTEM = "SYSTEM"


class Actor(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Who acts: ids only, since names are personal data.

    `via` is one of `Via`; it is read as plain text, so that a later way in never breaks a reader.
    """

    principal: UUID
    role: str
    on_behalf_of: UUID | None = None
    via: str


class Metadata(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What is stored beside the payload of each event."""

    actor: Actor
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    source_recorded_at: datetime | None = None


class Recorded(Struct, Generic[E], frozen=True, gc=False, kw_only=True):
    """An event with its place in the log and its metadata."""

    event: E
    stream: UUID
    position: int
    version: int
    recorded_at: datetime
    event_id: UUID
    command_id: UUID
    metadata: Metadata


class Context(Struct, frozen=True, kw_only=True):
    """What a decision needs from outside: the time, who acts, and the command's id.

    `published` is the sales process that the command names, as it is now.
    """

    now: datetime
    actor: Actor
    command_id: UUID
    learned: Learned | None = None
    source_recorded_at: datetime | None = None
    published: SalesProcessPublished | None = None

    @property
    def imported(self) -> bool:
        """Whether the command comes from an import."""
        return self.actor.via == Via.IMPORT
