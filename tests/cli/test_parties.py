"""Accounts and persons on the command line: found, merged, moved, and taken apart again."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from opps.app import Opps
from opps.application import Request, operator
from opps.config import settings
from opps.domain.account import RegisterAccount
from opps.domain.person import RegisterPerson
from tests.cli.conftest import Run
from tests.cli.quiet import installation

__all__ = ["installation"]

HALDEN, HALDEN_AG, DANA, TWIN = uuid4(), uuid4(), uuid4(), uuid4()


async def _registered(opps: Opps, tenant: UUID) -> None:
    def request() -> Request:
        return Request(tenant=tenant, actor=operator(), command_id=uuid4())

    for id_, name in ((HALDEN, "Halden"), (HALDEN_AG, "Halden AG")):
        await opps.application.account(RegisterAccount(account_id=id_, name=name), request())
    for id_, name in ((DANA, "Dana Ruiz"), (TWIN, "D. Ruiz")):
        person = RegisterPerson(
            person_id=id_, name=name, email=f"{id_.hex}@halden.example", account_id=HALDEN
        )
        await opps.application.person(person, request())


@pytest.fixture
def known(run: Run, slug: str) -> str:
    """Return a tenant with two accounts and two persons, and read models that show them."""
    with Opps(settings()) as opps:
        asyncio.run(_registered(opps, opps.tenant(slug)))
    _shown(run)
    return slug


def _shown(run: Run) -> None:
    assert run("rebuild", "accounts", "persons", "board", "score_trend").code == 0


def _done(run: Run, slug: str, *arguments: object) -> Any:
    outcome = run(*arguments, "--tenant", slug, "--json")
    assert outcome.code == 0, outcome.err
    return outcome.answer


def test_two_accounts_that_are_one_are_merged_and_taken_apart(run: Run, known: str) -> None:
    merged = _done(run, known, "accounts", "merge", HALDEN, "--into", HALDEN_AG,
                   "--reason", "One company")  # fmt: skip
    assert merged["name"] == "Halden AG"
    assert [one["name"] for one in merged["duplicates"]] == ["Halden"]
    told = run("accounts", "show", merged["mergedFrom"], "--tenant", known)
    assert "was merged into" in told.out
    assert "A new customer" in told.out
    again = run("accounts", "merge", HALDEN_AG, "--into", HALDEN, "--reason", "No", "--tenant",
                known)  # fmt: skip
    assert again.code == 2
    assert "undo that merge first" in again.err

    undone = _done(run, known, "accounts", "undo-merge", HALDEN, "--reason", "Two plants")
    assert (undone["name"], undone["mergedFrom"]) == ("Halden", None)


def test_accounts_are_listed_page_by_page(run: Run, known: str) -> None:
    page = _done(run, known, "accounts", "list", "--first", 1)
    more = run("accounts", "list", "--first", 1, "--tenant", known)
    rest = _done(run, known, "accounts", "list", "--after", page["pageInfo"]["endCursor"])

    assert [one["name"] for one in (*page["nodes"], *rest["nodes"])] == ["Halden", "Halden AG"]
    assert "There are more: --after" in more.out
    found = _done(run, known, "accounts", "list", "--search", "AG")["nodes"]
    assert [one["name"] for one in found] == ["Halden AG"]


def test_ids_stand_whole_in_a_narrow_terminal_so_that_they_can_be_copied(
    run: Run, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [node] = _done(run, known, "accounts", "list", "--search", "AG")["nodes"]
    monkeypatch.setenv("COLUMNS", "40")

    assert node["id"] in run("accounts", "list", "--tenant", known).out


def test_a_person_moves_and_is_one_with_another_entry(run: Run, known: str) -> None:
    moved = _done(run, known, "persons", "move", DANA, "--account", HALDEN_AG)
    merged = _done(run, known, "persons", "merge", TWIN, "--into", DANA, "--reason", "Same phone")
    told = run("persons", "show", TWIN, "--tenant", known)

    assert moved["accountId"] == merged["accountId"]
    assert merged["name"]["text"] == "Dana Ruiz"
    assert "D. Ruiz" in told.out
    undone = _done(run, known, "persons", "undo-merge", TWIN, "--reason", "Father and son")
    assert undone["name"]["text"] == "D. Ruiz"


def test_people_are_found_once_an_index_is_built_and_no_more_once_it_is_dropped(
    run: Run, known: str
) -> None:
    refused = run("persons", "list", "--search", "dana", "--tenant", known)
    assert refused.code == 2
    assert "opps search-index build" in refused.err
    assert _done(run, known, "search-index", "status")["built"] is False
    assert "search-index build" in run("search-index", "status", "--tenant", known).out

    built = _done(run, known, "search-index", "build")
    assert (built["persons"], built["behind"]) == (2, 0)
    found = _done(run, known, "persons", "list", "--search", "ruiz dana")["nodes"]
    assert [one["name"]["text"] for one in found] == ["Dana Ruiz"]
    assert "Dana Ruiz" in run("persons", "list", "--search", "rui", "--tenant", known).out
    assert "2 persons can be found" in run("search-index", "build", "--tenant", known).out
    dropped = _done(run, known, "search-index", "drop")
    assert dropped["dropped"]
    assert dropped["tokens"] == built["tokens"]
    assert run("persons", "list", "--search", "dana", "--tenant", known).code == 2
    assert _done(run, known, "search-index", "drop")["dropped"] is False


@pytest.mark.parametrize("kind", ["accounts", "persons"])
def test_an_unknown_id_is_told_with_where_to_look(kind: str, run: Run, known: str) -> None:
    outcome = run(kind, "show", uuid4(), "--tenant", known)

    assert outcome.code == 2
    assert f"opps {kind} list" in outcome.err
