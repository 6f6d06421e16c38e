"""How milestones and actions are planned, and what becomes of them."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from opps.domain.account_map.errors import (
    ActionIsOver,
    MilestoneIsOver,
    UnknownAction,
    UnknownMilestone,
)
from opps.domain.account_map.passing import known_gate
from opps.domain.account_map.state import Action, Milestone, Planned
from opps.domain.errors import AlreadyExists
from opps.domain.events import (
    ActionCompleted,
    ActionDropped,
    ActionPlanned,
    AnyMapEvent,
    MilestoneDropped,
    MilestoneMet,
    MilestonePlanned,
    MilestoneSlipped,
)
from opps.domain.opportunity.commands import (
    CompleteAction,
    DropAction,
    DropMilestone,
    MeetMilestone,
    PlanAction,
    PlanMilestone,
    SlipMilestone,
)
from opps.domain.opportunity.dangers import known_rule
from opps.domain.opportunity.rules import copy, known_fact, open_question
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Context
from opps.domain.times import Learned
from opps.domain.words import not_blank

Events = Sequence[AnyMapEvent]


def plan_milestone(
    state: Opportunity, command: PlanMilestone, learned: Learned, context: Context
) -> Events:
    """Return that a milestone was planned.

    Raises:
        AlreadyExists: there is one of that id.
    """
    not_blank("what", command.what)
    milestone_id = command.milestone_id or uuid5(context.command_id, "milestone")
    if milestone_id in state.map.milestones:
        raise AlreadyExists(id=milestone_id)
    return [copy(MilestonePlanned, command, learned, milestone_id=milestone_id)]


def slip_milestone(state: Opportunity, command: SlipMilestone, learned: Learned) -> Events:
    """Return that a milestone is due at another date; nothing when it is due then already.

    Raises:
        UnknownMilestone, MilestoneIsOver: there is no such milestone that is open.
    """
    milestone = _open_milestone(state, command.milestone_id)
    not_blank("reason", command.reason)
    if milestone.due == command.to_due:
        return []
    return [copy(MilestoneSlipped, command, learned, from_due=milestone.due)]


def end_milestone(
    state: Opportunity, command: MeetMilestone | DropMilestone, learned: Learned
) -> Events:
    """Return that a milestone was met or dropped; nothing when it was before.

    Raises:
        UnknownMilestone, MilestoneIsOver: there is no such milestone that is open.
    """
    dropped = isinstance(command, DropMilestone)
    held = state.map.milestones.get(command.milestone_id)
    if held is not None and held.status is (Planned.DROPPED if dropped else Planned.DONE):
        return []
    _open_milestone(state, command.milestone_id)
    if isinstance(command, DropMilestone):
        not_blank("reason", command.reason)
        return [copy(MilestoneDropped, command, learned)]
    return [copy(MilestoneMet, command, learned)]


def plan_action(
    state: Opportunity, command: PlanAction, learned: Learned, context: Context
) -> Events:
    """Return that an action was planned.

    Raises:
        AlreadyExists: there is one of that id.
        UnknownQuestion, UnknownRule, UnknownGate: it is for something that there is not.
    """
    not_blank("what", command.what)
    action_id = command.action_id or uuid5(context.command_id, "action")
    if action_id in state.map.actions:
        raise AlreadyExists(id=action_id)
    for question_id in command.answers:
        open_question(state, question_id)
    for zone in command.mitigates:
        known_rule(zone)
    for gate in command.advances:
        known_gate(state.map, gate)
    owner = command.owner or context.actor.principal
    return [copy(ActionPlanned, command, learned, action_id=action_id, owner=owner)]


def end_action(
    state: Opportunity, command: CompleteAction | DropAction, learned: Learned
) -> Events:
    """Return that an action was done or dropped; nothing when it was before.

    Raises:
        UnknownAction, ActionIsOver: there is no such action that is open.
        UnknownFact: it brought a fact that the opportunity does not have.
    """
    dropped = isinstance(command, DropAction)
    held = state.map.actions.get(command.action_id)
    if held is not None and held.status is (Planned.DROPPED if dropped else Planned.DONE):
        return []
    _open_action(held, command.action_id)
    if isinstance(command, DropAction):
        not_blank("reason", command.reason)
        return [copy(ActionDropped, command, learned)]
    for fact_id in command.facts:
        known_fact(state, fact_id)
    return [copy(ActionCompleted, command, learned)]


def _open_milestone(state: Opportunity, milestone_id: UUID) -> Milestone:
    milestone = state.map.milestones.get(milestone_id)
    if milestone is None:
        raise UnknownMilestone(milestone_id=milestone_id)
    if milestone.status is not Planned.OPEN:
        raise MilestoneIsOver(milestone_id=milestone_id, status=milestone.status)
    return milestone


def _open_action(held: Action | None, action_id: UUID) -> None:
    if held is None:
        raise UnknownAction(action_id=action_id)
    if held.status is not Planned.OPEN:
        raise ActionIsOver(action_id=action_id, status=held.status)
