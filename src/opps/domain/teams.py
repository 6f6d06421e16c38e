"""The teams of an organisation: who belongs to which, and who leads whom."""

from collections.abc import Iterator, Mapping
from typing import Annotated, assert_never
from uuid import UUID, uuid5

from msgspec import Struct, field
from msgspec.structs import replace

from opps.domain.describe import Title, doc
from opps.domain.errors import AlreadyExists
from opps.domain.events import (
    Event,
    TeamDissolved,
    TeamEvent,
    TeamFormed,
    TeamMemberAssigned,
    TeamMemberUnassigned,
    TeamRenamed,
)
from opps.domain.recorded import Context, Recorded
from opps.domain.roles import ActorRole, needs
from opps.domain.team_errors import (
    NotInTeam,
    TeamHasTeamsBelow,
    TeamNameTaken,
    UnknownTeam,
)
from opps.domain.words import not_blank


class FormTeam(Struct, frozen=True, kw_only=True):
    """Form a team, with nobody in it yet."""

    name: Annotated[Title, doc("What it is called; no two teams are called alike.")]
    team_id: Annotated[
        UUID | None, doc("Its id, where you keep ids of your own; made from the command's if not.")
    ] = None
    parent: Annotated[UUID | None, doc("The team that it is a part of.")] = None


class RenameTeam(Struct, frozen=True, kw_only=True):
    """Call a team by another name."""

    team_id: Annotated[UUID, doc("The team.")]
    name: Annotated[Title, doc("What it is called from here on.")]


class AssignTeamMember(Struct, frozen=True, kw_only=True):
    """Let somebody belong to a team; said again, it changes whether they lead it."""

    team_id: Annotated[UUID, doc("The team.")]
    member: Annotated[UUID, doc("Who belongs to it.")]
    lead: Annotated[bool, doc("Whether they lead it, and with it all teams below.")] = False


class UnassignTeamMember(Struct, frozen=True, kw_only=True):
    """Let somebody belong to a team no more."""

    team_id: Annotated[UUID, doc("The team.")]
    member: Annotated[UUID, doc("Who leaves it.")]


class DissolveTeam(Struct, frozen=True, kw_only=True):
    """Dissolve a team that no other one lies below."""

    team_id: Annotated[UUID, doc("The team.")]


AnyTeamCommand = FormTeam | RenameTeam | AssignTeamMember | UnassignTeamMember | DissolveTeam


class Team(Struct, frozen=True, kw_only=True):
    """A team: its members, and whether each of them leads it."""

    team_id: UUID
    name: str
    parent: UUID | None = None
    members: Mapping[UUID, bool] = field(default_factory=dict)

    @property
    def leads(self) -> frozenset[UUID]:
        """Who leads it."""
        return frozenset(one for one, lead in self.members.items() if lead)


class Teams(Struct, frozen=True, kw_only=True):
    """The teams there are, by id, in the order in which they were formed."""

    teams: Mapping[UUID, Team] = field(default_factory=dict)
    version: int = -1
    position: int = 0

    def team(self, team_id: UUID) -> Team:
        """Return a team.

        Raises:
            UnknownTeam: there is none of that id, or no more.
        """
        found = self.teams.get(team_id)
        if found is None:
            raise UnknownTeam(team_id=team_id)
        return found

    def below(self, team_id: UUID) -> list[Team]:
        """Return the teams that are parts of a team, without those further below."""
        return [one for one in self.teams.values() if one.parent == team_id]

    def members(self, team_id: UUID) -> frozenset[UUID]:
        """Return who belongs to a team or to any team below it.

        Raises:
            UnknownTeam: there is none of that id, or no more.
        """
        members: set[UUID] = set()
        waiting = [self.team(team_id)]
        while waiting:
            team = waiting.pop()
            members.update(team.members)
            waiting += self.below(team.team_id)
        return frozenset(members)

    def leads(self, manager: UUID, seller: UUID) -> bool:
        """Tell whether somebody leads somebody else: their team, or one above it.

        Those who lead a team together do not lead each other; who leads a team above leads both.
        """
        if manager == seller:
            return False
        for team in self.teams.values():
            if seller not in team.members:
                continue
            if manager in team.leads and seller not in team.leads:
                return True
            if any(manager in one.leads for one in self._above(team)):
                return True
        return False

    def led_by(self, manager: UUID) -> frozenset[UUID]:
        """Return everybody whom somebody leads."""
        everybody = {member for team in self.teams.values() for member in team.members}
        return frozenset(one for one in everybody if self.leads(manager, one))

    def _above(self, team: Team) -> Iterator[Team]:
        while team.parent is not None and team.parent in self.teams:
            team = self.teams[team.parent]
            yield team


