"""Timelines over the network: of whom, as of when, in which groups, and what turned out wrong."""

from itertools import chain
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from opps.api.identity import ACT_AS
from tests.api import deals
from tests.api.deals import evaluator, new_id, stated
from tests.api.support import Api
from tests.api.watched import data_of

SELLER = "viewer { personId }"


class Deal(NamedTuple):
    """A deal of which we believed something wrong, and decided on it."""

    id: str
    account: str
    cfo: str
    wrong: str
    right: str
    decided_at: int
    end: int


def money(amount: int, by: str, **more: Any) -> dict[str, Any]:
    budget = {"status": "APPROVED", "amount": {"amount": str(amount), "currency": "EUR"}}
    return stated({"funding": budget}, by, **more)


@pytest.fixture(scope="module")
def deal(api: Api) -> Deal:
    """Tell a deal: a budget misheard and corrected, told late, with a decision in between."""
    id_, cfo, wrong, right = deals.opened(api), new_id(), new_id(), new_id()
    of = {"opportunityId": id_, "expectedVersion": None}
    deals.learned(api, id_, stated(evaluator(cfo)), learned={"at": "2026-03-01T09:00:00Z"})
    misheard = money(100_000, cfo, factId=wrong)
    subject = {"subject": cfo, "text": "The board gave us a hundred."}
    misheard["provenance"] |= {"evidence": {"quote": subject, "document": "MAIL-17"}}
    deals.learned(api, id_, misheard, learned={"at": "2026-03-02T09:00:00Z"})
    decided = api.done(
        "takeDecision",
        **of,
        decision="DISCOUNT",
        summary="Ten percent off",
        basedOn=[wrong],
        learned={"at": "2026-03-03T09:00:00Z"},
    )
    corrected = money(
        60_000, cfo, factId=right, supersedes={"factId": wrong, "because": "WE_LEARNED_BETTER"}
    )
    last = api.done("learnFact", **of, stated=corrected, learned={"at": "2026-03-06T21:00:00Z"})
    account = api.ask("query ($id: ID!) { opportunity(id: $id) { accountId } }", id=id_)
    seen(api, last["position"])
    return Deal(
        id_,
        account["opportunity"]["accountId"],
        cfo,
        wrong,
        right,
        decided["position"],
        last["position"],
    )


def seen(api: Api, position: int) -> None:
    api.ask("query ($p: Position) { opportunities(atLeast: $p) { totalCount } }", p=position)


def shown(api: Api, deal: Deal, fields: str, as_of: dict[str, Any] | None = None) -> Any:
    query = f"query ($id: ID!, $asOf: AsOf) {{ opportunity(id: $id, asOf: $asOf) {{ {fields} }} }}"
    return api.ask(query, id=deal.id, asOf=as_of)["opportunity"]


LINE = """tag position late lagInWords toldBy channel grade credence points
  before { p low high } after { p low high } replaced replacedBecause factId
  evidence { document link quote { text redacted } } about factsToldBy restsOn summary"""


def test_a_line_says_who_told_us_with_what_evidence_how_late_and_what_it_did(
    api: Api, deal: Deal
) -> None:
    lines = shown(api, deal, f"timeline {{ nodes {{ {LINE} }} }}")["timeline"]["nodes"]
    _, told, heard, decided, corrected = lines

    assert (told["about"], told["late"]) == ([deal.cfo], True)
    assert heard["evidence"] == {
        "document": "MAIL-17",
        "link": None,
        "quote": {"text": "The board gave us a hundred.", "redacted": False},
    }
    assert (heard["toldBy"], heard["channel"], heard["grade"]) == (deal.cfo, "CALL", 0.8)
    assert heard["lagInWords"].endswith("days later")
    assert heard["before"]["p"] < heard["after"]["p"] < heard["after"]["high"]
    assert (decided["restsOn"], decided["summary"]) == ([deal.wrong], "Ten percent off")
    assert (corrected["replaced"], corrected["replacedBecause"]) == (
        [deal.wrong],
        "WE_LEARNED_BETTER",
    )
    assert corrected["factsToldBy"] == [deal.cfo]


