"""One example of every event of the account map, each with every field filled."""

from datetime import date
from decimal import Decimal

from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    ActionCompleted,
    ActionDropped,
    ActionPlanned,
    AnyMapEvent,
    DesiredOutcome,
    DesiredOutcomeAgreed,
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    EvidenceMet,
    ExitEvidence,
    GatePassed,
    GateSlipped,
    GateTemplate,
    Metric,
    MilestoneDropped,
    MilestoneMet,
    MilestonePlanned,
    MilestoneSlipped,
    OutcomeDimension,
    OutcomeProgressAssessed,
    PlannedGate,
    SalesProcessPublished,
    SalesProcessStarted,
    SaleTarget,
    Side,
    Tolerance,
    Waiver,
    WantReclassified,
)
from opps.domain.facet_state import FacetState, MinimumState
from opps.domain.provenance import Channel
from tests.examples.facts import (
    CFO,
    COLLEAGUE,
    DAY,
    NEED,
    ON_MARCH_1,
    QUESTION,
    SELLER,
    euros,
    named,
)

SCRAP = named("scrap")
MILESTONE, ACTION = named("milestone"), named("action")
OUTCOME = DesiredOutcome(
    statement="Sell Line 3 to Muster by June and bring their scrap rate down",
    sale=SaleTarget(product="Line 3", quantity=2, amount=euros("80000")),
    by=DAY,
    performance=(
        Metric(
            metric_id=SCRAP,
            name="Scrap rate",
            unit="percent",
            baseline=Decimal("6.5"),
            target=Decimal(2),
        ),
    ),
    tolerance=Tolerance(sale_percent=5, days=7, performance_percent=20),
)
DIAGNOSED = ExitEvidence(
    objective=Objective.BUSINESS_ISSUES,
    facet=Facet.ISSUE_OWNER,
    minimum=MinimumState.EVIDENCED,
)

MAP_EVENTS: tuple[AnyMapEvent, ...] = (
    DesiredOutcomeStated(learned=ON_MARCH_1, outcome=OUTCOME),
    DesiredOutcomeRevised(learned=ON_MARCH_1, outcome=OUTCOME, reason="They want it sooner"),
    DesiredOutcomeAgreed(learned=ON_MARCH_1, evaluator_id=CFO, channel=Channel.MEETING),
    OutcomeProgressAssessed(
        learned=ON_MARCH_1,
        dimension=OutcomeDimension.PERFORMANCE,
        metric_id=SCRAP,
        projected_amount=euros("75000"),
        projected_on=DAY,
        projected_value=Decimal("3.5"),
        note="The trial went well",
    ),
    SalesProcessStarted(
        learned=ON_MARCH_1,
        process="STANDARD",
        number=2,
        gates=(PlannedGate(gate="G1", name="Diagnosis", due=DAY, evidence=(DIAGNOSED,)),),
    ),
    GatePassed(
        learned=ON_MARCH_1,
        gate="G1",
        evidence=(
            EvidenceMet(
                objective=Objective.BUSINESS_ISSUES,
                facet=Facet.ISSUE_OWNER,
                minimum=MinimumState.EVIDENCED,
                found=FacetState.CORROBORATED,
                facts=(named("business_issue"),),
            ),
        ),
        waivers=(
            Waiver(
                objective=Objective.FUNDING,
                facet=Facet.FUNDING_STATUS,
                minimum=MinimumState.CLAIMED,
                found=FacetState.UNEXAMINED,
                reason="The year's budget is set in April",
                approver=COLLEAGUE,
            ),
        ),
        reason="Agreed in the review",
    ),
    GateSlipped(
        learned=ON_MARCH_1,
        gate="G1",
        from_due=DAY,
        to_due=date(2026, 7, 15),
        side=Side.CUSTOMER,
        reason="Their audit comes first",
    ),
    MilestonePlanned(
        learned=ON_MARCH_1,
        milestone_id=MILESTONE,
        what="Trial on line 3",
        due=DAY,
        our_owner=SELLER,
        their_owner=CFO,
    ),
    MilestoneSlipped(
        learned=ON_MARCH_1,
        milestone_id=MILESTONE,
        from_due=DAY,
        to_due=date(2026, 7, 15),
        side=Side.US,
        reason="The machine comes late",
    ),
    MilestoneMet(learned=ON_MARCH_1, milestone_id=MILESTONE),
    MilestoneDropped(learned=ON_MARCH_1, milestone_id=MILESTONE, reason="No trial needed"),
    ActionPlanned(
        learned=ON_MARCH_1,
        action_id=ACTION,
        what="Ask the CFO who signs",
        owner=SELLER,
        due=DAY,
        answers=(QUESTION,),
        mitigates=("DZ04",),
        advances=("G1",),
    ),
    ActionCompleted(
        learned=ON_MARCH_1, action_id=ACTION, result="The board signs", facts=(named("funding"),)
    ),
    ActionDropped(learned=ON_MARCH_1, action_id=ACTION, reason="She told us before"),
    WantReclassified(
        learned=ON_MARCH_1, want_id=named("want"), need_id=NEED, reason="An audit asks for it"
    ),
)

PUBLISHED = SalesProcessPublished(
    process="STANDARD",
    number=2,
    name="How we sell lines",
    gates=(GateTemplate(gate="G1", name="Diagnosis", due_after_days=30, evidence=(DIAGNOSED,)),),
    reason="One gate was too many",
)
