"""What somebody sees of an account map: each part of it as one value."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.account_map.outcome import (
    Drift,
    MissingNumber,
)
from opps.domain.account_map.state import (
    Agreement,
    Planned,
    Reclassified,
    Slip,
)
from opps.domain.account_map.x_of_y import XOfYQuestion
from opps.domain.catalogue import Facet, Objective
from opps.domain.describe import doc
from opps.domain.events import (
    EvidenceMet,
    Metric,
    SaleTarget,
    TeamFunction,
    Tolerance,
    Waiver,
)
from opps.domain.facet_state import FacetState, MinimumState
from opps.domain.knowledge import ObjectiveState
from opps.domain.money import Money


class MapOutcome(Struct, frozen=True, kw_only=True):
    """The desired outcome, what it lacks, who agreed to it, and where it is heading."""

    statement: Annotated[str, doc("In about 30 words.")]
    words: Annotated[int, doc("How many words it has.")]
    warning: Annotated[str | None, doc("What to do about its length; null up to 30 words.")]
    measurable: Annotated[bool, doc("It has numbers for sale, timeline and performance.")]
    missing: Annotated[tuple[MissingNumber, ...], doc("What it lacks before it is measurable.")]
    sale: Annotated[SaleTarget | None, doc("What is to be sold.")]
    by: Annotated[date | None, doc("By when.")]
    performance: Annotated[tuple[Metric, ...], doc("What it achieves for the customer.")]
    tolerance: Annotated[Tolerance, doc("How far behind is still on track.")]
    stated_at: Annotated[datetime, doc("When it was first stated.")]
    revisions: Annotated[int, doc("How often it was revised.")]
    revised_because: Annotated[str | None, doc("Why it was revised last.")]
    agreements: Annotated[tuple[Agreement, ...], doc("Who agreed to it as it stands.")]
    progress: Annotated[tuple[Drift, ...], doc("Where each dimension is heading, as assessed.")]


class MapProcess(Struct, frozen=True, kw_only=True):
    """The sales process that a deal goes by, as it was published when it started."""

    process: Annotated[str, doc("Its code.")]
    number: Annotated[int, doc("Which publication of it.")]
    started_at: Annotated[datetime, doc("When the deal began to go by it.")]


class MapEvidence(Struct, frozen=True, kw_only=True):
    """What a gate asks for, and what opps finds of it now."""

    objective: Annotated[Objective, doc("The information objective.")]
    facet: Annotated[Facet | None, doc("The facet; null for all that are required.")]
    minimum: Annotated[MinimumState, doc("How well it must be known.")]
    found: Annotated[FacetState, doc("How well it is known.")]
    met: Annotated[bool, doc("That is well enough.")]
    facts: Annotated[tuple[UUID, ...], doc("The facts that it rests on.")]


class MapPassed(Struct, frozen=True, kw_only=True):
    """How a gate was passed: what was found then, and what was let pass."""

    at: Annotated[datetime, doc("When our side came to know.")]
    passed_by: Annotated[UUID, doc("Who passed it.")]
    evidence: Annotated[tuple[EvidenceMet, ...], doc("What opps found then.")]
    waivers: Annotated[tuple[Waiver, ...], doc("What was let pass.")]
    reason: Annotated[str | None, doc("More about it.")]


class MapGate(Struct, frozen=True, kw_only=True):
    """A gate: what it asks for, what of that is missing now, and how it was passed."""

    gate: Annotated[str, doc("Its code.")]
    name: Annotated[str, doc("What it is called.")]
    due: Annotated[date | None, doc("When it is due.")]
    first_due: Annotated[date | None, doc("When it was due before it slipped.")]
    overdue_days: Annotated[int, doc("How many days late it is; 0 once it was passed.")]
    evidence: Annotated[tuple[MapEvidence, ...], doc("What it asks for, and what is found now.")]
    missing: Annotated[tuple[MapEvidence, ...], doc("What is not known well enough now.")]
    slips: Annotated[tuple[Slip, ...], doc("How its date moved.")]
    passed: Annotated[MapPassed | None, doc("How it was passed; null while it was not.")]


class MapMilestone(Struct, frozen=True, kw_only=True):
    """A dated commitment with an owner on each side."""

    milestone_id: Annotated[UUID, doc("The milestone.")]
    what: Annotated[str, doc("What will have been done.")]
    due: Annotated[date, doc("By when.")]
    our_owner: Annotated[UUID, doc("Who answers for it on our side.")]
    their_owner: Annotated[UUID | None, doc("The evaluator who does on theirs.")]
    status: Annotated[Planned, doc("Open, done or dropped.")]
    overdue_days: Annotated[int, doc("How many days late it is; 0 once it is over.")]
    slips: Annotated[tuple[Slip, ...], doc("How its date moved.")]
    closed_at: Annotated[datetime | None, doc("When it was met or dropped.")]
    reason: Annotated[str | None, doc("Why it was dropped.")]


class MapAction(Struct, frozen=True, kw_only=True):
    """Something to do, with what it is for."""

    action_id: Annotated[UUID, doc("The action.")]
    what: Annotated[str, doc("What is to be done.")]
    owner: Annotated[UUID, doc("Who does it.")]
    due: Annotated[date | None, doc("By when.")]
    status: Annotated[Planned, doc("Open, done or dropped.")]
    overdue_days: Annotated[int, doc("How many days late it is; 0 once it is over.")]
    answers: Annotated[tuple[UUID, ...], doc("The questions that it is to answer.")]
    mitigates: Annotated[tuple[str, ...], doc("The danger zones that it is to end.")]
    advances: Annotated[tuple[str, ...], doc("The gates that it is to bring closer.")]
    closed_at: Annotated[datetime | None, doc("When it was done or dropped.")]
    result: Annotated[str | None, doc("What came of it, or why it was dropped.")]
    facts: Annotated[tuple[UUID, ...], doc("The facts that it brought.")]


class MapMember(Struct, frozen=True, kw_only=True):
    """Somebody on our team, and what they do on it."""

    member: Annotated[UUID, doc("The member.")]
    function: Annotated[TeamFunction, doc("What the member does on the team.")]


class MapEstimate(Struct, frozen=True, kw_only=True):
    """What the deal is worth, how that was worked out, and what to ask about it."""

    amount: Annotated[Money, doc("The amount.")]
    at: Annotated[datetime, doc("When it was estimated.")]
    quantity: Annotated[int | None, doc("How many.")]
    unit_price: Annotated[Decimal | None, doc("Price of one, in the same currency.")]
    basis: Annotated[str | None, doc("What the estimate rests on.")]
    x_of_y: Annotated[
        tuple[XOfYQuestion, ...], doc("Four questions, where it is a quantity times a price.")
    ]


class MapView(Struct, frozen=True, kw_only=True):
    """Everything on the account map of an opportunity, at one place in its history."""

    outcome: MapOutcome | None
    objectives: tuple[ObjectiveState, ...]
    process: MapProcess | None
    gates: tuple[MapGate, ...]
    milestones: tuple[MapMilestone, ...]
    actions: tuple[MapAction, ...]
    team: tuple[MapMember, ...]
    estimate: MapEstimate | None
    reclassified: tuple[Reclassified, ...]
