"""What is kept beside the log for webhook endpoints, a row each, and whose rows a session sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

import psycopg
from msgspec import Struct
from msgspec.structs import replace

LAST_KIND = 9
"""Behind a place of this kind lies the next position."""


class Place(NamedTuple):
    """A place in the order of all messages: an event, then what it led to, each in its order."""

    position: int
    kind: int
    ordinal: int


class Lane(Struct, frozen=True, kw_only=True):
    """Up to where an endpoint was told, from now on for ever, or in a replay up to a position.

    `only_message` is the one message that a replay is about.
    """

    lane_id: UUID
    position: int
    kind: int
    ordinal: int
    until: int | None = None
    only_message: UUID | None = None

    @property
    def place(self) -> Place:
        """Up to where it was told."""
        return Place(self.position, self.kind, self.ordinal)

    def moved(self, to: Place) -> Self:
        """Return it further on."""
        return replace(self, position=to.position, kind=to.kind, ordinal=to.ordinal)


class Waiting(Struct, frozen=True, kw_only=True):
    """A message that waits for another attempt, or that was given up; its body says no word."""

    message_id: UUID
    subject: UUID
    type: str
    position: int
    body: str
    tried: int = 0
    tried_at: datetime | None = None
    due_at: datetime
    died_at: datetime | None = None


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt to deliver a message; `why` is None where it arrived."""

    attempt_id: UUID
    message_id: UUID
    subject: UUID
    type: str
    position: int
    number: int
    tried_at: datetime
    status: int | None
    ms: int
    why: str | None
    detail: str


class Standing(Struct, frozen=True, kw_only=True):
    """How an endpoint is doing: since when nothing reaches it, how much waits, how much died."""

    failing_since: datetime | None = None
    delivered_at: datetime | None = None
    waiting: int = 0
    dead: int = 0


@contextmanager
def of_tenant(connection: psycopg.Connection, tenant: UUID) -> Iterator[None]:
    """See and write the rows of a tenant within the block, which is one transaction."""
    with connection.transaction():
        connection.execute("SET LOCAL ROLE opps_writer")
        connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
        yield
