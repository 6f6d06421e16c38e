"""Everything that is held of one person, in the schema."""

from typing import Annotated

import msgspec
import strawberry
from strawberry.scalars import JSON

from opps.api.context import Info
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.application.subject_export import SubjectExport, subject_export
from opps.application.subject_page import page
from opps.domain.roles import ActorRole, needs
from opps.projections.until import NotReplayable

EXPORTERS = (ActorRole.DPO, ActorRole.ADMIN)

PersonId = Annotated[strawberry.ID, strawberry.argument(description="The person or seller.")]


@strawberry.type(
    name="SubjectExport",
    description="Everything that is held of one person: with place and time, who recorded it, and "
    "the opportunity.",
)
class SubjectExportType:
    export: strawberry.Private[SubjectExport]

    @strawberry.field(description="In the format opps-subject-export/1.")
    def document(self) -> JSON:
        return JSON(msgspec.to_builtins(self.export))

    @strawberry.field(description="The same as one page to read, in HTML.")
    def html(self) -> str:
        return page(self.export)


async def exported(info: Info, person_id: strawberry.ID) -> SubjectExportType:
    """Return what is held of a person; a person nobody knows has an empty one.

    Raises:
        RoleNeeded: whoever asks may not have it.
        NotReplayable: this is a replay, and the saved reads in it are deleted in time.
    """
    if info.context.replaying:
        raise NotReplayable("subjectExport")
    needs(info.context.viewer.actor, *EXPORTERS)
    person, tenant = node_argument(NodeType.PERSON, person_id), info.context.viewer.tenant
    application = info.context.services.application
    keyring = application.keyring_of(tenant)
    now = application.now()
    found = application.log.aside(subject_export, application.log, tenant, person, keyring, now)
    if info.context.touched is not None:
        info.context.touched.note_at(person, info._raw_info)
    return SubjectExportType(export=await found)
