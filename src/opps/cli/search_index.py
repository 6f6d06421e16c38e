"""Commands on the search index of persons: `opps search-index`."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import typer
from msgspec import Struct

from opps.cli.acting import opened
from opps.cli.output import Json, Tenant, counted, print_json, progress, say

if TYPE_CHECKING:
    from opps.application.indexing import IndexStatus

group = typer.Typer(
    help="Let persons be found by name and address: build the blind index, look at it, drop it.",
    no_args_is_help=True,
)
NONE = "There is no search index: nobody is found by a name. `opps search-index build` makes one."


class StatusAnswer(Struct, frozen=True, kw_only=True):
    """How a search index stands; nothing of it where there is none."""

    tenant: UUID
    built: bool
    position: int | None = None
    behind: int | None = None
    persons: int | None = None
    tokens: int | None = None


class DropAnswer(Struct, frozen=True, kw_only=True):
    """What `opps search-index drop` took away."""

    tenant: UUID
    dropped: bool
    tokens: int


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="search-index")


@group.command()
def build(tenant: Tenant = None, as_json: Json = False) -> None:
    """Make the index, or bring it up to the end of the log; a running server keeps it there.

    Its tokens show whoever reads the database, without keys, which names are alike and which are
    frequent: docs/privacy.md says what that means.
    """
    with opened() as opps, progress("Reading the log", quiet=as_json) as advance:
        of = opps.tenant(tenant)
        found = opps.application.index.build(of, advance)
    if as_json:
        print_json(_answer(of, found.position, found.behind, found.persons, found.tokens))
    else:
        say(
            f"{counted(found.persons, 'person')} can be found, by {counted(found.tokens, 'token')}."
        )


@group.command()
def status(tenant: Tenant = None, as_json: Json = False) -> None:
    """Show whether there is an index, how far it has read the log, and how much it holds."""
    with opened() as opps:
        of = opps.tenant(tenant)
        found = opps.application.index.status(of)
    if as_json:
        print_json(
            StatusAnswer(tenant=of, built=False)
            if found is None
            else _answer(of, found.position, found.behind, found.persons, found.tokens)
        )
    elif found is None:
        say(NONE)
    else:
        say(
            f"{counted(found.persons, 'person')} can be found, by {counted(found.tokens, 'token')}."
        )
        say(f"The log was read up to {found.position:,}; {counted(found.behind, 'event')} to go.")


@group.command()
def drop(tenant: Tenant = None, as_json: Json = False) -> None:
    """Delete the index, and destroy its key for ever: what is left of it anywhere says nothing."""
    with opened() as opps:
        of = opps.tenant(tenant)
        found = opps.application.index.drop(of)
    dropped = found.key_id is not None
    if as_json:
        print_json(DropAnswer(tenant=of, dropped=dropped, tokens=found.tokens))
    elif dropped:
        say(f"{counted(found.tokens, 'token')} deleted, and the key destroyed.")
    else:
        say(NONE)


def _tell(found: "IndexStatus") -> None:
    say(f"{counted(found.persons, 'person')} can be found, by {counted(found.tokens, 'token')}.")


def _answer(tenant: UUID, position: int, behind: int, persons: int, tokens: int) -> StatusAnswer:
    made = partial(StatusAnswer, tenant=tenant, built=True, position=position, behind=behind)
    return made(persons=persons, tokens=tokens)
