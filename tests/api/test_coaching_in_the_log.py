"""The log shows coaching to the seller and to those who lead the seller, and to nobody else."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.application import Request
from opps.domain.coaching.commands import IdentifyGapByRule
from opps.domain.coaching.gap import gap_id_of
from opps.domain.coaching.indicators import Indicator
from opps.domain.coaching.success import GapMeasure
from opps.domain.recorded import Actor, Via
from tests.api.deals import new_id, opened
from tests.api.support import Api, Installation
from tests.api.test_coaching import Seat, Team

NOTE = "Three proposals, no criterion"
EVENTS = """query ($filter: EventFilter, $first: Int, $after: String) {
  events(filter: $filter, first: $first, after: $after) {
    nodes { tag content actor { principal } position } pageInfo { hasNextPage endCursor }
  }
}"""
# What a program may read of the log too.
PLAIN = EVENTS.replace("content", "eventId")
NAMED = {"tags": ["PerformanceGapIdentified"]}


def told(seat: Seat, document: str = EVENTS, **wanted: Any) -> dict[str, Any]:
    """Return what the log tells somebody."""
    answer = seat.ask(document, **wanted)
    assert "errors" not in answer, answer["errors"]
    found: dict[str, Any] = answer["data"]["events"]
    return found


@pytest.fixture
def team(api: Api) -> Team:
    """Return a team with somebody who leads it."""
    return Team(api)


@pytest.mark.parametrize("role", ["SELLER", "MANAGER", "AUDITOR", "INTEGRATOR", "DPO"])
def test_the_log_tells_others_nothing_of_a_gap(api: Api, team: Team, role: str) -> None:
    gap = team.gap(note=NOTE)
    stranger = Seat(api, role)

    of_gaps = told(stranger, PLAIN, filter=NAMED)
    of_this_one = told(stranger, PLAIN, filter={"opportunityId": gap})

    assert team.clara.id not in str(of_gaps["nodes"])
    assert of_gaps["nodes"] == of_this_one["nodes"] == []


def test_the_log_tells_a_gap_to_its_seller_and_to_who_leads_the_seller(team: Team) -> None:
    team.gap(note=NOTE)

    for seat in (team.clara, team.boris):
        [event] = told(seat, filter=NAMED)["nodes"]
        assert event["content"]["note"]["text"] == NOTE


def test_the_log_too_leaves_the_first_look_to_the_seller(
    team: Team, installation: Installation
) -> None:
    seller = UUID(team.clara.id)
    indicator = Indicator.CRITERIA_BEFORE_PROPOSAL
    command = IdentifyGapByRule(
        gap_id=gap_id_of(seller, indicator, "2026-03"),
        seller=seller,
        indicator=indicator,
        observed=GapMeasure(value=0.25, n=12, low=0.1, high=0.4, peer_median=0.75, peers=4),
    )
    watch = Actor(principal=uuid4(), role="WATCH", via=Via.SYSTEM)
    request = Request(tenant=installation.tenant, actor=watch, command_id=uuid4())
    asyncio.run(installation.application.gap(command, request))

    assert len(told(team.clara, filter=NAMED)["nodes"]) == 1
    assert told(team.boris, filter=NAMED)["nodes"] == []


def test_who_no_longer_leads_is_shown_nothing_by_repeating_a_command(api: Api, team: Team) -> None:
    given = {"commandId": new_id(), "seller": team.clara.id, "objective": "FUNDING"}
    named = team.boris.done("identifyGap", **given)
    api.done("unassignTeamMember", teamId=team.id, member=team.boris.id)
    team.clara.done(
        "recordDiagnosis",
        gapId=named["gapId"],
        cause="ENVIRONMENT",
        answers=[{"cause": "ENVIRONMENT", "text": "My child is ill"}],
    )

    repeated = team.boris.command("identifyGap", **given)

    assert repeated["gap"] is None


def test_pages_are_full_beside_what_is_not_shown(api: Api, team: Team) -> None:
    behind = str(max(one["position"] for one in _all(team.clara)))
    for _ in range(3):
        team.gap()
    opened(api)
    team.gap()
    opened(api)

    page = told(team.other, first=3, after=behind)
    rest = told(team.other, first=1, after=page["pageInfo"]["endCursor"])

    tags = [one["tag"] for one in (*page["nodes"], *rest["nodes"])]
    assert tags == ["AccountRegistered", "OpportunityOpened"] * 2
    assert (page["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


def _all(seat: Seat) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = told(seat, first=100)
    while True:
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        page = told(seat, first=100, after=page["pageInfo"]["endCursor"])
