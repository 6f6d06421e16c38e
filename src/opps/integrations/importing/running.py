"""Run an import: open the log's side of it, take the cases of a source, and report."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Abstract
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import Protocol, TypedDict, Unpack
from uuid import UUID

from msgspec import structs

from opps.application import Application
from opps.application.import_turns import importing
from opps.integrations.importing.again import attempt
from opps.integrations.importing.corrections import (
    NO_CORRECTIONS,
    Corrections,
    read_corrections,
    write_proposed,
)
from opps.integrations.importing.deciding import Run
from opps.integrations.importing.errors import MappingRefused
from opps.integrations.importing.importer import Importer
from opps.integrations.importing.mapping import Mapping, SourceFormat
from opps.integrations.importing.names import Names
from opps.integrations.importing.references import read_references
from opps.integrations.importing.rejects import Rejects, Remarks
from opps.integrations.importing.report import Progress, Report
from opps.integrations.importing.results import Results
from opps.integrations.importing.rows import Case
from opps.integrations.importing.rules import Compiled, compiled
from opps.recording.keyring import OWN

ShowProgress = Callable[[Progress], None]


class Source(Protocol):
    """What is imported: it knows what it is, and how far it was read."""

    @property
    def bytes_read(self) -> int:
        """How much was read, as it lies there."""

    @property
    def bytes_total(self) -> int:
        """How much there is."""

    def digest(self) -> str:
        """Return the SHA-256 of all of it."""


class Options(TypedDict, total=False):
    """How an import is run: a dry run stores nothing, and says what an import would.

    `rejects` gets the rows that were refused, `results` what became of every row,
    `remarks` what opportunities lack that came in all the same. `corrections` is
    a file of what texts should be, `references` are files of the lists that the mapping names, and
    `propose` gets what may be meant by rejected texts, as corrections for a person to judge.
    """

    dry_run: bool
    rejects: Path | None
    results: Path | None
    remarks: Path | None
    progress: ShowProgress
    corrections: Path | None
    references: Abstract[str, Path]
    propose: Path | None


def carry_out(
    application: Application,
    tenant: UUID,
    mapping: Mapping,
    source: Source,
    cases: Callable[[Run], Iterator[Case]],
    **options: Unpack[Options],
) -> Report:
    """Import the cases of a source, and return what became of every row.

    Raises:
        MappingRefused, CorrectionsRefused, SourceMalformed: what a person must mend first.
        ImportUnderWay: an import is being reverted.
        AppendRefused, LogFault: the log says no, or is away; run the import again to go on.
    """
    began_at = monotonic()
    dry_run = options.get("dry_run", False)
    show = options.get("progress", unseen)
    ready = _ready(mapping, options)
    with (
        nullcontext() if dry_run else importing(application.log, tenant),
        Rejects(options.get("rejects")) as refused_rows,
        Results(options.get("results")) as results,
        Remarks(options.get("remarks")) as remarks,
    ):
        digest = source.digest()
        key = application.keyring_of(tenant).key_or_new(OWN)
        names = Names(tenant, mapping.source, key)
        begun = attempt(application.log, tenant, names.run(digest, ready.digest))
        run = Run(
            compiled=ready,
            names=names,
            import_id=begun.import_id,
            attempt=begun.number,
            now=application.now(),
            results=results.wanted,
        )
        importer = Importer(
            application, tenant, run, refused_rows, results, remarks, dry_run=dry_run
        )
        importer.begin(digest)
        importer.take(cases(run), lambda: show(_progress(importer, source)))
        importer.end()
        if proposed := options.get("propose"):
            write_proposed(proposed, refused_rows.meant)
        return _report(
            importer, run, dry_run, monotonic() - began_at, refused_rows, results.written, remarks
        )


def _ready(mapping: Mapping, options: Options) -> Compiled:
    """Return a mapping made ready, with the corrections and the lists that belong to it."""
    corrections = options.get("corrections")
    return structs.replace(
        compiled(mapping),
        corrections=read_corrections(corrections) if corrections else NO_CORRECTIONS,
        references=read_references(mapping, options.get("references", {})),
    )


def check_format(mapping: Mapping, wanted: SourceFormat) -> None:
    """See that a mapping is for what is imported.

    Raises:
        MappingRefused: it is for files of another format; the message names the command for it.
    """
    if mapping.format is not wanted:
        message = (
            f"it is for {mapping.format} files, this is an import of {wanted}: "
            f"`opps import {mapping.format}` takes it"
        )
        raise MappingRefused(mapping.path, [mapping.problem("format", message)])


def unseen(progress: Progress) -> None:
    """Show nothing."""


def _progress(importer: Importer, source: Source) -> Progress:
    return Progress(
        bytes_read=source.bytes_read,
        bytes_total=source.bytes_total,
        opportunities=importer.opportunities,
        rows=importer.tally.rows,
    )


def _report(
    importer: Importer,
    run: Run,
    dry_run: bool,
    seconds: float,
    rejects: Rejects,
    results: Path | None,
    remarks: Remarks,
) -> Report:
    tally = importer.tally
    return Report(
        source=run.compiled.mapping.source,
        import_id=run.import_id,
        attempt=run.attempt,
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
        left_out=dict(sorted(tally.left_out.items())),
        corrected=_corrected(run.compiled.corrections),
        unmet=[_named(one.column, one.was) for one in run.compiled.corrections.unmet()],
        stored=dict(sorted(tally.stored.items())),
        seconds=seconds,
        reasons=rejects.reasons(),
        remarked=remarks.count,
        rejects=rejects.written,
        remarks=remarks.written,
        results=results,
    )


def _corrected(corrections: Corrections) -> dict[str, int]:
    """Return how many rows each correction met, under its words."""
    found: dict[str, int] = {}
    for one, rows in corrections.applied():
        name = f"{_named(one.column, one.was)} as {one.now!r}"
        found[name] = found.get(name, 0) + rows
    return found


def _named(column: str, was: str) -> str:
    return f"{column} {was!r}"
