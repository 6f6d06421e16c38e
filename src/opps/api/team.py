"""Our team on an opportunity, in the schema."""

from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.parties import Person, node_id, read_person
from opps.domain.events import TeamFunction
from opps.domain.opportunity.state import Opportunity

enum_of(TeamFunction)


@strawberry.type(description="A member of our team on an opportunity.")
class TeamMember:
    member: strawberry.Private[UUID]
    person_id: strawberry.ID = strawberry.field(description="The member.")
    function: TeamFunction = strawberry.field(description="What the member does on the team.")

    @strawberry.field(description="The member, if registered as a person.")
    async def person(self, info: Info) -> Person | None:
        return await read_person(info, self.member)


def team_of(state: Opportunity) -> list[TeamMember]:
    """Return the team, in the order in which they joined."""
    return [
        TeamMember(member=one, person_id=node_id(NodeType.PERSON, one), function=function)
        for one, function in state.team.items()
    ]
