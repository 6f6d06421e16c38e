"""What a table of an export is, found by looking at it."""

from msgspec import Struct

from opps.integrations.importing.hubspot.settings import HubspotPart
from opps.integrations.importing.hubspot.tables import Kind, kind_of, standard_names
from opps.integrations.importing.packing import Part
from opps.integrations.importing.sniffing import DELIMITERS, begin_of, check_delimiter


class Looked(Struct, frozen=True, kw_only=True):
    """What a table is: `kind` is None where its columns are those of no table that we read."""

    part: Part
    digest: str
    encoding: str
    delimiter: str
    names: list[str]
    kind: Kind | None


def look(part: Part, settings: HubspotPart) -> Looked:
    """Return what a table is; what a person names in the mapping is not looked for.

    Raises:
        SourceMalformed: it cannot be read, or not as that person says.
    """
    begin = begin_of(part, settings.encoding)
    headers = {
        mark: standard_names(begin.first_rows(mark)[0], settings.columns)
        for mark in ((settings.delimiter,) if settings.delimiter else DELIMITERS)
    }
    mark = max(headers, key=lambda one: (kind_of(headers[one]) is not None, len(headers[one])))
    names = headers[mark]
    if settings.delimiter is not None:
        check_delimiter(part.path, names, begin, mark)
    return Looked(
        part=part,
        digest=begin.digest,
        encoding=begin.encoding,
        delimiter=mark,
        names=names,
        kind=kind_of(names),
    )
