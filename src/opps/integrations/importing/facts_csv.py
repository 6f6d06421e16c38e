"""Read a table of qualitative attributes: one row an opportunity."""

from collections.abc import Iterable, Iterator

from opps.integrations.importing.csv_file import Line, csv_lines, gathered
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.mapping import Mapping
from opps.integrations.importing.rows import Case, Row
from opps.integrations.importing.rules import Compiled
from opps.integrations.importing.source import SourceFile

# The number of a row, from 1: an id where the table has none of its own.
ROW_NUMBER = "row"


def facts_csv_cases(file: SourceFile, compiled: Compiled) -> Iterator[Case]:
    """Yield the opportunities of a table; rows that share an id are one case, and refused.

    Raises:
        SourceMalformed: a column is missing, a row has too many or few, or it is no readable CSV;
            then nothing was yielded.
    """
    lines = _mended(numbered_lines(file, compiled.mapping), compiled)
    for _, found in gathered(lines, compiled.mapping.id_attribute):
        yield case_of(found, compiled)


def _mended(lines: Iterable[Line], compiled: Compiled) -> Iterator[Line]:
    """Yield the rows, put right, with what the lists beside the table tell of them."""
    named = compiled.mapping.id_attribute
    for number, cells in lines:
        mended = compiled.corrections.mended(cells, cells[named])
        yield Line(number, compiled.references.told(mended, compiled.corrections))


def numbered_lines(file: SourceFile, mapping: Mapping) -> Iterator[Line]:
    """Yield the rows of a table in their order, each with its number if nothing else names it.

    Where a row has an id of its own, its place in the file is nothing that it says.
    """
    numbered = mapping.id_attribute == ROW_NUMBER
    for number, line in enumerate(csv_lines(file, mapping.csv, _needed(mapping)), 1):
        cells = {name: text.strip() for name, text in line.cells.items()}
        yield Line(line.number, {ROW_NUMBER: str(number), **cells} if numbered else cells)


def case_of(lines: Iterable[Line], compiled: Compiled) -> Case:
    """Return the case of the rows that share an id: one, if the table is as it should be."""
    first, *others = lines
    return Case(
        line=first.number,
        external_id=first.cells[compiled.mapping.id_attribute],
        attributes=first.cells,
        rows=[_row(first, compiled), *(_repeated(other, first) for other in others)],
    )


def _row(line: Line, compiled: Compiled) -> Row:
    number, attributes = line
    mapping = compiled.mapping
    opened_at = mapping.opportunity.opened_at
    text = attributes.get(mapping.time_attribute, "")
    if not text and opened_at is not None:
        text = attributes.get(opened_at, "")
    try:
        learned = compiled.times.read(text)
    except RowRefused as refused:
        return Row(line=number, attributes=attributes, learned=None, problem=refused)
    problem = compiled.references.problem(attributes) or mapping.cells().problem(attributes)
    return Row(line=number, attributes=attributes, learned=learned, problem=problem)


def _repeated(line: Line, first: Line) -> Row:
    problem = RowRefused(
        "DUPLICATE_ID",
        f"line {first.number} has the same id, and a row is one opportunity",
        "give each row its own id, or name another column: [opportunity] external_id",
    )
    return Row(line=line.number, attributes=line.cells, learned=None, problem=problem)


def _needed(mapping: Mapping) -> list[str]:
    """Return the columns that the mapping names, each once."""
    opportunity, times = mapping.opportunity, mapping.times
    named = [
        *mapping.columns,
        *(one.column for one in mapping.references.values()),
        *(name for rule in mapping.rules for name in rule.match),
        *(opportunity.external_id, opportunity.opened_at),
        *(times.attribute, mapping.facts.learned_at),
    ]
    elsewhere = {ROW_NUMBER, *(name for one in mapping.references.values() for name in one.tells)}
    return [name for name in dict.fromkeys(named) if name is not None and name not in elsewhere]
