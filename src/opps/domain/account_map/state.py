"""What the account map of an opportunity holds at one place in its history."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import doc
from opps.domain.events import (
    DesiredOutcome,
    EvidenceMet,
    ExitEvidence,
    OutcomeDimension,
    Side,
    Waiver,
)
from opps.domain.money import Money
from opps.domain.provenance import Channel

EMPTY: Mapping[Any, Any] = MappingProxyType({})


class Slip(Struct, frozen=True, kw_only=True):
    """A date that moved: from which to which, on whose side the cause lay, and why."""

    at: Annotated[datetime, doc("When our side came to know.")]
    to_due: Annotated[date, doc("The date after it.")]
    side: Annotated[Side, doc("On whose side the cause lay.")]
    reason: Annotated[str, doc("Why.")]
    from_due: Annotated[date | None, doc("The date before it.")] = None


class Agreement(Struct, frozen=True, kw_only=True):
    """Somebody of the customer stands behind the desired outcome."""

    evaluator_id: Annotated[UUID, doc("Who agreed.")]
    at: Annotated[datetime, doc("When our side came to know.")]
    channel: Annotated[Channel | None, doc("How.")] = None


class Assessment(Struct, frozen=True, kw_only=True):
    """Where one dimension of the outcome is heading, as last assessed."""

    dimension: OutcomeDimension
    at: datetime
    metric_id: UUID | None = None
    projected_amount: Money | None = None
    projected_on: date | None = None
    projected_value: Decimal | None = None
    note: str | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """The desired outcome as it stands, who agreed to it, and where it is heading."""

    desired: DesiredOutcome
    stated_at: datetime
    revisions: int = 0
    revised_because: str | None = None
    agreements: tuple[Agreement, ...] = ()
    progress: Mapping[tuple[OutcomeDimension, UUID | None], Assessment] = EMPTY


class Passed(Struct, frozen=True, kw_only=True):
    """How a gate was passed."""

    at: Annotated[datetime, doc("When our side came to know.")]
    passed_by: Annotated[UUID, doc("Who passed it.")]
    position: int
    evidence: Annotated[tuple[EvidenceMet, ...], doc("What opps found.")] = ()
    waivers: Annotated[tuple[Waiver, ...], doc("What was let pass.")] = ()
    reason: Annotated[str | None, doc("More about it.")] = None


class Gate(Struct, frozen=True, kw_only=True):
    """A gate of the process that a deal goes by; it is passed on evidence or waivers."""

    gate: str
    name: str
    due: date | None = None
    evidence: tuple[ExitEvidence, ...] = ()
    slips: tuple[Slip, ...] = ()
    passed: Passed | None = None

    @property
    def first_due(self) -> date | None:
        """When it was due before it ever slipped."""
        return self.slips[0].from_due if self.slips else self.due


class Process(Struct, frozen=True, kw_only=True):
    """The sales process that a deal goes by, as published when it started."""

    process: str
    number: int
    started_at: datetime


class Planned(StrEnum):
    """What became of something planned."""

    OPEN = "OPEN"
    DONE = "DONE"
    DROPPED = "DROPPED"


class Milestone(Struct, frozen=True, kw_only=True):
    """A dated commitment with an owner on each side."""

    milestone_id: UUID
    what: str
    due: date
    our_owner: UUID
    their_owner: UUID | None = None
    status: Planned = Planned.OPEN
    slips: tuple[Slip, ...] = ()
    closed_at: datetime | None = None
    reason: str | None = None


class Action(Struct, frozen=True, kw_only=True):
    """Something to do: tied to the questions, danger zones and gates that it is for."""

    action_id: UUID
    what: str
    owner: UUID
    due: date | None = None
    answers: tuple[UUID, ...] = ()
    mitigates: tuple[str, ...] = ()
    advances: tuple[str, ...] = ()
    status: Planned = Planned.OPEN
    closed_at: datetime | None = None
    result: str | None = None
    facts: tuple[UUID, ...] = ()


class Reclassified(Struct, frozen=True, kw_only=True):
    """A want that turned out to be a need."""

    want_id: Annotated[UUID, doc("The want.")]
    need_id: Annotated[UUID, doc("The need that it became.")]
    at: Annotated[datetime, doc("When our side came to know.")]
    reason: Annotated[str, doc("Why it is a need.")]


class Estimate(Struct, frozen=True, kw_only=True):
    """What the deal is worth, and how that was worked out."""

    amount: Annotated[Money, doc("The amount.")]
    at: Annotated[datetime, doc("When it was estimated.")]
    quantity: Annotated[int | None, doc("How many.")] = None
    unit_price: Annotated[Decimal | None, doc("Price of one, in the same currency.")] = None
    basis: Annotated[str | None, doc("What the estimate rests on.")] = None


class AccountMap(Struct, frozen=True, kw_only=True):
    """Everything on the account map; it starts empty."""

    outcome: Outcome | None = None
    process: Process | None = None
    gates: tuple[Gate, ...] = ()
    milestones: Mapping[UUID, Milestone] = EMPTY
    actions: Mapping[UUID, Action] = EMPTY
    reclassified: Mapping[UUID, Reclassified] = EMPTY
    estimate: Estimate | None = None

    def gate(self, code: str) -> Gate | None:
        """Return a gate by its code."""
        return next((one for one in self.gates if one.gate == code), None)


NO_MAP = AccountMap()
