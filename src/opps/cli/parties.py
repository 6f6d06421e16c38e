"""What the commands on accounts and persons share: their pages, and how a merge is told."""

import asyncio
from typing import Annotated, Any
from uuid import uuid4

import typer

from opps.cli.acting import opened
from opps.cli.asking import asked
from opps.cli.output import Cannot, say

First = Annotated[int, typer.Option(help="How many to show.", min=1, max=100)]
After = Annotated[
    str | None, typer.Option(help="Go on behind this cursor, which the page before ended with.")
]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
ExpectedVersion = Annotated[
    int | None, typer.Option(help="The version that you saw; any, if absent.", min=0)
]


def answered(tenant: str | None, document: str, **variables: Any) -> dict[str, Any]:
    """Return what GraphQL answers to whoever runs opps."""
    with opened() as opps:
        return asyncio.run(asked(opps, tenant, document, variables))


def done(tenant: str | None, mutation: str, show: str, **given: Any) -> dict[str, Any]:
    """Carry out a command, and return what it shows of the object.

    Raises:
        Cannot: it was refused; the message says why.
    """
    kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
    document = (
        f"mutation Command($input: {kind}) {{ {mutation}(input: $input)"
        f" {{ {show} userErrors {{ message }} }} }}"
    )
    wanted = {"commandId": str(uuid4()), "expectedVersion": None, **given}
    payload: dict[str, Any] = answered(tenant, document, input=wanted)[mutation]
    if payload["userErrors"]:
        raise Cannot(payload["userErrors"][0]["message"])
    return payload


def say_whether_more(page: dict[str, Any]) -> None:
    """Say how to see the next page, where there is one."""
    info = page["pageInfo"]
    if info["hasNextPage"]:
        say(f"There are more: --after {info['endCursor']}")


def say_merged_from(found: dict[str, Any]) -> None:
    """Say that another one was asked for, which goes on as this one."""
    if found["mergedFrom"] is not None:
        say(f"{found['mergedFrom']} was merged into {found['id']}, which goes on for it.")
