"""Imports in the schema: which were run, what they counted, and how one is taken back."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from opps.api.board import AtLeast, readable, seen
from opps.api.connections import After, Connection, First, page_of, page_size, place
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.organisation import organisation_mutation
from opps.api.parties import node_id
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Request
from opps.application.reverting import Reverted, import_of, revert_import
from opps.domain.imports import ImportStatus, RevertImport
from opps.projections.imports import ImportRow, imports, row

enum_of(ImportStatus)

_PREVIEW = "A preview"


@strawberry.type(description="How many there are of something that an import counted.")
class ImportCount:
    name: str = strawberry.field(description="What was counted, such as rows or rejected.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(
    description="A text of the source that an import read as another one, as a file of corrections "
    "said. Of columns that may hold anything it is an id made of the text."
)
class ImportCorrection:
    column: str = strawberry.field(description="The column it stands in.")
    was: str = strawberry.field(description="What the source says; it may be empty.")
    now: str = strawberry.field(description="What it was read as.")
    rows: int = strawberry.field(description="In how many rows.")
    reason: str | None = strawberry.field(description="Why.")


@strawberry.type(
    name="ImportRevert",
    description="What taking an import back did, or would do. Accounts and persons stay: persons "
    "are erased one by one.",
)
class ImportRevertType:
    withdrawn: int = strawberry.field(
        description="Opportunities that the import had opened: they never were ours."
    )
    put_back: int = strawberry.field(
        description="Opportunities that had been there before: they are as they were."
    )
    events: int = strawberry.field(description="How many events that took, or would take.")
    stays: list[ImportCount] = strawberry.field(
        description="Events, by kind, that tell what somebody did in opportunities of ours: they "
        "stay, and change no value."
    )
    accounts: int = strawberry.field(description="How many accounts it had registered.")
    persons: int = strawberry.field(description="How many persons it had registered.")


@strawberry.type(name="Import", description="A run of an import of another system's history.")
class ImportType:
    row: strawberry.Private[ImportRow]

    @strawberry.field(description="Its id; each event that it brought has it as correlation id.")
    def import_id(self) -> UUID:
        return self.row.import_id

    @strawberry.field(description="The source that its mapping names.")
    def source(self) -> str:
        return self.row.source

    @strawberry.field(description="SHA-256 of what was imported.")
    def file_digest(self) -> str:
        return self.row.file_digest

    @strawberry.field(description="Digest of the mapping.")
    def mapping_digest(self) -> str:
        return self.row.mapping

    @strawberry.field(
        description="Which attempt of the same file and mapping it is: each but the last was "
        "reverted."
    )
    def attempt(self) -> int:
        return self.row.attempt

    @strawberry.field(description="How far it is; one that broke off is begun, and can go on.")
    def status(self) -> ImportStatus:
        return self.row.status

    @strawberry.field(description="When it began.")
    def begun_at(self) -> datetime:
        return self.row.begun_at

    @strawberry.field(description="When it was complete; null before.")
    def completed_at(self) -> datetime | None:
        return self.row.completed_at

    @strawberry.field(description="What it counted; empty before it is complete.")
    def counts(self) -> list[ImportCount]:
        return [ImportCount(name=one.name, count=one.count) for one in self.row.counts]

    @strawberry.field(description="Which corrections met rows of it.")
    def corrections(self) -> list[ImportCorrection]:
        return [
            ImportCorrection(
                column=one.column, was=one.was, now=one.now, rows=one.rows, reason=one.reason
            )
            for one in self.row.corrections
        ]

    @strawberry.field(description="When it was taken back; null if it was not.")
    def reverted_at(self) -> datetime | None:
        return self.row.reverted_at

    @strawberry.field(description="Who took it back.")
    def reverted_by(self) -> strawberry.ID | None:
        by = self.row.reverted_by
        return None if by is None else node_id(NodeType.PERSON, by)

    @strawberry.field(description="Why it was taken back.")
    def reason(self) -> str | None:
        return self.row.reason

    @strawberry.field(description="How many opportunities it was taken out of.")
    def opportunities_reverted(self) -> int:
        return self.row.opportunities

    @strawberry.field(
        description="What taking it back would do; for managers and administrators. An error says "
        "why it cannot be, with who has built on it."
    )
    async def revert_preview(self, info: Info) -> ImportRevertType:
        viewer, application = info.context.viewer, info.context.services.application
        would = await application.log.aside(
            revert_import,
            application,
            viewer.tenant,
            self.row.import_id,
            _PREVIEW,
            viewer.actor,
            dry_run=True,
        )
        return _revert(would)


@strawberry.type(description="What taking an import back answers.")
class RevertImportPayload(Payload):
    import_: ImportType | None = strawberry.field(
        name="import", description="The import as it is now; null when refused.", default=None
    )
    revert: ImportRevertType | None = strawberry.field(
        description="What it did; null when refused.", default=None
    )


@strawberry.type
class ImportsAsked:
    @strawberry.field(description="The imports, the latest first, in pages.")
    async def imports(
        self, info: Info, first: First = None, after: After = None, at_least: AtLeast = None
    ) -> Connection[ImportType]:
        await seen(info, at_least)
        size, behind = page_size(first), place(after) or None
        reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
        with readable():
            rows = await imports(reading, tenant, behind, size + 1)
        items = [(str(one.begun_position), ImportType(row=one)) for one in rows]
        return page_of(items, size, begun=after is not None)

    @strawberry.field(name="import", description="An import; null when there is none of that id.")
    async def import_(
        self,
        info: Info,
        id: Annotated[UUID, strawberry.argument(description="Its id.")],
        at_least: AtLeast = None,
    ) -> ImportType | None:
        await seen(info, at_least)
        reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
        rows = await imports(reading, tenant, limit=1, ids=[id])
        return ImportType(row=rows[0]) if rows else None


def import_mutations() -> dict[str, Any]:
    """Return the mutations on imports, by their names."""
    return {"revertImport": organisation_mutation(RevertImport, RevertImportPayload, _carry_out)}


async def _carry_out(info: Info, command: RevertImport, request: Request) -> RevertImportPayload:
    application = info.context.services.application
    log, tenant = application.log, request.tenant
    done = await log.aside(
        revert_import,
        application,
        tenant,
        command.import_id,
        command.reason,
        request.actor,
        command_id=request.command_id,
    )
    run = await log.aside(import_of, application, tenant, command.import_id)
    assert run is not None, "it was taken back just now"
    return RevertImportPayload(
        version=run.version,
        position=Position(run.position),
        replayed=done.replayed,
        user_errors=[],
        import_=ImportType(row=row(run)),
        revert=_revert(done),
    )


def _revert(of: Reverted) -> ImportRevertType:
    return ImportRevertType(
        withdrawn=of.withdrawn,
        put_back=of.put_back,
        events=of.events,
        stays=[ImportCount(name=name, count=count) for name, count in of.stays.items()],
        accounts=of.accounts,
        persons=of.persons,
    )
