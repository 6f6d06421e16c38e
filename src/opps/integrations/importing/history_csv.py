"""Read the cases of a field history: one row a change, in any order, gathered by external id."""

import codecs
import csv
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter

import msgspec

from opps.domain.times import Learned
from opps.integrations.importing.errors import RowRefused, SourceMalformed
from opps.integrations.importing.mapping import Mapping
from opps.integrations.importing.rows import ROWS_LIMIT, Case, Row
from opps.integrations.importing.rules import Compiled
from opps.integrations.importing.source import SourceFile

_UNPLACED = float("inf")


def history_csv_cases(file: SourceFile, compiled: Compiled) -> Iterator[Case]:
    """Yield the histories of a file, each in order of time, then of its lines.

    The rows wait in a temporary file on disk, so that a file in any order needs little memory, and
    a malformed one is refused before anything is imported.

    Raises:
        SourceMalformed: a column is missing, a row has too many or few, or it is no readable CSV.
    """
    with closing(sqlite3.connect("")) as waiting:
        _gather(waiting, _changes(file, compiled))
        found = waiting.execute("SELECT external_id, line, content FROM waiting ORDER BY 1, 2")
        for external_id, changes in groupby(found, itemgetter(0)):
            yield _case(external_id, changes, compiled)


def _gather(waiting: sqlite3.Connection, changes: Iterator[tuple[str, int, bytes]]) -> None:
    waiting.execute("PRAGMA journal_mode = OFF")
    waiting.execute("PRAGMA temp_store = FILE")
    waiting.execute("CREATE TABLE waiting (external_id TEXT, line INTEGER, content BLOB)")
    waiting.executemany("INSERT INTO waiting VALUES (?, ?, ?)", changes)


def _case(external_id: str, changes: Iterable[tuple[str, int, bytes]], compiled: Compiled) -> Case:
    rows: list[Row] = []
    too_many = 0
    for _, line, content in changes:
        if len(rows) == ROWS_LIMIT:
            too_many += 1
        else:
            rows.append(_row(line, msgspec.json.decode(content, type=dict[str, str]), compiled))
    first_line = rows[0].line
    rows.sort(key=lambda row: _placed(row.learned))
    attributes: dict[str, str] = {compiled.mapping.id_attribute: external_id}
    for row in rows:
        attributes.setdefault(row.attributes["field"], row.attributes["new_value"])
    return Case(
        line=first_line,
        external_id=external_id,
        attributes=attributes,
        rows=rows,
        too_many=too_many,
    )


def _row(line: int, attributes: dict[str, str], compiled: Compiled) -> Row:
    try:
        learned = compiled.times.read(attributes[compiled.mapping.time_attribute])
    except RowRefused as refused:
        return Row(line=line, attributes=attributes, learned=None, problem=refused)
    return Row(line=line, attributes=attributes, learned=learned)


def _placed(learned: Learned | None) -> float:
    return learned.latest.timestamp() if learned and learned.latest else _UNPLACED


def _changes(file: SourceFile, compiled: Compiled) -> Iterator[tuple[str, int, bytes]]:
    part = compiled.mapping.csv
    reader = csv.reader(_lines(file, part.encoding), delimiter=part.delimiter, strict=True)
    try:
        header = next(reader, [])
        names = _names(file, header, compiled.mapping)
        place = names.index(compiled.mapping.id_attribute)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(names):
                message = f"{len(cells)} cells, but there are {len(names)} columns"
                raise SourceMalformed(file.path, message, reader.line_num)
            content = msgspec.json.encode(dict(zip(names, cells, strict=True)))
            yield cells[place], reader.line_num, content
    except csv.Error as error:
        raise SourceMalformed(file.path, f"no readable CSV: {error}", reader.line_num) from None


def _names(file: SourceFile, header: list[str], mapping: Mapping) -> list[str]:
    """Return the names of the columns, the file's own ones replaced by the standard ones."""
    columns = mapping.csv.columns
    needed = (mapping.id_attribute, "field", "new_value", mapping.time_attribute)
    standard = {own: name for name, own in columns.items()}
    names = [standard.get(own.strip(), own.strip()) for own in header]
    missing = [columns.get(name, name) for name in needed if name not in names]
    if missing:
        message = (
            f"there is no column {', '.join(missing)}; there are {', '.join(header) or 'none'}; "
            "[csv.columns] of the mapping says what the file calls them, [csv] its delimiter"
        )
        raise SourceMalformed(file.path, message, 1)
    if len(set(names)) < len(names):
        raise SourceMalformed(file.path, "two columns have one name", 1)
    return names


def _lines(file: SourceFile, encoding: str) -> Iterator[str]:
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
            for line in lines:
                number += 1
                yield line + "\n"
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        message = f"no {encoding}: {error.reason}; name it in the mapping: [csv] encoding"
        at_line = number + 1 + error.object[: error.start].count(b"\n")
        raise SourceMalformed(file.path, message, at_line) from None
    if rest:
        yield rest
