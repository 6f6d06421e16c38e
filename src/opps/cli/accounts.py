"""Commands on accounts: `opps accounts`."""

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
    help="List accounts, find and show them, and merge those that are one.",
    no_args_is_help=True,
)
Account = Annotated[
    str, typer.Argument(help="The account: the id that opps gave, or the UUID.", metavar="ACCOUNT")
]
_SHOWN = """id name externalId version customerKind mergedFrom
  duplicates { id name externalId into }"""
_LIST = """query Accounts($search: String, $first: Int, $after: String) {
  accounts(search: $search, first: $first, after: $after) {
    nodes { id name externalId customerKind mergedFrom } pageInfo { hasNextPage endCursor } } }"""
_ONE = f"query Account($id: ID!) {{ account(id: $id) {{ {_SHOWN} }} }}"


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="accounts")


@group.command("list")
def list_accounts(
    search: Annotated[
        str | None,
        typer.Option(help="Part of the name; or, with @, an address or @domain of people there."),
    ] = None,
    first: First = 20,
    after: After = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """List accounts by name, or those that are searched for."""
    page = answered(tenant, _LIST, search=search, first=first, after=after)["accounts"]
    if as_json:
        print_json(page)
        return
    rows = [
        (one["name"], one["id"], one["externalId"], one["customerKind"], one["mergedFrom"])
        for one in page["nodes"]
    ]
    print_table("Accounts", ("name", "id", "external id", "customer", "found as"), rows)
    say_whether_more(page)


@group.command()
def show(account: Account, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show an account, what kind of customer it is, and which were merged into it."""
    found = answered(tenant, _ONE, id=account)["account"]
    if found is None:
        raise Cannot(f"There is no account {account}. `opps accounts list` shows their ids.")
    _tell(found, as_json=as_json)


@group.command()
def merge(
    account: Account,
    into: Annotated[str, typer.Option(help="The account that goes on for both.")],
    reason: Reason,
    expected_version: ExpectedVersion = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Say that an account is another one: that one goes on, and both histories stay."""
    _carry_out(
        tenant,
        "mergeAccount",
        as_json=as_json,
        accountId=account,
        intoAccount=into,
        reason=reason,
        expectedVersion=expected_version,
    )


@group.command("undo-merge")
def undo_merge(
    account: Account,
    reason: Reason,
    expected_version: ExpectedVersion = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Say that two accounts are two after all: each stands for itself again."""
    _carry_out(
        tenant,
        "undoAccountMerge",
        as_json=as_json,
        accountId=account,
        reason=reason,
        expectedVersion=expected_version,
    )


def _carry_out(tenant: str | None, mutation: str, *, as_json: bool, **given: Any) -> None:
    payload = done(tenant, mutation, f"account {{ {_SHOWN} }}", **given)
    _tell(payload["account"], as_json=as_json)


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say_merged_from(found)
    say(f"{found['name']} ({found['id']}), version {found['version']}.")
    if found["externalId"] is not None:
        say(f"Its id in the source system is {found['externalId']}.")
    kind = "An existing customer" if found["customerKind"] == "EXISTING" else "A new customer"
    say(f"{kind}, by what was won there.")
    for one in found["duplicates"]:
        say(f"{one['name']} ({one['id']}) was merged into it.")
