"""What kind of text a table is, found by looking at it: digest, encoding, its first lines."""

import codecs
import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from opps.integrations.importing.csv_file import Chunked
from opps.integrations.importing.errors import SourceMalformed

DELIMITERS = (",", ";", "\t", "|")
_BEGIN_BYTES = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"


class Begin(Struct, frozen=True, kw_only=True):
    """The digest of a table, its encoding, and the lines that it begins with."""

    digest: str
    encoding: str
    lines: list[str]

    def first_rows(self, delimiter: str) -> tuple[list[str], list[str]]:
        """Return the header and the first row, with this mark between their cells."""
        rows = csv.reader(self.lines, delimiter=delimiter)
        try:
            return next(rows, []), next(rows, [])
        except csv.Error:
            return [], []


def begin_of(part: Chunked, encoding: str | None) -> Begin:
    """Return how a table begins; an encoding that a person names is not looked for.

    Raises:
        SourceMalformed: it cannot be read, or is not in that encoding.
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
            is_utf8 = is_utf8 and in_utf8.decode(chunk) is not None
        except UnicodeDecodeError:
            is_utf8 = False
    found = encoding or _encoding(begin, is_utf8=is_utf8 and not in_utf8.getstate()[0])
    lines = _lines(part.path, begin, found)
    return Begin(digest=digest.hexdigest(), encoding=found, lines=lines)


def check_delimiter(path: Path, header: Sequence[str], begin: Begin, delimiter: str) -> None:
    """Refuse a delimiter that leaves one column, where another makes more.

    Raises:
        SourceMalformed: it does; the message names the other one.
    """
    other = max(DELIMITERS, key=lambda mark: len(begin.first_rows(mark)[0]))
    if len(header) < 2 and len(begin.first_rows(other)[0]) > 1:
        message = f"with {delimiter!r} between its cells it is one column; {other!r} may be meant"
        raise SourceMalformed(path, message, 1)


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


def _lines(path: Path, begin: bytes, encoding: str) -> list[str]:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(begin)
    except LookupError:
        raise SourceMalformed(path, f"no encoding is called {encoding!r}") from None
    except UnicodeDecodeError as error:
        message = f"it is no {encoding}: {error.reason}; name another one, or none to have it found"
        raise SourceMalformed(path, message) from None
    return text.removeprefix("\ufeff").splitlines(keepends=True)[:200]
