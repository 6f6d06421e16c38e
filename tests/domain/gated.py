"""A sales process of two gates, and a deal that goes by it."""

from datetime import date

from opps.domain.catalogue import Facet, Objective
from opps.domain.events import (
    ExitEvidence,
    GatePassed,
    GateTemplate,
    PlannedGate,
    SalesProcessPublished,
    SalesProcessStarted,
)
from opps.domain.facet_state import MinimumState
from tests.domain.given import (
    CFO,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    learned,
    raised,
    said_by,
)

FUNDED = ExitEvidence(
    objective=Objective.FUNDING, facet=Facet.FUNDING_STATUS, minimum=MinimumState.EVIDENCED
)
ISSUE_NAMED = ExitEvidence(
    objective=Objective.BUSINESS_ISSUES, facet=Facet.ISSUE, minimum=MinimumState.ACKNOWLEDGED
)
APRIL_1, APRIL_15 = date(2026, 4, 1), date(2026, 4, 15)
GATES = (
    GateTemplate(gate="DIAGNOSIS", name="We know why", due_after_days=30, evidence=(ISSUE_NAMED,)),
    GateTemplate(gate="FUNDING", name="They have money", due_after_days=60, evidence=(FUNDED,)),
)
published = SalesProcessPublished(process="STANDARD", number=1, name="How we sell", gates=GATES)
started = SalesProcessStarted(
    learned=at(TUESDAY),
    process="STANDARD",
    number=1,
    gates=(
        PlannedGate(gate="DIAGNOSIS", name="We know why", due=APRIL_1, evidence=(ISSUE_NAMED,)),
        PlannedGate(gate="FUNDING", name="They have money", evidence=(FUNDED,)),
    ),
)
diagnosed = GatePassed(learned=at(WEDNESDAY), gate="DIAGNOSIS")
asked_why = raised(Facet.ISSUE)
funded = learned(budget(80_000), "budget", source=said_by(CFO))
observed = learned(budget(80_000), "budget")
