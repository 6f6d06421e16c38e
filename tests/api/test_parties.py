"""Accounts and persons over the network: merged, moved, and customers by their history."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.support import Api

ACCOUNT = "account { id name mergedFrom duplicates { id name into } }"
PERSON = "person { id name { text } mergedFrom accountId duplicates { id name { text } into } }"


def registered(api: Api, name: str) -> str:
    payload = api.done("registerAccount", "account { id }", name=name)
    return str(payload["account"]["id"])


def person(api: Api, name: str, account: str | None = None, email: str | None = None) -> str:
    payload = api.done("registerPerson", "person { id }", name=name, accountId=account, email=email)
    return str(payload["person"]["id"])


def opened(api: Api, account: str, title: str = "Line 3") -> str:
    payload = api.done(
        "openOpportunity", "opportunity { id }", accountId=account, title=title, currency="EUR"
    )
    return str(payload["opportunity"]["id"])


def merged(api: Api, duplicate: str, into: str) -> Any:
    return api.done(
        "mergeAccount", ACCOUNT, accountId=duplicate, intoAccount=into, expectedVersion=None,
        reason="One company, entered twice",
    )  # fmt: skip


@pytest.fixture
def pair(api: Api) -> tuple[str, str]:
    """Return two accounts that are one: the duplicate, and who goes on."""
    mark = uuid4().hex[:8]
    return registered(api, f"Halden {mark}"), registered(api, f"Halden AG {mark}")


def test_whoever_asks_by_the_old_id_gets_the_account_that_goes_on(
    api: Api, pair: tuple[str, str]
) -> None:
    duplicate, survivor = pair
    payload = merged(api, duplicate, survivor)
    found = api.ask(
        """query($id: ID!) { node(id: $id) { id }
          account(id: $id) { id name mergedFrom duplicates { id name into } } }""",
        id=duplicate,
    )

    assert payload["account"] == found["account"]
    assert (found["account"]["id"], found["account"]["mergedFrom"]) == (survivor, duplicate)
    assert [one["id"] for one in found["account"]["duplicates"]] == [duplicate]
    assert found["node"]["id"] == survivor
    own = api.ask("query($id: ID!) { account(id: $id) { mergedFrom } }", id=survivor)
    assert own["account"]["mergedFrom"] is None


def test_a_merged_account_is_not_listed_but_found_by_its_name(
    api: Api, pair: tuple[str, str]
) -> None:
    duplicate, survivor = pair
    name = api.ask("query($id: ID!) { account(id: $id) { name } }", id=duplicate)["account"]["name"]
    position = merged(api, duplicate, survivor)["position"]
    question = """query($search: String, $position: Position) {
      accounts(search: $search, atLeast: $position, first: 100) { nodes { id mergedFrom } } }"""
    every = api.ask(question, position=position)["accounts"]["nodes"]
    found = api.ask(question, search=name, position=position)["accounts"]["nodes"]

    assert duplicate not in [one["id"] for one in every]
    assert [one["mergedFrom"] for one in every if one["id"] == survivor] == [None]
    assert found == [{"id": survivor, "mergedFrom": duplicate}]


def test_deals_and_the_timeline_of_a_duplicate_are_those_of_who_goes_on(
    api: Api, pair: tuple[str, str]
) -> None:
    duplicate, survivor = pair
    deals = {opened(api, duplicate, "Line 3"), opened(api, survivor, "Line 4")}
    before = api.ask("{ logHead { position } }")["logHead"]["position"]
    position = merged(api, duplicate, survivor)["position"]
    question = """query($ids: [ID!], $asOf: AsOf, $position: Position) {
      opportunities(filter: { accountIds: $ids }, asOf: $asOf, atLeast: $position) {
        nodes { id account { id } } } }"""

    def found(account: str, **more: Any) -> set[str]:
        answer = api.ask(question, ids=[account], **more)["opportunities"]["nodes"]
        assert {one["account"]["id"] for one in answer} <= {survivor}
        return {one["id"] for one in answer}

    assert found(survivor, position=position) == found(duplicate, position=position) == deals
    assert len(found(survivor, asOf={"position": before})) == 1
    lines = api.ask(
        """query($id: ID!) { account(id: $id) { timeline(first: 100) {
          nodes { tag } } } }""",
        id=duplicate,
    )["account"]["timeline"]["nodes"]
    tags = [one["tag"] for one in lines]
    assert tags.count("OpportunityOpened") == 2
    assert tags[-2:] == ["AccountMerged", "AccountAbsorbed"]


def test_a_merge_that_is_undone_lets_each_stand_for_itself(api: Api, pair: tuple[str, str]) -> None:
    duplicate, survivor = pair
    merged(api, duplicate, survivor)
    payload = api.done(
        "undoAccountMerge", ACCOUNT, accountId=duplicate, expectedVersion=1, reason="Two plants"
    )

    assert payload["account"]["id"] == duplicate
    assert payload["account"]["mergedFrom"] is None
    found = api.ask(f"query($id: ID!) {{ {ACCOUNT.replace('account', 'account(id: $id)', 1)} }}",
                    id=survivor)  # fmt: skip
    assert found["account"]["duplicates"] == []


def test_what_cannot_be_merged_is_refused_as_data(api: Api, pair: tuple[str, str]) -> None:
    duplicate, survivor = pair

    def refused(one: str, into: str) -> str:
        reason = api.refused(
            "mergeAccount", accountId=one, intoAccount=into, expectedVersion=None, reason="One"
        )
        return str(reason["code"])

    assert refused(duplicate, duplicate) == "MERGED_WITH_ITSELF"
    merged(api, duplicate, survivor)
    assert refused(survivor, duplicate) == "MERGED_IN_A_CIRCLE"
    assert refused(duplicate, registered(api, "Third")) == "MERGED_ALREADY"
    assert refused(registered(api, "Fourth"), duplicate) == "GOES_ON_ELSEWHERE"
    not_merged = api.refused("undoAccountMerge", accountId=survivor, expectedVersion=None,
                             reason="No")  # fmt: skip
    assert not_merged["code"] == "NOT_MERGED"


def test_a_customer_is_an_existing_one_once_a_deal_was_won_there(
    api: Api, pair: tuple[str, str]
) -> None:
    duplicate, survivor = pair
    deal = opened(api, duplicate)
    before = api.ask("{ logHead { position } }")["logHead"]["position"]
    won = api.done("winOpportunity", "", opportunityId=deal, expectedVersion=None)["position"]
    question = """query($id: ID!, $asOf: AsOf, $position: Position) {
      account(id: $id, atLeast: $position) { customerKind(asOf: $asOf) } }"""

    def kind(account: str, **more: Any) -> str:
        found = api.ask(question, id=account, position=won, **more)
        return str(found["account"]["customerKind"])

    assert (kind(duplicate), kind(survivor)) == ("EXISTING", "NEW")
    merged(api, duplicate, survivor)
    assert kind(survivor) == "EXISTING"
    assert kind(survivor, asOf={"position": before}) == "NEW"
    assert kind(duplicate, asOf={"position": won}) == "EXISTING"


def test_a_person_moves_and_is_listed_with_the_new_organisation(
    api: Api, pair: tuple[str, str]
) -> None:
    duplicate, survivor = pair
    dana = person(api, "Dana Ruiz", duplicate)
    moved = api.done("movePerson", PERSON, personId=dana, accountId=survivor, expectedVersion=None)
    assert moved["person"]["accountId"] == survivor
    question = """query($id: ID, $position: Position) {
      persons(accountId: $id, atLeast: $position) { nodes { id } } }"""

    there = api.ask(question, id=survivor, position=moved["position"])["persons"]["nodes"]
    assert [one["id"] for one in there] == [dana]
    assert api.ask(question, id=duplicate)["persons"]["nodes"] == []
    merge = merged(api, duplicate, survivor)["position"]
    found = api.ask(question, id=duplicate, position=merge)["persons"]["nodes"]
    assert [one["id"] for one in found] == [dana]
    unknown = api.refused("movePerson", personId=dana, accountId=str(uuid4()), expectedVersion=None)
    assert unknown["code"] == "UNKNOWN_ACCOUNT"


def test_two_entries_of_a_person_are_one_and_two_again(api: Api) -> None:
    twin, dana = person(api, "D. Ruiz"), person(api, "Dana Ruiz")
    payload = api.done("mergePerson", PERSON, personId=twin, intoPerson=dana, expectedVersion=None,
                       reason="Same telephone")  # fmt: skip

    assert (payload["person"]["id"], payload["person"]["mergedFrom"]) == (dana, twin)
    [duplicate] = payload["person"]["duplicates"]
    assert duplicate == {"id": twin, "name": {"text": "D. Ruiz"}, "into": dana}
    question = """query($position: Position) {
      persons(first: 100, atLeast: $position) { nodes { id } } }"""
    listed = api.ask(question, position=payload["position"])["persons"]["nodes"]
    assert twin not in [one["id"] for one in listed]

    looked = api.ask(
        "query($id: ID!) { erasurePreview(personId: $id) { personId also erasing } }", id=twin
    )["erasurePreview"]
    assert looked == {"personId": twin, "also": [dana], "erasing": 4}
    undone = api.done("undoPersonMerge", PERSON, personId=twin, expectedVersion=None,
                      reason="Father and son")  # fmt: skip
    assert (undone["person"]["id"], undone["person"]["name"]["text"]) == (twin, "D. Ruiz")
