"""Danger zones over HTTP and a socket: what an opportunity is in, what moves it, and the rules."""

from datetime import date, timedelta
from typing import Any

from opps.domain.danger_zones.catalogue import RULES
from tests.api.deals import new_id, opened, stated
from tests.api.support import Api, Socket

ZONES = "zone name severity because move since"
OF_ONE = f"""
query Zones($id: ID!, $asOf: AsOf) {{
  opportunity(id: $id, asOf: $asOf) {{
    dangerZones {{ {ZONES} facts {{ factId }} questions {{ text }} }}
    suppressed: dangerZones(suppressed: true) {{ zone suppressedUntil }}
  }}
}}
"""
HISTORY = """
query History($id: ID!, $first: Int, $after: String) {
  opportunity(id: $id) {
    dangerZoneChanges(first: $first, after: $after) {
      nodes { cursor zone opened cause because ruleSet }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
RULES_ASKED = """
{ dangerZoneRules {
    id version name severity when move enabled suppressedUntil graceDays ruleSet open
    thresholds { name value default low high words }
    precision { useful judged share low high }
} }
"""
BOARD = """
query Board($in: [ZoneNumber!], $atLeast: Position) {
  opportunities(filter: { inDangerZone: $in }, atLeast: $atLeast) { nodes { id } totalCount }
}
"""
LIVE = """
subscription Live($filter: DangerZoneFilter, $after: ScoreCursor) {
  dangerZoneChanged(filter: $filter, after: $after) {
    __typename
    ... on DangerZoneChange { cursor opportunityId zone opened cause }
    ... on StreamCaughtUp { cursor position }
  }
}
"""
MOVED = "zonesOpened { zone because } zonesClosed { zone }"
JUNE_1 = date(2126, 6, 1)


def zones(api: Api, id_: str, **more: Any) -> list[str]:
    """Return the danger zones that an opportunity is in."""
    found = api.ask(OF_ONE, id=id_, **more)["opportunity"]["dangerZones"]
    return [one["zone"] for one in found]


def do(api: Api, name: str, id_: str, show: str = MOVED, **more: Any) -> dict[str, Any]:
    """Carry out a command on an opportunity, whatever its version."""
    return api.done(name, show, opportunityId=id_, expectedVersion=None, **more)


def rival_told(api: Api, id_: str, show: str = MOVED) -> dict[str, Any]:
    """Record that somebody else is in the race."""
    return do(api, "recordFacts", id_, show, facts=[a_rival()])


def a_rival() -> dict[str, Any]:
    rival = {"alternativeId": new_id(), "alternativeKind": "COMPETITOR", "name": "Nordwind"}
    return stated({"alternative": {**rival, "status": "CONSIDERED"}})


def publish(api: Api, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Publish a rule set."""
    shown = "rules { id enabled ruleSet thresholds { name value } }"
    return api.done("publishRuleSet", shown, rules=list(rules), reason="Slow lawyers", **more)


def change(socket: Socket) -> dict[str, Any]:
    """Return the next change, behind any mark that is sent before it."""
    event: dict[str, Any] = socket.next()["dangerZoneChanged"]
    return change(socket) if event["__typename"] == "StreamCaughtUp" else event


def test_a_new_deal_is_told_what_is_missing_and_what_to_do(api: Api) -> None:
    id_ = opened(api)
    found = api.ask(OF_ONE, id=id_)["opportunity"]["dangerZones"]

    assert [one["zone"] for one in found] == ["DZ04", "DZ09"]
    assert found[1] == {
        "zone": "DZ09",
        "name": "Blind to alternatives",
        "severity": "HIGH",
        "because": "no alternative but us is known, and doing nothing was not looked at",
        "move": RULES["DZ09"].move,
        "since": None,
        "facts": [],
        "questions": [],
    }


def test_a_command_says_which_zones_it_opened_and_closed(api: Api) -> None:
    id_ = opened(api)
    promised = do(api, "setCommitDate", id_, commitDate=JUNE_1.isoformat(), basis="BUYER_STATED")
    told = rival_told(api, id_)

    assert [one["zone"] for one in promised["zonesOpened"]] == ["DZ01", "DZ15"]
    assert promised["zonesClosed"] == []
    assert told["zonesClosed"] == [{"zone": "DZ09"}]


