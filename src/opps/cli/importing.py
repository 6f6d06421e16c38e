"""Commands that import another system's opportunities: event logs, histories and tables."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import typer
from msgspec import structs

from opps.cli.import_options import (
    Chosen,
    CorrectionsFile,
    CurrencyCode,
    DefineModel,
    DryRun,
    MappingFile,
    OwnMapping,
    PrintMapping,
    ProposeFile,
    ReferenceFiles,
    RejectsFile,
    RemarksFile,
    ResultsFile,
    Source,
    Sources,
)
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
    from collections.abc import Callable, Sequence

    from opps.application import Application
    from opps.integrations.importing import Mapping, Report


def add_to(imports: typer.Typer) -> None:
    imports.command("xes")(import_xes)
    imports.command("history-csv")(import_history_csv)
    imports.command("facts-csv")(import_facts_csv)
    imports.command("hubspot-csv")(import_hubspot_csv)


def import_xes(
    file: Source,
    mapping: MappingFile,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    remarks: RemarksFile = None,
    corrections: CorrectionsFile = None,
    propose: ProposeFile = None,
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
        remarks=remarks,
        corrections=corrections,
        propose=propose,
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
    remarks: RemarksFile = None,
    corrections: CorrectionsFile = None,
    propose: ProposeFile = None,
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
        remarks=remarks,
        corrections=corrections,
        propose=propose,
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
    remarks: RemarksFile = None,
    corrections: CorrectionsFile = None,
    propose: ProposeFile = None,
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
        remarks=remarks,
        corrections=corrections,
        propose=propose,
        references=reference,
        model=define_model,
        tenant=tenant,
        as_json=as_json,
    )
    carry_out(importing.import_facts_csv, file, importing.read_mapping(mapping), chosen)


def import_hubspot_csv(
    paths: Sources,
    mapping: OwnMapping = None,
    currency: CurrencyCode = None,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    remarks: RemarksFile = None,
    corrections: CorrectionsFile = None,
    propose: ProposeFile = None,
    print_mapping: PrintMapping = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import deals of HubSpot from CSV: their property history, the deals, or both together.

    Each table is known by its columns, not by its name: deal_id, name, value, timestamp, source,
    source_id are a property history; Record ID, Deal Name, Deal Stage are deals. Tables of
    pipeline stages, owners, companies and merged deals are used where they are given. A second
    import adds nothing, a later export only what is new in it.

    Exit code 1 if rows were rejected: their deals are left out whole.
    """
    from opps.integrations import importing

    if print_mapping:
        say(importing.HUBSPOT_MAPPING.read_text().rstrip())
        return
    chosen = Chosen(
        dry_run=dry_run,
        rejects=rejects,
        results=results,
        remarks=remarks,
        corrections=corrections,
        propose=propose,
        tenant=tenant,
        as_json=as_json,
    )
    read = importing.hubspot_mapping(mapping, currency)
    carry_out(importing.import_hubspot_csv, paths, read, chosen)


def carry_out(
    run: "Callable[..., Report]",
    source: "Path | Sequence[Path]",
    mapping: "Mapping",
    chosen: Chosen,
) -> None:
    """Import with `run`, show what became of the rows, and end as the report says."""
    from opps.app import Opps
    from opps.cli.state import missing_read_models
    from opps.config import settings

    quiet, dry_run = chosen.as_json, chosen.dry_run
    name = (source if isinstance(source, Path) else source[0]).resolve().name
    options = chosen.options(name)
    with Opps(settings()) as opps, progress(f"Reading {name}", quiet=quiet) as advance:
        tenant = opps.tenant(chosen.tenant)
        application = opps.application
        defined = _define(application, tenant, mapping, chosen.model, dry_run)
        report = run(
            application,
            tenant,
            source,
            mapping,
            progress=lambda done: advance(done.bytes_read, done.bytes_total),
            **options,
        )
        missing = None if dry_run else missing_read_models(opps.database.direct_url, tenant)
    _show(report, missing, defined, chosen)
    if not report.complete:
        end(DIFFERENCE)


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


def _show(report: "Report", missing: str | None, defined: str | None, chosen: Chosen) -> None:
    proposed = chosen.propose
    if chosen.as_json:
        files = {name: getattr(report, name) for name in ("rejects", "results", "remarks")}
        print_json({**structs.asdict(report), **{k: v and str(v) for k, v in files.items()}})
        if defined is not None:
            note(defined)
        return
    if defined is not None:
        say(defined)
    if report.files:
        print_table(
            "Files",
            ("", "taken as", "rows"),
            [(one.file, one.taken_as or "not read", one.rows) for one in report.files],
        )
    title = "What an import would do" if report.dry_run else "Imported"
    print_table(title, ("", "count"), report.table())
    say(f"{report.seconds:.1f} s, {report.rows_per_second:,.0f} rows a second.")
    for one in report.unmet:
        note(f"No row has {one}: that correction was not applied.")
    if not report.complete:
        note(f"Rejected: {counted(report.rejected, 'row')}; held back: {report.held_back:,}.")
        for why in report.reasons:
            told = f"{why.reason}. {why.suggestion}" if why.suggestion else why.reason
            note(f"{why.rows:,} x {why.code}, such as: {told}")
        note(f"They are in {report.rejects}, each with its reason.")
    if report.remarks is not None:
        note(f"What opportunities lack that are in all the same is told in {report.remarks}.")
    if proposed is not None and proposed.exists():
        note(f"{proposed} has what may be meant: look it over, then import with --corrections.")
    if report.results is not None:
        say(f"What became of each row is in {report.results}.")
    if missing is not None:
        note(missing)
