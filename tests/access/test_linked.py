"""Somebody who signs in and is linked acts as a person of ours: what is theirs is theirs."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from opps.api.identity import ACT_AS
from opps.api.ids import NodeType, to_global
from opps.domain.roles import ActorRole
from tests.access.letting_in import Door
from tests.support import eventually

WHO = "{ viewer { principal person { name { text } } } }"
MINE = "query ($id: ID!) { seller(id: $id) { timeline { totalCount } } }"
LINK = """mutation ($input: LinkPrincipalInput!) { linkPrincipal(input: $input) {
  userErrors { code } principalLinks { principal personId person { name { text } } } } }"""
UNLINK = """mutation ($input: UnlinkPrincipalInput!) { unlinkPrincipal(input: $input) {
  userErrors { code } principalLinks { principal } } }"""
LINKS = "{ principalLinks { principal personId } }"
REGISTER = """mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) {
  person { id } } }"""


def ask(
    door: Door, subject: str, query: str, role: str | None = None, **given: Any
) -> httpx.Response:
    """Return what somebody who signed in is answered."""
    headers = {"Authorization": f"Bearer {door.provider.token(subject)}"}
    headers |= {} if role is None else {ACT_AS: role}
    body = {"query": query, "variables": given}
    return door.api.client.post(door.api.url, json=body, headers=headers)


def who(door: Door, subject: str) -> dict[str, Any]:
    """Return as whom somebody acts."""
    shown: dict[str, Any] = ask(door, subject, WHO).json()["data"]["viewer"]
    return shown


def command(door: Door, mutation: str, **fields: Any) -> dict[str, Any]:
    """Return the payload of a command of the administrator."""
    asked = {"commandId": str(uuid4()), **fields}
    [payload] = ask(door, "anna", mutation, input=asked).json()["data"].values()
    return dict(payload)


@pytest.fixture
def eva(door: Door) -> str:
    """Return a seller who signs in for the first time."""
    subject = f"eva {uuid4()}"
    door.grant(subject, ActorRole.SELLER)
    return subject


@pytest.fixture
def sam(door: Door) -> UUID:
    """Return a person of ours whom an import had brought."""
    id_ = uuid4()
    command(door, REGISTER, personId=str(id_), name="Sam Seller")
    return id_


def linked(door: Door, subject: str, person: UUID) -> dict[str, Any]:
    """Return what the administrator is answered who links somebody to a person."""
    return command(door, LINK, principal=str(door.principal(subject)), personId=str(person))


def test_whoever_is_linked_sees_what_is_theirs(door: Door, eva: str, sam: UUID) -> None:
    id_ = to_global(NodeType.PERSON, sam)
    before = ask(door, eva, MINE, id=id_).json()
    payload = linked(door, eva, sam)
    eventually(lambda: who(door, eva)["principal"] == str(sam))
    after = ask(door, eva, MINE, id=id_).json()

    assert before["errors"][0]["extensions"]["code"] == "OUTSIDE_YOUR_TEAM"
    assert payload["userErrors"] == []
    assert payload["principalLinks"][-1] == {
        "principal": str(door.principal(eva)),
        "personId": id_,
        "person": {"name": {"text": "Sam Seller"}},
    }
    assert after["data"]["seller"]["timeline"]["totalCount"] == 0
    assert who(door, eva)["person"] == {"name": {"text": "Sam Seller"}}


def test_whoever_is_unlinked_acts_for_themselves_again(door: Door, eva: str, sam: UUID) -> None:
    linked(door, eva, sam)
    payload = command(door, UNLINK, principal=str(door.principal(eva)))

    assert payload["userErrors"] == []
    assert str(door.principal(eva)) not in str(payload["principalLinks"])
    eventually(lambda: who(door, eva) == {"principal": str(door.principal(eva)), "person": None})


def test_an_administrator_does_not_become_a_seller_alone(door: Door, sam: UUID) -> None:
    assert linked(door, "anna", sam)["userErrors"] == [{"code": "LINKS_THEMSELVES"}]


def test_auditors_see_who_acts_as_whom_and_others_do_not(door: Door, eva: str, sam: UUID) -> None:
    linked(door, eva, sam)
    door.grant(eva, ActorRole.AUDITOR)
    told = ask(door, eva, LINKS, "AUDITOR").json()["data"]["principalLinks"]
    refused = ask(door, eva, LINKS, "SELLER")

    assert str(door.principal(eva)) in [one["principal"] for one in told]
    assert refused.status_code == 403
