"""What can be asked of the log: what happened, what was signed, and who looked at it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from opps.api.connections import After, Connection, First
from opps.api.context import Info
from opps.api.events import EventFilter, EventType, read_events
from opps.api.ledger import LedgerType, bundle_of
from opps.api.parties import NodeId
from opps.api.reads import Reads, SavedReadType, reads_page
from opps.api.replay import ScreenReplay, screen_replay
from opps.api.scalars import Position
from opps.api.subject_exports import PersonId, SubjectExportType, exported


@strawberry.type(description="The end of the log.")
class LogHead:
    position: Position = strawberry.field(description="Place of the last event; 0 when empty.")
    recorded_at: datetime | None = strawberry.field(description="When it was recorded.")


@strawberry.type
class LogAsked:
    @strawberry.field(
        description="Everything that happened, in the order of the log, in pages; of coaching, "
        "what you take part in."
    )
    async def events(
        self,
        info: Info,
        filter: Annotated[
            EventFilter | None, strawberry.argument(description="Which events to show.")
        ] = None,
        first: First = None,
        after: Annotated[
            str | None,
            strawberry.argument(description="Show what comes behind this position of the log."),
        ] = None,
    ) -> Connection[EventType]:
        return await read_events(info, after, filter, first)

    @strawberry.field(description="What was signed of the log, and proofs that stand on it.")
    def ledger(self) -> LedgerType:
        return LedgerType()

    @strawberry.field(
        description="All events of an opportunity as they are stored, each with its proof: a file "
        "for auditors, to be checked without this server. Null when there is none of that id."
    )
    async def audit_bundle(
        self,
        info: Info,
        opportunity_id: NodeId,
        as_of: Annotated[
            Position | None,
            strawberry.argument(
                description="Up to this position; up to the checkpoint when absent."
            ),
        ] = None,
    ) -> JSON | None:
        return await bundle_of(info, opportunity_id, as_of)

    @strawberry.field(
        description="Who looked at what, of reads that were marked for audit, the latest first. It "
        "takes the role AUDITOR, DPO or ADMIN."
    )
    async def reads(
        self, info: Info, filter: Reads = None, first: First = None, after: After = None
    ) -> Connection[SavedReadType]:
        return await reads_page(info, filter, first, after)

    @strawberry.field(
        description="Exactly what somebody saw when a read was saved. It takes the role AUDITOR, "
        "DPO or ADMIN, and is saved as a read itself."
    )
    async def screen_replay(
        self,
        info: Info,
        read_id: Annotated[UUID, strawberry.argument(description="The saved read.")],
    ) -> ScreenReplay:
        return await screen_replay(info, read_id)

    @strawberry.field(
        description="Everything that is held of a person or seller, erased or not, from the whole "
        "log. For data protection officers and administrators."
    )
    async def subject_export(self, info: Info, person_id: PersonId) -> SubjectExportType:
        return await exported(info, person_id)

    @strawberry.field(description="The end of the log.")
    async def log_head(self, info: Info) -> LogHead:
        log = info.context.services.application.log
        head = await log.aside(log.head, info.context.viewer.tenant)
        if head is None or head.size == 0:
            return LogHead(position=Position(0), recorded_at=None)
        return LogHead(position=Position(head.size), recorded_at=head.recorded_at)