GROUPS = """groups(by: %s) { nodes { day objective commandId lineCount lateCount milliPoints
  lines(first: 2) { nodes { position points } pageInfo { hasNextPage endCursor } } } }"""


@pytest.mark.parametrize("by", ["NONE", "DAY", "COMMAND", "OBJECTIVE"])
def test_groups_hold_the_lines_of_the_timeline_and_their_points(
    api: Api, deal: Deal, by: str
) -> None:
    fields = f"timeline {{ totalCount nodes {{ position points }} {GROUPS % by} }}"
    found = shown(api, deal, fields)["timeline"]
    groups = found["groups"]["nodes"]
    full = [one for one in groups if not one["lines"]["pageInfo"]["hasNextPage"]]

    assert found["totalCount"] == len(found["nodes"]) == sum(one["lineCount"] for one in groups)
    for group in full:
        lines = group["lines"]["nodes"]
        points = sum(round(1000 * (line["points"] or 0)) for line in lines)
        assert (len(lines), points) == (group["lineCount"], group["milliPoints"])
    if by == "NONE":
        [whole] = groups
        after = whole["lines"]["pageInfo"]["endCursor"]
        lines = f'lines(after: "{after}") {{ nodes {{ position }} }}'
        rest = f"timeline {{ groups(by: NONE) {{ nodes {{ {lines} }} }} }}"
        [more] = shown(api, deal, rest)["timeline"]["groups"]["nodes"]
        every = chain(whole["lines"]["nodes"], more["lines"]["nodes"])
        assert [one["position"] for one in every] == [one["position"] for one in found["nodes"]]


def test_a_timeline_goes_as_far_as_its_lens(api: Api, deal: Deal) -> None:
    fields = "timeline { asOfPosition nodes { tag } }"
    then = shown(api, deal, fields, {"position": deal.decided_at})["timeline"]

    assert then == {
        "asOfPosition": deal.decided_at,
        "nodes": [
            {"tag": one}
            for one in ("OpportunityOpened", "FactLearned", "FactLearned", "DecisionTaken")
        ],
    }


def test_what_a_timeline_says_at_a_position_is_the_same_to_the_last_byte(
    api: Api, deal: Deal
) -> None:
    fields = f"""timeline {{ asOfPosition nodes {{ {LINE} }} groups(by: DAY) {{ nodes {{ lineCount
      lines {{ nodes {{ position }} }} }} }} }} decisions {{ eventId basedOn {{ state stands }} }}
      wrongBeliefs {{ nodes {{ factId heldDays }} }}"""
    query = f"query ($id: ID!, $asOf: AsOf) {{ opportunity(id: $id, asOf: $asOf) {{ {fields} }} }}"
    variables = {"id": deal.id, "asOf": {"position": deal.decided_at}}
    before = data_of(api.post(query, variables).content)
    deals.learned(api, deals.opened(api), stated(evaluator(new_id())))

    assert data_of(api.post(query, variables).content) == before
    assert b'"wrongBeliefs":{"nodes":[]}' in before


def test_the_same_person_tells_what_the_timeline_of_an_evaluator_shows(
    api: Api, deal: Deal
) -> None:
    fields = """evaluators { evaluatorId all: timeline { nodes { factId } }
      said: timeline(parts: [SAID], axis: LEARNED) { nodes { factId } }
      about: timeline(parts: [ABOUT]) { nodes { key } }
      theirs: timeline(parts: [THEIR_FACTS]) { nodes { factId } } }"""
    [found] = shown(api, deal, fields)["evaluators"]
    [then] = shown(api, deal, fields, {"position": deal.decided_at})["evaluators"]

    assert [one["factId"] for one in found["said"]["nodes"]] == [deal.wrong, deal.right]
    assert found["about"]["nodes"] == [{"key": f"evaluator:{deal.cfo}"}]
    assert found["theirs"]["nodes"] == [{"factId": deal.right}]
    assert len(found["all"]["nodes"]) == 3
    assert [one["factId"] for one in then["said"]["nodes"]] == [deal.wrong]


