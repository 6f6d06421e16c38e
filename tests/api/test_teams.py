"""Teams over HTTP: formed, led, and what lists show of one team only."""

from typing import Any
from uuid import uuid4

from opps.api.identity import ACT_AS
from tests.api.deals import new_id, opened
from tests.api.support import Api

FIELDS = "teamId name parentId below members { personId lead } everybody"
SHOWN = f"teams {{ {FIELDS} }}"
INBOX = """query ($team: UUID!, $owners: [ID!], $atLeast: Position) {
  exceptions(filter: {teamId: $team, ownerIds: $owners}, atLeast: $atLeast) { totalCount }
}"""
FORECAST = """query ($team: UUID, $atLeast: Position) {
  forecast(from: "2027-01-01", to: "2027-03-31", teamId: $team, atLeast: $atLeast) {
    worth { opportunities }
  }
}"""


def formed(api: Api, name: str, **more: Any) -> str:
    """Return the id of a new team."""
    id_: str = api.done("formTeam", SHOWN, name=f"{name} {uuid4()}", **more)["teams"][-1]["teamId"]
    return id_


def found(api: Api, team: str) -> dict[str, Any]:
    """Return a team as anybody sees it."""
    query = f"query ($id: UUID!) {{ team(teamId: $id) {{ {FIELDS} }} }}"
    shown: dict[str, Any] = api.ask(query, id=team)["team"]
    return shown


def test_a_team_is_formed_below_another_one_and_has_somebody_who_leads_it(api: Api) -> None:
    north = formed(api, "North")
    hamburg = formed(api, "Hamburg", parent=north)
    boris = new_id()
    done = api.done("assignTeamMember", SHOWN, teamId=hamburg, member=boris, lead=True)

    [member] = found(api, hamburg)["members"]
    assert member["lead"] is True
    assert (found(api, north)["below"], found(api, north)["members"]) == ([hamburg], [])
    assert found(api, north)["everybody"] == [member["personId"]]
    assert found(api, hamburg) in done["teams"]
    assert found(api, hamburg)["parentId"] == north


def test_a_team_that_is_dissolved_is_there_no_more(api: Api) -> None:
    north = formed(api, "North")
    hamburg = formed(api, "Hamburg", parent=north)
    first = api.refused("dissolveTeam", teamId=north)
    api.done("dissolveTeam", teamId=hamburg)

    assert first["code"] == "TEAM_HAS_TEAMS_BELOW"
    assert api.ask("query ($id: UUID!) { team(teamId: $id) { name } }", id=hamburg)["team"] is None
    assert api.refused("renameTeam", teamId=hamburg, name="Kiel")["code"] == "UNKNOWN_TEAM"


def test_what_is_asked_again_under_its_command_id_forms_one_team(api: Api) -> None:
    again = {"commandId": new_id(), "name": f"West {uuid4()}"}
    first, second = api.done("formTeam", SHOWN, **again), api.done("formTeam", SHOWN, **again)

    assert second["replayed"] is True
    assert second["teams"] == first["teams"]


def test_sellers_form_no_teams(api: Api) -> None:
    shown = "userErrors { code } teams { name }"
    query = f"mutation ($i: FormTeamInput!) {{ formTeam(input: $i) {{ {shown} }} }}"
    answer = api.client.post(
        api.url,
        json={"query": query, "variables": {"i": {"commandId": new_id(), "name": "Friends"}}},
        headers={ACT_AS: f"SELLER {uuid4()}"},
    ).json()

    assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]


def test_an_inbox_and_a_forecast_show_one_team_with_the_teams_below(api: Api) -> None:
    seller = new_id()
    north, empty = formed(api, "North"), formed(api, "South")
    hamburg = formed(api, "Hamburg", parent=north)
    api.done("assignTeamMember", teamId=hamburg, member=seller)
    deal = opened(api, owner=seller)
    promise = {"commitDate": "2027-02-01", "basis": "BUYER_STATED"}
    api.done("setCommitDate", opportunityId=deal, expectedVersion=None, **promise)
    position = api.done("raiseException", opportunityId=deal, summary="It slid.")["position"]

    counted = [
        api.ask(INBOX, team=one, atLeast=position)["exceptions"]["totalCount"]
        for one in (north, hamburg, empty)
    ]
    assert counted == [1, 1, 0]
    other = api.ask(INBOX, team=north, owners=[new_id()])["exceptions"]["totalCount"]
    assert other == 0
    forecast = [
        api.ask(FORECAST, team=one, atLeast=position)["forecast"]["worth"]["opportunities"]
        for one in (north, empty)
    ]
    assert forecast == [1, 0]


def test_a_list_of_a_team_that_does_not_exist_says_so(api: Api) -> None:
    [error] = api.errors(INBOX, team=new_id())

    assert error["extensions"]["code"] == "UNKNOWN_TEAM"
