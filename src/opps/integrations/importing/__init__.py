"""Import another system's opportunities: event logs, histories, tables and exports of CRMs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack
from uuid import UUID

from msgspec.structs import replace

from opps.application import Application
from opps.integrations.importing.defining import define_model, definition_of
from opps.integrations.importing.errors import (
    MappingRefused,
    Problem,
    SourceMalformed,
)
from opps.integrations.importing.facts_csv import facts_csv_cases
from opps.integrations.importing.grading import model_of
from opps.integrations.importing.history_csv import history_csv_cases
from opps.integrations.importing.hubspot.cases import hubspot_cases
from opps.integrations.importing.hubspot.defaults import HUBSPOT_MAPPING, hubspot_mapping
from opps.integrations.importing.hubspot.gathering import Export as HubspotExport
from opps.integrations.importing.mapping import Mapping, SourceFormat
from opps.integrations.importing.reading import read_mapping
from opps.integrations.importing.report import Progress, Rejected, Report
from opps.integrations.importing.running import Options, Source, carry_out, check_format
from opps.integrations.importing.salesforce.run import import_salesforce_csv, salesforce_mapping
from opps.integrations.importing.salesforce.soql import script as salesforce_queries
from opps.integrations.importing.source import SourceFile
from opps.integrations.importing.table import Table
from opps.integrations.importing.xes import xes_cases

__all__ = [
    "HUBSPOT_MAPPING",
    "Mapping",
    "MappingRefused",
    "Options",
    "Problem",
    "Progress",
    "Rejected",
    "Report",
    "Source",
    "SourceFormat",
    "SourceMalformed",
    "Table",
    "carry_out",
    "check_format",
    "define_model",
    "definition_of",
    "hubspot_mapping",
    "import_facts_csv",
    "import_history_csv",
    "import_hubspot_csv",
    "import_salesforce_csv",
    "import_xes",
    "model_of",
    "read_mapping",
    "salesforce_mapping",
    "salesforce_queries",
]


def import_xes(
    application: Application,
    tenant: UUID,
    path: Path,
    mapping: Mapping,
    **options: Unpack[Options],
) -> Report:
    """Import an event log in XES, plain or `.gz`, and return what became of every event.

    An opportunity is imported whole or not at all, and what was imported before is left alone.
    A dry run reads the log, stores nothing, and returns what an import would.

    Raises:
        MappingRefused: the mapping is for files of another format.
        SourceMalformed: the file cannot be read on; what came before that line is imported.
        AppendRefused, LogFault: the log says no, or is away; run the import again to go on.
    """
    check_format(mapping, SourceFormat.XES)
    with SourceFile(path) as file:
        return carry_out(
            application, tenant, mapping, file, lambda run: xes_cases(file, run.compiled), **options
        )


def import_history_csv(
    application: Application,
    tenant: UUID,
    path: Path,
    mapping: Mapping,
    **options: Unpack[Options],
) -> Report:
    """Import a history as CSV, plain or `.gz`: one row a change, or as `import_facts_csv` does it.

    Raises what `import_xes` raises; a malformed file is refused before anything is imported.
    """
    if mapping.format is SourceFormat.FACTS_CSV:  # each row is the whole history of one
        return import_facts_csv(application, tenant, path, mapping, **options)
    check_format(mapping, SourceFormat.HISTORY_CSV)
    with SourceFile(path) as file:
        return carry_out(
            application,
            tenant,
            mapping,
            file,
            lambda run: history_csv_cases(file, run.compiled),
            **options,
        )


def import_facts_csv(
    application: Application,
    tenant: UUID,
    path: Path,
    mapping: Mapping,
    **options: Unpack[Options],
) -> Report:
    """Import a table of qualitative attributes as CSV, a row an opportunity; else as `import_xes`.

    Raises what `import_xes` raises; a malformed file is refused before anything is imported.
    """
    check_format(mapping, SourceFormat.FACTS_CSV)
    with SourceFile(path) as file:
        return carry_out(
            application,
            tenant,
            mapping,
            file,
            lambda run: facts_csv_cases(file, run.compiled),
            **options,
        )


def import_hubspot_csv(
    application: Application,
    tenant: UUID,
    paths: Sequence[Path],
    mapping: Mapping,
    **options: Unpack[Options],
) -> Report:
    """Import an export of HubSpot: files, folders and zips, each table known by its columns.

    Raises what `import_xes` raises; a malformed file is refused before anything is imported.
    """
    check_format(mapping, SourceFormat.HUBSPOT_CSV)
    export = HubspotExport(paths, mapping.hubspot)
    report = carry_out(
        application,
        tenant,
        mapping,
        export,
        lambda run: hubspot_cases(export, run.compiled, run.names.principal),
        **options,
    )
    return replace(report, files=export.files())
