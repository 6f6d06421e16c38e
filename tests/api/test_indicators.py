"""Leading indicators over HTTP: for the seller and whoever leads the team, and for nobody else."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.api.identity import ACT_AS
from opps.api.ids import NodeType, to_global
from tests.api.support import Api
from tests.api.test_teams import SHOWN, formed

QUERY = """
query Indicators($seller: ID!, $since: DateTime, $until: DateTime) {
  seller(id: $seller) {
    leadingIndicators(since: $since, until: $until) {
      since until least leastPeers confidence
      indicators {
        indicator name why unit better objective peers peerMedian besidePast besidePeers sentence
        now { n enough value low high } ownPast { n enough }
      }
    }
    ownEstimates { n brier fifths { n said came low high } sentence picture }
  }
}
"""


def person(id_: UUID) -> str:
    return to_global(NodeType.PERSON, id_)


def asked(api: Api, seller: UUID, act_as: str, **more: Any) -> dict[str, Any]:
    """Return the whole answer to somebody."""
    body = {"query": QUERY, "variables": {"seller": person(seller), **more}}
    answer: dict[str, Any] = api.client.post(api.url, json=body, headers={ACT_AS: act_as}).json()
    return answer


def code(answer: dict[str, Any]) -> str:
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


def test_a_seller_sees_every_indicator_and_where_there_is_too_little(api: Api) -> None:
    anna = uuid4()
    found = asked(api, anna, f"SELLER {anna}")["data"]["seller"]

    shown = found["leadingIndicators"]["indicators"]
    assert len(shown) == 10
    assert shown[0]["indicator"] == "BUYER_SHARE"
    assert shown[0]["sentence"] == "Not enough data: 0 cases, and it takes 10."
    assert shown[0]["besidePeers"] == "NOT_ENOUGH_DATA"
    assert found["ownEstimates"]["picture"] is None
    assert found["ownEstimates"]["sentence"].startswith("Not enough data")


def test_only_who_leads_a_seller_sees_the_indicators(api: Api) -> None:
    anna, boris, clara = uuid4(), uuid4(), uuid4()
    north = formed(api, "North")
    hamburg = formed(api, "Hamburg", parent=north)
    api.done("assignTeamMember", SHOWN, teamId=hamburg, member=person(anna))
    api.done("assignTeamMember", SHOWN, teamId=north, member=person(boris), lead=True)

    led = asked(api, anna, f"MANAGER {boris}")["data"]["seller"]["leadingIndicators"]
    own = asked(api, anna, f"SELLER {anna}")["data"]["seller"]["leadingIndicators"]
    first_look = datetime.fromisoformat(own["until"]) - datetime.fromisoformat(led["until"])
    assert first_look.days == 3
    assert code(asked(api, anna, f"MANAGER {clara}")) == "OUTSIDE_YOUR_TEAM"
    assert code(asked(api, boris, f"SELLER {anna}")) == "OUTSIDE_YOUR_TEAM"


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("2016-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
    ],
)
def test_a_time_that_ends_before_it_begins_or_never_is_refused(
    api: Api, since: str, until: str
) -> None:
    anna = uuid4()

    assert code(asked(api, anna, f"SELLER {anna}", since=since, until=until)) == "BAD_USER_INPUT"


def test_the_indicators_of_coaching_cannot_be_asked_for_over_and_over_in_one_request(
    api: Api,
) -> None:
    many = " ".join(f"a{number}: indicators {{ indicators {{ peers }} }}" for number in range(21))
    [error] = api.errors(f'{{ coaching(seller: "{person(uuid4())}") {{ {many} }} }}')

    assert "smaller" in error["message"]
