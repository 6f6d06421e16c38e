"""Access on the command line: the first administrator, and keys that are shown once."""

from uuid import UUID, uuid4

import pytest

from opps.access.tokens import principal_of
from opps.api.ids import NodeType, to_global
from opps.domain.access.key_text import read_text
from tests.cli.conftest import Run

SOMEBODY = "00000000-0000-4000-8000-00000000005e"
ISSUER = "https://login.example/realms/sales"


def test_roles_are_granted_listed_and_taken_back(run: Run, slug: str) -> None:
    anna, boris = uuid4(), uuid4()
    run("access", "grant", anna, "ADMIN", "--tenant", slug)
    run("access", "grant", boris, "seller", "--tenant", slug)
    shown = run("access", "grant", boris, "MANAGER", "--tenant", slug, "--json").answer
    run("access", "revoke", boris, "SELLER", "--tenant", slug)
    left = run("access", "list", "--tenant", slug, "--json").answer

    assert {"principal": str(boris), "roles": ["SELLER", "MANAGER"]} in shown["roles"]
    assert {"principal": str(boris), "roles": ["MANAGER"]} in left["roles"]
    assert str(anna) in run("access", "list", "--tenant", slug).out


def test_nobody_has_a_role_before_one_is_granted(run: Run, slug: str) -> None:
    assert "Nobody holds a role yet" in run("access", "list", "--tenant", slug).out


def test_the_last_administrator_stays(run: Run, slug: str) -> None:
    anna = uuid4()
    run("access", "grant", anna, "ADMIN", "--tenant", slug)
    outcome = run("access", "revoke", anna, "ADMIN", "--tenant", slug)

    assert outcome.code == 2
    assert "only administrator" in outcome.err


def test_somebody_is_named_by_the_subject_of_their_tokens(
    run: Run, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = run("access", "grant", "anna", "ADMIN", "--subject", "--tenant", slug)
    monkeypatch.setenv("OPPS_OIDC_ISSUER", ISSUER)
    monkeypatch.setenv("OPPS_OIDC_AUDIENCE", "opps")
    shown = run("access", "grant", "anna", "ADMIN", "--subject", "--tenant", slug, "--json").answer

    assert (unknown.code, "OPPS_OIDC_ISSUER" in unknown.err) == (2, True)
    assert shown["roles"] == [{"principal": str(principal_of(ISSUER, "anna")), "roles": ["ADMIN"]}]


def test_somebody_is_linked_to_a_person_and_unlinked(run: Run, slug: str) -> None:
    eva, sam = uuid4(), uuid4()
    linked = run("access", "link", eva, to_global(NodeType.PERSON, sam), "--tenant", slug, "--json")
    listed = run("access", "list", "--tenant", slug).out
    again = run("access", "link", eva, uuid4(), "--tenant", slug)
    unlinked = run("access", "unlink", eva, "--tenant", slug, "--json").answer

    assert linked.answer["links"] == [{"principal": str(eva), "person": str(sam)}]
    assert str(sam) in listed
    assert (again.code, "acts as" in again.err) == (2, True)
    assert unlinked["links"] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["anna", "ADMIN"], "--subject"),
        ([SOMEBODY, "BOSS"], "There is no role 'BOSS'"),
    ],
)
def test_what_names_nobody_or_no_role_is_told(
    run: Run, slug: str, words: list[str], told: str
) -> None:
    outcome = run("access", "grant", *words, "--tenant", slug)

    assert outcome.code == 2
    assert told in outcome.err


def test_a_key_is_printed_once_and_only_its_digest_is_kept(run: Run, slug: str) -> None:
    made = run("key", "create", "Nightly export", "--tenant", slug)
    named = read_text(made.out.strip())
    [listed] = run("key", "list", "--tenant", slug, "--json").answer["keys"]
    told = run("key", "list", "--tenant", slug).out

    assert named is not None
    assert (named.slug, str(named.key_id)) == (slug, listed["key_id"])
    assert (listed["role"], listed["scopes"]) == ("INTEGRATOR", ["READ"])
    assert listed["expires_at"] is not None
    secret = made.out.strip().rpartition("_")[2]
    assert secret not in f"{listed}{told}"
    assert "Nightly export" in told


def test_a_key_replaces_another_one_of_the_same_program(run: Run, slug: str) -> None:
    old = run("key", "create", "Old", "--tenant", slug, "--json").answer
    again = ("--program", old["program"], "--write", "--days", "0", "--tenant", slug)
    new = run("key", "create", "New", *again, "--json").answer
    third = run("key", "create", "Third", *again)
    run("key", "revoke", old["key_id"], "--reason", "Replaced", "--tenant", slug)
    states = {
        one["name"]: one for one in run("key", "list", "--tenant", slug, "--json").answer["keys"]
    }

    assert (new["scopes"], new["expires_at"]) == (["READ", "WRITE"], None)
    assert (third.code, "revoke one first" in third.err) == (2, True)
    assert states["Old"]["reason"] == "Replaced"
    assert states["New"]["revoked_at"] is None


def test_no_key_is_issued_to_an_administrator(run: Run, slug: str) -> None:
    outcome = run("key", "create", "All", "--role", "ADMIN", "--tenant", slug)

    assert outcome.code == 2
    assert "for people" in outcome.err


def test_a_key_given_by_mistake_instead_of_its_id_is_not_repeated(run: Run, slug: str) -> None:
    text = run("key", "create", "Mistake", "--tenant", slug).out.strip()
    outcome = run("key", "revoke", text, "--tenant", slug)

    assert outcome.code == 2
    assert text not in outcome.err
    assert "opps key list" in outcome.err


def test_a_key_that_was_never_issued_cannot_be_revoked(run: Run, slug: str) -> None:
    outcome = run("key", "revoke", UUID(int=7), "--tenant", slug)

    assert outcome.code == 2
    assert "There is no API key" in outcome.err
