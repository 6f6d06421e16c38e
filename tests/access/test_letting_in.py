"""Who may come in does: people by tokens and the roles granted to them, programs by keys."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc.jwk import Key

from opps.api.identity import ACT_AS
from opps.domain.access.commands import KeyScope
from opps.domain.access.key_text import read_text, text_of
from opps.domain.roles import ActorRole
from opps.eventstore import register_tenant
from tests.access.letting_in import Door, door_of, letting_in
from tests.access.provider import EC, ED, RSA, FakeProvider
from tests.api.support import Installation
from tests.support import eventually

WHO = "{ viewer { principal role organisation } }"
REGISTER = """mutation ($id: UUID!) {
  registerAccount(input: {commandId: $id, name: "Widgets"}) {
    userErrors { code } account { name }
  }
}"""
ISSUE = """mutation ($input: IssueApiKeyInput!) {
  issueApiKey(input: $input) {
    userErrors { code } replayed text apiKey { keyId name role scopes opens principal }
  }
}"""
REVOKE = """mutation ($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) { userErrors { code } apiKey { opens reason } }
}"""
KEYS = "{ apiKeys { keyId name opens } }"


def ask(
    door: Door, token: str, query: str = WHO, role: str | None = None, **variables: Any
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} | ({} if role is None else {ACT_AS: role})
    asked = {"query": query, "variables": variables}
    return door.api.client.post(door.api.url, json=asked, headers=headers)


def seen(door: Door, token: str, role: str | None = None) -> dict[str, str]:
    shown: dict[str, str] = ask(door, token, role=role).json()["data"]["viewer"]
    return shown


def code(answer: httpx.Response) -> tuple[int, str]:
    [error] = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]


@pytest.mark.parametrize("key", [RSA, EC, ED], ids=["RS256", "ES256", "EdDSA"])
def test_somebody_signed_in_is_let_in_with_the_role_that_was_granted(door: Door, key: Key) -> None:
    shown = seen(door, door.provider.token("anna", key))

    expected = {"principal": str(door.principal("anna")), "role": "ADMIN", "organisation": "acme"}
    assert shown == expected


@pytest.mark.parametrize(
    "changed",
    [
        {"exp_s": -30},
        {"nbf_s": 30},
        {"aud": ["billing", "opps-api"]},
        {"exp": 10**30},
        {"header": {"typ": "at+jwt"}},
        {"header": {"x5t": "abc", "nonce": "of another header"}},
    ],
    ids=["a moment late", "a moment early", "several audiences", "for ever", "typ", "header"],
)
def test_what_is_as_good_is_taken_too(door: Door, changed: dict[str, Any]) -> None:
    now = int(datetime.now(UTC).timestamp())
    said = {
        name.removesuffix("_s"): now + held if name.endswith("_s") else held
        for name, held in changed.items()
    }

    assert seen(door, door.provider.token("anna", **said))["role"] == "ADMIN"


def test_whoever_holds_several_roles_says_which_one(door: Door) -> None:
    token = door.provider.token("boris")
    unsaid = ask(door, token)

    assert [seen(door, token, role)["role"] for role in ("SELLER", "MANAGER")] == [
        "SELLER",
        "MANAGER",
    ]
    assert code(unsaid) == (400, "BAD_REQUEST")
    assert "SELLER or MANAGER" in unsaid.text


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("ADMIN", (403, "FORBIDDEN")),
        ("BOSS", (400, "BAD_REQUEST")),
        ("SELLER 00000000-0000-4000-8000-00000000005e", (400, "BAD_REQUEST")),
    ],
)
def test_nobody_takes_a_role_or_a_name_that_is_not_theirs(
    door: Door, role: str, expected: tuple[int, str]
) -> None:
    assert code(ask(door, door.provider.token("boris"), role=role)) == expected


def test_who_holds_no_role_is_told_their_id_and_let_in_once_one_is_granted(door: Door) -> None:
    token = door.provider.token("clara")
    before = ask(door, token)
    door.grant("clara", ActorRole.AUDITOR)

    assert code(before) == (403, "FORBIDDEN")
    assert str(door.principal("clara")) in before.text
    eventually(lambda: ask(door, token).status_code == 200)


def test_a_role_that_was_taken_back_opens_nothing_a_moment_later(door: Door) -> None:
    door.grant("daniel", ActorRole.SELLER)
    token = door.provider.token("daniel")
    assert seen(door, token)["role"] == "SELLER"
    door.take("daniel", ActorRole.SELLER)

    eventually(lambda: ask(door, token).status_code == 403)


def test_a_key_reads_and_does_not_write_unless_it_is_for_that(door: Door) -> None:
    reads, writes = door.key(), door.key(KeyScope.READ, KeyScope.WRITE, role=ActorRole.SELLER)
    refused = ask(door, reads, REGISTER, id=str(uuid4()))
    done = ask(door, writes, REGISTER, id=str(uuid4()))

    assert seen(door, reads)["role"] == "INTEGRATOR"
    assert code(refused) == (403, "OUT_OF_SCOPE")
    assert done.json()["data"]["registerAccount"]["account"] == {"name": "Widgets"}


def test_a_key_that_only_writes_does_not_read(door: Door) -> None:
    assert code(ask(door, door.key(KeyScope.WRITE))) == (403, "OUT_OF_SCOPE")


def test_a_key_is_taken_in_its_own_role_only(door: Door) -> None:
    key = door.key()

    assert seen(door, key, "INTEGRATOR")["role"] == "INTEGRATOR"
    assert code(ask(door, key, role="ADMIN")) == (403, "FORBIDDEN")


def test_keys_that_are_not_as_they_were_issued_all_hear_the_same(door: Door) -> None:
    good = door.key()
    named = read_text(good)
    assert named is not None
    others = [
        text_of("acme", named.key_id, bytes(32)),
        text_of("acme", UUID(int=7), bytes(32)),
        text_of("nobody", named.key_id, bytes(32)),
        good[:-1],
        "opps_",
    ]
    answers = [ask(door, one) for one in others]

    assert {code(one) for one in answers} == {(401, "UNAUTHENTICATED")}
    assert len({one.json()["errors"][0]["message"] for one in answers}) == 1


def test_a_key_opens_nothing_once_it_is_revoked(door: Door) -> None:
    key = door.key()
    named = read_text(key)
    assert named is not None
    assert ask(door, key).status_code == 200
    door.revoke(named.key_id)

    eventually(lambda: ask(door, key).status_code == 401)


def test_a_key_opens_nothing_once_it_has_expired(door: Door) -> None:
    key = door.key(expires_at=datetime.now(UTC) + timedelta(seconds=1.5))
    first = ask(door, key).status_code

    assert first == 200
    eventually(lambda: ask(door, key).status_code == 401)


def test_an_administrator_issues_a_key_that_is_shown_once(door: Door) -> None:
    anna = door.provider.token("anna")
    wanted = {"commandId": str(uuid4()), "name": "Nightly export", "role": "INTEGRATOR"}
    first = ask(door, anna, ISSUE, input=wanted).json()["data"]["issueApiKey"]
    again = ask(door, anna, ISSUE, input=wanted).json()["data"]["issueApiKey"]

    assert (first["replayed"], again["replayed"]) == (False, True)
    assert (again["text"], again["apiKey"]) == (None, first["apiKey"])
    assert seen(door, first["text"])["principal"] == first["apiKey"]["principal"]
    listed = ask(door, anna, KEYS).json()["data"]["apiKeys"]
    assert listed[0] == {n: first["apiKey"][n] for n in ("keyId", "name", "opens")}


def test_an_administrator_revokes_a_key(door: Door) -> None:
    key = read_text(door.key())
    assert key is not None
    wanted = {"commandId": str(uuid4()), "keyId": str(key.key_id), "reason": "In a log"}
    done = ask(door, door.provider.token("anna"), REVOKE, input=wanted)

    shown = done.json()["data"]["revokeApiKey"]["apiKey"]
    assert shown == {"opens": False, "reason": "In a log"}


def test_nobody_else_sees_or_issues_keys(door: Door) -> None:
    boris = door.provider.token("boris")
    wanted = {"commandId": str(uuid4()), "name": "Mine", "role": "SELLER"}
    issued = ask(door, boris, ISSUE, "MANAGER", input=wanted)

    assert code(ask(door, boris, KEYS, "MANAGER")) == (403, "FORBIDDEN")
    assert code(issued) == (403, "FORBIDDEN")
    assert "data" not in issued.json()


def test_a_token_may_say_of_which_organisation_somebody_is(
    installation: Installation, signing: FakeProvider
) -> None:
    register_tenant(installation.database, uuid4(), "globex")
    with door_of(
        installation, signing, letting_in(installation, signing, tenant_claim="org")
    ) as door:
        door.grant("eva", ActorRole.SELLER)
        answers = {
            org: ask(door, signing.token("eva", org=org)) for org in ("acme", "globex", "other")
        }
        unsaid = ask(door, signing.token("eva"))

    assert answers["acme"].json()["data"]["viewer"]["organisation"] == "acme"
    # Her role is one of acme: elsewhere she holds none.
    assert code(answers["globex"]) == code(answers["other"]) == (403, "FORBIDDEN")
    assert code(unsaid) == (401, "UNAUTHENTICATED")
