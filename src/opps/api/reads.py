"""Saved reads in the schema: who looked at what, and whose personal data they saw."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Self
from uuid import UUID

import strawberry

from opps.api.connections import Connection, page_of, page_size
from opps.api.context import Info
from opps.api.errors import NotAcceptable, node_argument
from opps.api.ids import NodeType
from opps.api.parties import node_id
from opps.api.scalars import Position, read_datetime, write_datetime
from opps.domain.roles import ActorRole, needs
from opps.eventstore.reads import ReadsWanted, SavedRead, find_reads
from opps.projections.until import NotReplayable

LOOKERS = (ActorRole.AUDITOR, ActorRole.DPO, ActorRole.ADMIN)


@strawberry.enum(description="What sort of operation was answered.")
class ReadKind(StrEnum):
    QUERY = "QUERY"
    MUTATION = "MUTATION"
    SUBSCRIPTION = "SUBSCRIPTION"


@strawberry.type(description="A person of whom an answer showed personal data, and where in it.")
class PersonShown:
    person_id: strawberry.ID = strawberry.field(description="The person.")
    paths: list[str] = strawberry.field(
        description="The fields of the answer, such as person.name.text; places in lists are left "
        "out."
    )


@strawberry.type(
    name="SavedRead", description="A read that was marked for audit: who saw what, and when."
)
class SavedReadType:
    read_id: UUID = strawberry.field(description="Its id: give it to `screenReplay`.")
    read_at: datetime = strawberry.field(description="When it was asked.")
    kind: ReadKind = strawberry.field(description="What sort of operation it was.")
    principal: UUID = strawberry.field(description="Who asked.")
    role: str = strawberry.field(description="In which role.")
    operation: str | None = strawberry.field(description="The operation's name, if it had one.")
    position: Position = strawberry.field(description="The end of the log that the answer is of.")
    ended_position: Position | None = strawberry.field(
        description="Of a subscription that ended: the end of the log by then."
    )
    purged: bool = strawberry.field(
        description="Somebody whom it showed was erased: what was asked is gone."
    )
    shown: list[PersonShown] = strawberry.field(description="Whose personal data it showed.")

    @classmethod
    def of(cls, saved: SavedRead) -> Self:
        """Return a saved read for the schema."""
        paths: dict[UUID, list[str]] = {}
        for subject, path in zip(saved.subjects, saved.paths, strict=True):
            paths.setdefault(subject, []).append(path)
        ended = saved.ended_position
        return cls(
            read_id=saved.read_id,
            read_at=saved.read_at,
            kind=ReadKind(saved.kind),
            principal=saved.principal,
            role=saved.role,
            operation=saved.operation,
            position=Position(saved.position),
            ended_position=None if ended is None else Position(ended),
            purged=saved.purged,
            shown=[
                PersonShown(person_id=node_id(NodeType.PERSON, subject), paths=found)
                for subject, found in paths.items()
            ],
        )


@strawberry.input(description="Which saved reads to show; what is absent does not matter.")
class ReadFilter:
    principal: UUID | None = strawberry.field(
        description="Only those of this person or program.", default=None
    )
    person_id: strawberry.ID | None = strawberry.field(
        description="Only those that showed personal data of this person.", default=None
    )
    operation: str | None = strawberry.field(
        description="Only those of an operation of this name.", default=None
    )
    since: datetime | None = strawberry.field(
        description="Only those from this instant on.", default=None
    )
    until: datetime | None = strawberry.field(
        description="Only those from before this instant.", default=None
    )


Reads = Annotated[ReadFilter | None, strawberry.argument(description="Which reads to show.")]


async def reads_page(
    info: Info, filter_: ReadFilter | None, first: int | None, after: str | None
) -> Connection[SavedReadType]:
    """Return saved reads, the latest first.

    Raises:
        RoleNeeded: whoever asks may not look.
    """
    may_look(info)
    size = page_size(first)
    given = filter_ or ReadFilter()
    person = given.person_id
    wanted = ReadsWanted(
        principal=given.principal,
        subject=None if person is None else node_argument(NodeType.PERSON, person),
        operation=given.operation,
        since=given.since,
        before=given.until,
    )
    found = await find(info, wanted, size + 1, None if after is None else _place(after))
    items = [(_cursor(one), SavedReadType.of(one)) for one in found]
    return page_of(items, size, begun=after is not None)


async def find(
    info: Info,
    wanted: ReadsWanted,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
) -> list[SavedRead]:
    """Return saved reads of the organisation that asks, the latest first."""
    log, tenant = info.context.services.application.log, info.context.viewer.tenant
    read = partial(find_reads, tenant=tenant, wanted=wanted, behind=behind, limit=limit)
    return await log.aside(log.run, read)


def may_look(info: Info) -> None:
    """Refuse whoever may not see who saw what; what was seen of it before is not seen again.

    Raises:
        RoleNeeded: the role is none of those that may.
        NotReplayable: this is a replay: saved reads are deleted in time, so none would be exact.
    """
    if info.context.replaying:
        raise NotReplayable("reads")
    needs(info.context.viewer.actor, *LOOKERS)


def _cursor(saved: SavedRead) -> str:
    return f"{write_datetime(saved.read_at)}/{saved.read_id}"


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, _, read_id = cursor.rpartition("/")
    try:
        return read_datetime(at), UUID(read_id)
    except ValueError:
        message = f"{cursor!r} is no cursor of this list: use one that it gave you"
        raise NotAcceptable(message) from None