NO_TEAMS = Teams()


def teams_stream(tenant: UUID) -> UUID:
    """Return the stream of a tenant's teams."""
    return uuid5(tenant, "teams")


def decide(state: Teams | None, command: AnyTeamCommand, context: Context) -> list[TeamEvent]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        RoleNeeded: only administrators do: who leads somebody sees how they are coached.
        UnknownTeam: there is no such team, or no more.
        AlreadyExists: there is a team of that id.
        TeamNameTaken: another team is called so.
        TeamHasTeamsBelow: it cannot be dissolved before those below it.
        NotInTeam: who is to leave does not belong to it.
        Blank: the name says nothing.
    """
    needs(context.actor, ActorRole.ADMIN)
    held = state or NO_TEAMS
    match command:
        case FormTeam():
            return [_formed(held, command, context)]
        case RenameTeam(team_id=team_id, name=name):
            if held.team(team_id).name == name:
                return []
            _check_name(held, name)
            return [TeamRenamed(team_id=team_id, name=name)]
        case AssignTeamMember(team_id=team_id, member=member, lead=lead):
            if held.team(team_id).members.get(member) is lead:
                return []
            return [TeamMemberAssigned(team_id=team_id, member=member, lead=lead)]
        case UnassignTeamMember(team_id=team_id, member=member):
            if member not in held.team(team_id).members:
                raise NotInTeam(team_id=team_id, member=member)
            return [TeamMemberUnassigned(team_id=team_id, member=member)]
        case DissolveTeam(team_id=team_id):
            held.team(team_id)
            if held.below(team_id):
                raise TeamHasTeamsBelow(team_id=team_id)
            return [TeamDissolved(team_id=team_id)]
        case _:
            assert_never(command)


def _formed(held: Teams, command: FormTeam, context: Context) -> TeamFormed:
    team_id = command.team_id or uuid5(context.command_id, "team")
    if team_id in held.teams:
        raise AlreadyExists(id=team_id)
    _check_name(held, command.name)
    if command.parent is not None:
        held.team(command.parent)
    return TeamFormed(team_id=team_id, name=command.name, parent=command.parent)


def _check_name(held: Teams, name: str) -> None:
    not_blank("name", name)
    if any(one.name == name for one in held.teams.values()):
        raise TeamNameTaken(name=name)


def evolve(state: Teams | None, recorded: Recorded[Event]) -> Teams | None:
    """Return the teams after one more event of their stream."""
    event = recorded.event
    if not isinstance(event, TeamEvent):
        return state
    teams = _after((state or NO_TEAMS).teams, event)
    return Teams(teams=teams, version=recorded.version, position=recorded.position)


def _after(teams: Mapping[UUID, Team], event: TeamEvent) -> Mapping[UUID, Team]:
    if isinstance(event, TeamFormed):
        formed = Team(team_id=event.team_id, name=event.name, parent=event.parent)
        return {**teams, event.team_id: formed}
    team = teams.get(event.team_id)
    if team is None:
        return teams
    match event:
        case TeamRenamed(name=name):
            return {**teams, team.team_id: replace(team, name=name)}
        case TeamMemberAssigned(member=member, lead=lead):
            members = {**team.members, member: lead}
            return {**teams, team.team_id: replace(team, members=members)}
        case TeamMemberUnassigned(member=member):
            members = {one: lead for one, lead in team.members.items() if one != member}
            return {**teams, team.team_id: replace(team, members=members)}
        case TeamDissolved():
            return {id_: one for id_, one in teams.items() if id_ != team.team_id}
        case _:
            assert_never(event)
