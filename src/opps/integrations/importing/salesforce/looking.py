"""What a table of an export is, found by looking at it."""

from msgspec import Struct

from opps.integrations.importing.packing import Part
from opps.integrations.importing.salesforce.ids import long_id
from opps.integrations.importing.salesforce.objects import Kind, kind_of, plain
from opps.integrations.importing.salesforce.settings import SalesforcePart
from opps.integrations.importing.sniffing import DELIMITERS, Begin, begin_of, check_delimiter


class Looked(Struct, frozen=True, kw_only=True):
    """What a table is: `kind` is None where its columns are those of no object that we read."""

    part: Part
    digest: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    kind: Kind | None


def look(part: Part, settings: SalesforcePart) -> Looked:
    """Return what a table is; an encoding or a delimiter that a person names is not looked for.

    Its header has the standard names of columns that a mapping knows by other ones.

    Raises:
        SourceMalformed: it cannot be read, or not as that person says.
    """
    begin = begin_of(part, settings.encoding)
    mark = settings.delimiter or _delimiter(begin)
    written, ids = _header(begin, mark)
    standard = {plain(own): name for name, own in settings.columns.items()}
    header = [standard.get(plain(name), name) for name in written]
    if settings.delimiter is not None:
        check_delimiter(part.path, header, begin, mark)
    return Looked(
        part=part,
        digest=begin.digest,
        encoding=begin.encoding,
        delimiter=mark,
        header=tuple(header),
        kind=kind_of(header, ids),
    )


def _delimiter(begin: Begin) -> str:
    """Return the mark that makes most of the first line, or an object of it."""
    headers = {mark: _header(begin, mark) for mark in DELIMITERS}
    return max(
        DELIMITERS,
        key=lambda mark: (kind_of(*headers[mark]) is not None, len(headers[mark][0])),
    )


def _header(begin: Begin, delimiter: str) -> tuple[list[str], str]:
    """Return the names of the columns, and the id in the first row if there is one."""
    header, row = begin.first_rows(delimiter)
    ids = [cell for name, cell in zip(header, row, strict=False) if name.casefold() == "id"]
    return header, long_id(ids[0]) if ids else ""
