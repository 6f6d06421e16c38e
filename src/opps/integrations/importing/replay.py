"""An event log read in memory: what an import would store of each case, and no database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from opps.domain.events import Event
from opps.domain.opportunity.commands import RecordProposalSent
from opps.domain.recorded import Recorded
from opps.integrations.importing.deciding import CaseDecision, Run
from opps.integrations.importing.errors import MappingRefused, SourceMalformed
from opps.integrations.importing.mapping import Mapping, SourceFormat
from opps.integrations.importing.names import Names
from opps.integrations.importing.rows import Case
from opps.integrations.importing.rules import compiled
from opps.integrations.importing.source import SourceFile
from opps.integrations.importing.steps import opening_step, row_steps
from opps.integrations.importing.xes import xes_cases

_NOBODY = UUID(int=0)

# By its external id, and when the first proposal was sent as its rows say; None for never.
Wanted = Callable[[str, datetime | None], bool]
Advance = Callable[[int, int], None]


class Replay:
    """An event log in XES, plain or `.gz`, with the SHA-256 of the file and of its mapping.

    Raises:
        MappingRefused: the mapping is for files of another format.
        SourceMalformed: the file cannot be read.
    """

    def __init__(self, path: Path, mapping: Mapping, now: datetime | None = None) -> None:
        if mapping.format is not SourceFormat.XES:
            message = f"it is for {mapping.format} files, this reads {SourceFormat.XES}"
            raise MappingRefused(mapping.path, [mapping.problem("format", message)])
        self.mapping_digest = mapping.digest
        self._path = path
        self._run = Run(
            compiled=compiled(mapping),
            names=Names(_NOBODY, mapping.source, key=b""),
            import_id=_NOBODY,
            now=now or datetime.now(UTC),
        )
        with SourceFile(path) as file:
            self.digest = file.digest()

    def histories(
        self, wanted: Wanted, advance: Advance = lambda done, total: None
    ) -> Iterator[tuple[str, datetime | None, list[Recorded[Event]]]]:
        """Yield each case that is wanted: its external id, its first proposal, its events.

        Raises:
            SourceMalformed: the file cannot be read on, or an import would reject a row of it.
        """
        with SourceFile(self._path) as file:
            for case in xes_cases(file, self._run.compiled):
                advance(file.bytes_read, file.bytes_total)
                proposed_at = self._proposed_at(case)
                if wanted(case.external_id, proposed_at):
                    yield case.external_id, proposed_at, self._events(case)

    def _proposed_at(self, case: Case) -> datetime | None:
        rules_of = self._run.compiled.rules_of
        for row in case.rows:
            proposed = any(maker.command is RecordProposalSent for maker in rules_of(row))
            if proposed and row.learned:
                return row.learned.latest
        return None

    def _events(self, case: Case) -> list[Recorded[Event]]:
        decision = CaseDecision(self._run, case)
        opening = opening_step(self._run.compiled, case, decision.ids_in)
        steps = [opening, *row_steps(self._run.compiled, case, decision.ids_in)]
        decision.decide(None, steps)
        refused = next((step for step in steps if step.refused), None)
        if refused is not None:
            message = f"case {case.external_id}: {refused.refused}"
            raise SourceMalformed(self._path, message, refused.row.line)
        return [event for step in steps for event in step.events]
