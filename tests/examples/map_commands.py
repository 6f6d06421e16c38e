"""One example of every command on the account map, about the things of the other examples."""

from datetime import date
from decimal import Decimal

from opps.domain.catalogue import Facet, Objective
from opps.domain.events import OutcomeDimension, Side
from opps.domain.facts.purchase import Criticality
from opps.domain.opportunity.commands import (
    AgreeDesiredOutcome,
    AnyOpportunityCommand,
    AssessOutcomeProgress,
    CompleteAction,
    DropAction,
    DropMilestone,
    GateDue,
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
    WaiverStated,
)
from opps.domain.provenance import Channel
from tests.examples.account_map import ACTION, MILESTONE, OUTCOME, SCRAP
from tests.examples.facts import CFO, DAY, ISSUE, SAID_BY_CFO, SELLER, STREAM, named

_LATER = date(2026, 8, 1)

# What says where something stands: saying it again changes nothing.
MAP_SETTLING: tuple[AnyOpportunityCommand, ...] = (
    StateDesiredOutcome(opportunity_id=STREAM, outcome=OUTCOME),
    ReviseDesiredOutcome(opportunity_id=STREAM, outcome=OUTCOME, reason="Sooner"),
    AgreeDesiredOutcome(opportunity_id=STREAM, evaluator_id=CFO, channel=Channel.CALL),
    PassGate(
        opportunity_id=STREAM,
        gate="G1",
        waivers=(
            WaiverStated(
                objective=Objective.BUSINESS_ISSUES, facet=Facet.ISSUE_OWNER, reason="A new team"
            ),
        ),
    ),
    SlipGate(
        opportunity_id=STREAM, gate="G1", to_due=_LATER, side=Side.CUSTOMER, reason="An audit"
    ),
    SlipMilestone(
        opportunity_id=STREAM, milestone_id=MILESTONE, to_due=_LATER, side=Side.US, reason="Late"
    ),
    MeetMilestone(opportunity_id=STREAM, milestone_id=MILESTONE),
    DropMilestone(opportunity_id=STREAM, milestone_id=MILESTONE, reason="Moot"),
    CompleteAction(opportunity_id=STREAM, action_id=ACTION, result="Done"),
    DropAction(opportunity_id=STREAM, action_id=ACTION, reason="Moot"),
)

MAP_COMMANDS: tuple[AnyOpportunityCommand, ...] = (
    *MAP_SETTLING,
    AssessOutcomeProgress(
        opportunity_id=STREAM,
        dimension=OutcomeDimension.PERFORMANCE,
        metric_id=SCRAP,
        projected_value=Decimal(3),
    ),
    StartSalesProcess(
        opportunity_id=STREAM, process="STANDARD", starts=DAY, due=(GateDue(gate="G1", due=DAY),)
    ),
    PlanMilestone(opportunity_id=STREAM, what="Trial", due=DAY, our_owner=SELLER),
    PlanAction(opportunity_id=STREAM, what="Call the CFO", due=DAY, mitigates=("DZ04",)),
    ReclassifyWant(
        opportunity_id=STREAM,
        want_id=named("want"),
        issue_id=ISSUE,
        criticality=Criticality.MUST,
        provenance=SAID_BY_CFO,
        reason="An audit asks for it",
    ),
)
