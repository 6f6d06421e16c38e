"""What a refusal says: what is wrong and what to do, in words of the caller."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from opps.api.ids import from_global
from tests.api.deals import new_id, opened
from tests.api.support import Api


@pytest.fixture(scope="module")
def opportunity(api: Api) -> str:
    """Return an open opportunity kept in euros."""
    return opened(api)


@pytest.mark.parametrize(
    ("command", "input", "said"),
    [
        ("recordSellerEstimate", {"probability": 1.2}, "it must be at most 1"),
        ("recordSellerEstimate", {"probability": -0.2}, "it must be at least 0"),
        ("renameOpportunity", {"title": ""}, "it is too short: it takes at least 1"),
        ("renameOpportunity", {"title": "x" * 201}, "it is too long: it takes at most 200"),
        (
            "estimateAmount",
            {"amount": {"amount": "1", "currency": "eur"}},
            "write three capital letters, such as EUR",
        ),
    ],
)
def test_a_limit_is_told_in_plain_words(
    api: Api, opportunity: str, command: str, input: dict[str, Any], said: str
) -> None:
    error = api.refused(command, opportunityId=opportunity, expectedVersion=None, **input)

    assert error["message"] == said


def test_an_id_of_another_type_is_told_as_such(api: Api, opportunity: str) -> None:
    [error] = api.errors("query ($id: ID!) { account(id: $id) { name } }", id=opportunity)

    assert error["message"].endswith("is an id of the type opportunity: give one of account")


@pytest.mark.parametrize("version", [None, 3])
def test_an_unknown_opportunity_is_told_as_such_whatever_version_is_expected(
    api: Api, version: int | None
) -> None:
    error = api.refused(
        "renameOpportunity", opportunityId=new_id(), expectedVersion=version, title="New"
    )

    assert error["code"] == "UNKNOWN_OPPORTUNITY"
    assert "check the id, or open it first" in error["message"]


def account_of(api: Api, opportunity: str) -> UUID:
    query = "query ($id: ID!) { opportunity(id: $id) { accountId } }"
    _, id_ = from_global(api.ask(query, id=opportunity)["opportunity"]["accountId"])
    return id_


def test_an_id_that_another_kind_of_object_has_cannot_be_opened(api: Api, opportunity: str) -> None:
    account = str(account_of(api, opportunity))
    error = api.refused(
        "openOpportunity", opportunityId=account, accountId=account, title="New", currency="EUR"
    )

    assert error["code"] == "ALREADY_EXISTS"
    assert "use another id" in error["message"]


def test_of_two_openings_at_the_same_time_one_is_told_that_the_id_is_taken(
    api: Api, opportunity: str
) -> None:
    same = {"accountId": str(account_of(api, opportunity)), "currency": "EUR"}

    def both(_: int) -> list[str]:
        id_ = new_id()
        with ThreadPoolExecutor(2) as at_once:
            payloads = at_once.map(
                lambda title: api.command(
                    "openOpportunity", opportunityId=id_, title=title, **same
                ),
                ["One", "Two"],
            )
        return [error["code"] for one in payloads for error in one["userErrors"]]

    assert [both(number) for number in range(10)] == [["ALREADY_EXISTS"]] * 10


def test_many_who_add_facts_at_once_and_expect_no_version_are_all_served(
    api: Api, opportunity: str
) -> None:
    def add(_: int) -> list[Any]:
        fact = {"evaluator": {"evaluatorId": new_id(), "title": "CFO"}}
        given = {"fact": fact, "provenance": {"source": "BUYER_SAID", "channel": "CALL"}}
        payload = api.command(
            "learnFact", opportunityId=opportunity, expectedVersion=None, stated=given
        )
        return payload["userErrors"]  # type: ignore[no-any-return]  # decoded JSON

    with ThreadPoolExecutor(12) as at_once:
        refused = [one for errors in at_once.map(add, range(120)) for one in errors]

    assert refused == []
