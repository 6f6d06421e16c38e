"""Commands that bring other systems' history in, and a readable log in and out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from opps.cli.keys import RootKeyFile, root_of
from opps.cli.output import (
    Json,
    Tenant,
    counted,
    note,
    print_json,
    progress,
    say,
)

if TYPE_CHECKING:
    pass

imports = typer.Typer(help="Import a history, or a log exported before.", no_args_is_help=True)
exports = typer.Typer(help="Export a log for people and programs to read.", no_args_is_help=True)

Source = Annotated[
    Path, typer.Argument(help="The file to import.", exists=True, dir_okay=False, metavar="FILE")
]


def add_to(application: typer.Typer) -> None:
    from opps.cli import import_salesforce, importing

    importing.add_to(imports)
    import_salesforce.add_to(imports)
    application.add_typer(imports, name="import")
    application.add_typer(exports, name="export")


@imports.command("jsonl")
def import_jsonl(
    file: Source,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="The keys, if personal data is sealed in the file.", exists=True, dir_okay=False
        ),
    ] = None,
    root_key: RootKeyFile = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import a log that `opps export jsonl` wrote, as a new log, into an empty tenant.

    Events and commands keep their ids; each event gets a new position and recorded time, and
    keeps the old time as that of its source. An import that broke off is taken up by a second one.
    """
    from opps.app import Opps
    from opps.cli.state import missing_read_models
    from opps.clock import held_clock
    from opps.config import settings
    from opps.integrations import jsonl

    with Opps(settings()) as opps, progress(f"Reading {file.name}", quiet=as_json) as advance:
        wanted = opps.tenant(tenant)
        keyring = opps.keyring_of(wanted)
        if keys is not None:
            opps.take_over_keys(wanted, keys, root_of(root_key))
        # The file brings days of its own: a server beside us must not turn others in between.
        with held_clock(opps.database.direct_url, wanted):
            done = jsonl.import_jsonl(opps.log, wanted, file, keyring, progress=advance)
        opps.application.personal.finish(wanted)
        missing = missing_read_models(opps.database.direct_url, wanted)
    if as_json:
        print_json(done)
        return
    held = f"{counted(done.events, 'event')} of {counted(done.commands, 'command')}"
    if done.repeated == done.commands:
        say(f"Nothing new: all that {file.name} holds, {held}, was there already.")
    elif done.repeated:
        say(f"The log holds {held}; {counted(done.repeated, 'command')} there already.")
    else:
        say(f"Imported {held}.")
    if missing is not None:
        note(missing)


class ExportAnswer(Struct, frozen=True, kw_only=True):
    """What `opps export` wrote."""

    file: str
    events: int
    personal_data: str


@exports.command("jsonl")
def export_jsonl(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    with_personal_data: Annotated[
        bool,
        typer.Option("--with-personal-data", help="Write names, contact data and quotes readable."),
    ] = False,
    keys: Annotated[
        Path | None,
        typer.Option(help="Write the keys that open sealed personal data to this file."),
    ] = None,
    tenant: Tenant = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    as_json: Json = False,
) -> None:
    """Write a tenant's log as one JSON object an event; personal data stays sealed by default."""
    from opps.app import Opps
    from opps.cli.place import check_can_write, existing
    from opps.integrations import jsonl

    check_can_write(file, keys, force=force)
    with Opps(existing()) as opps, progress("Exporting", quiet=as_json) as advance:
        wanted = opps.tenant(tenant)
        keyring = opps.keyring_of(wanted)
        opener = keyring if with_personal_data else None
        if with_personal_data:  # nobody reads whom the log tells to be erased
            opps.application.personal.finish(wanted)
        done = jsonl.export_jsonl(
            opps.database.direct_url, wanted, file, keyring=opener, progress=advance
        )
        if keys is not None:
            opps.copy_keys(wanted, keys)
    if as_json:
        print_json(
            ExportAnswer(file=str(file), events=done.events, personal_data=done.personal_data)
        )
    else:
        held = counted(done.events, "event")
        say(f"{file} holds {held}; personal data is {done.personal_data}.")
        if done.personal_data == "sealed" and keys is None:
            say("Nobody reads it elsewhere without its keys: --keys FILE writes them.")