def test_an_account_and_a_seller_have_timelines_that_can_be_narrowed_down(
    api: Api, deal: Deal
) -> None:
    query = """query ($account: ID!, $seller: ID!, $p: Position!) {
      account(id: $account) { timeline(filter: {kinds: [FUNDING]}) { nodes { factId } }
        whole: timeline(axis: LEARNED) { nodes { tag } } }
      seller(id: $seller) { id
        timeline(toldBy: {position: $p}, filter: {tags: ["DecisionTaken"]}) { nodes { tag } } } }"""
    seller = api.ask(f"{{ {SELLER} }}")["viewer"]["personId"]
    found = api.ask(query, account=deal.account, seller=seller, p=deal.end)

    assert [one["factId"] for one in found["account"]["timeline"]["nodes"]] == [
        deal.wrong,
        deal.right,
    ]
    tags = [one["tag"] for one in found["account"]["whole"]["nodes"]]
    assert sorted(tags) == sorted(
        ["AccountRegistered", "OpportunityOpened", "DecisionTaken", *["FactLearned"] * 3]
    )
    assert found["seller"]["id"] == seller
    assert {"tag": "DecisionTaken"} in found["seller"]["timeline"]["nodes"]


def test_a_wrong_belief_says_how_long_it_was_held_and_what_rested_on_it(
    api: Api, deal: Deal
) -> None:
    fields = """wrongBeliefs { nodes { factId how replacedBy toldBy heldDays pointsMeanwhile
      pointsWhenFound fact { state restedOnBy { summary } } decisions { summary kind
      basedOn { factId state stoodThen stands erased } } } }"""
    [wrong] = shown(api, deal, fields)["wrongBeliefs"]["nodes"]

    assert (wrong["factId"], wrong["how"], wrong["replacedBy"], wrong["toldBy"]) == (
        deal.wrong,
        "CORRECTED",
        deal.right,
        deal.cfo,
    )
    assert wrong["heldDays"] == 4.5
    assert wrong["pointsMeanwhile"] > 0
    assert wrong["fact"] == {"state": "SUPERSEDED", "restedOnBy": [{"summary": "Ten percent off"}]}
    assert wrong["decisions"] == [
        {
            "summary": "Ten percent off",
            "kind": "DISCOUNT",
            "basedOn": [
                {
                    "factId": deal.wrong,
                    "state": "SUPERSEDED",
                    "stoodThen": True,
                    "stands": False,
                    "erased": False,
                }
            ],
        }
    ]


def test_a_decision_showed_then_that_its_fact_stood(api: Api, deal: Deal) -> None:
    fields = "decisions { basedOn { state stoodThen stands fact { factId } } }"
    [then] = shown(api, deal, fields, {"position": deal.decided_at})["decisions"]

    assert then["basedOn"] == [
        {"state": "STANDS", "stoodThen": True, "stands": True, "fact": {"factId": deal.wrong}}
    ]
    assert shown(api, deal, fields, {"position": deal.decided_at - 1})["decisions"] == []


