"""Commands on persons: `opps persons`."""

from typing import Annotated, Any

import typer

from opps.cli.output import Cannot, Json, Tenant, print_json, print_table, say
from opps.cli.parties import (
    After,
    ExpectedVersion,
    First,
    Reason,
    answered,
    done,
    say_merged_from,
    say_whether_more,
)

group = typer.Typer(
    help="List persons, find and show them, move them, and merge those who are one.",
    no_args_is_help=True,
)
Person = Annotated[
    str, typer.Argument(help="The person: the id that opps gave, or the UUID.", metavar="PERSON")
]
_SHOWN = """id name { text redacted } email { text } phone { text } accountId version mergedFrom
  duplicates { id name { text } into }"""
_LIST = """query Persons($search: String, $account: ID, $first: Int, $after: String) {
  persons(search: $search, accountId: $account, first: $first, after: $after) {
    nodes { id name { text redacted } email { text } accountId mergedFrom }
    pageInfo { hasNextPage endCursor } } }"""
_ONE = f"query Person($id: ID!) {{ person(id: $id) {{ {_SHOWN} }} }}"
REDACTED = "(erased)"


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="persons")


@group.command("list")
def list_persons(
    search: Annotated[
        str | None,
        typer.Option(
            help="Words of the name, or their beginnings; an address; or an @domain. It takes a "
            "search index: `opps search-index build`."
        ),
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="Only those who work for this account, by its id.")
    ] = None,
    first: First = 20,
    after: After = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """List persons, or those who are searched for, the best first."""
    page = answered(tenant, _LIST, search=search, account=account, first=first, after=after)
    found = page["persons"]
    if as_json:
        print_json(found)
        return
    rows = [
        (_text(one["name"]), one["id"], _text(one["email"]), one["accountId"], one["mergedFrom"])
        for one in found["nodes"]
    ]
    print_table("Persons", ("name", "id", "e-mail", "account", "found as"), rows)
    say_whether_more(found)


@group.command()
def show(person: Person, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show a person, and who was merged into them."""
    found = answered(tenant, _ONE, id=person)["person"]
    if found is None:
        raise Cannot(f"There is no person {person}. `opps persons list` shows their ids.")
    _tell(found, as_json=as_json)


@group.command()
def move(
    person: Person,
    account: Annotated[
        str | None, typer.Option(help="The account that they work for now; none, if absent.")
    ] = None,
    expected_version: ExpectedVersion = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Say that a person works for another account now, or for none that we know."""
    _carry_out(
        tenant,
        "movePerson",
        as_json=as_json,
        personId=person,
        accountId=account,
        expectedVersion=expected_version,
    )


@group.command()
def merge(
    person: Person,
    into: Annotated[str, typer.Option(help="The person who goes on for both.")],
    reason: Reason,
    expected_version: ExpectedVersion = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Say that a person is another one: that one goes on, and both histories stay."""
    _carry_out(
        tenant,
        "mergePerson",
        as_json=as_json,
        personId=person,
        intoPerson=into,
        reason=reason,
        expectedVersion=expected_version,
    )


@group.command("undo-merge")
def undo_merge(
    person: Person,
    reason: Reason,
    expected_version: ExpectedVersion = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Say that two persons are two after all: each stands for themselves again."""
    _carry_out(
        tenant,
        "undoPersonMerge",
        as_json=as_json,
        personId=person,
        reason=reason,
        expectedVersion=expected_version,
    )


def _carry_out(tenant: str | None, mutation: str, *, as_json: bool, **given: Any) -> None:
    payload = done(tenant, mutation, f"person {{ {_SHOWN} }}", **given)
    _tell(payload["person"], as_json=as_json)


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say_merged_from(found)
    say(f"{_text(found['name'])} ({found['id']}), version {found['version']}.")
    for field in ("email", "phone"):
        if found[field] is not None:
            say(f"{_text(found[field])}")
    if found["accountId"] is not None:
        say(f"Works for {found['accountId']}.")
    for one in found["duplicates"]:
        say(f"{_text(one['name'])} ({one['id']}) was merged into this one.")


def _text(held: dict[str, Any] | None) -> str:
    if held is None:
        return ""
    return REDACTED if held["text"] is None else str(held["text"])
