"""A table of attributes read in memory: what each row makes known, on the way an import takes."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from opps.domain.events import Event
from opps.domain.knowledge import Known
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Recorded
from opps.integrations.importing.csv_file import Line
from opps.integrations.importing.deciding import CaseDecision, Run
from opps.integrations.importing.errors import SourceMalformed
from opps.integrations.importing.facts_csv import case_of, numbered_lines
from opps.integrations.importing.mapping import Mapping
from opps.integrations.importing.names import Names
from opps.integrations.importing.rules import compiled
from opps.integrations.importing.source import SourceFile
from opps.integrations.importing.steps import opening_step, row_steps
from opps.learning.moments import TrainingRow, as_it_ended, rows

_NOBODY = UUID(int=0)


class Table:
    """The rows of a table, in their order: row 0 is the first one below the header.

    `digest` is the SHA-256 of the file, `columns` are those that the mapping names.

    Raises:
        SourceMalformed: the file cannot be read, or a row of it would be rejected by an import.
    """

    def __init__(self, path: Path, mapping: Mapping, now: datetime | None = None) -> None:
        self.columns = tuple(mapping.columns)
        self._path = path
        self._never = tuple(name for name, column in mapping.columns.items() if column.never)
        self._cells = mapping.cells()
        ready = compiled(mapping)
        self._run = Run(
            compiled=ready,
            names=Names(_NOBODY, mapping.source, key=b""),
            import_id=_NOBODY,
            now=now or datetime.now(UTC),
        )
        with SourceFile(path) as file:
            self.digest = file.digest()
            self._lines = tuple(numbered_lines(file, mapping))
        self._histories: dict[tuple[int, frozenset[str]], History] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def context_ids(self) -> dict[str, set[str]]:
        """Return the values that the table has of what is never evidence, such as the seller."""
        found: dict[str, set[str]] = {name: set() for name in self._never}
        for line in self._lines:
            for name, values in found.items():
                if text := self._cells.named(name, line.cells, self._run.names.principal):
                    values.add(text)
        return found

    def takes(self, number: int) -> bool:
        """Tell whether an import would take a row."""
        try:
            self._read(number, ())
        except SourceMalformed:
            return False
        return True

    def known(self, number: int, hidden: Collection[str] = ()) -> Known:
        """Return what is known of a row, when it ended if it did; hidden cells are not asked.

        Raises:
            SourceMalformed: the row would be rejected by an import.
        """
        return known(self._read(number, hidden).leads_to)

    def ended(self, number: int, hidden: Collection[str] = ()) -> TrainingRow | None:
        """Return how a row ended, with what is known of it; None where it has not.

        Raises:
            SourceMalformed: the row would be rejected by an import.
        """
        return as_it_ended(self._read(number, hidden).leads_to)

    def training_rows(self, number: int, hidden: Collection[str] = ()) -> list[TrainingRow]:
        """Return what a row teaches: one moment if the table has no dates, none if it is open.

        Raises:
            SourceMalformed: the row would be rejected by an import.
        """
        history = self._read(number, hidden)
        if history.taught is None:
            history.taught = rows(history.recorded)
        return history.taught

    def told(self, number: int) -> tuple[str | None, ...]:
        """Return what the cells of a row say, without those that are never evidence."""
        line = self._lines[number]
        names = [name for name in self.columns if name not in self._never]
        return tuple([self._cells.told(name, line.cells) for name in names])

    def _read(self, number: int, hidden: Collection[str]) -> "History":
        key = number, frozenset(hidden)
        found = self._histories.get(key)
        if found is None:
            found = self._histories[key] = self._imported(self._lines[number], key[1])
        return found

    def _imported(self, line: Line, hidden: frozenset[str]) -> "History":
        """Return what an import makes of a row, as if it stood in the log."""
        shown = {name: "" if name in hidden else text for name, text in line.cells.items()}
        case = case_of([Line(line.number, shown)], self._run.compiled)
        decision = CaseDecision(self._run, case)
        opening = opening_step(self._run.compiled, case, decision.ids_in)
        steps = [opening, *row_steps(self._run.compiled, case, decision.ids_in)]
        state = decision.decide(None, steps)
        refused = next((step.refused for step in steps if step.refused), None)
        if state is None or refused is not None:
            raise SourceMalformed(self._path, f"{refused}", line.number)
        return History([one for step in steps for one in step.events], state)


class History(Struct):
    """The events of a row, the opportunity that they lead to, and once asked for, their lesson."""

    recorded: list[Recorded[Event]]
    leads_to: Opportunity
    taught: list[TrainingRow] | None = None
