"""Lists of what may stand in a column of a table: the products there are, the accounts, the teams.

What a list does not have is refused with the nearest that it has; a row is told what it tells.
"""

import hashlib
from collections.abc import Mapping as Abstract
from pathlib import Path

from msgspec import Struct

from opps.integrations.importing.columns import LONGEST
from opps.integrations.importing.corrections import Corrections
from opps.integrations.importing.csv_file import csv_lines
from opps.integrations.importing.errors import (
    MappingRefused,
    Meant,
    RowRefused,
    either,
    near,
)
from opps.integrations.importing.mapping import Mapping, ReferencePart
from opps.integrations.importing.source import SourceFile


class Reference(Struct, frozen=True):
    """A list, read: what it has under each key."""

    name: str
    part: ReferencePart
    rows: Abstract[str, Abstract[str, str]]


class References:
    """The lists beside a table."""

    def __init__(self, lists: tuple[Reference, ...] = (), digest: str = "") -> None:
        self.digest = digest
        self._lists = lists
        self._near: dict[tuple[str, str], Meant | None] = {}

    def told(self, cells: dict[str, str], corrections: Corrections) -> dict[str, str]:
        """Return the cells of a row with what the lists tell of it, put right as cells are."""
        told: dict[str, str] = {}
        for one in self._lists:
            if found := one.rows.get(cells.get(one.part.column, "")):
                told.update({name: found[column] for name, column in one.part.tells.items()})
            else:
                told.update(dict.fromkeys(one.part.tells, ""))
        return {**cells, **corrections.mended(told, "")} if told else cells

    def problem(self, cells: Abstract[str, str]) -> RowRefused | None:
        """Return which cell of a row is in no list, if one is; an empty cell is not asked for."""
        for one in self._lists:
            column = one.part.column
            text = cells.get(column, "")
            if text and text not in one.rows:
                meant = self._nearest(one, text[:LONGEST])
                return RowRefused(
                    "NOT_IN_REFERENCE",
                    f"{column} is {text[:LONGEST]!r}, which the list of {one.name} does not have",
                    either(meant, "mend the file, or add it to the list"),
                    meant,
                )
        return None

    def _nearest(self, one: Reference, text: str) -> Meant | None:
        key = one.name, text
        if key not in self._near:
            self._near[key] = near(one.part.column, text, one.rows)
        return self._near[key]


def read_references(mapping: Mapping, files: Abstract[str, Path]) -> References:
    """Return the lists that files give; one that the mapping names and nobody gives is not asked.

    Raises:
        MappingRefused: the mapping names no list of a name.
        SourceMalformed: a file cannot be read, or lacks a column.
    """
    lists = []
    digests = []
    for name, path in files.items():
        part = mapping.references.get(name)
        if part is None:
            known = ", ".join(mapping.references) or "none"
            message = f"no list is called {name!r}; there are {known}"
            raise MappingRefused(mapping.path, [mapping.problem("references", message)])
        key = part.key or part.column
        with SourceFile(path) as file:
            digests.append(f"{name}:{file.digest()}")
            needed = (key, *part.tells.values())
            rows = {}
            for line in csv_lines(file, mapping.csv, needed):
                told = {one: text.strip() for one, text in line.cells.items()}
                rows[told[key]] = {one: told[one] for one in part.tells.values()}
        lists.append(Reference(name, part, rows))
    of_all = hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest() if digests else ""
    return References(tuple(lists), of_all)


NO_REFERENCES = References()
