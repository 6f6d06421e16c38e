"""An import as its own stream tells it: begun, complete, taken back; and who may take it back."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.describe import Text, doc
from opps.domain.events import (
    Event,
    ImportCompleted,
    ImportCorrectionApplied,
    ImportReverted,
    ImportStarted,
)
from opps.domain.import_errors import ImportRevertedAlready, UnknownImport
from opps.domain.recorded import Actor, Recorded
from opps.domain.roles import ActorRole, needs
from opps.domain.words import not_blank


class RevertImport(Struct, frozen=True, kw_only=True):
    """Take an import back: what it opened is withdrawn, what it added is put back."""

    import_id: Annotated[UUID, doc("The import.")]
    reason: Annotated[Text, doc("Why; it is kept, so name nobody in it.")]


class ImportStatus(StrEnum):
    """How far an import is: BEGUN also of one that broke off, and goes on when it is run again."""

    BEGUN = "BEGUN"
    COMPLETE = "COMPLETE"
    REVERTED = "REVERTED"


class ImportRun(Struct, frozen=True, kw_only=True):
    """One import; `events` and `opportunities` count what its revert appended and touched."""

    import_id: UUID
    source: str
    mapping: str
    file_digest: str
    attempt: int
    status: ImportStatus = ImportStatus.BEGUN
    begun_at: datetime
    completed_at: datetime | None = None
    counts: dict[str, int] = {}
    corrections: tuple[ImportCorrectionApplied, ...] = ()
    reverted_at: datetime | None = None
    reverted_by: UUID | None = None
    reason: str | None = None
    events: int = 0
    opportunities: int = 0
    begun_position: int
    version: int
    position: int


def evolve(state: ImportRun | None, recorded: Recorded[Event]) -> ImportRun | None:
    """Return the import after one more event of its stream."""
    event = recorded.event
    if isinstance(event, ImportStarted):
        return ImportRun(
            import_id=recorded.stream,
            source=event.source,
            mapping=event.mapping,
            file_digest=event.file_digest,
            attempt=event.attempt,
            begun_at=recorded.recorded_at,
            begun_position=recorded.position,
            version=recorded.version,
            position=recorded.position,
        )
    if state is None:
        return None
    state = replace(state, version=recorded.version, position=recorded.position)
    match event:
        case ImportCorrectionApplied():
            return replace(state, corrections=(*state.corrections, event))
        case ImportCompleted():
            return replace(
                state,
                status=ImportStatus.COMPLETE,
                completed_at=recorded.recorded_at,
                counts=event.counts,
            )
        case ImportReverted():
            return replace(
                state,
                status=ImportStatus.REVERTED,
                reverted_at=recorded.recorded_at,
                reverted_by=recorded.metadata.actor.principal,
                reason=event.reason,
                events=event.events,
                opportunities=event.opportunities,
            )
        case _:
            return state


def fold(history: Iterable[Recorded[Event]]) -> ImportRun | None:
    """Return the import after its history, given oldest first."""
    state: ImportRun | None = None
    for recorded in history:
        state = evolve(state, recorded)
    return state


def check_revert(actor: Actor, reason: str) -> None:
    """Refuse whoever may not revert an import, and whoever does not say why.

    Raises:
        RoleNeeded: neither a manager nor an administrator asks.
        Blank: the reason says nothing.
    """
    needs(actor, ActorRole.MANAGER, ActorRole.ADMIN)
    not_blank("reason", reason)


def to_show(state: ImportRun | None, import_id: UUID) -> ImportRun:
    """Return an import.

    Raises:
        UnknownImport: there is none of that id.
    """
    if state is None:
        raise UnknownImport(import_id=import_id)
    return state


def to_revert(state: ImportRun | None, import_id: UUID) -> ImportRun:
    """Return an import that can be reverted, as far as it tells itself.

    Raises:
        UnknownImport: there is none of that id.
        ImportRevertedAlready: nothing of it is left.
    """
    state = to_show(state, import_id)
    if state.reverted_at is not None:
        raise ImportRevertedAlready(import_id=import_id, reverted_at=state.reverted_at)
    return state
