"""Commands that bring other systems' history in, and a readable log in and out."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from msgspec import Struct, structs

from opps.cli.keys import RootKeyFile, root_of
from opps.cli.output import (
    DIFFERENCE,
    Cannot,
    Json,
    Tenant,
    counted,
    end,
    note,
    print_json,
    print_table,
    progress,
    say,
)

if TYPE_CHECKING:
    from opps.application import Application
    from opps.integrations.importing import Mapping, Report

imports = typer.Typer(help="Import a history, or a log exported before.", no_args_is_help=True)
exports = typer.Typer(help="Export a log for people and programs to read.", no_args_is_help=True)

Source = Annotated[
    Path, typer.Argument(help="The file to import.", exists=True, dir_okay=False, metavar="FILE")
]
MappingFile = Annotated[
    Path,
    typer.Option(
        "--mapping", "-m", help="What the source's words mean (TOML).", exists=True, dir_okay=False
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would happen, and store nothing.")
]
RejectsFile = Annotated[
    Path | None,
    typer.Option(
        help="Write each rejected row with its reason here; by default beside you, "
        "as FILE.rejected.jsonl.",
        dir_okay=False,
    ),
]
ResultsFile = Annotated[
    Path | None,
    typer.Option(
        help="Write what became of every row here, with the ids of its events: JSON lines, or a "
        "table if the name ends in .csv.",
        dir_okay=False,
    ),
]
DefineModel = Annotated[
    str | None,
    typer.Option(help="Store the grades of the mapping as a scoring model of this name."),
]


def add_to(application: typer.Typer) -> None:
    application.add_typer(imports, name="import")
    application.add_typer(exports, name="export")


@imports.command("xes")
def import_xes(
    file: Source,
    mapping: MappingFile,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import an event log in XES, plain or gzipped. A second import adds only what is new.

    Exit code 1 if rows were rejected: their opportunities are left out whole.
    """
    _import("xes", file, mapping, dry_run, rejects, results, tenant, as_json)


@imports.command("history-csv")
def import_history_csv(
    file: Source,
    mapping: MappingFile,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import a history of field changes in CSV. A second import adds only what is new.

    Columns: external_id, field, old_value, new_value, occurred_at, actor, source.

    Exit code 1 if rows were rejected: their opportunities are left out whole.
    """
    _import("history-csv", file, mapping, dry_run, rejects, results, tenant, as_json)


@imports.command("facts-csv")
def import_facts_csv(
    file: Source,
    mapping: MappingFile,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    define_model: DefineModel = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import a table of qualitative attributes in CSV, a row an opportunity.

    A second import adds nothing, a later table only what is new in it.

    Exit code 1 if rows were rejected: their opportunities are left out.
    """
    _import("facts-csv", file, mapping, dry_run, rejects, results, tenant, as_json, define_model)


def _import(
    kind: str,
    file: Path,
    mapping_file: Path,
    dry_run: bool,
    rejects: Path | None,
    results: Path | None,
    slug: str | None,
    as_json: bool,
    model: str | None = None,
) -> None:
    from opps.app import Opps
    from opps.cli.state import missing_read_models
    from opps.config import settings
    from opps.integrations import importing

    run = {
        "xes": importing.import_xes,
        "history-csv": importing.import_history_csv,
        "facts-csv": importing.import_facts_csv,
    }[kind]
    mapping = importing.read_mapping(mapping_file)
    with Opps(settings()) as opps, progress(f"Reading {file.name}", quiet=as_json) as advance:
        tenant = opps.tenant(slug)
        defined = _define(opps.application, tenant, mapping, model, dry_run) if model else None
        report = run(
            opps.application,
            tenant,
            file,
            mapping,
            dry_run=dry_run,
            rejects=rejects or Path(f"{file.name}.rejected.jsonl"),
            results=results,
            progress=lambda done: advance(done.bytes_read, done.bytes_total),
        )
        missing = None if dry_run else missing_read_models(opps.database.url, tenant)
    _show(report, missing, defined, as_json)
    if not report.complete:
        end(DIFFERENCE)


def _define(
    application: "Application", tenant: UUID, mapping: "Mapping", name: str, dry_run: bool
) -> str:
    """Define the model of a mapping's grades, and say what was done."""
    from opps.domain.errors import Refusal
    from opps.integrations import importing

    if dry_run:
        importing.model_of(mapping, name)
        return f"The grades of the mapping would become scoring model {name}."
    try:
        done = asyncio.run(importing.define_model(application, tenant, mapping, name))
    except Refusal as refusal:
        raise Cannot(f"Scoring model {name} was not defined: {refusal}") from None
    if not done.changed or done.replayed:
        return f"Scoring model {name} is there already."
    return f"Scoring model {name} is defined; `opps model backtest {name}` tries it."


def _show(report: "Report", missing: str | None, defined: str | None, as_json: bool) -> None:
    if as_json:
        files = {"rejects": report.rejects, "results": report.results}
        print_json({**structs.asdict(report), **{k: v and str(v) for k, v in files.items()}})
        if defined is not None:
            note(defined)
        return
    if defined is not None:
        say(defined)
    title = "What an import would do" if report.dry_run else "Imported"
    print_table(title, ("", "count"), report.table())
    say(f"{report.seconds:.1f} s, {report.rows_per_second:,.0f} rows a second.")
    if not report.complete:
        note(f"Rejected: {counted(report.rejected, 'row')}; held back: {report.held_back:,}.")
        note(f"They are in {report.rejects}, each with its reason.")
    if report.results is not None:
        say(f"What became of each row is in {report.results}.")
    if missing is not None:
        note(missing)


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
        missing = missing_read_models(opps.database.url, wanted)
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
        done = jsonl.export_jsonl(opps.database.url, wanted, file, keyring=opener, progress=advance)
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
