"""Two organisations in one database: the ids of one mean nothing to the other."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from opps.eventstore import register_tenant
from tests.api.deals import evaluator, learned, new_id, opened, stated
from tests.api.support import Api, Installation, served_api

NODE = "query ($id: ID!) { node(id: $id) { id } }"


@pytest.fixture(scope="module")
def other(installation: Installation) -> Iterator[Api]:
    """Yield a client of another organisation on the same database."""
    tenant = register_tenant(installation.database, uuid4(), "other")
    with served_api(replace(installation, tenant=tenant)) as client:
        yield client


@pytest.fixture(scope="module")
def theirs(api: Api) -> dict[str, str]:
    """Return the ids of an opportunity, its account and a person of the first organisation."""
    id_ = opened(api, "A secret deal")
    shown = api.ask("query ($id: ID!) { opportunity(id: $id) { accountId } }", id=id_)
    person = api.done("registerPerson", "person { id }", name="Sam Seller")["person"]["id"]
    return {
        "opportunity": id_,
        "account": shown["opportunity"]["accountId"],
        "person": person,
    }


@pytest.mark.parametrize("kind", ["opportunity", "account", "person"])
def test_an_id_of_another_organisation_is_nothing(
    other: Api, theirs: dict[str, str], kind: str
) -> None:
    id_ = theirs[kind]
    query = f"query ($id: ID!) {{ {kind}(id: $id) {{ id }} nodes(ids: [$id]) {{ id }} }}"

    assert other.ask(NODE, id=id_) == {"node": None}
    assert other.ask(query, id=id_) == {kind: None, "nodes": [None]}


def test_nothing_of_another_organisation_is_listed(other: Api, theirs: dict[str, str]) -> None:
    query = """query ($opportunity: ID!, $account: ID!) {
      opportunities(filter: {search: "secret"}) { totalCount }
      mine: opportunities(filter: {accountIds: [$account]}) { totalCount }
      events(filter: {opportunityId: $opportunity}) { nodes { tag } }
      persons(accountId: $account) { nodes { id } }
    }"""
    shown = other.ask(query, opportunity=theirs["opportunity"], account=theirs["account"])

    assert shown == {
        "opportunities": {"totalCount": 0},
        "mine": {"totalCount": 0},
        "events": {"nodes": []},
        "persons": {"nodes": []},
    }


def test_a_command_on_an_opportunity_of_another_organisation_is_refused_as_unknown(
    api: Api, other: Api, theirs: dict[str, str]
) -> None:
    id_ = theirs["opportunity"]
    error = other.refused("renameOpportunity", opportunityId=id_, expectedVersion=0, title="Mine")
    kept = api.ask("query ($id: ID!) { opportunity(id: $id) { title version } }", id=id_)

    assert error["code"] == "UNKNOWN_OPPORTUNITY"
    assert kept["opportunity"] == {"title": "A secret deal", "version": 0}


def test_an_account_of_another_organisation_is_unknown(other: Api, theirs: dict[str, str]) -> None:
    error = other.refused(
        "openOpportunity", accountId=theirs["account"], title="Mine", currency="EUR"
    )

    assert error["code"] == "UNKNOWN_ACCOUNT"


def test_two_organisations_may_use_the_same_ids_and_command_ids(api: Api, other: Api) -> None:
    same: dict[str, Any] = {"commandId": new_id(), "accountId": new_id()}
    first = api.done("registerAccount", "account { name }", name="Nordwind", **same)
    second = other.done("registerAccount", "account { name }", name="Southwind", **same)
    shown = [
        one.ask("query ($id: ID!) { account(id: $id) { name } }", id=same["accountId"])
        for one in (api, other)
    ]

    assert (first["replayed"], second["replayed"]) == (False, False)
    assert [one["account"]["name"] for one in shown] == ["Nordwind", "Southwind"]


def test_the_changes_of_another_organisation_are_not_sent(api: Api, other: Api) -> None:
    with ExitStack() as open_:
        socket = open_.enter_context(other.socket())
        socket.subscribe(
            'subscription { scoreChanged(after: "0") { __typename '
            "... on ScoreChanged { opportunityId } } }"
        )
        assert socket.next()["scoreChanged"]["__typename"] == "StreamCaughtUp"
        learned(api, opened(api), stated(evaluator(new_id())))
        mine = opened(other, "Ours")

        assert socket.next()["scoreChanged"]["opportunityId"] == mine


@pytest.mark.parametrize("kind", "oap")
def test_an_id_that_nobody_has_is_nothing(other: Api, kind: str) -> None:
    from opps.api.ids import NodeType, to_global

    assert other.ask(NODE, id=to_global(NodeType(kind), uuid4())) == {"node": None}
