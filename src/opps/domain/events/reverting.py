"""What is said when an import is taken back."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import Code, Count, Share, Text, Title
from opps.domain.events.base import Event, OpportunityEvent
from opps.domain.events.vocabulary import (
    CommitBasis,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
    Outcome,
)
from opps.domain.money import Money


class ProposalBefore(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A proposal that had been sent before the import."""

    at: datetime
    proposal: Code | None = None
    amount: Money | None = None


class EstimateBefore(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an opportunity had been estimated to be worth before the import, and from what."""

    amount: Money
    at: datetime
    quantity: Count | None = None
    unit_price: Decimal | None = None
    basis: Text | None = None


class ValuesBefore(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an opportunity was before an import added to it; what is absent had no value.

    It was open unless it has an outcome, or had been merged.
    """

    amount: Money | None = None
    estimate: EstimateBefore | None = None
    commit_date: date | None = None
    commit_basis: CommitBasis | None = None
    pushes: Count = 0
    longest_push_days: Count = 0
    stage: Title | None = None
    stage_default: Share | None = None
    category: ForecastCategory | None = None
    seller_estimate: Share | None = None
    seller_estimated_at: datetime | None = None
    seller_rationale: Text | None = None
    responded_at: datetime | None = None
    proposals: tuple[ProposalBefore, ...] = ()
    outcome: Outcome | None = None
    merged_into: UUID | None = None
    closed_at: datetime | None = None
    loss_kind: LossKind | None = None
    lost_to: UUID | None = None
    no_decision: NoDecisionReason | None = None


class OpportunityWithdrawn(OpportunityEvent, frozen=True, kw_only=True):
    """The import that opened this opportunity was reverted: it never was one of ours."""

    import_id: UUID
    reason: Text


class ImportTakenBack(OpportunityEvent, frozen=True, kw_only=True):
    """What an import had added to this opportunity was taken back; its values are as before."""

    import_id: UUID
    reason: Text
    before: ValuesBefore


class ImportReverted(Event, frozen=True, kw_only=True):
    """An import was taken back: with how many events, in how many opportunities."""

    reason: Text
    events: Count
    opportunities: Count
