"""What is new in a case: all of it in one append, or nothing and the reasons."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from msgspec import Struct
from uuid_utils.compat import uuid5

from opps.application import new_event
from opps.domain.errors import Refusal
from opps.domain.events import Event
from opps.domain.opportunity.evolve import fold
from opps.domain.recorded import Recorded
from opps.eventstore import NEW_STREAM, Append, NewEvent
from opps.eventstore.appends import MAX_EVENTS
from opps.integrations.importing.deciding import CaseDecision, Run
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.report import Rejected, Tally
from opps.integrations.importing.results import Outcome, RowResult
from opps.integrations.importing.rows import Case
from opps.integrations.importing.rules import GENERIC
from opps.integrations.importing.steps import Step, opening_step, row_steps, too_long
from opps.recording import codec
from opps.recording.keyring import Keyring


class Planned(Struct, frozen=True, kw_only=True):
    """What a case comes to: the append that stores what is new, if anything is.

    `people` of the source are named in it by their principals.
    """

    case: Case
    append: Append | None
    tally: Tally
    rejected: tuple[Rejected, ...]
    refused: bool
    opens: bool
    people: dict[UUID, str]
    results: tuple[RowResult, ...] = ()


def plan(
    run: Run,
    tenant: UUID,
    keyring: Keyring,
    case: Case,
    existing: Sequence[Recorded[Event]],
) -> Planned:
    """Return what is new in a case, given what the log has of its opportunity.

    The whole case is decided as if it were new, so that a row comes to the same at every import;
    what is not there yet is then decided once more on what is.
    """
    decision = CaseDecision(run, case)
    opening = opening_step(run.compiled, case, decision.ids_in)
    steps = [opening, *row_steps(run.compiled, case, decision.ids_in)]
    decision.decide(None, steps)
    new = steps
    if existing:
        there = {one.metadata.causation_id for one in existing}
        for step in steps:
            step.already = step.row_id in there
        new = [step for step in steps if not step.already]
        decision.decide(fold(existing), [step for step in new if step.events])
    events = list(_new_events(decision.opportunity_id, new, keyring))
    if len(events) > MAX_EVENTS:
        new[0].refused = too_long(f"{len(events)} events", f"{MAX_EVENTS}")
    if refused := any(step.refused for step in new):
        events = []
    version = existing[-1].version if existing else NEW_STREAM
    return Planned(
        case=case,
        append=_append(tenant, decision.opportunity_id, version, events) if events else None,
        tally=_tally(case, steps[1:], events, refused),
        rejected=tuple(_rejected(case, new)) if refused else (),
        refused=refused,
        opens=not existing,
        people=decision.people,
        results=tuple(_results(case, steps, refused, existing)) if run.results else (),
    )


def _append(tenant: UUID, stream: UUID, version: int, events: Sequence[NewEvent]) -> Append:
    told = hashlib.sha256(b"".join([event.event_id.bytes for event in events])).hexdigest()
    return Append(
        tenant=tenant,
        command_id=uuid5(stream, f"import:{told}"),
        expected={stream: version},
        events=tuple(events),
    )


def _new_events(stream: UUID, steps: Sequence[Step], keyring: Keyring) -> Iterator[NewEvent]:
    for step in steps:
        try:
            for one in step.events:
                metadata = codec.encode_metadata(one.metadata)
                yield new_event(stream, one.event, one.event_id, metadata, keyring)
        except Refusal as refusal:  # it says something about a person who was erased
            step.refused = RowRefused(refusal.code, str(refusal))


def _tally(case: Case, steps: Sequence[Step], events: Sequence[NewEvent], refused: bool) -> Tally:
    tally = Tally(held_back=case.too_many)
    for step in steps:
        match _outcome(step, refused):
            case Outcome.ALREADY:
                tally.already += 1
            case Outcome.COUNTED:
                tally.counted[str(step.counted)] += 1
            case Outcome.REJECTED:
                tally.rejected += 1
            case Outcome.HELD_BACK:
                tally.held_back += 1
            case Outcome.UNCHANGED:
                tally.unchanged += 1
            case Outcome.KEPT:
                tally.generic += 1
            case _:
                tally.typed += 1
    tally.stored = Counter(event.tag for event in events)
    return tally


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


def _results(
    case: Case, steps: Sequence[Step], refused: bool, existing: Sequence[Recorded[Event]]
) -> Iterator[RowResult]:
    """Yield what became of each row, and of what opens the opportunity where it is new."""
    there: dict[UUID | None, list[UUID]] = {}
    for one in existing:
        there.setdefault(one.metadata.causation_id, []).append(one.event_id)
    for step in steps:
        outcome = _outcome(step, refused)
        if step.opens and (step.already or refused):
            continue
        events = there.get(step.row_id, []) if step.already else []
        if outcome in (Outcome.TYPED, Outcome.KEPT):
            events = [one.event_id for one in step.events]
        yield RowResult(
            line=step.row.line,
            external_id=case.external_id,
            outcome=Outcome.OPENED if step.opens else outcome,
            code=step.refused.code if step.refused else step.counted,
            event_ids=events,
        )


def _rejected(case: Case, steps: Sequence[Step]) -> Iterator[Rejected]:
    first = next(step.row.line for step in steps if step.refused)
    why = f"line {first} was refused, and an opportunity is imported whole or not at all"
    lines = {step.row.line for step in steps if step.refused and not step.opens}
    for step in steps:
        if step.opens and step.row.line in lines:
            continue  # the row says why
        if step.refused or not (step.opens or step.counted):
            yield _one_rejected(case, step, why)


def _one_rejected(case: Case, step: Step, why: str) -> Rejected:
    refused = step.refused
    return Rejected(
        line=step.row.line,
        external_id=case.external_id,
        code=refused.code if refused else "HELD_BACK",
        reason=refused.reason if refused else why,
        suggestion=refused.suggestion if refused else None,
        row=step.row.attributes,
    )
