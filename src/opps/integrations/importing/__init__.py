"""Import another system's opportunities: event logs in XES, field histories and tables as CSV."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from uuid import UUID

from opps.application import Application
from opps.integrations.importing.deciding import Run
from opps.integrations.importing.defining import define_model, definition_of
from opps.integrations.importing.errors import (
    MappingRefused,
    Problem,
    SourceMalformed,
)
from opps.integrations.importing.facts_csv import facts_csv_cases
from opps.integrations.importing.grading import model_of
from opps.integrations.importing.history_csv import history_csv_cases
from opps.integrations.importing.importer import Importer
from opps.integrations.importing.mapping import Mapping, SourceFormat
from opps.integrations.importing.names import Names
from opps.integrations.importing.reading import read_mapping
from opps.integrations.importing.rejects import Rejects
from opps.integrations.importing.report import Progress, Rejected, Report
from opps.integrations.importing.rows import Case
from opps.integrations.importing.rules import Compiled, compiled
from opps.integrations.importing.source import SourceFile
from opps.integrations.importing.table import Table
from opps.integrations.importing.xes import xes_cases
from opps.recording.keyring import OWN

__all__ = [
    "Mapping",
    "MappingRefused",
    "Problem",
    "Progress",
    "Rejected",
    "Report",
    "SourceFormat",
    "SourceMalformed",
    "Table",
    "define_model",
    "definition_of",
    "import_facts_csv",
    "import_history_csv",
    "import_xes",
    "model_of",
    "read_mapping",
]

ShowProgress = Callable[[Progress], None]
ReadCases = Callable[[SourceFile, Compiled], Iterator[Case]]


def import_xes(
    application: Application,
    tenant: UUID,
    path: Path,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: ShowProgress = lambda progress: None,
) -> Report:
    """Import an event log in XES, plain or `.gz`, and return what became of every event.

    An opportunity is imported whole or not at all, and what was imported before is left alone.
    A dry run reads the log, stores nothing, and returns what an import would.

    Raises:
        MappingRefused: the mapping is for files of another format.
        SourceMalformed: the file cannot be read on; what came before that line is imported.
        AppendRefused, LogFault: the log says no, or is away; run the import again to go on.
    """
    return _import(
        application, tenant, path, mapping, SourceFormat.XES, xes_cases, dry_run, rejects, progress
    )


def import_history_csv(
    application: Application,
    tenant: UUID,
    path: Path,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: ShowProgress = lambda progress: None,
) -> Report:
    """Import a history of field changes as CSV, plain or `.gz`; else as `import_xes` does.

    Raises what `import_xes` raises; a malformed file is refused before anything is imported.
    """
    wanted = SourceFormat.HISTORY_CSV
    return _import(
        application, tenant, path, mapping, wanted, history_csv_cases, dry_run, rejects, progress
    )


def import_facts_csv(
    application: Application,
    tenant: UUID,
    path: Path,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: ShowProgress = lambda progress: None,
) -> Report:
    """Import a table of qualitative attributes as CSV, a row an opportunity; else as `import_xes`.

    Raises what `import_xes` raises; a malformed file is refused before anything is imported.
    """
    wanted = SourceFormat.FACTS_CSV
    return _import(
        application, tenant, path, mapping, wanted, facts_csv_cases, dry_run, rejects, progress
    )


def _import(
    application: Application,
    tenant: UUID,
    path: Path,
    mapping: Mapping,
    wanted: SourceFormat,
    read_cases: ReadCases,
    dry_run: bool,
    rejects: Path | None,
    progress: ShowProgress,
) -> Report:
    if mapping.format is not wanted:
        message = f"it is for {mapping.format} files, this is an import of {wanted}"
        raise MappingRefused(mapping.path, [mapping.problem("format", message)])
    began_at = monotonic()
    with SourceFile(path) as file, Rejects(rejects) as refused_rows:
        digest = file.digest()
        key = application.keyring_of(tenant).key_or_new(OWN)
        names = Names(tenant, mapping.source, key)
        run = Run(
            compiled=compiled(mapping),
            names=names,
            import_id=names.run(digest, mapping.digest),
            now=application.now(),
        )
        importer = Importer(application, tenant, run, refused_rows, dry_run=dry_run)
        importer.begin(digest)
        importer.take(read_cases(file, run.compiled), lambda: progress(_progress(importer, file)))
        importer.end()
        return _report(importer, run, dry_run, monotonic() - began_at, refused_rows.written)


def _progress(importer: Importer, file: SourceFile) -> Progress:
    return Progress(
        bytes_read=file.bytes_read,
        bytes_total=file.bytes_total,
        opportunities=importer.opportunities,
        rows=importer.tally.rows,
    )


def _report(
    importer: Importer, run: Run, dry_run: bool, seconds: float, rejects: Path | None
) -> Report:
    tally = importer.tally
    return Report(
        source=run.compiled.mapping.source,
        import_id=run.import_id,
        dry_run=dry_run,
        opportunities=importer.opportunities,
        opened=importer.opened,
        extended=importer.extended,
        refused=importer.refused,
        rows=tally.rows,
        typed=tally.typed,
        generic=tally.generic,
        unchanged=tally.unchanged,
        already=tally.already,
        rejected=tally.rejected,
        held_back=tally.held_back,
        counted=dict(sorted(tally.counted.items())),
        stored=dict(sorted(tally.stored.items())),
        seconds=seconds,
        rejects=rejects,
    )