def test_a_lag_report_is_of_one_seller_and_says_when_there_is_not_enough(
    api: Api, deal: Deal
) -> None:
    query = """query ($seller: ID!, $since: DateTime, $p: Position!) {
      lagReport(seller: $seller, since: $since, toldBy: {position: $p}) { sellerId asOfPosition
        least confidence undated total { n enough medianSeconds shareLate sentence }
        byChannel { channel lags { n } } byObjective { objective lags { n late } }
        byMonth { month lags { n } } } }"""
    seller = api.ask(f"{{ {SELLER} }}")["viewer"]["personId"]
    found = api.ask(query, seller=seller, p=deal.end)["lagReport"]
    later = api.ask(query, seller=seller, p=deal.end, since="2999-01-01T00:00:00Z")["lagReport"]

    assert (found["sellerId"], found["asOfPosition"]) == (seller, deal.end)
    assert (found["total"]["n"], found["total"]["enough"], found["least"]) == (3, False, 10)
    assert found["total"]["medianSeconds"] is found["total"]["shareLate"] is None
    assert found["total"]["sentence"].startswith("Not enough data: 3 things")
    assert found["byObjective"] == [
        {"objective": "EVALUATORS", "lags": {"n": 1, "late": 1}},
        {"objective": "FUNDING", "lags": {"n": 2, "late": 2}},
    ]
    assert (later["total"]["n"], later["byMonth"]) == (0, [])


def test_no_lags_are_shown_without_naming_one_seller(api: Api) -> None:
    [error] = api.errors("{ lagReport { total { n } } }")

    assert "seller" in error["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('after: "x"', "no cursor"),
        ('filter: {tags: ["Nonsense\\u0000"]}', "no event is called"),
        ("first: 101", "1 to 100"),
        ('filter: {since: "2026-03-01T00:00:00"}', "zone"),
    ],
)
def test_what_no_timeline_can_answer_is_refused_in_words(
    api: Api, deal: Deal, arguments: str, said: str
) -> None:
    query = f'{{ opportunity(id: "{deal.id}") {{ timeline({arguments}) {{ totalCount }} }} }}'
    [error] = api.errors(query)

    assert said in error["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('by: DAY, zone: "Nowhere"', "Nowhere"),
        ('by: DAY, after: "x"', "no cursor"),
        ('by: OBJECTIVE, after: "2026-03-01"', "no cursor"),
    ],
)
def test_what_no_groups_can_be_made_of_is_refused_in_words(
    api: Api, deal: Deal, arguments: str, said: str
) -> None:
    groups = f"timeline {{ groups({arguments}) {{ nodes {{ lineCount }} }} }}"
    [error] = api.errors(f'{{ opportunity(id: "{deal.id}") {{ {groups} }} }}')

    assert said in error["message"]


def test_a_position_that_is_not_there_yet_is_refused(api: Api, deal: Deal) -> None:
    later = "timeline(toldBy: {position: 999999}) { totalCount }"
    query = f"query ($id: ID!) {{ seller(id: $id) {{ {later} }} }}"
    [error] = api.errors(query, id=api.ask(f"{{ {SELLER} }}")["viewer"]["personId"])

    assert error["extensions"]["code"] == "UNKNOWN_POSITION"


def test_a_seller_and_who_leads_the_seller_see_the_lags_and_nobody_else(api: Api) -> None:
    query = "query ($seller: ID!) { lagReport(seller: $seller) { least } }"
    anna, boris = str(uuid4()), str(uuid4())
    formed = api.done("formTeam", "teams { teamId }", name=f"Cádiz {uuid4()}")
    team = formed["teams"][-1]["teamId"]
    api.done("assignTeamMember", teamId=team, member=anna)
    api.done("assignTeamMember", teamId=team, member=boris, lead=True)

    def asked(who: str) -> dict[str, Any]:
        body = {"query": query, "variables": {"seller": anna}}
        answer: dict[str, Any] = api.client.post(api.url, json=body, headers={ACT_AS: who}).json()
        return answer

    assert asked(f"SELLER {anna}")["data"]["lagReport"]["least"] > 0
    assert asked(f"MANAGER {boris}")["data"]["lagReport"]["least"] > 0
    for stranger in (f"SELLER {boris}", f"MANAGER {uuid4()}"):
        [error] = asked(stranger)["errors"]
        assert error["extensions"]["code"] == "OUTSIDE_YOUR_TEAM"
    assert asked(f"AUDITOR {uuid4()}")["errors"][0]["extensions"]["code"] == "FORBIDDEN"
