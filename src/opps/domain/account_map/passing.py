"""How a deal goes by a sales process: it is started, its gates are passed or slip."""

from collections.abc import Sequence
from datetime import date, timedelta

from opps.domain.account_map.errors import (
    EvidenceMissing,
    GateAlreadyPassed,
    GateOutOfOrder,
    NothingToWaive,
    ProcessUnderWay,
    UnknownGate,
    UnknownProcess,
    WaiverNeedsApprover,
)
from opps.domain.account_map.evidence import Found, next_gate, search
from opps.domain.account_map.state import AccountMap, Gate
from opps.domain.errors import MalformedTime
from opps.domain.events import (
    EvidenceMet,
    GatePassed,
    GateSlipped,
    GateTemplate,
    PlannedGate,
    SalesProcessStarted,
    Waiver,
)
from opps.domain.opportunity.commands import PassGate, SlipGate, StartSalesProcess, WaiverStated
from opps.domain.opportunity.rules import copy
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.recorded import Context
from opps.domain.times import Learned, zone_of
from opps.domain.words import not_blank

ALL_REQUIRED = "all that is required"


def start(
    state: Opportunity, command: StartSalesProcess, learned: Learned, context: Context
) -> Sequence[SalesProcessStarted]:
    """Return the process copied into the deal; nothing when it goes by that one already.

    Raises:
        UnknownProcess: nobody published it.
        ProcessUnderWay: a gate of another one was passed.
        UnknownGate: a date is given for a gate that it does not have.
    """
    published, held = context.published, state.map
    if published is None:
        raise UnknownProcess(process=command.process)
    codes = [one.gate for one in published.gates]
    for one in command.due:
        if one.gate not in codes:
            raise UnknownGate(gate=one.gate, gates=_listed(codes))
    process = held.process
    if process and (process.process, process.number) == (published.process, published.number):
        return []
    if process and any(one.passed for one in held.gates):
        raise ProcessUnderWay(process=process.process)
    begin = command.starts or _day(learned, context)
    given = {one.gate: one.due for one in command.due}
    gates = tuple(_planned(one, begin, given.get(one.gate)) for one in published.gates)
    return [copy(SalesProcessStarted, command, learned, number=published.number, gates=gates)]


def pass_gate(
    state: Opportunity, command: PassGate, learned: Learned, context: Context
) -> Sequence[GatePassed]:
    """Return that a gate was passed, on the evidence found; nothing when it was before.

    Raises:
        UnknownGate, GateOutOfOrder: it is not the next gate.
        NothingToWaive: a waiver is for what the gate does not ask for.
        EvidenceMissing: something is not known well enough, and nobody waived it.
        WaiverNeedsApprover: the owner, or somebody for the owner, waived what is missing.
    """
    gate = known_gate(state.map, command.gate)
    if gate.passed is not None:
        return []
    first = next_gate(state.map.gates)
    if first is not gate and first is not None:
        raise GateOutOfOrder(gate=gate.gate, first=first.gate)
    waived = {(one.objective, one.facet): one for one in command.waivers}
    asked = {(one.objective, one.facet) for one in gate.evidence}
    for objective, facet in waived:
        if (objective, facet) not in asked:
            shown = facet or ALL_REQUIRED
            raise NothingToWaive(gate=gate.gate, objective=objective, facet=shown)
    found = search(known(state), gate.evidence)
    unmet = [one for one in found if not one.met]
    missing = [one for one in unmet if (one.asked.objective, one.asked.facet) not in waived]
    if missing:
        raise _refused(gate, missing)
    waivers = [_waiver(one, waived[one.asked.objective, one.asked.facet], context) for one in unmet]
    acting = (context.actor.principal, context.actor.on_behalf_of)
    if waivers and state.owner in acting:
        raise WaiverNeedsApprover(gate=gate.gate)
    evidence = tuple(_met(one) for one in found if one.met)
    return [copy(GatePassed, command, learned, evidence=evidence, waivers=tuple(waivers))]


def slip_gate(state: Opportunity, command: SlipGate, learned: Learned) -> Sequence[GateSlipped]:
    """Return that a gate is due at another date; nothing when it is due then already.

    Raises:
        UnknownGate: the deal has no such gate.
        GateAlreadyPassed: it was passed.
    """
    gate = known_gate(state.map, command.gate)
    if gate.passed is not None:
        raise GateAlreadyPassed(gate=gate.gate)
    not_blank("reason", command.reason)
    if gate.due == command.to_due:
        return []
    return [copy(GateSlipped, command, learned, from_due=gate.due)]


def known_gate(held: AccountMap, code: str) -> Gate:
    """Return a gate of the deal.

    Raises:
        UnknownGate: the deal has no such gate.
    """
    gate = held.gate(code)
    if gate is None:
        raise UnknownGate(gate=code, gates=_listed([one.gate for one in held.gates]))
    return gate


def _day(learned: Learned, context: Context) -> date:
    begun = learned.earliest or learned.effective(context.now)
    return begun.astimezone(zone_of(learned.zone)).date()


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(codes) or "none before it goes by a sales process"


def _planned(template: GateTemplate, begin: date, due: date | None) -> PlannedGate:
    if due is None and template.due_after_days is not None:
        try:
            due = begin + timedelta(days=template.due_after_days)
        except OverflowError:
            problem = f"{template.gate} would be due beyond the year 9999"
            raise MalformedTime(problem=problem) from None
    return PlannedGate(gate=template.gate, name=template.name, due=due, evidence=template.evidence)


def _refused(gate: Gate, missing: Sequence[Found]) -> EvidenceMissing:
    first = missing[0]
    every = (f"{one.about} at least {one.asked.minimum} (is {one.found})" for one in missing)
    return EvidenceMissing(
        gate=gate.gate,
        objective=first.asked.objective,
        facet=first.asked.facet or ALL_REQUIRED,
        minimum=first.asked.minimum,
        found=first.found,
        missing="; ".join(every),
    )


def _met(one: Found) -> EvidenceMet:
    return EvidenceMet(
        objective=one.asked.objective,
        facet=one.asked.facet,
        minimum=one.asked.minimum,
        found=one.found,
        facts=one.facts,
    )


def _waiver(one: Found, stated: WaiverStated, context: Context) -> Waiver:
    not_blank("reason", stated.reason)
    return Waiver(
        objective=one.asked.objective,
        facet=one.asked.facet,
        minimum=one.asked.minimum,
        found=one.found,
        reason=stated.reason,
        approver=context.actor.on_behalf_of or context.actor.principal,
    )
