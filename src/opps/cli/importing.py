"""Commands that import another system's opportunities: event logs, histories and tables."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from msgspec import Struct, structs

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
    from collections.abc import Callable

    from opps.application import Application
    from opps.integrations.importing import Mapping, Report

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
CorrectionsFile = Annotated[
    Path | None,
    typer.Option(
        help="What texts of the file should be: CSV with column,was,now (and reason, external_id), "
        "or TOML. The log records those that met a row.",
        exists=True,
        dir_okay=False,
    ),
]
ReferenceFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--reference",
        help="A list of what may stand in a column, as the mapping names it: "
        "--reference products=products.csv. Can be given several times.",
        metavar="NAME=FILE",
    ),
]
DefineModel = Annotated[
    str | None,
    typer.Option(help="Store the grades of the mapping as a scoring model of this name."),
]


class Chosen(Struct, frozen=True, kw_only=True):
    """What was asked of an import, beside the file and its mapping."""

    dry_run: bool
    rejects: Path | None
    results: Path | None
    corrections: Path | None
    tenant: str | None
    as_json: bool
    references: list[str] | None = None
    model: str | None = None

    def options(self, name: str) -> dict[str, Any]:
        """Return the options of the import of what is called so."""
        return {
            "dry_run": self.dry_run,
            "rejects": self.rejects or Path(f"{name}.rejected.jsonl"),
            "results": self.results,
            "corrections": self.corrections,
            "references": dict(map(_reference, self.references or [])),
        }


def add_to(imports: typer.Typer) -> None:
    imports.command("xes")(import_xes)
    imports.command("history-csv")(import_history_csv)
    imports.command("facts-csv")(import_facts_csv)


def import_xes(
    file: Source,
    mapping: MappingFile,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    corrections: CorrectionsFile = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import an event log in XES, plain or gzipped. A second import adds only what is new.

    Exit code 1 if rows were rejected: their opportunities are left out whole.
    """
    from opps.integrations import importing

    chosen = Chosen(
        dry_run=dry_run,
        rejects=rejects,
        results=results,
        corrections=corrections,
        tenant=tenant,
        as_json=as_json,
    )
    carry_out(importing.import_xes, file, importing.read_mapping(mapping), chosen)


def import_history_csv(
    file: Source,
    mapping: MappingFile,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    corrections: CorrectionsFile = None,
    reference: ReferenceFiles = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import a history in CSV. A second import adds only what is new.

    One row a change, with the columns external_id, field, old_value, new_value, occurred_at,
    actor, source; or one row an opportunity with its dates, if the mapping says facts-csv.

    Exit code 1 if rows were rejected: their opportunities are left out whole.
    """
    from opps.integrations import importing

    chosen = Chosen(
        dry_run=dry_run,
        rejects=rejects,
        results=results,
        corrections=corrections,
        references=reference,
        tenant=tenant,
        as_json=as_json,
    )
    carry_out(importing.import_history_csv, file, importing.read_mapping(mapping), chosen)


def import_facts_csv(
    file: Source,
    mapping: MappingFile,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    corrections: CorrectionsFile = None,
    reference: ReferenceFiles = None,
    define_model: DefineModel = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import a table of qualitative attributes in CSV, a row an opportunity.

    A second import adds nothing, a later table only what is new in it.

    Exit code 1 if rows were rejected: their opportunities are left out.
    """
    from opps.integrations import importing

    chosen = Chosen(
        dry_run=dry_run,
        rejects=rejects,
        results=results,
        corrections=corrections,
        references=reference,
        model=define_model,
        tenant=tenant,
        as_json=as_json,
    )
    carry_out(importing.import_facts_csv, file, importing.read_mapping(mapping), chosen)


def carry_out(
    run: "Callable[..., Report]", file: Path, mapping: "Mapping", chosen: Chosen, **more: Any
) -> None:
    """Import with `run`, show what became of the rows, and end as the report says."""
    from opps.app import Opps
    from opps.cli.state import missing_read_models
    from opps.config import settings

    quiet, dry_run = chosen.as_json, chosen.dry_run
    options = chosen.options(file.name)
    with Opps(settings()) as opps, progress(f"Reading {file.name}", quiet=quiet) as advance:
        tenant = opps.tenant(chosen.tenant)
        application = opps.application
        defined = _define(application, tenant, mapping, chosen.model, dry_run)
        report = run(
            application,
            tenant,
            file,
            mapping,
            progress=lambda done: advance(done.bytes_read, done.bytes_total),
            **options,
            **more,
        )
        missing = None if dry_run else missing_read_models(opps.database.direct_url, tenant)
    _show(report, missing, defined, chosen.as_json)
    if not report.complete:
        end(DIFFERENCE)


def _reference(written: str) -> tuple[str, Path]:
    name, _, path = written.partition("=")
    if not (name and path):
        raise Cannot(f"--reference {written}: write it as NAME=FILE, such as products=products.csv")
    if not Path(path).is_file():
        raise Cannot(f"--reference {written}: there is no file {path}")
    return name, Path(path)


def _define(
    application: "Application", tenant: UUID, mapping: "Mapping", name: str | None, dry_run: bool
) -> str | None:
    """Define the model of a mapping's grades, and say what was done; nothing without a name."""
    from opps.domain.errors import Refusal
    from opps.integrations import importing

    if name is None:
        return None
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
    for one in report.unmet:
        note(f"No row has {one}: that correction was not applied.")
    if not report.complete:
        note(f"Rejected: {counted(report.rejected, 'row')}; held back: {report.held_back:,}.")
        note(f"They are in {report.rejects}, each with its reason.")
    if report.results is not None:
        say(f"What became of each row is in {report.results}.")
    if missing is not None:
        note(missing)
