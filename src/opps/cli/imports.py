"""Commands on imports that were run: list them, show one, take one back."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from opps.cli.acting import As, opened
from opps.cli.output import (
    Cannot,
    Json,
    Tenant,
    counted,
    moment,
    note,
    print_json,
    print_table,
    progress,
    say,
)
from opps.domain.describe import LONGEST_TEXT

if TYPE_CHECKING:
    from opps.application.reverting import Reverted
    from opps.domain.imports import ImportRun

imports = typer.Typer(help="List the imports, show one, and take one back.", no_args_is_help=True)

ImportId = Annotated[UUID, typer.Argument(help="The import, by UUID; `opps imports list` has it.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept, so name nobody in it.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would happen, and store nothing.")
]


def add_to(application: typer.Typer) -> None:
    application.add_typer(imports, name="imports")


@imports.command("list")
def list_imports(tenant: Tenant = None, as_json: Json = False) -> None:
    """List every import, the latest first: when it began, and how far it is."""
    from opps.application.reverting import imports_of

    with opened() as opps:
        found = imports_of(opps.application, opps.tenant(tenant))
    if as_json:
        print_json({"imports": found})
        return
    if not found:
        say("Nothing was imported yet.")
        return
    columns = ("import", "source", "attempt", "begun", "status", "opportunities", "rows", "events")
    print_table("Imports", columns, [_row(one) for one in found])


def _row(of: "ImportRun") -> list[object]:
    told = [of.counts.get(name, 0) for name in ("opportunities", "rows", "events")]
    return [of.import_id, of.source, of.attempt, of.begun_at, of.status, *told]


@imports.command("show")
def show_import(import_id: ImportId, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show one import: its file and mapping by their digests, its counts, and its revert."""
    from opps.application.reverting import import_of
    from opps.domain.imports import to_show

    with opened() as opps:
        found = to_show(import_of(opps.application, opps.tenant(tenant), import_id), import_id)
    if as_json:
        print_json(found)
        return
    say(f"Import {found.import_id} of {found.source}, attempt {found.attempt}: {found.status}.")
    say(f"Begun {moment(found.begun_at)}, file {found.file_digest}.")
    if found.completed_at is not None:
        say(f"Complete {moment(found.completed_at)}.")
        print_table("Counts", ("", "count"), sorted(found.counts.items()))
    elif found.reverted_at is None:
        note("It is not complete: it is under way, or broke off; run it again to go on.")
    if found.corrections:
        columns = ("column", "was", "read as", "rows", "reason")
        rows = [(one.column, one.was, one.now, one.rows, one.reason) for one in found.corrections]
        print_table("Corrections", columns, rows)
    if found.reverted_at is not None:
        told = f"{counted(found.events, 'event')} in {found.opportunities:,} opportunities"
        say(f"Reverted {moment(found.reverted_at)} by {found.reverted_by}: {told}.")
        say(f"Reason: {found.reason}")


@imports.command("revert")
def revert(
    import_id: ImportId,
    reason: Reason,
    dry_run: DryRun = False,
    acting: As = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Take an import back: what it opened is withdrawn, what it added is put back, all by events.

    Refused once people or later imports have built on it; it says what. A revert that broke off is
    taken up by the same command.
    """
    from opps.application import operator
    from opps.application.reverting import revert_import

    if len(reason) > LONGEST_TEXT:
        raise Cannot(f"The reason has {len(reason):,} characters, {LONGEST_TEXT:,} may be.")
    with opened() as opps, progress("Reverting", quiet=as_json) as advance:
        done = revert_import(
            opps.application,
            opps.tenant(tenant),
            import_id,
            reason,
            operator(on_behalf_of=acting),
            dry_run=dry_run,
            progress=advance,
        )
    if as_json:
        print_json(done)
    else:
        _tell(done)


def _tell(done: "Reverted") -> None:
    rows = [
        ("opportunities withdrawn", done.withdrawn),
        ("opportunities put back", done.put_back),
        ("events that do so", done.events),
        *[(f"events {kind} that stay", count) for kind, count in done.stays.items()],
        ("accounts that stay", done.accounts),
        ("persons who stay", done.persons),
    ]
    title = "What a revert would do" if done.dry_run else "Reverted"
    print_table(f"{title}: {done.source}", ("", "count"), rows)
    if done.persons:
        say("Persons are erased one by one: `opps privacy request`, approved by somebody else.")
    if not done.dry_run:
        say("The same file can be imported again: it comes in as new opportunities.")
