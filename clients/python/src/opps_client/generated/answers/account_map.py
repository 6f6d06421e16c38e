"""Everything on the account map of a deal: outcome, knowledge, gates, milestones, actions, team.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import (
    Facet,
    FacetState,
    MinimumState,
    Objective,
    OutcomeDimension,
    Planned,
    Side,
    TeamFunction,
    XOfY,
)


class AccountMapOutcomeMissing(Answer, frozen=True, kw_only=True):
    """What a desired outcome lacks before it can be measured in one dimension."""

    dimension: OutcomeDimension
    what: str


class AccountMapOutcomeSaleAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class AccountMapOutcomeSale(Answer, frozen=True, kw_only=True):
    """What is to be sold."""

    product: str
    quantity: int | None
    amount: AccountMapOutcomeSaleAmount


class AccountMapOutcomePerformance(Answer, frozen=True, kw_only=True):
    """A figure of the customer by which it will be seen that it worked."""

    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None


class AccountMapOutcomeAgreements(Answer, frozen=True, kw_only=True):
    """Somebody of the customer stands behind the desired outcome."""

    evaluator_id: UUID


class AccountMapOutcomeProgress(Answer, frozen=True, kw_only=True):
    """Where one dimension is heading: how far behind its target, below 0 for ahead of it."""

    dimension: OutcomeDimension
    name: str | None
    off: Decimal
    tolerance: int
    beyond: bool


class AccountMapOutcome(Answer, frozen=True, kw_only=True):
    """The desired outcome, what it lacks, who agreed to it, and where it is heading."""

    statement: str
    words: int
    warning: str | None
    measurable: bool
    missing: list[AccountMapOutcomeMissing]
    sale: AccountMapOutcomeSale | None
    by: date | None
    performance: list[AccountMapOutcomePerformance]
    agreements: list[AccountMapOutcomeAgreements]
    progress: list[AccountMapOutcomeProgress]


class AccountMapProcess(Answer, frozen=True, kw_only=True):
    """The sales process that a deal goes by, as it was published when it started."""

    process: str
    number: int


class AccountMapGatesEvidence(Answer, frozen=True, kw_only=True):
    """What a gate asks for, and what opps finds of it now."""

    objective: Objective
    facet: Facet | None
    minimum: MinimumState
    found: FacetState
    met: bool
    facts: list[UUID]


class AccountMapGatesMissing(Answer, frozen=True, kw_only=True):
    """What a gate asks for, and what opps finds of it now."""

    objective: Objective
    facet: Facet | None
    minimum: MinimumState
    found: FacetState


class AccountMapGatesSlips(Answer, frozen=True, kw_only=True):
    """A date that moved: from which to which, on whose side the cause lay, and why."""

    from_due: date | None
    to_due: date
    side: Side
    reason: str


class AccountMapGatesPassedEvidence(Answer, frozen=True, kw_only=True):
    """What opps found when a gate was passed: known well enough, by these facts."""

    facet: Facet | None
    found: FacetState
    facts: list[UUID]


class AccountMapGatesPassedWaivers(Answer, frozen=True, kw_only=True):
    """What was not known well enough when a gate was passed, and who let it pass, and why."""

    facet: Facet | None
    found: FacetState
    reason: str
    approver: str


class AccountMapGatesPassed(Answer, frozen=True, kw_only=True):
    """How a gate was passed: what was found then, and what was let pass."""

    passed_by: str
    evidence: list[AccountMapGatesPassedEvidence]
    waivers: list[AccountMapGatesPassedWaivers]


class AccountMapGates(Answer, frozen=True, kw_only=True):
    """A gate: what it asks for, what of that is missing now, and how it was passed."""

    gate: str
    name: str
    due: date | None
    first_due: date | None
    overdue_days: int
    evidence: list[AccountMapGatesEvidence]
    missing: list[AccountMapGatesMissing]
    slips: list[AccountMapGatesSlips]
    passed: AccountMapGatesPassed | None


class AccountMapMilestonesSlips(Answer, frozen=True, kw_only=True):
    """A date that moved: from which to which, on whose side the cause lay, and why."""

    from_due: date | None
    to_due: date
    side: Side
    reason: str


class AccountMapMilestones(Answer, frozen=True, kw_only=True):
    """A dated commitment with an owner on each side."""

    what: str
    due: date
    our_owner: str
    their_owner: UUID | None
    status: Planned
    overdue_days: int
    slips: list[AccountMapMilestonesSlips]


class AccountMapActions(Answer, frozen=True, kw_only=True):
    """Something to do, with what it is for."""

    what: str
    owner: str
    due: date | None
    status: Planned
    overdue_days: int
    answers: list[UUID]
    mitigates: list[str]
    advances: list[str]
    result: str | None
    facts: list[UUID]


class AccountMapTeam(Answer, frozen=True, kw_only=True):
    """A member of our team on an opportunity."""

    function: TeamFunction
    person_id: str


class AccountMapEstimateAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class AccountMapEstimateXOfY(Answer, frozen=True, kw_only=True):
    """One of the four questions behind a quantity times a unit price, and how well it is known."""

    question: XOfY
    words: str
    state: FacetState
    answer: str | None


class AccountMapEstimate(Answer, frozen=True, kw_only=True):
    """What the deal is worth, how that was worked out, and what to ask about it."""

    amount: AccountMapEstimateAmount
    quantity: int | None
    unit_price: Decimal | None
    basis: str | None
    x_of_y: list[AccountMapEstimateXOfY]


class AccountMapObjectives(Answer, frozen=True, kw_only=True):
    """How well one information objective is known."""

    objective: Objective
    state: FacetState
    coverage: float


class AccountMapNeeds(Answer, frozen=True, kw_only=True):
    """A capability that is required because of a business issue."""

    need_id: UUID


class AccountMapSolutionWantsContent(Answer, frozen=True, kw_only=True):
    """A stated wish that no business issue asks for yet."""

    text: str


class AccountMapSolutionWants(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. A stated wish that no business issue asks for yet."""

    content: AccountMapSolutionWantsContent | None


