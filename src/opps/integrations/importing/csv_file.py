"""Read the rows of a CSV file under its column names, and gather those of one opportunity."""

import codecs
import csv
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from opps.integrations.importing.errors import SourceMalformed
from opps.integrations.importing.mapping import CsvPart
from opps.integrations.importing.source import SourceFile

_LONGEST_LINE = 5_000_000


class Chunked(Protocol):
    """Something that is read in pieces."""

    @property
    def path(self) -> Path:
        """What to call it."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces."""


class Line(NamedTuple):
    """A row with the line of the file where it ends."""

    number: int
    cells: dict[str, str]


def csv_lines(file: SourceFile, part: CsvPart, needed: Sequence[str]) -> Iterator[Line]:
    """Yield the rows of a file in their order, each cell under the standard name of its column.

    Raises:
        SourceMalformed: a needed column is missing, a row has too many or few cells, or it is no
            readable CSV.
    """
    reader = csv.reader(texts(file, part.encoding), delimiter=part.delimiter, strict=True)
    try:
        names = _names(file, next(reader, []), part, needed)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(names):
                message = f"{len(cells)} cells, but there are {len(names)} columns"
                raise SourceMalformed(file.path, message, reader.line_num)
            yield Line(reader.line_num, dict(zip(names, cells, strict=True)))
    except csv.Error as error:
        raise SourceMalformed(file.path, f"no readable CSV: {error}", reader.line_num) from None


def gathered(lines: Iterable[Line], by: str) -> Iterator[tuple[str, Iterator[Line]]]:
    """Yield the rows that have the same text in a column, in the order of the file.

    They wait in a temporary file on disk, so that a file in any order needs little memory, and a
    malformed one is refused before anything is imported.
    """
    with closing(sqlite3.connect("")) as waiting:
        waiting.execute("PRAGMA journal_mode = OFF")
        waiting.execute("PRAGMA temp_store = FILE")
        waiting.execute("CREATE TABLE waiting (external_id TEXT, line INTEGER, content BLOB)")
        waiting.executemany(
            "INSERT INTO waiting VALUES (?, ?, ?)",
            ((cells[by], number, msgspec.json.encode(cells)) for number, cells in lines),
        )
        found = waiting.execute("SELECT external_id, line, content FROM waiting ORDER BY 1, 2")
        for external_id, rows in groupby(found, itemgetter(0)):
            yield (
                external_id,
                (
                    Line(number, msgspec.json.decode(content, type=dict[str, str]))
                    for _, number, content in rows
                ),
            )


def _names(file: SourceFile, header: list[str], part: CsvPart, needed: Sequence[str]) -> list[str]:
    """Return the names of the columns, the file's own ones replaced by the standard ones."""
    standard = {own: name for name, own in part.columns.items()}
    names = [standard.get(own.strip(), own.strip()) for own in header]
    missing = [part.columns.get(name, name) for name in needed if name not in names]
    if missing:
        message = (
            f"there is no column {', '.join(missing)}; there are {', '.join(header) or 'none'}; "
            f"{_other_delimiter(header)}[csv.columns] of the mapping says what the file calls "
            "them, [csv] its delimiter"
        )
        raise SourceMalformed(file.path, message, 1)
    if len(set(names)) < len(names):
        raise SourceMalformed(file.path, "two columns have one name", 1)
    return names


def _other_delimiter(header: list[str]) -> str:
    """Return which delimiter may be meant where a header is one cell, with what to do."""
    first = header[0] if len(header) == 1 else ""
    mark = max(",;\t|", key=first.count)
    return f"{mark!r} may be meant: [csv] delimiter; " if mark in first else ""


def texts(file: Chunked, encoding: str) -> Iterator[str]:
    """Yield the lines of a text; a quoted cell may hold line ends, so they are kept."""
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    except LookupError:
        raise SourceMalformed(file.path, f"no encoding is called {encoding!r}") from None
    number = 0
    rest = ""
    try:
        for chunk in file.chunks():
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            if len(rest) > _LONGEST_LINE:
                message = f"a line has more than {_LONGEST_LINE:,} characters: is it a table?"
                raise SourceMalformed(file.path, message, number + len(lines) + 1)
            for line in lines:
                number += 1
                if "\0" in line:
                    raise SourceMalformed(file.path, "it has a NUL, so it is no text", number)
                yield line + "\n"
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        message = f"no {encoding}: {error.reason}; name it in the mapping: [csv] encoding"
        at_line = number + 1 + error.object[: error.start].count(b"\n")
        raise SourceMalformed(file.path, message, at_line) from None
    if "\0" in rest:
        raise SourceMalformed(file.path, "it has a NUL, so it is no text", number + 1)
    if rest:
        yield rest
