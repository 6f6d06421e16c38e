"""What kind of text a table is, found by looking at it: digest, encoding, delimiter, header."""

import codecs
import csv
import hashlib

from msgspec import Struct

from opps.integrations.importing.errors import SourceMalformed
from opps.integrations.importing.salesforce.ids import long_id
from opps.integrations.importing.salesforce.objects import Kind, kind_of, plain
from opps.integrations.importing.salesforce.packing import Part
from opps.integrations.importing.salesforce.settings import SalesforcePart

DELIMITERS = (",", ";", "\t", "|")
_BEGIN_BYTES = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"


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
    encoding, delimiter = settings.encoding, settings.delimiter
    digest = hashlib.sha256()
    begin = b""
    in_utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    for chunk in part.chunks():
        digest.update(chunk)
        if len(begin) < _BEGIN_BYTES:
            begin += chunk
        try:
            is_utf8 = is_utf8 and in_utf8.decode(chunk) is not None
        except UnicodeDecodeError:
            is_utf8 = False
    found = encoding or _encoding(begin, is_utf8=is_utf8 and not in_utf8.getstate()[0])
    first = _first_lines(part, begin, found)
    mark = delimiter or _delimiter(first)
    written, ids = _header(first, mark)
    standard = {plain(own): name for name, own in settings.columns.items()}
    header = [standard.get(plain(name), name) for name in written]
    if delimiter is not None and len(header) < 2 and len(_header(first, _delimiter(first))[0]) > 1:
        other = _delimiter(first)
        message = f"with {mark!r} between its cells it is one column; {other!r} may be meant"
        raise SourceMalformed(part.path, message, 1)
    return Looked(
        part=part,
        digest=digest.hexdigest(),
        encoding=found,
        delimiter=mark,
        header=tuple(header),
        kind=kind_of(header, ids),
    )


def _encoding(begin: bytes, *, is_utf8: bool) -> str:
    for bom, name in _BOMS:
        if begin.startswith(bom):
            return name
    odd, even = begin[1:2000:2], begin[:2000:2]
    if odd and odd.count(0) > len(odd) // 2:
        return "utf-16-le"
    if even and even.count(0) > len(even) // 2:
        return "utf-16-be"
    return "utf-8" if is_utf8 else _WESTERN


def _first_lines(part: Part, begin: bytes, encoding: str) -> list[str]:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(begin)
    except LookupError:
        raise SourceMalformed(part.path, f"no encoding is called {encoding!r}") from None
    except UnicodeDecodeError as error:
        message = f"it is no {encoding}: {error.reason}; name another one, or none to have it found"
        raise SourceMalformed(part.path, message) from None
    return text.removeprefix("\ufeff").splitlines(keepends=True)[:200]


def _delimiter(first: list[str]) -> str:
    """Return the mark that makes most of the first line, or an object of it."""
    if not first:
        return DELIMITERS[0]
    headers = {mark: _header(first, mark) for mark in DELIMITERS}
    return max(
        DELIMITERS,
        key=lambda mark: (kind_of(*headers[mark]) is not None, len(headers[mark][0])),
    )


def _header(first: list[str], delimiter: str) -> tuple[list[str], str]:
    """Return the names of the columns, and the id in the first row if there is one."""
    rows = csv.reader(first, delimiter=delimiter)
    try:
        header = next(rows, [])
        row = next(rows, [])
    except csv.Error:
        return [], ""
    ids = [cell for name, cell in zip(header, row, strict=False) if name.casefold() == "id"]
    return header, long_id(ids[0]) if ids else ""
