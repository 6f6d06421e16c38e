"""Who signs in as which person of ours, in the schema: linked, listed and unlinked."""

from typing import Any
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.ids import NodeType
from opps.api.organisation import organisation_mutation
from opps.api.parties import Person, node_id, read_person
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Request
from opps.domain.access.commands import AnyLinkCommand, LinkPrincipal, UnlinkPrincipal
from opps.domain.access.state import Access


@strawberry.type(description="Somebody who signs in and acts as a person of ours.")
class PrincipalLink:
    acts_as: strawberry.Private[UUID]
    principal: UUID = strawberry.field(description="Who signs in, by the id that opps tells them.")

    @strawberry.field(description="As whom they act.")
    def person_id(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.acts_as)

    @strawberry.field(description="As whom they act, if registered as a person.")
    async def person(self, info: Info) -> Person | None:
        return await read_person(info, self.acts_as)


@strawberry.type(description="What linking or unlinking somebody answers.")
class PrincipalLinksPayload(Payload):
    principal_links: list[PrincipalLink] = strawberry.field(
        description="Who acts as whom now; empty when refused."
    )


@strawberry.type
class PrincipalLinksAsked:
    @strawberry.field(
        description="Who signs in and acts as a person of ours, those linked last at the end."
    )
    async def principal_links(self, info: Info) -> list[PrincipalLink]:
        viewer = info.context.viewer
        return _shown(await info.context.services.application.access_of(viewer.tenant))


def principal_link_mutations() -> dict[str, Any]:
    """Return the mutations on who acts as whom, by their names."""
    return {
        name: organisation_mutation(command, PrincipalLinksPayload, _carry_out, principal_links=[])
        for name, command in (
            ("linkPrincipal", LinkPrincipal),
            ("unlinkPrincipal", UnlinkPrincipal),
        )
    }


async def _carry_out(
    info: Info, command: AnyLinkCommand, request: Request
) -> PrincipalLinksPayload:
    done = await info.context.services.application.access(command, request)
    return PrincipalLinksPayload(
        version=done.after.version,
        position=Position(done.position),
        replayed=done.replayed,
        user_errors=[],
        principal_links=_shown(done.after),
    )


def _shown(access: Access) -> list[PrincipalLink]:
    return [PrincipalLink(acts_as=of, principal=who) for who, of in access.links.items()]
