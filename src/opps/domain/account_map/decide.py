"""What each command on the account map leads to: events, nothing, or a refusal."""

from collections.abc import Sequence
from typing import assert_never, cast
from uuid import uuid5

from opps.domain.account_map.errors import NoLongerAWant
from opps.domain.account_map.passing import pass_gate, slip_gate, start
from opps.domain.account_map.planning import (
    end_action,
    end_milestone,
    plan_action,
    plan_milestone,
    slip_milestone,
)
from opps.domain.account_map.stating import agree, assess, revise_outcome, state_outcome
from opps.domain.errors import AlreadyExists
from opps.domain.events import AnyOpportunityEvent, WantReclassified
from opps.domain.facts import Need, Want
from opps.domain.opportunity.commands import (
    AgreeDesiredOutcome,
    AnyMapCommand,
    AssessOutcomeProgress,
    CompleteAction,
    DropAction,
    DropMilestone,
    FactStated,
    MeetMilestone,
    PassGate,
    PlanAction,
    PlanMilestone,
    ReclassifyWant,
    ReviseDesiredOutcome,
    SlipGate,
    SlipMilestone,
    StartSalesProcess,
    StateDesiredOutcome,
)
from opps.domain.opportunity.learning import learn
from opps.domain.opportunity.rules import copy, must_be_open
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Context
from opps.domain.times import Learned
from opps.domain.words import not_blank


def decide_map(
    state: Opportunity, command: AnyMapCommand, learned: Learned, context: Context
) -> Sequence[AnyOpportunityEvent]:
    """Return the events that a command on the account map leads to.

    Raises:
        NotOpen: the opportunity has ended; that a want is a need can be said then too.
        Refusal: a rule says no; the subclass tells which.
    """
    if isinstance(command, ReclassifyWant):
        return _reclassify(state, command, learned, context)
    must_be_open(state)
    match command:
        case StateDesiredOutcome():
            return state_outcome(state, command, learned)
        case ReviseDesiredOutcome():
            return revise_outcome(state, command, learned)
        case AgreeDesiredOutcome():
            return agree(state, command, learned)
        case AssessOutcomeProgress():
            return assess(state, command, learned)
        case StartSalesProcess():
            return start(state, command, learned, context)
        case PassGate():
            return pass_gate(state, command, learned, context)
        case SlipGate():
            return slip_gate(state, command, learned)
        case PlanMilestone():
            return plan_milestone(state, command, learned, context)
        case SlipMilestone():
            return slip_milestone(state, command, learned)
        case MeetMilestone() | DropMilestone():
            return end_milestone(state, command, learned)
        case PlanAction():
            return plan_action(state, command, learned, context)
        case CompleteAction() | DropAction():
            return end_action(state, command, learned)
        case _:
            assert_never(command)


def _reclassify(
    state: Opportunity, command: ReclassifyWant, learned: Learned, context: Context
) -> Sequence[AnyOpportunityEvent]:
    """Return the need as a fact, and that the want became it: in one append.

    Raises:
        NoLongerAWant: it became a need before, or was taken back.
        AlreadyExists: another need has that id.
        Refusal: the need is not acceptable as a fact.
    """
    not_blank("reason", command.reason)
    standing = state.standing(f"want:{command.want_id}")
    if not standing.beliefs:
        raise NoLongerAWant(want_id=command.want_id)
    want = cast(Want, standing.beliefs[0].fact)
    need_id = command.need_id or uuid5(context.command_id, "need")
    if ("need", need_id) in state.things:
        raise AlreadyExists(id=need_id)
    need = Need(
        need_id=need_id,
        text=command.text or want.text,
        issue_id=command.issue_id,
        criticality=command.criticality,
    )
    stated = FactStated(fact=need, provenance=command.provenance)
    return [
        *learn(state, (stated,), command.learned, context),
        copy(WantReclassified, command, learned, need_id=need_id),
    ]
