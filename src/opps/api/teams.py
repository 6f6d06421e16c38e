"""The teams of an organisation in the schema, and what a list shows of one team."""

from collections.abc import Sequence
from typing import Annotated, Any, get_args
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.ids import NodeType
from opps.api.organisation import organisation_mutation
from opps.api.parties import Person, node_id, read_person
from opps.api.payload import Payload
from opps.api.scalars import Position
from opps.application import Request
from opps.domain.teams import AnyTeamCommand, Teams
from opps.domain.teams import Team as State

TEAM_ID = (
    "Only what belongs to the sellers of this team and of the teams below it, as they are formed "
    "now."
)


@strawberry.type(description="Somebody who belongs to a team.")
class MemberOfTeam:
    member: strawberry.Private[UUID]
    person_id: strawberry.ID = strawberry.field(description="Who it is.")
    lead: bool = strawberry.field(description="They lead the team, and with it all teams below.")

    @strawberry.field(description="Who it is, if registered as a person.")
    async def person(self, info: Info) -> Person | None:
        return await read_person(info, self.member)


@strawberry.type(description="A team of the organisation.")
class Team:
    state: strawberry.Private[State]
    among: strawberry.Private[Teams]

    @strawberry.field(description="Its id: lists take it to show this team only.")
    def team_id(self) -> UUID:
        return self.state.team_id

    @strawberry.field(description="What it is called.")
    def name(self) -> str:
        return self.state.name

    @strawberry.field(description="The team that it is a part of; null of one at the top.")
    def parent_id(self) -> UUID | None:
        return self.state.parent

    @strawberry.field(description="The teams that are parts of it.")
    def below(self) -> list[UUID]:
        return [one.team_id for one in self.among.below(self.state.team_id)]

    @strawberry.field(description="Who belongs to it, in the order in which they came.")
    def members(self) -> list[MemberOfTeam]:
        return [
            MemberOfTeam(member=one, person_id=node_id(NodeType.PERSON, one), lead=lead)
            for one, lead in self.state.members.items()
        ]

    @strawberry.field(description="Who belongs to it or to any team below it.")
    def everybody(self) -> list[strawberry.ID]:
        return _persons(sorted(self.among.members(self.state.team_id)))


@strawberry.type(description="What a command on the teams answers.")
class TeamsPayload(Payload):
    teams: list[Team] = strawberry.field(
        description="The teams as they are now, the one formed last at the end; empty when refused."
    )


@strawberry.type
class TeamsAsked:
    @strawberry.field(description="The teams of the organisation, in the order of their forming.")
    async def teams(self, info: Info) -> list[Team]:
        return _shown(await info.context.services.application.teams(info.context.viewer.tenant))

    @strawberry.field(description="A team; null when there is none of that id.")
    async def team(
        self,
        info: Info,
        team_id: Annotated[UUID, strawberry.argument(description="Its id.")],
    ) -> Team | None:
        among = await info.context.services.application.teams(info.context.viewer.tenant)
        found = among.teams.get(team_id)
        return None if found is None else Team(state=found, among=among)


async def of_team(
    info: Info, team_id: UUID | None, owners: Sequence[UUID] | None
) -> Sequence[UUID] | None:
    """Return whose things a list shows: those of a team, and among them only the owners named.

    Raises:
        UnknownTeam: there is none of that id, or no more.
    """
    if team_id is None:
        return owners
    teams = await info.context.services.application.teams(info.context.viewer.tenant)
    members = teams.members(team_id)
    return sorted(members if owners is None else members.intersection(owners))


def team_mutations() -> dict[str, Any]:
    """Return the mutations on teams, by their names."""
    return {
        command.__name__[0].lower() + command.__name__[1:]: organisation_mutation(
            command, TeamsPayload, _carry_out, teams=[]
        )
        for command in get_args(AnyTeamCommand)
    }


async def _carry_out(info: Info, command: AnyTeamCommand, request: Request) -> TeamsPayload:
    done = await info.context.services.application.team(command, request)
    return TeamsPayload(
        version=done.after.version,
        position=Position(done.position),
        replayed=done.replayed,
        user_errors=[],
        teams=_shown(done.after),
    )


def _shown(among: Teams) -> list[Team]:
    return [Team(state=one, among=among) for one in among.teams.values()]


def _persons(ids: Sequence[UUID]) -> list[strawberry.ID]:
    return [node_id(NodeType.PERSON, one) for one in ids]
