"""What kind of text a table is, found by looking at it: digest, encoding, delimiter, columns."""

import codecs
import csv
import hashlib
from collections.abc import Mapping

from msgspec import Struct

from opps.integrations.importing.errors import SourceMalformed
from opps.integrations.importing.hubspot.settings import HubspotPart
from opps.integrations.importing.hubspot.tables import Kind, kind_of, standard_names
from opps.integrations.importing.salesforce.packing import Part

DELIMITERS = (",", ";", "\t", "|")
_BEGIN_BYTES = 64 * 1024


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
        SourceMalformed: it cannot be read.
    """
    digest = hashlib.sha256()
    begin = b""
    in_utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    for chunk in part.chunks():
        digest.update(chunk)
        if len(begin) < _BEGIN_BYTES:
            begin += chunk
        try:
            in_utf8.decode(chunk)
        except UnicodeDecodeError:
            is_utf8 = False
    encoding = settings.encoding or _encoding(begin, is_utf8)
    line = _first_line(part, begin, encoding)
    headers = {
        mark: _header(line, mark, settings.columns)
        for mark in ((settings.delimiter,) if settings.delimiter else DELIMITERS)
    }
    mark = max(headers, key=lambda one: (kind_of(headers[one]) is not None, len(headers[one])))
    return Looked(
        part=part,
        digest=digest.hexdigest(),
        encoding=encoding,
        delimiter=mark,
        names=headers[mark],
        kind=kind_of(headers[mark]),
    )


def _encoding(begin: bytes, is_utf8: bool) -> str:
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8" if is_utf8 else "cp1252"


def _first_line(part: Part, begin: bytes, encoding: str) -> str:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(begin)
    except LookupError:
        raise SourceMalformed(part.path, f"no encoding is called {encoding!r}") from None
    except UnicodeDecodeError as error:
        message = f"it is no {encoding}: {error.reason}; name another one, or none to have it found"
        raise SourceMalformed(part.path, message) from None
    return text.removeprefix("\ufeff").partition("\n")[0]


def _header(line: str, delimiter: str, columns: Mapping[str, str]) -> list[str]:
    return standard_names(next(csv.reader([line], delimiter=delimiter), []), columns)
