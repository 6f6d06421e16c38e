"""Read the cases of a field history: one row a change, in any order, gathered by external id."""

from collections.abc import Iterable, Iterator

from opps.domain.times import Learned
from opps.integrations.importing.csv_file import Line, csv_lines, gathered
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.rows import ROWS_LIMIT, Case, Row
from opps.integrations.importing.rules import Compiled
from opps.integrations.importing.source import SourceFile

_VALUES = ("old_value", "new_value")
_UNPLACED = float("inf")


def history_csv_cases(file: SourceFile, compiled: Compiled) -> Iterator[Case]:
    """Yield the histories of a file, each in order of time, then of its lines.

    Raises:
        SourceMalformed: a column is missing, a row has too many or few, or it is no readable CSV;
            then nothing was yielded.
    """
    mapping = compiled.mapping
    needed = (mapping.id_attribute, "field", "new_value", mapping.time_attribute)
    lines = csv_lines(file, mapping.csv, needed)
    for external_id, changes in gathered(_mended(lines, compiled), mapping.id_attribute):
        yield _case(external_id, changes, compiled)


def _mended(lines: Iterable[Line], compiled: Compiled) -> Iterator[Line]:
    """Yield the changes, put right: what corrects a field is for its old and its new value."""
    corrections, named = compiled.corrections, compiled.mapping.id_attribute
    for number, cells in lines:
        yield Line(number, corrections.mended_change(cells, cells[named], cells["field"], _VALUES))


def _case(external_id: str, changes: Iterable[Line], compiled: Compiled) -> Case:
    rows: list[Row] = []
    too_many = 0
    for change in changes:
        if len(rows) == ROWS_LIMIT:
            too_many += 1
        else:
            rows.append(_row(change, compiled))
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


def _row(change: Line, compiled: Compiled) -> Row:
    line, attributes = change
    try:
        learned = compiled.times.read(attributes[compiled.mapping.time_attribute])
    except RowRefused as refused:
        return Row(line=line, attributes=attributes, learned=None, problem=refused)
    return Row(line=line, attributes=attributes, learned=learned)


def _placed(learned: Learned | None) -> float:
    return learned.latest.timestamp() if learned and learned.latest else _UNPLACED
