"""What is new in a case: all of it in one append, or nothing and the reasons."""

import hashlib
from collections.abc import Iterator, Sequence
from uuid import UUID

from msgspec import Struct
from uuid_utils.compat import uuid5

from opps.application import new_event
from opps.domain.errors import Refusal
from opps.domain.events import Event
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Recorded, Via
from opps.eventstore import NEW_STREAM, Append, NewEvent
from opps.eventstore.appends import MAX_EVENTS
from opps.integrations.importing.again import CaseIds, Rows
from opps.integrations.importing.deciding import CaseDecision, Run
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.outcomes import row_results, tally
from opps.integrations.importing.report import Rejected, Remark, Tally
from opps.integrations.importing.results import RowResult
from opps.integrations.importing.rows import Case
from opps.integrations.importing.steps import RowSteps, Step, opening_step, too_long
from opps.integrations.importing.templates import names_in
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
    remark: Remark | None = None


def plan(
    run: Run,
    tenant: UUID,
    keyring: Keyring,
    case: Case,
    existing: Sequence[Recorded[Event]],
    ids: CaseIds | None = None,
) -> Planned:
    """Return what is new in a case, given what the log has of its opportunity, under `ids`.

    The whole case is decided as if it were new, so that a row comes to the same at every import;
    what is not there yet is then decided once more on what is.
    """
    decision = CaseDecision(run, case, ids)
    opening = opening_step(run.compiled, case, decision.ids_in)
    if not existing:
        opening.refused = opening.refused or case.unopened
    made = RowSteps(run.compiled, decision.ids_in)
    steps = [opening, *made.of(case.rows)]
    if case.skipped:
        return _skipped(run, case, steps[1:])
    state = decision.decide(None, steps)
    there = Rows(existing)
    if existing:
        _mark(steps, there)
        again = [step for step in steps if not step.already and step.events]
        state = decision.decide(fold(existing), again)
    if case.settle is not None:
        imported = _imported(there.standing, steps) if existing else state
        settling = made.of(case.settle(imported))
        _mark(settling, there)
        decision.decide(state, [step for step in settling if not step.already])
        steps += settling
    new = [step for step in steps if not step.already]
    events = list(_new_events(decision.opportunity_id, new, keyring))
    if len(events) > MAX_EVENTS:
        new[0].refused = too_long(f"{len(events)} events", f"{MAX_EVENTS}")
    if refused := any(step.refused for step in new):
        events = []
    version = existing[-1].version if existing else NEW_STREAM
    return Planned(
        case=case,
        append=_append(tenant, decision.opportunity_id, version, events) if events else None,
        tally=tally(case, steps, [event.tag for event in events], refused),
        rejected=tuple(_rejected(case, new)) if refused else (),
        refused=refused,
        opens=not existing,
        people=decision.people,
        results=tuple(row_results(case, steps, refused, existing)) if run.results else (),
        remark=_remark(run, case) if not (refused or existing) else None,
    )


def _skipped(run: Run, case: Case, steps: Sequence[Step]) -> Planned:
    """Return what a case comes to of which nothing is imported: its rows are counted."""
    return Planned(
        case=case,
        append=None,
        tally=tally(case, steps, (), refused=False),
        rejected=(),
        refused=False,
        opens=False,
        people={},
        results=tuple(row_results(case, steps, False, ())) if run.results else (),
    )


def _mark(steps: Sequence[Step], there: Rows) -> None:
    """Mark the rows that were imported before, and are in."""
    for step in steps:
        step.row_id = there.id_of(step.row_id)
        step.already = step.row_id in there.ids


def _imported(existing: Sequence[Recorded[Event]], steps: Sequence[Step]) -> Opportunity | None:
    """Return the opportunity as the source has told it so far, whatever people did to it here."""
    told = [one for one in existing if one.metadata.actor.via == Via.IMPORT]
    return fold([*told, *(one for step in steps if not step.already for one in step.events)])


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


def _remark(run: Run, case: Case) -> Remark | None:
    """Return what a new opportunity lacks, if it does: so far, an account."""
    if run.tells_account(case):
        return None
    names = names_in(run.compiled.mapping.account.name)
    column = names[0] if names else "account"
    return Remark(
        line=case.line,
        file=case.file,
        external_id=case.external_id,
        code="ACCOUNT_NOT_TOLD",
        reason=f"nothing tells its account: it came in under {run.account(case).name!r}",
        suggestion=f"say which it is in a file of corrections before the import: {column},,NAME,"
        f"REASON,{case.external_id} under column,was,now,reason,external_id",
    )


def _rejected(case: Case, steps: Sequence[Step]) -> Iterator[Rejected]:
    first = next(step.row for step in steps if step.refused)
    where = f" of {first.file}" if first.file else ""
    why = (
        f"line {first.line}{where} was refused, and an opportunity is imported whole or not at all"
    )
    lines = {_place(step) for step in steps if step.refused and not step.opens}
    told = set()
    for step in steps:
        place = _place(step)
        if (step.opens and place in lines) or (place in told and step.row.part is not None):
            continue  # the row says why, or has been told of
        if not step.refused and place in lines and step.row.part is not None:
            continue  # another thing that the row says is why
        if step.refused or not (step.opens or step.counted):
            told.add(place)
            yield _one_rejected(case, step, why)


def _place(step: Step) -> tuple[str | None, int]:
    return step.row.file, step.row.line


def _one_rejected(case: Case, step: Step, why: str) -> Rejected:
    refused = step.refused
    return Rejected(
        line=step.row.line,
        file=step.row.file,
        external_id=case.external_id,
        code=refused.code if refused else "HELD_BACK",
        reason=refused.reason if refused else why,
        suggestion=refused.suggestion if refused else None,
        meant=refused.meant if refused else None,
        row=step.row.attributes,
    )
