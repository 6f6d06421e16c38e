"""Teams: who belongs to which, and who leads whom."""

from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.errors import AlreadyExists, Blank, Refusal, RoleNeeded
from opps.domain.events import (
    Event,
    ExceptionResolved,
    TeamDissolved,
    TeamFormed,
    TeamMemberAssigned,
    TeamMemberUnassigned,
    TeamRenamed,
)
from opps.domain.recorded import Actor, Context, Via
from opps.domain.team_errors import NotInTeam, TeamHasTeamsBelow, TeamNameTaken, UnknownTeam
from opps.domain.teams import (
    AnyTeamCommand,
    AssignTeamMember,
    DissolveTeam,
    FormTeam,
    RenameTeam,
    Team,
    Teams,
    UnassignTeamMember,
    decide,
    evolve,
)
from tests.domain.given import COMMAND, MONDAY, named, recorded

NORTH, HAMBURG, SOUTH, NOWHERE = map(named, ("north", "hamburg", "south", "nowhere"))
ANNA, BORIS, CLARA, DANIEL, EVA = map(named, ("Anna", "Boris", "Clara", "Daniel", "Eva"))

formed = (
    TeamFormed(team_id=NORTH, name="North"),
    TeamFormed(team_id=HAMBURG, name="Hamburg", parent=NORTH),
    TeamFormed(team_id=SOUTH, name="South"),
    TeamMemberAssigned(team_id=NORTH, member=ANNA, lead=True),
    TeamMemberAssigned(team_id=HAMBURG, member=BORIS, lead=True),
    TeamMemberAssigned(team_id=HAMBURG, member=CLARA),
    TeamMemberAssigned(team_id=SOUTH, member=DANIEL),
)


def teams(*events: Event) -> Teams | None:
    """Return the teams after some events."""
    state = None
    for one in recorded(events):
        state = evolve(state, one)
    return state


def held(*events: Event) -> Teams:
    """Return the teams that there are, and some events on."""
    found = teams(*formed, *events)
    assert found is not None
    return found


def when(command: AnyTeamCommand, *events: Event, role: str = "ADMIN") -> list[Event]:
    """Return what a command leads to."""
    actor = Actor(principal=ANNA, role=role, via=Via.GRAPHQL)
    return [*decide(teams(*events), command, Context(now=MONDAY, actor=actor, command_id=COMMAND))]


def test_a_team_is_formed_below_another_one() -> None:
    assert when(FormTeam(team_id=HAMBURG, name="Hamburg", parent=NORTH), formed[0]) == [formed[1]]


def test_a_team_without_an_id_gets_the_same_one_each_time_the_command_is_repeated() -> None:
    [first], [again] = when(FormTeam(name="North")), when(FormTeam(name="North"))

    assert isinstance(first, TeamFormed)
    assert first == again


def test_who_leads_a_team_leads_its_members_and_everybody_below() -> None:
    assert held().leads(BORIS, CLARA)
    assert held().leads(ANNA, BORIS)
    assert held().leads(ANNA, CLARA)
    assert held().led_by(ANNA) == {BORIS, CLARA}


def test_nobody_leads_another_team_nor_the_team_above_nor_themselves() -> None:
    assert not held().leads(ANNA, DANIEL)
    assert not held().leads(BORIS, ANNA)
    assert not held().leads(ANNA, ANNA)
    assert not held().leads(CLARA, BORIS)
    assert held().led_by(CLARA) == frozenset()


def test_two_who_lead_one_team_do_not_lead_each_other() -> None:
    both = held(TeamMemberAssigned(team_id=HAMBURG, member=EVA, lead=True))

    assert not both.leads(BORIS, EVA)
    assert both.leads(EVA, CLARA)
    assert both.leads(ANNA, EVA)


def test_who_leads_no_more_is_a_member_like_others() -> None:
    stepped_down = held(TeamMemberAssigned(team_id=HAMBURG, member=BORIS))

    assert not stepped_down.leads(BORIS, CLARA)
    assert BORIS in stepped_down.members(HAMBURG)


def test_a_team_counts_the_members_of_the_teams_below_it() -> None:
    assert held().members(NORTH) == {ANNA, BORIS, CLARA}
    assert held().members(HAMBURG) == {BORIS, CLARA}
    with pytest.raises(UnknownTeam):
        held().members(NOWHERE)


def test_however_many_teams_lie_below_each_other_it_counts_all_of_them() -> None:
    ids = [named(f"team {number}") for number in range(1_100)]
    line = zip(ids, [None, *ids], strict=False)
    every = {id_: Team(team_id=id_, name=str(id_), parent=above) for id_, above in line}
    lowest = replace(every[ids[-1]], members={CLARA: False})

    assert Teams(teams={**every, ids[-1]: lowest}).members(ids[0]) == {CLARA}


