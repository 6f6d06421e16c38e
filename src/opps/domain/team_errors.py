"""Why a command on teams was refused."""

from dataclasses import dataclass
from uuid import UUID

from opps.domain.errors import Refusal


@dataclass
class UnknownTeam(Refusal):
    """There is no team {team_id}: look it up in `teams`, or form it first."""

    team_id: UUID


@dataclass
class TeamNameTaken(Refusal):
    """There is a team called {name} already: give the new one another name."""

    name: str


@dataclass
class TeamHasTeamsBelow(Refusal):
    """Teams lie below team {team_id}: dissolve those first."""

    team_id: UUID


@dataclass
class NotInTeam(Refusal):
    """{member} does not belong to team {team_id}: look at its members."""

    team_id: UUID
    member: UUID