class AccountMapSolution(Answer, frozen=True, kw_only=True):
    """The solution that they want to buy, beside its needs."""

    wants: list[AccountMapSolutionWants]


class AccountMapReclassified(Answer, frozen=True, kw_only=True):
    """A want that turned out to be a need."""

    want_id: UUID
    need_id: UUID
    reason: str


class AccountMap(Answer, frozen=True, kw_only=True):
    """The tactical account map of an opportunity: what it is to come to, what is known, its
    gates with what is missing now, milestones, actions and team.
    """

    title: str
    outcome: AccountMapOutcome | None
    process: AccountMapProcess | None
    gates: list[AccountMapGates]
    milestones: list[AccountMapMilestones]
    actions: list[AccountMapActions]
    team: list[AccountMapTeam]
    estimate: AccountMapEstimate | None
    objectives: list[AccountMapObjectives]
    needs: list[AccountMapNeeds]
    solution: AccountMapSolution
    reclassified: list[AccountMapReclassified]
    markdown: str


class AccountMapQuery(Answer, frozen=True, kw_only=True):
    """Everything on the account map of a deal: outcome, knowledge, gates, milestones, actions,
    team.
    """

    account_map: AccountMap | None


ACCOUNT_MAP = Operation(
    "AccountMap",
    """# Everything on the account map of a deal: outcome, knowledge, gates, milestones, actions, team.
query AccountMap($id: ID!) {
  accountMap(opportunityId: $id) {
    title
    outcome {
      statement words warning measurable missing { dimension what }
      sale { product quantity amount { amount currency } } by
      performance { name unit baseline target } agreements { evaluatorId }
      progress { dimension name off tolerance beyond }
    }
    process { process number }
    gates {
      gate name due firstDue overdueDays
      evidence { objective facet minimum found met facts }
      missing { objective facet minimum found }
      slips { fromDue toDue side reason }
      passed { passedBy evidence { facet found facts } waivers { facet found reason approver } }
    }
    milestones { what due ourOwner theirOwner status overdueDays slips { fromDue toDue side reason } }
    actions { what owner due status overdueDays answers mitigates advances result facts }
    team { function personId }
    estimate { amount { amount currency } quantity unitPrice basis xOfY { question words state answer } }
    objectives { objective state coverage }
    needs { needId }
    solution { wants { content { text } } }
    reclassified { wantId needId reason }
    markdown
  }
}
""",
    AccountMapQuery,
)
