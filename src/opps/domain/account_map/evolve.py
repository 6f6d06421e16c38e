"""How each event changes the account map: it never fails, never judges, never moves the score."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from msgspec.structs import replace

from opps.domain.account_map.state import (
    AccountMap,
    Action,
    Agreement,
    Assessment,
    Estimate,
    Gate,
    Milestone,
    Outcome,
    Passed,
    Planned,
    Process,
    Reclassified,
    Slip,
)
from opps.domain.events import (
    ActionCompleted,
    ActionDropped,
    ActionPlanned,
    AmountEstimated,
    AnyMapEvent,
    DesiredOutcomeAgreed,
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    Event,
    GatePassed,
    GateSlipped,
    MilestoneDropped,
    MilestoneMet,
    MilestonePlanned,
    MilestoneSlipped,
    OutcomeProgressAssessed,
    SalesProcessStarted,
    WantReclassified,
)
from opps.domain.recorded import Recorded


def evolve_map(
    held: AccountMap, event: AnyMapEvent, at: datetime, recorded: Recorded[Event]
) -> AccountMap:
    """Return the map after one more event, of which our side came to know at an instant."""
    match event:
        case DesiredOutcomeStated():
            return replace(held, outcome=Outcome(desired=event.outcome, stated_at=at))
        case DesiredOutcomeRevised():
            return _revised(held, event, at)
        case DesiredOutcomeAgreed():
            return _agreed(held, event, at)
        case OutcomeProgressAssessed():
            return _assessed(held, event, at)
        case SalesProcessStarted():
            return _started(held, event, at)
        case GatePassed():
            passed = Passed(
                at=at,
                passed_by=recorded.metadata.actor.principal,
                position=recorded.position,
                evidence=event.evidence,
                waivers=event.waivers,
                reason=event.reason,
            )
            return _gate(held, event.gate, passed=passed)
        case GateSlipped():
            return _gate_slipped(held, event, at)
        case MilestonePlanned():
            return _milestone_planned(held, event)
        case MilestoneSlipped():
            return _milestone_slipped(held, event, at)
        case MilestoneMet():
            return _milestone(held, event.milestone_id, status=Planned.DONE, closed_at=at)
        case MilestoneDropped():
            dropped = {"status": Planned.DROPPED, "closed_at": at, "reason": event.reason}
            return _milestone(held, event.milestone_id, **dropped)
        case ActionPlanned():
            return _action_planned(held, event)
        case ActionCompleted():
            done = {"status": Planned.DONE, "result": event.result, "facts": event.facts}
            return _action(held, event.action_id, closed_at=at, **done)
        case ActionDropped():
            dropped = {"status": Planned.DROPPED, "result": event.reason}
            return _action(held, event.action_id, closed_at=at, **dropped)
        case WantReclassified():
            became = Reclassified(
                want_id=event.want_id, need_id=event.need_id, at=at, reason=event.reason
            )
            return replace(held, reclassified={**held.reclassified, event.want_id: became})
        case _:
            assert_never(event)


def estimated(held: AccountMap, event: AmountEstimated, at: datetime) -> AccountMap:
    """Return the map with what the deal is now thought to be worth."""
    estimate = Estimate(
        amount=event.amount,
        at=at,
        quantity=event.quantity,
        unit_price=event.unit_price,
        basis=event.basis,
    )
    return replace(held, estimate=estimate)


def _revised(held: AccountMap, event: DesiredOutcomeRevised, at: datetime) -> AccountMap:
    """Return the map with another outcome: nobody agreed to that one yet."""
    before = held.outcome or Outcome(desired=event.outcome, stated_at=at)
    revised = replace(
        before,
        desired=event.outcome,
        revisions=before.revisions + 1,
        revised_because=event.reason,
        agreements=(),
    )
    return replace(held, outcome=revised)


def _agreed(held: AccountMap, event: DesiredOutcomeAgreed, at: datetime) -> AccountMap:
    if held.outcome is None:
        return held
    agreement = Agreement(evaluator_id=event.evaluator_id, at=at, channel=event.channel)
    agreements = (*held.outcome.agreements, agreement)
    return replace(held, outcome=replace(held.outcome, agreements=agreements))


def _assessed(held: AccountMap, event: OutcomeProgressAssessed, at: datetime) -> AccountMap:
    if held.outcome is None:
        return held
    assessment = Assessment(
        dimension=event.dimension,
        at=at,
        metric_id=event.metric_id,
        projected_amount=event.projected_amount,
        projected_on=event.projected_on,
        projected_value=event.projected_value,
        note=event.note,
    )
    progress = {**held.outcome.progress, (event.dimension, event.metric_id): assessment}
    return replace(held, outcome=replace(held.outcome, progress=progress))


def _started(held: AccountMap, event: SalesProcessStarted, at: datetime) -> AccountMap:
    gates = tuple(
        Gate(gate=one.gate, name=one.name, due=one.due, evidence=one.evidence)
        for one in event.gates
    )
    process = Process(process=event.process, number=event.number, started_at=at)
    return replace(held, process=process, gates=gates)


def _gate(held: AccountMap, code: str, **changes: Any) -> AccountMap:
    gates = (replace(one, **changes) if one.gate == code else one for one in held.gates)
    return replace(held, gates=tuple(gates))


def _gate_slipped(held: AccountMap, event: GateSlipped, at: datetime) -> AccountMap:
    gate = held.gate(event.gate)
    if gate is None:
        return held
    slip = Slip(
        at=at,
        from_due=event.from_due,
        to_due=event.to_due,
        side=event.side,
        reason=event.reason,
    )
    return _gate(held, event.gate, due=event.to_due, slips=(*gate.slips, slip))


def _milestone_planned(held: AccountMap, event: MilestonePlanned) -> AccountMap:
    planned = Milestone(
        milestone_id=event.milestone_id,
        what=event.what,
        due=event.due,
        our_owner=event.our_owner,
        their_owner=event.their_owner,
    )
    return replace(held, milestones={**held.milestones, event.milestone_id: planned})


def _milestone_slipped(held: AccountMap, event: MilestoneSlipped, at: datetime) -> AccountMap:
    milestone = held.milestones.get(event.milestone_id)
    if milestone is None:
        return held
    slip = Slip(
        at=at,
        from_due=event.from_due,
        to_due=event.to_due,
        side=event.side,
        reason=event.reason,
    )
    slips = (*milestone.slips, slip)
    return _milestone(held, event.milestone_id, due=event.to_due, slips=slips)


def _milestone(held: AccountMap, milestone_id: UUID, **changes: Any) -> AccountMap:
    milestone = held.milestones.get(milestone_id)
    if milestone is None:
        return held
    changed = replace(milestone, **changes)
    return replace(held, milestones={**held.milestones, milestone_id: changed})


def _action_planned(held: AccountMap, event: ActionPlanned) -> AccountMap:
    planned = Action(
        action_id=event.action_id,
        what=event.what,
        owner=event.owner,
        due=event.due,
        answers=event.answers,
        mitigates=event.mitigates,
        advances=event.advances,
    )
    return replace(held, actions={**held.actions, event.action_id: planned})


def _action(held: AccountMap, action_id: UUID, **changes: Any) -> AccountMap:
    action = held.actions.get(action_id)
    if action is None:
        return held
    return replace(held, actions={**held.actions, action_id: replace(action, **changes)})