def test_a_simulation_says_which_zones_a_fact_would_open_and_close(api: Api) -> None:
    id_ = opened(api)
    ask = (
        "query Try($id: ID!, $facts: [FactStatedInput!]) {"
        " simulate(opportunityId: $id, facts: $facts) {"
        " zonesOpened { zone } zonesClosed { zone facts { factId } } userErrors { code } } }"
    )
    answer = api.ask(ask, id=id_, facts=[a_rival()])["simulate"]

    assert answer == {
        "zonesOpened": [],
        "zonesClosed": [{"zone": "DZ09", "facts": []}],
        "userErrors": [],
    }
    assert "DZ09" in zones(api, id_)


def test_the_zones_of_an_earlier_screen_are_those_of_then(api: Api) -> None:
    id_ = opened(api)
    before = do(api, "renameOpportunity", id_, "position", title="Widgets for line 4")
    rival_told(api, id_)

    assert "DZ09" in zones(api, id_, asOf={"position": before["position"]})
    assert "DZ09" not in zones(api, id_)


def test_a_zone_that_is_put_aside_is_no_longer_told_and_still_there(api: Api) -> None:
    id_ = opened(api)
    until = (date.today() + timedelta(days=30)).isoformat()
    do(api, "suppressDangerZone", id_, zone="DZ09", until=until, reason="A tender is coming")
    shown = api.ask(OF_ONE, id=id_)["opportunity"]

    assert "DZ09" not in [one["zone"] for one in shown["dangerZones"]]
    assert shown["suppressed"] == [{"zone": "DZ09", "suppressedUntil": until}]


def test_a_line_of_the_timeline_says_which_zones_it_opened_and_closed(api: Api) -> None:
    id_ = opened(api)
    done = rival_told(api, id_)
    api.ask(BOARD, **{"in": ["DZ04"]}, atLeast=done["position"])
    ask = (
        "query Line($id: ID!) { opportunity(id: $id) {"
        " timeline { nodes { tag zonesMoved { zone opened } } } } }"
    )
    first, second = api.ask(ask, id=id_)["opportunity"]["timeline"]["nodes"]

    assert first["zonesMoved"] == [
        {"zone": "DZ04", "opened": True},
        {"zone": "DZ09", "opened": True},
    ]
    assert second["zonesMoved"] == [{"zone": "DZ09", "opened": False}]


def test_what_opened_and_closed_is_told_in_pages(api: Api) -> None:
    id_ = opened(api)
    done = rival_told(api, id_)
    api.ask(BOARD, **{"in": ["DZ04"]}, atLeast=done["position"])
    first = api.ask(HISTORY, id=id_, first=2)["opportunity"]["dangerZoneChanges"]
    rest = api.ask(HISTORY, id=id_, after=first["pageInfo"]["endCursor"])["opportunity"]

    told = [*first["nodes"], *rest["dangerZoneChanges"]["nodes"]]
    assert [(one["zone"], one["opened"], one["cause"]) for one in told] == [
        ("DZ04", True, "OpportunityOpened"),
        ("DZ09", True, "OpportunityOpened"),
        ("DZ09", False, "FactLearned"),
    ]
    assert first["pageInfo"]["hasNextPage"]
    assert all(one["ruleSet"].startswith("zones-") for one in told)
    [error] = api.errors(HISTORY, id=id_, after="nonsense")
    assert "is no cursor" in error["message"]


def test_the_board_shows_those_in_a_danger_zone(api: Api) -> None:
    blind, seeing = opened(api), opened(api)
    done = rival_told(api, seeing)
    found = api.ask(BOARD, **{"in": ["DZ09", "DZ10"]}, atLeast=done["position"])["opportunities"]

    ids = [one["id"] for one in found["nodes"]]
    assert (blind in ids, seeing in ids) == (True, False)
    assert found["totalCount"] == len(ids)


