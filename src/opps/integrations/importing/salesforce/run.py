"""Import an export of Salesforce: files, folders and zips together are one source."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Unpack
from uuid import UUID

import msgspec
from msgspec.structs import replace

from opps.application import Application
from opps.integrations.importing.errors import MappingRefused, Problem, SourceMalformed
from opps.integrations.importing.mapping import Mapping, SourceFormat
from opps.integrations.importing.reading import standard_mapping
from opps.integrations.importing.report import Progress, Report
from opps.integrations.importing.running import Options, carry_out, check_format, unseen
from opps.integrations.importing.salesforce.cases import Cases
from opps.integrations.importing.salesforce.gathering import Export
from opps.integrations.importing.salesforce.settings import SalesforcePart


def salesforce_mapping(mapping: Mapping | None = None, **said: Any) -> Mapping:
    """Return the mapping of an import: the standard one, or one's own, with what is said beside it.

    `said` are settings of `SalesforcePart`, such as the currency; None says nothing.

    Raises:
        MappingRefused: the mapping is for files of another format, or what is said is no setting.
    """
    mapping = mapping or standard_mapping(SourceFormat.SALESFORCE_CSV)
    check_format(mapping, SourceFormat.SALESFORCE_CSV)
    given = {name: value for name, value in said.items() if value not in (None, False)}
    if not given:
        return mapping
    try:
        part = msgspec.convert({**msgspec.to_builtins(mapping.salesforce), **given}, SalesforcePart)
    except msgspec.ValidationError as error:
        raise MappingRefused(mapping.path, [Problem("salesforce", str(error))]) from None
    told = f"{mapping.digest}{sorted(given.items())}"
    return replace(
        mapping,
        salesforce=part,
        digest=hashlib.sha256(told.encode()).hexdigest(),
    )


def import_salesforce_csv(
    application: Application,
    tenant: UUID,
    paths: Sequence[Path],
    mapping: Mapping,
    **options: Unpack[Options],
) -> Report:
    """Import an export of Salesforce, and return what became of every row; else as `import_xes`.

    Raises what `import_xes` raises; a malformed file is refused before anything is imported.
    """
    check_format(mapping, SourceFormat.SALESFORCE_CSV)
    began_at = monotonic()
    show = options.get("progress", unseen)
    with Export(paths, mapping.salesforce) as export:
        _check_currency(paths, export, mapping.salesforce)
        export.gather(lambda: show(_read_so_far(export)))
        report = carry_out(
            application,
            tenant,
            mapping,
            export,
            lambda run: iter(Cases(export, run.compiled, run.names.principal)),
            **options,
        )
        return replace(report, files=tuple(export.files), seconds=monotonic() - began_at)


def _read_so_far(export: Export) -> Progress:
    return Progress(
        bytes_read=export.bytes_read, bytes_total=export.bytes_total, opportunities=0, rows=0
    )


def _check_currency(paths: Sequence[Path], export: Export, part: SalesforcePart) -> None:
    """Refuse amounts of which nobody says the currency."""
    if export.lacks_currency and part.currency is None:
        raise SourceMalformed(
            paths[0],
            "the opportunities have no CurrencyIsoCode, as in an organisation with one currency: "
            'say which, with --currency EUR or in a mapping: [salesforce] currency = "EUR"',
        )
