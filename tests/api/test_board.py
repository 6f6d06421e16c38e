"""Lists: which opportunities, in which order, in pages; and reading what was just written."""

from typing import Any

import pytest

from tests.api.deals import evaluator, leaning, learned, new_id, opened, stated
from tests.api.support import Api

BOARD = """query ($filter: OpportunityFilter, $orderBy: OpportunityOrder, $first: Int,
               $after: String, $atLeast: Position) {
  opportunities(filter: $filter, orderBy: $orderBy, first: $first, after: $after,
                atLeast: $atLeast) {
    totalCount
    edges { cursor }
    nodes { id title status amount { amount currency } account { name } score { p low high } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


@pytest.fixture(scope="module", autouse=True)
def position(api: Api) -> int:
    """Open five opportunities: worth 1000 to 5000, the last one lost, the first with a supporter.

    Return the position that shows them all.
    """
    ids = [opened(api, title) for title in ("Ahoy", "Brook", "Cairn", "Dune", "100% Elm_")]
    for number, id_ in enumerate(ids, start=1):
        amount = {"amount": str(1000 * number), "currency": "EUR"}
        api.done("estimateAmount", opportunityId=id_, expectedVersion=0, amount=amount)
    cfo = new_id()
    learned(api, ids[0], stated(evaluator(cfo)), stated(leaning(cfo, "CHAMPION")))
    account = api.done("registerAccount", "account { id }", name="Südwind")["account"]["id"]
    api.done("openOpportunity", accountId=account, title="Fjord", currency="SEK")
    lost = {"opportunityId": ids[4], "expectedVersion": None, "lossKind": "UNSPECIFIED"}
    payload = api.done("loseOpportunity", **lost)
    shown: int = payload["position"]
    return shown


def board(api: Api, position: int, **wanted: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ask(BOARD, atLeast=position, **wanted)["opportunities"]
    return found


def titles(api: Api, position: int, **wanted: Any) -> list[str]:
    return [one["title"] for one in board(api, position, **wanted)["nodes"]]


def by(field: str, *, descending: bool = False) -> dict[str, Any]:
    return {"field": field, "descending": descending}


def test_whoever_wrote_reads_it_back_at_once(api: Api) -> None:
    id_ = opened(api, "Read me back")
    renamed = api.done("renameOpportunity", opportunityId=id_, expectedVersion=0, title="Read")
    wanted = {"search": "read"}
    found = titles(api, renamed["position"], filter=wanted)
    api.done("disqualifyOpportunity", opportunityId=id_, expectedVersion=1, reason="Only a test")

    assert found == ["Read"]


def test_a_position_that_is_not_there_yet_is_said_to_be_so(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opps.api.board.SOON_S", 0.05)
    # Longer than anything may take: nobody waits for what was never written.
    monkeypatch.setattr("opps.api.board.SEEN_WITHIN_S", 60.0)
    [error] = api.errors(BOARD, atLeast=1_000_000)

    assert error["extensions"]["code"] == "NOT_YET"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"minAmount": "2000", "maxAmount": "4000"}, ["Brook", "Cairn", "Dune"]),
        ({"status": ["LOST"]}, ["100% Elm_"]),
        ({"currency": "SEK"}, ["Fjord"]),
        ({"search": "AIR"}, ["Cairn"]),
        ({"search": "südw"}, ["Fjord"]),
        ({"search": "0% e"}, ["100% Elm_"]),
        ({"search": "%"}, ["100% Elm_"]),
        ({"minProbability": 0.26}, ["Ahoy"]),
        ({"accountIds": []}, []),
        ({"search": "nothing of the kind"}, []),
    ],
)
def test_a_filter_shows_what_it_asks_for(
    api: Api, position: int, wanted: dict[str, Any], found: list[str]
) -> None:
    page = board(api, position, filter=wanted, orderBy=by("TITLE"))

    assert sorted(one["title"] for one in page["nodes"]) == sorted(found)
    assert page["totalCount"] == len(found)


def test_a_seller_sees_the_own_opportunities(api: Api, position: int) -> None:
    me = api.ask("{ viewer { personId } }")["viewer"]["personId"]

    assert "Brook" in titles(api, position, filter={"ownerIds": [me]})
    assert titles(api, position, filter={"ownerIds": [new_id()]}) == []


def test_an_account_shows_its_own_opportunities(api: Api, position: int) -> None:
    found = api.ask('{ accounts(search: "südwind") { nodes { id name } } }')["accounts"]["nodes"]

    assert titles(api, position, filter={"accountIds": [found[0]["id"]]}) == ["Fjord"]


@pytest.mark.parametrize(
    "field", ["CHANGED", "TITLE", "ACCOUNT", "AMOUNT", "OPENED", "PROBABILITY"]
)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_of_two_show_what_one_page_shows(
    api: Api, position: int, field: str, descending: bool
) -> None:
    order = by(field, descending=descending)
    whole = titles(api, position, orderBy=order)
    pages, after = [], None
    while True:
        page = board(api, position, orderBy=order, first=2, after=after)
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        pages += [one["title"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert pages == whole
    assert len(whole) >= 6


def test_amounts_are_ordered_as_numbers(api: Api, position: int) -> None:
    wanted = {"currency": "EUR", "minAmount": "1"}

    assert titles(api, position, filter=wanted, orderBy=by("AMOUNT")) == [
        "Ahoy",
        "Brook",
        "Cairn",
        "Dune",
        "100% Elm_",
    ]


def test_a_cursor_of_another_order_is_refused(api: Api, position: int) -> None:
    page = board(api, position, orderBy=by("TITLE"), first=1)
    after = page["pageInfo"]["endCursor"]
    [error] = api.errors(BOARD, orderBy=by("AMOUNT"), after=after)

    assert "another order" in error["message"]


def test_a_list_shows_each_score_with_its_interval(api: Api, position: int) -> None:
    [ahoy] = board(api, position, filter={"search": "Ahoy"})["nodes"]

    assert 0 < ahoy["score"]["low"] < ahoy["score"]["p"] < ahoy["score"]["high"] < 1


def test_many_opportunities_are_read_with_their_facts_in_one_query(api: Api, position: int) -> None:
    query = """query ($p: Position) { opportunities(atLeast: $p, first: 100) {
      nodes { title facts { kind } score { contributions { happen } } objectives { state } }
    } }"""
    nodes = api.ask(query, p=position)["opportunities"]["nodes"]
    facts = {one["title"]: [fact["kind"] for fact in one["facts"]] for one in nodes}

    assert facts["Ahoy"] == ["EVALUATOR", "LEANING"]
    assert facts["Brook"] == []
    assert {len(one["objectives"]) for one in nodes} == {9}


def test_persons_are_listed_with_their_names(api: Api, position: int) -> None:
    account = api.ask('{ accounts(search: "südwind") { nodes { id } } }')["accounts"]["nodes"][0]
    for name in ("Ada", "Bo"):
        payload = api.done("registerPerson", "person { id }", name=name, accountId=account["id"])
    query = """query ($id: ID!, $after: String, $p: Position) {
      persons(accountId: $id, first: 1, after: $after, atLeast: $p) {
        nodes { name { text } } pageInfo { hasNextPage endCursor }
      }
    }"""
    shown = {"id": account["id"], "p": payload["position"]}
    first = api.ask(query, **shown)["persons"]
    second = api.ask(query, **shown, after=first["pageInfo"]["endCursor"])["persons"]

    names = {one["name"]["text"] for one in (*first["nodes"], *second["nodes"])}
    assert names == {"Ada", "Bo"}
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
