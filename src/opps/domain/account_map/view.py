"""The account map as somebody looks at it: everything on it, with what is missing and late now."""

from datetime import date, datetime

from opps.domain.account_map.evidence import search
from opps.domain.account_map.looks import (
    MapAction,
    MapEstimate,
    MapEvidence,
    MapGate,
    MapMember,
    MapMilestone,
    MapOutcome,
    MapPassed,
    MapProcess,
    MapView,
)
from opps.domain.account_map.outcome import (
    LONGEST_STATEMENT_WORDS,
    drift,
    missing_numbers,
    word_count,
)
from opps.domain.account_map.state import (
    Action,
    Estimate,
    Gate,
    Milestone,
    Outcome,
    Passed,
    Planned,
    Process,
)
from opps.domain.account_map.x_of_y import x_of_y
from opps.domain.credence import days_past
from opps.domain.events import (
    Tolerance,
)
from opps.domain.knowledge import objective_states
from opps.domain.opportunity.state import Opportunity, known


def map_view(state: Opportunity) -> MapView:
    """Return the account map as it looks now, or through the lens that the state is of."""
    held, clock = state.map, state.clock
    return MapView(
        outcome=None if held.outcome is None else _outcome(held.outcome),
        objectives=objective_states(known(state)),
        process=None if held.process is None else _process(held.process),
        gates=tuple(_gate(one, state) for one in held.gates),
        milestones=tuple(
            _milestone(one, clock) for one in sorted(held.milestones.values(), key=_by_due)
        ),
        actions=tuple(_action(one, clock) for one in held.actions.values()),
        team=tuple(
            MapMember(member=member, function=function) for member, function in state.team.items()
        ),
        estimate=None if held.estimate is None else _estimate(held.estimate, state),
        reclassified=tuple(held.reclassified.values()),
    )


def _by_due(one: Milestone) -> date:
    return one.due


def _outcome(of: Outcome) -> MapOutcome:
    desired, words = of.desired, word_count(of.desired.statement)
    missing = missing_numbers(desired)
    long = words > LONGEST_STATEMENT_WORDS
    return MapOutcome(
        statement=desired.statement,
        words=words,
        warning=f"{words} words: cut it to {LONGEST_STATEMENT_WORDS}" if long else None,
        measurable=not missing,
        missing=missing,
        sale=desired.sale,
        by=desired.by,
        performance=desired.performance,
        tolerance=desired.tolerance or Tolerance(),
        stated_at=of.stated_at,
        revisions=of.revisions,
        revised_because=of.revised_because,
        agreements=of.agreements,
        progress=drift(of),
    )


def _process(of: Process) -> MapProcess:
    return MapProcess(process=of.process, number=of.number, started_at=of.started_at)


def _estimate(of: Estimate, state: Opportunity) -> MapEstimate:
    return MapEstimate(
        amount=of.amount,
        at=of.at,
        quantity=of.quantity,
        unit_price=of.unit_price,
        basis=of.basis,
        x_of_y=x_of_y(state),
    )


def _gate(of: Gate, state: Opportunity) -> MapGate:
    evidence = tuple(
        MapEvidence(
            objective=one.asked.objective,
            facet=one.asked.facet,
            minimum=one.asked.minimum,
            found=one.found,
            met=one.met,
            facts=one.facts,
        )
        for one in search(known(state), of.evidence)
    )
    return MapGate(
        gate=of.gate,
        name=of.name,
        due=of.due,
        first_due=of.first_due,
        overdue_days=_late(of.due, state.clock, of.passed is None),
        evidence=evidence,
        missing=tuple(one for one in evidence if not one.met),
        slips=of.slips,
        passed=None if of.passed is None else _passed(of.passed),
    )


def _passed(of: Passed) -> MapPassed:
    return MapPassed(
        at=of.at,
        passed_by=of.passed_by,
        evidence=of.evidence,
        waivers=of.waivers,
        reason=of.reason,
    )


def _milestone(of: Milestone, clock: datetime | None) -> MapMilestone:
    return MapMilestone(
        milestone_id=of.milestone_id,
        what=of.what,
        due=of.due,
        our_owner=of.our_owner,
        their_owner=of.their_owner,
        status=of.status,
        overdue_days=_late(of.due, clock, of.status is Planned.OPEN),
        slips=of.slips,
        closed_at=of.closed_at,
        reason=of.reason,
    )


def _action(of: Action, clock: datetime | None) -> MapAction:
    return MapAction(
        action_id=of.action_id,
        what=of.what,
        owner=of.owner,
        due=of.due,
        status=of.status,
        overdue_days=_late(of.due, clock, of.status is Planned.OPEN),
        answers=of.answers,
        mitigates=of.mitigates,
        advances=of.advances,
        closed_at=of.closed_at,
        result=of.result,
        facts=of.facts,
    )


def _late(due: date | None, clock: datetime | None, waits: bool) -> int:
    """Return how many days ago it was due, by the last tick of the clock."""
    return days_past(due, clock) if waits and due is not None else 0
