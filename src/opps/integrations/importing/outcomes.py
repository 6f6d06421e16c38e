"""What became of each row of a case: counted once, and told once, whatever it says."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from opps.domain.events import Event
from opps.domain.recorded import Recorded
from opps.integrations.importing.report import Tally
from opps.integrations.importing.results import Outcome, RowResult
from opps.integrations.importing.rows import Case
from opps.integrations.importing.rules import GENERIC
from opps.integrations.importing.steps import Step
from opps.recording import codec

# Where a row of a file says several things, it counts as what most became of any of them.
_RANK = {
    outcome: rank
    for rank, outcome in enumerate(
        (
            Outcome.UNCHANGED,
            Outcome.COUNTED,
            Outcome.ALREADY,
            Outcome.KEPT,
            Outcome.TYPED,
            Outcome.OPENED,
            Outcome.HELD_BACK,
            Outcome.REJECTED,
        )
    )
}


def tally(case: Case, steps: Sequence[Step], tags: Sequence[str], refused: bool) -> Tally:
    """Return the counts of a case, with `tags` of the events that are new."""
    counts = Tally(held_back=case.too_many)
    for said in _by_row(steps):
        if said[0].opens and said[0].row.part is None:
            continue  # no row of the source
        found = [(_outcome(step, refused), step.counted) for step in said]
        outcome, counted = max(found, key=lambda one: _RANK[one[0]])
        counts.take(outcome, counted)
        if outcome is not Outcome.COUNTED:
            counts.left_out.update([name for _, name in found if name is not None])
    counts.stored = Counter(tags)
    return counts


def row_results(
    case: Case, steps: Sequence[Step], refused: bool, existing: Sequence[Recorded[Event]]
) -> Iterator[RowResult]:
    """Yield what became of each row, and of what opens the opportunity where it is new."""
    there: dict[UUID | None, list[UUID]] = {}
    for stored in existing:
        there.setdefault(stored.metadata.causation_id, []).append(stored.event_id)
    for said in _by_row(steps):
        first = said[0]
        if first.opens and first.row.part is None and (first.already or refused):
            continue
        found = [_told(step, refused) for step in said]
        outcome, step = max(zip(found, said, strict=True), key=lambda one: _RANK[one[0]])
        events: list[UUID] = []
        for each, became in zip(said, found, strict=True):
            if each.already:
                events += there.get(each.row_id, [])
            elif became in (Outcome.TYPED, Outcome.KEPT, Outcome.OPENED):
                events += [one.event_id for one in each.events]
        yield RowResult(
            line=step.row.line,
            file=step.row.file,
            external_id=case.external_id,
            outcome=outcome,
            code=step.refused.code if step.refused else step.counted,
            event_ids=events,
        )


def _by_row(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Yield the steps of each row, in the order of the rows."""
    if all(step.row.part is None for step in steps):
        yield from ([step] for step in steps)
        return
    rows: dict[int | tuple[int], list[Step]] = {}
    for number, step in enumerate(steps):
        part = step.row.part
        rows.setdefault((number,) if part is None else part, []).append(step)
    yield from rows.values()


def _told(step: Step, refused: bool) -> Outcome:
    outcome = _outcome(step, refused)
    return Outcome.OPENED if step.opens and outcome is Outcome.TYPED else outcome


def _outcome(step: Step, refused: bool) -> Outcome:
    """Return what becomes of a row, where its opportunity is refused or not."""
    if step.already:
        return Outcome.ALREADY
    if step.counted is not None:
        return Outcome.COUNTED
    if step.refused:
        return Outcome.REJECTED
    if refused:
        return Outcome.HELD_BACK
    if not step.events:
        return Outcome.UNCHANGED
    if all(codec.tag_of(one.event) == GENERIC for one in step.events):
        return Outcome.KEPT
    return Outcome.TYPED
