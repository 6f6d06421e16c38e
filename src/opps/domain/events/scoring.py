"""What happens to the scoring models of a tenant."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from opps.domain.describe import Code, Count, Position, Share, Text
from opps.domain.events.base import Event
from opps.domain.model import Model


class Gate(StrEnum):
    """Why a scoring model could come into force.

    PASSED: it did well enough on later deals, beside the model in force. OVERRIDDEN: it did not,
    or nobody knew, and somebody answers for it. DAY_ONE: the way back is always open.
    """

    PASSED = "PASSED"
    OVERRIDDEN = "OVERRIDDEN"
    DAY_ONE = "DAY_ONE"


class Interval(Struct, frozen=True):
    """A figure with the ends of its 90 % interval, of a bootstrap over opportunities."""

    value: float
    low: float
    high: float


class Backtest(Struct, frozen=True, kw_only=True):
    """How a model did on later deals, beside the model in force then.

    `base_rate` is of the deals that it was tried on; `training_base_rate` is of those learned from,
    on average over the folds. `difference` is its Brier score less that of the model in force, of a
    paired bootstrap. `skill` is the share that it takes away of the Brier score of the base rate of
    the training deals of each fold.
    """

    opportunities: Count
    folds: Count
    base_rate: Share
    training_base_rate: Share
    brier: Interval
    difference: Interval
    skill: float
    passed: bool


class ScoringModelDefined(Event, frozen=True, kw_only=True):
    """A scoring model was defined: by an expert, or fitted to closed opportunities.

    `prior` is the model that it was fitted from; none for an expert's.
    """

    model: Model
    origin: Text
    prior: Code | None = None
    learned_from: Count = 0
    up_to: Position = 0


class ScoringModelBacktested(Event, frozen=True, kw_only=True):
    """A scoring model was tried on later deals than it had learned from."""

    against: Code
    backtest: Backtest


class ScoringModelActivated(Event, frozen=True, kw_only=True):
    """A scoring model came into force: from here on it scores every open opportunity.

    `backtest_version` is the version, in the stream of the model, of the backtest that the gate
    looked at; none where there was none, or none was needed.
    """

    model: Model
    approver: UUID
    reason: Text
    gate: Gate
    backtest_version: int | None = None
