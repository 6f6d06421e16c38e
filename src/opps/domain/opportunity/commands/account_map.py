"""Commands on the account map: outcome, gates, milestones, actions and wants."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import Code, EvaluatorId, IssueId, Text, Title, WantId, doc
from opps.domain.events import DesiredOutcome, OutcomeDimension, Side
from opps.domain.facts.purchase import Criticality
from opps.domain.money import Money
from opps.domain.opportunity.commands.base import OpportunityCommand
from opps.domain.provenance import Channel, Provenance

MOST = Meta(max_length=100)


class MapCommand(OpportunityCommand, frozen=True, kw_only=True):
    """Something asked of the account map."""


class StateDesiredOutcome(MapCommand, frozen=True, kw_only=True):
    """Write down what a deal is to come to, in about 30 words."""

    outcome: Annotated[DesiredOutcome, doc("The outcome, with its numbers as far as known.")]


class ReviseDesiredOutcome(MapCommand, frozen=True, kw_only=True):
    """Replace the desired outcome; what the customer agreed to before no longer counts."""

    outcome: Annotated[DesiredOutcome, doc("The outcome as it is now, whole.")]
    reason: Annotated[Text, doc("Why it is another one.")]


class AgreeDesiredOutcome(MapCommand, frozen=True, kw_only=True):
    """Note that somebody of the customer agreed to the desired outcome, once it has numbers."""

    evaluator_id: Annotated[EvaluatorId, doc("Who agreed.")]
    channel: Annotated[Channel | None, doc("How.")] = None


class AssessOutcomeProgress(MapCommand, frozen=True, kw_only=True):
    """Say where one dimension of the desired outcome is heading."""

    dimension: Annotated[OutcomeDimension, doc("Sale, timeline or performance.")]
    metric_id: Annotated[UUID | None, doc("The figure; needed for PERFORMANCE.")] = None
    projected_amount: Annotated[Money | None, doc("Heading for what; needed for SALE.")] = None
    projected_on: Annotated[date | None, doc("Heading for when; needed for TIMELINE.")] = None
    projected_value: Annotated[
        Decimal | None, doc("Where the figure is heading; needed for PERFORMANCE.")
    ] = None
    note: Annotated[Text | None, doc("What the projection rests on.")] = None


class GateDue(Struct, frozen=True, kw_only=True):
    """When one gate is due."""

    gate: Annotated[Code, doc("The gate.")]
    due: Annotated[date, doc("The day.")]


class StartSalesProcess(MapCommand, frozen=True, kw_only=True):
    """Let a deal go by a sales process, as it is published now."""

    process: Annotated[Code, doc("The sales process.")]
    starts: Annotated[date | None, doc("From which day its days count; today if absent.")] = None
    due: Annotated[tuple[GateDue, ...], MOST, doc("Gates that are due at another date here.")] = ()


class WaiverStated(Struct, frozen=True, kw_only=True):
    """What may be missing when a gate is passed, and why."""

    objective: Annotated[Objective, doc("The information objective.")]
    reason: Annotated[Text, doc("Why the gate may be passed without it.")]
    facet: Annotated[Facet | None, doc("The facet, where the gate asks for one.")] = None


class PassGate(MapCommand, frozen=True, kw_only=True):
    """Pass a gate: opps looks for its exit evidence itself.

    What is missing needs a waiver, and whoever waives it is never the owner.
    """

    gate: Annotated[Code, doc("The gate.")]
    waivers: Annotated[tuple[WaiverStated, ...], MOST, doc("What may be missing.")] = ()
    reason: Annotated[Text | None, doc("More about it.")] = None


class SlipGate(MapCommand, frozen=True, kw_only=True):
    """Move the date on which a gate is due."""

    gate: Annotated[Code, doc("The gate.")]
    to_due: Annotated[date, doc("When it is due now.")]
    side: Annotated[Side, doc("On whose side the cause lies.")]
    reason: Annotated[Text, doc("Why it moved.")]


class PlanMilestone(MapCommand, frozen=True, kw_only=True):
    """Plan what both sides are to have done by a date."""

    what: Annotated[Title, doc("What will have been done.")]
    due: Annotated[date, doc("By when.")]
    our_owner: Annotated[UUID, doc("Who answers for it on our side.")]
    their_owner: Annotated[EvaluatorId | None, doc("Who does on the customer's side.")] = None
    milestone_id: Annotated[UUID | None, doc("Its id; made from the command's when absent.")] = None


class SlipMilestone(MapCommand, frozen=True, kw_only=True):
    """Move the date of a milestone."""

    milestone_id: Annotated[UUID, doc("The milestone.")]
    to_due: Annotated[date, doc("When it is due now.")]
    side: Annotated[Side, doc("On whose side the cause lies.")]
    reason: Annotated[Text, doc("Why it moved.")]


class MeetMilestone(MapCommand, frozen=True, kw_only=True):
    """Note that a milestone was met."""

    milestone_id: Annotated[UUID, doc("The milestone.")]


class DropMilestone(MapCommand, frozen=True, kw_only=True):
    """Drop a milestone that no longer matters."""

    milestone_id: Annotated[UUID, doc("The milestone.")]
    reason: Annotated[Text, doc("Why.")]


class PlanAction(MapCommand, frozen=True, kw_only=True):
    """Plan something to do, tied to what it answers, mitigates or advances."""

    what: Annotated[Title, doc("What is to be done.")]
    owner: Annotated[UUID | None, doc("Who does it; you, when absent.")] = None
    due: Annotated[date | None, doc("By when.")] = None
    answers: Annotated[tuple[UUID, ...], MOST, doc("The open questions that it is to answer.")] = ()
    mitigates: Annotated[tuple[Code, ...], MOST, doc("The danger zones that it is to end.")] = ()
    advances: Annotated[tuple[Code, ...], MOST, doc("The gates that it is to bring closer.")] = ()
    action_id: Annotated[UUID | None, doc("Its id; made from the command's when absent.")] = None


class CompleteAction(MapCommand, frozen=True, kw_only=True):
    """Note that an action was done, and which facts it brought."""

    action_id: Annotated[UUID, doc("The action.")]
    result: Annotated[Text | None, doc("What came of it.")] = None
    facts: Annotated[tuple[UUID, ...], MOST, doc("The facts that it brought.")] = ()


class DropAction(MapCommand, frozen=True, kw_only=True):
    """Drop an action that will not be done."""

    action_id: Annotated[UUID, doc("The action.")]
    reason: Annotated[Text, doc("Why.")]


class ReclassifyWant(MapCommand, frozen=True, kw_only=True):
    """Say that a want is a need after all: a business issue asks for it.

    The need is learned as a fact, and the want no longer stands.
    """

    want_id: Annotated[WantId, doc("The want.")]
    issue_id: Annotated[IssueId, doc("The business issue that asks for it.")]
    criticality: Annotated[Criticality, doc("Must or should.")]
    provenance: Annotated[Provenance, doc("Who said so, and how.")]
    reason: Annotated[Text, doc("Why it is a need.")]
    need_id: Annotated[UUID | None, doc("Id of the need; made from the command's if absent.")] = (
        None
    )
    text: Annotated[
        Text | None, doc("The need in the customer's words; those of the want if absent.")
    ] = None


AnyMapCommand = (
    StateDesiredOutcome
    | ReviseDesiredOutcome
    | AgreeDesiredOutcome
    | AssessOutcomeProgress
    | StartSalesProcess
    | PassGate
    | SlipGate
    | PlanMilestone
    | SlipMilestone
    | MeetMilestone
    | DropMilestone
    | PlanAction
    | CompleteAction
    | DropAction
    | ReclassifyWant
)
