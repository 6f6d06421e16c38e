"""The command that imports an export of Salesforce."""

from pathlib import Path
from typing import Annotated

import typer

from opps.cli.import_options import (
    Chosen,
    CorrectionsFile,
    DryRun,
    ProposeFile,
    RejectsFile,
    RemarksFile,
    ResultsFile,
)
from opps.cli.importing import carry_out
from opps.cli.output import Cannot, Json, Tenant, say

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Files, folders and zips of one export, in any order.", exists=True, metavar="PATH..."
    ),
]
OwnMapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        "-m",
        help="What your organisation does otherwise: stages, roles, own fields (TOML).",
        exists=True,
        dir_okay=False,
    ),
]
Currency = Annotated[
    str | None,
    typer.Option(help="The currency of an export without currencies, such as EUR.", metavar="CODE"),
]
Delimiter = Annotated[
    str | None,
    typer.Option(help="What stands between cells; found by itself if not given.", metavar="MARK"),
]
Encoding = Annotated[
    str | None, typer.Option(help="How the texts are encoded; found by itself if not given.")
]
Deleted = Annotated[
    bool, typer.Option("--deleted", help="Import deleted opportunities too; else they are counted.")
]
PrintSoql = Annotated[
    bool, typer.Option("--print-soql", help="Print the queries that export all of it, and end.")
]
_MARKS = {"tab": "\t", "\\t": "\t"}


def add_to(imports: typer.Typer) -> None:
    imports.command("salesforce-csv")(import_salesforce_csv)


def import_salesforce_csv(
    paths: Paths = None,
    mapping: OwnMapping = None,
    currency: Currency = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    deleted: Deleted = False,
    dry_run: DryRun = False,
    rejects: RejectsFile = None,
    results: ResultsFile = None,
    remarks: RemarksFile = None,
    propose: ProposeFile = None,
    corrections: CorrectionsFile = None,
    print_soql: PrintSoql = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Import opportunities of Salesforce from CSV, with their history where it was exported.

    Each table is known by its columns, not by its name: Opportunity, OpportunityHistory,
    OpportunityFieldHistory, OpportunityContactRole, OpportunityCompetitor, Account, Contact and
    User. A second import adds nothing, a later export only what is new in it.

    Exit code 1 if rows were rejected: their opportunities are left out whole.
    """
    from opps.integrations import importing

    if print_soql:
        say(importing.salesforce_queries())
        return
    if not paths:
        raise Cannot("Name the files, folders or zips to import; --print-soql tells what to export")
    chosen = Chosen(
        dry_run=dry_run,
        rejects=rejects,
        results=results,
        remarks=remarks,
        propose=propose,
        corrections=corrections,
        tenant=tenant,
        as_json=as_json,
    )
    mark = _MARKS.get(delimiter, delimiter) if delimiter else None
    if mark is not None and len(mark) != 1:
        raise Cannot(f"--delimiter {delimiter}: it is one mark, such as ';' or tab")
    read = importing.salesforce_mapping(
        importing.read_mapping(mapping) if mapping else None,
        currency=currency,
        delimiter=mark,
        encoding=encoding,
        deleted=deleted,
    )
    carry_out(importing.import_salesforce_csv, paths, read, chosen)
