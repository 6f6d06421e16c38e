"""What happens to the scoring models of a tenant."""

from uuid import UUID

from msgspec import Struct

from opps.domain.describe import Code, Count, Share, Text
from opps.domain.events.base import Event
from opps.domain.model import Model


class Interval(Struct, frozen=True):
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


class Backtest(Struct, frozen=True, kw_only=True):
    """How a model did on later deals, beside the model in force then.

    `difference` is its Brier score less that of the model in force, with the 90 % interval of a
    paired bootstrap; `skill` is against the base rate of the training deals.
    """

    opportunities: Count
    folds: Count
    base_rate: Share
    brier: Interval
    difference: Interval
    skill: float
    passed: bool


class ScoringModelDefined(Event, frozen=True, kw_only=True):
    """A scoring model was defined: by an expert, or fitted to closed opportunities."""

    model: Model
    origin: Text
    learned_from: Count = 0
    up_to: Count = 0


class ScoringModelBacktested(Event, frozen=True, kw_only=True):
    """A scoring model was tried on later deals than it had learned from."""

    against: Code
    backtest: Backtest


class ScoringModelActivated(Event, frozen=True, kw_only=True):
    """A scoring model came into force: from here on it scores every open opportunity."""

    model: Model
    approver: UUID
    reason: Text
    gate_passed: bool
