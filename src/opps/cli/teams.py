"""Commands on the teams of an organisation: who belongs to which, and who leads it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import typer

from opps.cli import named
from opps.cli.acting import opened
from opps.cli.output import Cannot, Json, Tenant, print_json, say

if TYPE_CHECKING:
    from opps.domain.teams import AnyTeamCommand, Teams

group = typer.Typer(
    help="Show the teams of an organisation, form and dissolve them, and say who leads them.",
    no_args_is_help=True,
)
Team = Annotated[str, typer.Argument(help="The team: its name, or its id.", metavar="TEAM")]
Member = Annotated[str, typer.Argument(help="The person: the id.", metavar="PERSON")]


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="teams")
    commands = (
        (show, "show"),
        (form, "form"),
        (rename, "rename"),
        (assign, "assign"),
        (unassign, "unassign"),
        (dissolve, "dissolve"),
    )
    for command, name in commands:
        group.command(name)(command)


def show(tenant: Tenant = None, as_json: Json = False) -> None:
    """Show the teams, who belongs to them, and who leads them."""
    with opened() as opps:
        teams = asyncio.run(opps.application.teams(opps.tenant(tenant)))
    _tell(teams, as_json=as_json)


def form(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    below: Annotated[
        str | None, typer.Option(help="The team that it is a part of: its name or id.")
    ] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Form a team, with nobody in it yet."""
    from opps.domain.teams import FormTeam

    def command(teams: "Teams") -> "AnyTeamCommand":
        return FormTeam(name=name, parent=None if below is None else team_called(teams, below))

    _carry_out(command, tenant, as_json=as_json)


def rename(
    team: Team,
    name: Annotated[str, typer.Argument(help="What it is called from here on.")],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Call a team by another name."""
    from opps.domain.teams import RenameTeam

    _carry_out(
        lambda teams: RenameTeam(team_id=team_called(teams, team), name=name),
        tenant,
        as_json=as_json,
    )


def assign(
    team: Team,
    person: Member,
    lead: Annotated[
        bool, typer.Option("--lead", help="They lead it, and with it all teams below.")
    ] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Let somebody belong to a team; said again, it changes whether they lead it."""
    from opps.domain.teams import AssignTeamMember

    member = named.person(person)
    _carry_out(
        lambda teams: AssignTeamMember(team_id=team_called(teams, team), member=member, lead=lead),
        tenant,
        as_json=as_json,
    )


def unassign(team: Team, person: Member, tenant: Tenant = None, as_json: Json = False) -> None:
    """Let somebody belong to a team no more."""
    from opps.domain.teams import UnassignTeamMember

    member = named.person(person)
    _carry_out(
        lambda teams: UnassignTeamMember(team_id=team_called(teams, team), member=member),
        tenant,
        as_json=as_json,
    )


def dissolve(team: Team, tenant: Tenant = None, as_json: Json = False) -> None:
    """Dissolve a team that no other one lies below."""
    from opps.domain.teams import DissolveTeam

    _carry_out(
        lambda teams: DissolveTeam(team_id=team_called(teams, team)), tenant, as_json=as_json
    )


def team_called(teams: "Teams", text: str) -> UUID:
    """Return the team that somebody named."""
    found = [one.team_id for one in teams.teams.values() if text in (one.name, str(one.team_id))]
    if not found:
        known = ", ".join(one.name for one in teams.teams.values()) or "none yet"
        raise Cannot(f"There is no team {text!r}. There is {known}.")
    return found[0]


def _carry_out(
    command_of: "Callable[[Teams], AnyTeamCommand]", tenant: str | None, *, as_json: bool
) -> None:
    from opps.application import Request, operator

    with opened() as opps:
        of = opps.tenant(tenant)
        command = command_of(asyncio.run(opps.application.teams(of)))
        request = Request(tenant=of, actor=operator(), command_id=uuid4())
        done = asyncio.run(opps.application.team(command, request))
    _tell(done.after, as_json=as_json)


def _tell(teams: "Teams", *, as_json: bool) -> None:
    if as_json:
        print_json({"teams": [_listed(teams, one) for one in teams.teams]})
        return
    if not teams.teams:
        say("There is no team yet. Form one: `opps teams form NAME`.")
        return
    for one in teams.teams.values():
        above = "" if one.parent is None else f", part of {teams.team(one.parent).name}"
        say(f"{one.name} ({one.team_id}){above}")
        for member, lead in one.members.items():
            say(f"  {member}{', who leads it' if lead else ''}")


def _listed(teams: "Teams", team_id: UUID) -> dict[str, object]:
    team = teams.team(team_id)
    return {
        "team_id": team.team_id,
        "name": team.name,
        "parent": team.parent,
        "leads": sorted(team.leads),
        "members": sorted(frozenset(team.members) - team.leads),
        "everybody": sorted(teams.members(team_id)),
    }
