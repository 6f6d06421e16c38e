"""A table of attributes read in memory: what each row makes known, on the way an import takes."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from opps.domain.events import LossKind
from opps.domain.knowledge import Known
from opps.domain.opportunity.state import Opportunity, Status, known
from opps.integrations.importing.csv_file import Line
from opps.integrations.importing.deciding import CaseDecision, Run
from opps.integrations.importing.errors import SourceMalformed
from opps.integrations.importing.facts_csv import case_of, numbered_lines
from opps.integrations.importing.mapping import Mapping
from opps.integrations.importing.names import Names
from opps.integrations.importing.rules import compiled
from opps.integrations.importing.source import SourceFile
from opps.integrations.importing.steps import opening_step, row_steps
from opps.learning.moments import TrainingRow

_NOBODY = UUID(int=0)
_TAUGHT = (Status.WON, Status.LOST, Status.NO_DECISION)


class Table:
    """The rows of a table, in their order: row 0 is the first one below the header.

    `digest` is the SHA-256 of the file, `columns` are those that the mapping names.

    Raises:
        SourceMalformed: the file cannot be read, or a row of it would be rejected by an import.
    """

    def __init__(self, path: Path, mapping: Mapping, now: datetime | None = None) -> None:
        self.columns = tuple(mapping.columns)
        self._path = path
        self._dated = mapping.times.attribute is not None
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
        self._opportunities: dict[tuple[int, frozenset[str]], Opportunity] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def known(self, number: int, hidden: Collection[str] = ()) -> Known:
        """Return what is known of a row, when it closed if it did; hidden cells are not asked.

        Raises:
            SourceMalformed: the row would be rejected by an import.
        """
        return known(self._opportunity(number, hidden))

    def training_row(self, number: int, hidden: Collection[str] = ()) -> TrainingRow | None:
        """Return what a row teaches; None for one that is open, or that we walked away from.

        Raises:
            SourceMalformed: the row would be rejected by an import.
        """
        state = self._opportunity(number, hidden)
        if state.status not in _TAUGHT:
            return None
        decided: bool | None = state.status is not Status.NO_DECISION
        if state.loss_kind is LossKind.UNSPECIFIED:
            decided = None
        return TrainingRow(
            known=known(state),
            won=state.status is Status.WON,
            decided=decided,
            opportunity_id=state.opportunity_id,
            closed_at=state.closed_at if self._dated else None,
        )

    def _opportunity(self, number: int, hidden: Collection[str]) -> Opportunity:
        key = number, frozenset(hidden)
        found = self._opportunities.get(key)
        if found is None:
            found = self._opportunities[key] = self._imported(self._lines[number], key[1])
        return found

    def _imported(self, line: Line, hidden: frozenset[str]) -> Opportunity:
        """Return the opportunity that an import of a row leads to."""
        shown = {name: "" if name in hidden else text for name, text in line.cells.items()}
        case = case_of([Line(line.number, shown)], self._run.compiled)
        decision = CaseDecision(self._run, case)
        opening = opening_step(self._run.compiled, case, decision.ids_in)
        steps = [opening, *row_steps(self._run.compiled, case, decision.ids_in)]
        state = decision.decide(None, steps)
        refused = next((step.refused for step in steps if step.refused), None)
        if state is None or refused is not None:
            raise SourceMalformed(self._path, f"{refused}", line.number)
        return state