def test_what_changes_nothing_leads_to_nothing() -> None:
    assert when(RenameTeam(team_id=NORTH, name="North"), *formed) == []
    assert when(AssignTeamMember(team_id=HAMBURG, member=CLARA), *formed) == []


def test_a_member_comes_leads_and_goes() -> None:
    leading = AssignTeamMember(team_id=HAMBURG, member=CLARA, lead=True)
    leaving = UnassignTeamMember(team_id=HAMBURG, member=CLARA)

    assert when(leading, *formed) == [TeamMemberAssigned(team_id=HAMBURG, member=CLARA, lead=True)]
    assert when(leaving, *formed) == [TeamMemberUnassigned(team_id=HAMBURG, member=CLARA)]
    gone = held(TeamMemberUnassigned(team_id=HAMBURG, member=CLARA))
    assert not gone.leads(BORIS, CLARA)


def test_a_team_is_dissolved_once_none_lies_below_it() -> None:
    dissolved = TeamDissolved(team_id=HAMBURG)

    assert when(DissolveTeam(team_id=HAMBURG), *formed) == [dissolved]
    assert when(DissolveTeam(team_id=NORTH), *formed, dissolved) == [TeamDissolved(team_id=NORTH)]
    assert not held(dissolved).leads(ANNA, CLARA)


def test_a_name_is_free_again_once_its_team_is_called_otherwise() -> None:
    renamed = TeamRenamed(team_id=NORTH, name="Baltic")

    assert when(FormTeam(team_id=NOWHERE, name="North"), *formed, renamed) == [
        TeamFormed(team_id=NOWHERE, name="North")
    ]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (FormTeam(team_id=NORTH, name="Baltic"), AlreadyExists),
        (FormTeam(name="North"), TeamNameTaken),
        (FormTeam(name=" "), Blank),
        (FormTeam(name="Kiel", parent=NOWHERE), UnknownTeam),
        (RenameTeam(team_id=NORTH, name="South"), TeamNameTaken),
        (RenameTeam(team_id=NOWHERE, name="Kiel"), UnknownTeam),
        (AssignTeamMember(team_id=NOWHERE, member=EVA), UnknownTeam),
        (UnassignTeamMember(team_id=NORTH, member=EVA), NotInTeam),
        (DissolveTeam(team_id=NORTH), TeamHasTeamsBelow),
        (DissolveTeam(team_id=NOWHERE), UnknownTeam),
    ],
)
def test_what_does_not_hold_together_is_refused(
    command: AnyTeamCommand, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        when(command, *formed)


@pytest.mark.parametrize("role", ["SELLER", "MANAGER", "AUDITOR", "INTEGRATOR", "DPO"])
@pytest.mark.parametrize(
    "command",
    [
        FormTeam(name="Friends"),
        AssignTeamMember(team_id=HAMBURG, member=ANNA, lead=True),
        UnassignTeamMember(team_id=HAMBURG, member=BORIS),
        DissolveTeam(team_id=HAMBURG),
    ],
)
def test_nobody_decides_themselves_whom_they_lead(command: AnyTeamCommand, role: str) -> None:
    with pytest.raises(RoleNeeded):
        when(command, *formed, role=role)


def test_another_event_leaves_the_teams_alone() -> None:
    assert held(ExceptionResolved(how="Elsewhere")).teams == held().teams


PEOPLE, ROOMS = (ANNA, BORIS, CLARA), (NORTH, HAMBURG, SOUTH)


@drawn(
    st.lists(st.tuples(st.sampled_from(ROOMS), st.sampled_from(PEOPLE), st.booleans())),
    st.lists(st.sampled_from(ROOMS), max_size=2),
)
def test_two_never_lead_each_other_within_one_line(
    assigned: list[tuple[UUID, UUID, bool]], dissolved: list[UUID]
) -> None:
    events: list[Event] = [*formed[:3]]
    seats: dict[UUID, UUID] = {}
    for team, member, lead in assigned:
        if seats.setdefault(member, team) == team:
            events.append(TeamMemberAssigned(team_id=team, member=member, lead=lead))
    events += [TeamDissolved(team_id=one) for one in dissolved]
    found = teams(*events)

    assert found is not None
    assert not any(
        found.leads(one, other) and found.leads(other, one) for one in PEOPLE for other in PEOPLE
    )
    assert all(found.leads(ANNA, one) == (one in found.led_by(ANNA)) for one in PEOPLE)
