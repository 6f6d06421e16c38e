"""Persons found by name and address over the network, by a blind index."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.support import Api, Installation
from tests.api.test_parties import merged, person, registered

FOUND = """query($search: String!, $account: ID, $first: Int, $after: String) {
  persons(search: $search, accountId: $account, first: $first, after: $after) {
    nodes { id mergedFrom name { text } } pageInfo { hasNextPage endCursor } } }"""
ACCOUNTS = "query($search: String) { accounts(search: $search) { nodes { id mergedFrom } } }"


@pytest.fixture
def indexed(installation: Installation) -> Iterator[Installation]:
    """Yield an installation that has a search index as long as the test lasts."""
    installation.application.index.build(installation.tenant)
    yield installation
    installation.application.index.drop(installation.tenant)


def found(api: Api, search: str, **more: Any) -> list[str]:
    nodes = api.ask(FOUND, search=search, **more)["persons"]["nodes"]
    return [one["id"] for one in nodes]


def shown(api: Api) -> None:
    """Wait until the rows show all that was written: whom somebody works for stands there."""
    head = api.ask("{ logHead { position } }")["logHead"]["position"]
    api.ask("query($p: Position) { persons(atLeast: $p) { nodes { id } } }", p=head)


def test_without_an_index_the_refusal_says_how_to_get_one(api: Api) -> None:
    [error] = api.errors(FOUND, search="Dana")

    assert error["extensions"]["code"] == "NO_SEARCH_INDEX"
    assert "opps search-index build" in error["message"]


def test_people_are_found_by_what_somebody_would_type(api: Api, indexed: Installation) -> None:
    dana = person(api, "Dana Ruíz", email="dana@halden.example")
    danae = person(api, "Danae Ruizhaus", email="danae@other.example")
    indexed.application.index.catch_up(indexed.tenant)

    assert found(api, "dana ruiz") == [dana, danae], "whole words first"
    assert set(found(api, "dan rui")) == {dana, danae}
    assert found(api, "DANA@halden.example") == found(api, "@halden.example") == [dana]
    assert found(api, "ruizh") == [danae]
    assert found(api, "ana") == found(api, "dana@halden") == []


def test_a_search_goes_on_page_by_page_over_both_ranks(api: Api, indexed: Installation) -> None:
    whole = {person(api, f"Orla Berg {number}") for number in range(3)}
    begun = {person(api, f"Orla Berger {number}") for number in range(3)}
    indexed.application.index.catch_up(indexed.tenant)
    pages, after = list[list[str]](), None
    while True:
        page = api.ask(FOUND, search="berg orla", first=2, after=after)["persons"]
        pages.append([one["id"] for one in page["nodes"]])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    every = [one for page in pages for one in page]
    assert [len(page) for page in pages] == [2, 2, 2]
    assert (set(every[:3]), set(every[3:])) == (whole, begun)


def test_only_people_of_an_account_are_found_where_one_is_given(
    api: Api, indexed: Installation
) -> None:
    mark = uuid4().hex[:8]
    account, other = registered(api, f"Nord {mark}"), registered(api, f"Nordwind {mark}")
    here, there = person(api, "Ines Falk", account), person(api, "Ines Falk", other)
    indexed.application.index.catch_up(indexed.tenant)

    shown(api)

    assert found(api, "ines", account=account) == [here]
    merged(api, account, other)
    shown(api)
    assert set(found(api, "ines", account=account)) == {here, there}


def test_whoever_was_merged_is_found_as_the_one_who_goes_on(
    api: Api, indexed: Installation
) -> None:
    twin, dana = person(api, "Zora Quell"), person(api, "Zora Klein")
    api.done("mergePerson", "", personId=twin, intoPerson=dana, expectedVersion=None,
             reason="She married")  # fmt: skip
    indexed.application.index.catch_up(indexed.tenant)

    [node] = api.ask(FOUND, search="quell")["persons"]["nodes"]
    assert node == {"id": dana, "mergedFrom": twin, "name": {"text": "Zora Klein"}}
    assert found(api, "zora") == [dana], "once, though both entries say so"


def test_what_the_index_still_says_is_compared_with_what_is_there(
    api: Api, indexed: Installation
) -> None:
    ute = person(api, "Ute Brandt")
    indexed.application.index.catch_up(indexed.tenant)
    assert found(api, "brandt") == [ute]
    api.done("correctPerson", "", personId=ute, name="Ute Lang", expectedVersion=None)

    assert found(api, "brandt") == []


def test_accounts_are_found_by_the_addresses_of_their_people(
    api: Api, indexed: Installation
) -> None:
    mark = uuid4().hex[:8]
    account = registered(api, f"Mail {mark}")
    person(api, "Otto Post", account, f"otto@{mark}.example")
    shown(api)
    indexed.application.index.catch_up(indexed.tenant)

    def answer(search: str) -> list[str]:
        return [one["id"] for one in api.ask(ACCOUNTS, search=search)["accounts"]["nodes"]]

    assert answer(f"@{mark}.example") == answer(f"OTTO@{mark}.example") == [account]
    assert answer("@nobody.example") == []


@pytest.mark.parametrize(
    ("search", "said"),
    [("-", "Nothing is asked for"), ("a b c d e f g h i", "more than 8"), ("x" * 201, "201")],
)
def test_a_search_for_nothing_or_too_much_is_refused(
    search: str, said: str, api: Api, indexed: Installation
) -> None:
    [error] = api.errors(FOUND, search=search)

    assert said in error["message"]


@pytest.mark.parametrize("made_up", ["", "x", '[2,"%s"]', '[-1,"%s"]', '["0","%s"]', "[0]"])
def test_a_cursor_that_somebody_made_up_is_refused(
    made_up: str, api: Api, indexed: Installation
) -> None:
    cursor = urlsafe_b64encode(made_up.replace("%s", str(uuid4())).encode()).decode()
    [error] = api.errors(FOUND, search="dana", after=cursor)

    assert "cursor" in error["message"]


def test_behind_the_last_page_of_another_search_is_nobody(api: Api, indexed: Installation) -> None:
    last = urlsafe_b64encode(f'[1,"{uuid4()}"]'.encode()).decode()

    assert found(api, "@halden.example", after=last) == []