def test_every_rule_is_told_with_its_numbers(api: Api) -> None:
    rules = api.ask(RULES_ASKED)["dangerZoneRules"]

    assert [one["id"] for one in rules] == list(RULES)
    [paper] = [one for one in rules if one["id"] == "DZ14"]
    assert (paper["enabled"], paper["precision"]["share"]) == (True, None)
    [days] = paper["thresholds"]
    assert (days["name"], days["value"], days["low"], days["high"]) == ("days", 45, 1, 365)


def test_a_published_rule_set_is_in_force_at_once(api: Api) -> None:
    id_ = opened(api)
    do(api, "setCommitDate", id_, commitDate=JUNE_1.isoformat(), basis="BUYER_STATED")
    before = zones(api, id_)
    done = publish(api, {"rule": "DZ15", "enabled": False})
    [no_reason] = [one for one in done["rules"] if one["id"] == "DZ15"]
    off = zones(api, id_)
    publish(api)

    assert no_reason["enabled"] is False
    assert ("DZ15" in before, "DZ15" in off, "DZ15" in zones(api, id_)) == (True, False, True)


def test_a_rule_can_be_suppressed_everywhere(api: Api) -> None:
    id_ = opened(api)
    do(api, "setForecastCategory", id_, category="COMMIT")
    before = zones(api, id_)
    until = (date.today() + timedelta(days=30)).isoformat()
    shown = "rules { id suppressedUntil }"
    done = api.done("suppressRule", shown, rule="DZ26", until=until, reason="Year end")

    assert {"id": "DZ26", "suppressedUntil": until} in done["rules"]
    assert ("DZ26" in before, "DZ26" in zones(api, id_)) == (True, False)


def test_the_same_command_on_rules_is_answered_again(api: Api) -> None:
    command_id = new_id()
    first = publish(api, {"rule": "DZ13", "enabled": False}, commandId=command_id)
    again = publish(api, {"rule": "DZ13", "enabled": False}, commandId=command_id)

    publish(api)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["position"] == first["position"]


def test_a_rule_that_does_not_exist_and_a_number_out_of_range_are_refused(api: Api) -> None:
    far = [{"rule": "DZ14", "thresholds": [{"name": "days", "value": 400}]}]
    out = api.refused("publishRuleSet", rules=far, reason="Slow lawyers")
    unknown = api.refused("publishRuleSet", rules=[{"rule": "DZ27"}], reason="More")

    assert out["code"] == "THRESHOLD_OUT_OF_RANGE"
    assert out["message"] == "The threshold days of DZ14 is 400.0: it may be from 1 to 365."
    assert unknown["code"] == "UNKNOWN_RULE"


def test_how_often_a_rule_helped_is_told_with_what_so_few_leave_open(api: Api) -> None:
    for useful in (True, True, False):
        done = do(api, "judgeDangerZone", opened(api), "position", zone="DZ09", useful=useful)
    api.ask(BOARD, **{"in": ["DZ09"]}, atLeast=done["position"])
    rules = api.ask(RULES_ASKED)["dangerZoneRules"]
    [blind] = [one for one in rules if one["id"] == "DZ09"]

    assert blind["open"] >= 3
    assert (blind["precision"]["useful"], blind["precision"]["judged"]) == (2, 3)
    low, high = blind["precision"]["low"], blind["precision"]["high"]
    assert 0 < low < 2 / 3 < high < 1


def test_what_opens_and_closes_is_sent_live_and_from_any_place_on(api: Api) -> None:
    with api.socket() as socket:
        socket.subscribe(LIVE, filter={"severities": ["HIGH"]})
        assert socket.next()["dangerZoneChanged"]["__typename"] == "StreamCaughtUp"
        id_ = opened(api)
        first, second = change(socket), change(socket)
        rival_told(api, id_)
        third = change(socket)
    with api.socket() as again:
        again.subscribe(LIVE, after=second["cursor"], filter={"zones": ["DZ09"]})

        assert change(again) == third

    assert [(one["zone"], one["opened"]) for one in (first, second, third)] == [
        ("DZ04", True),
        ("DZ09", True),
        ("DZ09", False),
    ]
    assert {one["opportunityId"] for one in (first, second, third)} == {id_}
