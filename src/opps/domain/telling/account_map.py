"""What each event of the account map says, in a few words."""

from typing import assert_never

from opps.domain.events import (
    ActionCompleted,
    ActionDropped,
    ActionPlanned,
    AnyMapEvent,
    DesiredOutcomeAgreed,
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    GatePassed,
    GateSlipped,
    MilestoneDropped,
    MilestoneMet,
    MilestonePlanned,
    MilestoneSlipped,
    OutcomeProgressAssessed,
    SalesProcessStarted,
    Side,
    WantReclassified,
)
from opps.domain.opportunity.state import Opportunity
from opps.domain.telling.forms import counted, day, money, plain, quoted
from opps.domain.telling.names import Names

_SIDE = {Side.US: "on our side", Side.CUSTOMER: "on the customer's side"}


def mapped_in_words(event: AnyMapEvent, after: Opportunity) -> str:
    """Return what an event of the account map says, such as: gate "Diagnosis" passed."""
    names = Names(after)
    match event:
        case DesiredOutcomeStated():
            return f"desired outcome {quoted(event.outcome.statement)}"
        case DesiredOutcomeRevised():
            return f"desired outcome now {quoted(event.outcome.statement)}: {event.reason}"
        case DesiredOutcomeAgreed():
            return f"{names.evaluator(event.evaluator_id)} agreed to the desired outcome"
        case OutcomeProgressAssessed():
            return _assessed(event, after)
        case SalesProcessStarted():
            gates = counted(len(event.gates), "gate")
            return f"goes by the sales process {event.process} {event.number}, {gates}"
        case GatePassed():
            waived = f", {len(event.waivers)} waived" if event.waivers else ""
            return f"gate {_gate(event.gate, after)} passed{waived}"
        case GateSlipped():
            moved = f"gate {_gate(event.gate, after)} due {day(event.to_due)}"
            return f"{moved}, cause {_SIDE[event.side]}: {event.reason}"
        case MilestonePlanned():
            return f"milestone {quoted(event.what)} planned for {day(event.due)}"
        case MilestoneSlipped():
            moved = f"milestone {_milestone(event, after)} due {day(event.to_due)}"
            return f"{moved}, not {day(event.from_due)}, cause {_SIDE[event.side]}: {event.reason}"
        case MilestoneMet():
            return f"milestone {_milestone(event, after)} met"
        case MilestoneDropped():
            return f"milestone {_milestone(event, after)} dropped: {event.reason}"
        case ActionPlanned():
            due = f", due {day(event.due)}" if event.due else ""
            return f"to do {quoted(event.what)}{due}"
        case ActionCompleted():
            result = f": {event.result}" if event.result else ""
            return f"done {_action(event, after)}{result}"
        case ActionDropped():
            return f"not to be done {_action(event, after)}: {event.reason}"
        case WantReclassified():
            return f"the wish is a need, {names.need(event.need_id)}: {event.reason}"
        case _:
            assert_never(event)


def _assessed(event: OutcomeProgressAssessed, after: Opportunity) -> str:
    if event.projected_amount is not None:
        return f"the sale is heading for {money(event.projected_amount)}"
    if event.projected_on is not None:
        return f"the outcome is heading for {day(event.projected_on)}"
    outcome = after.map.outcome
    metrics = outcome.desired.performance if outcome else ()
    for metric in metrics:
        if metric.metric_id == event.metric_id and event.projected_value is not None:
            value = f"{event.projected_value:f} {metric.unit}"
            return f"{quoted(metric.name)} is heading for {value}"
    return f"the {plain(event.dimension)} of the outcome was assessed"


def _gate(code: str, after: Opportunity) -> str:
    gate = after.map.gate(code)
    return quoted(gate.name if gate else code)


def _milestone(event: MilestoneMet | MilestoneDropped | MilestoneSlipped, of: Opportunity) -> str:
    milestone = of.map.milestones.get(event.milestone_id)
    return quoted(milestone.what) if milestone else "unknown"


def _action(event: ActionCompleted | ActionDropped, of: Opportunity) -> str:
    action = of.map.actions.get(event.action_id)
    return quoted(action.what) if action else "something"
