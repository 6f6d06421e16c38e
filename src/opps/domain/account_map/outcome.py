"""Whether a desired outcome can be measured, and how far it has drifted."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Struct

from opps.domain.account_map.state import Assessment, Outcome
from opps.domain.describe import doc
from opps.domain.events import DesiredOutcome, Metric, OutcomeDimension, Tolerance
from opps.domain.money import Money

LONGEST_STATEMENT_WORDS = 30
_ALL = Decimal(100)


class MissingNumber(Struct, frozen=True, kw_only=True):
    """What a desired outcome lacks before it can be measured in one dimension."""

    dimension: Annotated[OutcomeDimension, doc("The dimension.")]
    what: Annotated[str, doc("What is missing.")]
    metric_id: Annotated[UUID | None, doc("The figure that lacks a number.")] = None


class Drift(Struct, frozen=True, kw_only=True):
    """Where one dimension is heading: how far behind its target, below 0 for ahead of it."""

    dimension: Annotated[OutcomeDimension, doc("The dimension.")]
    off: Annotated[Decimal, doc("How far behind: percent, or days; below 0 for ahead.")]
    tolerance: Annotated[int, doc("How far behind is still on track, in the same unit.")]
    beyond: Annotated[bool, doc("It is further behind than that.")]
    at: Annotated[datetime, doc("When it was assessed.")]
    metric_id: Annotated[UUID | None, doc("The figure, of performance.")] = None
    name: Annotated[str | None, doc("What the figure is called.")] = None
    projected_amount: Annotated[Money | None, doc("Where the sale is heading.")] = None
    projected_on: Annotated[date | None, doc("When it is heading for.")] = None
    projected_value: Annotated[Decimal | None, doc("Where the figure is heading.")] = None
    note: Annotated[str | None, doc("More about it.")] = None


def word_count(statement: str) -> int:
    """Return how many words a statement has; more than 30 are more than anybody remembers."""
    return len(statement.split())


def missing_numbers(outcome: DesiredOutcome) -> tuple[MissingNumber, ...]:
    """Return what is missing before an outcome counts as measurable; nothing when it does."""
    return tuple(_missing(outcome))


def _missing(outcome: DesiredOutcome) -> Iterator[MissingNumber]:
    sale, performance = OutcomeDimension.SALE, OutcomeDimension.PERFORMANCE
    if outcome.sale is None:
        yield MissingNumber(dimension=sale, what="what is sold, and for how much")
    elif outcome.sale.amount.amount <= 0:
        yield MissingNumber(dimension=sale, what="an amount above 0")
    if outcome.by is None:
        yield MissingNumber(dimension=OutcomeDimension.TIMELINE, what="by when")
    if not outcome.performance:
        what = "a figure with its baseline and target"
        yield MissingNumber(dimension=performance, what=what)
    for metric in outcome.performance:
        for name in ("baseline", "target"):
            if getattr(metric, name) is None:
                what = f"the {name} of {metric.name}"
                yield MissingNumber(dimension=performance, what=what, metric_id=metric.metric_id)


def drift(outcome: Outcome | None) -> tuple[Drift, ...]:
    """Return how far each assessed dimension lies from its target, in the order of dimensions.

    A dimension without a target, and a figure that the outcome no longer names, are left out.
    """
    if outcome is None:
        return ()
    desired, progress = outcome.desired, outcome.progress
    keys = [
        (OutcomeDimension.SALE, None),
        (OutcomeDimension.TIMELINE, None),
        *((OutcomeDimension.PERFORMANCE, one.metric_id) for one in desired.performance),
    ]
    found = (_drift(desired, progress[key]) for key in keys if key in progress)
    return tuple(one for one in found if one is not None)


def drifted(outcome: Outcome | None) -> tuple[Drift, ...]:
    """Return the dimensions that are further behind than tolerated."""
    return tuple(one for one in drift(outcome) if one.beyond)


def _drift(desired: DesiredOutcome, of: Assessment) -> Drift | None:
    tolerance = desired.tolerance or Tolerance()
    metric = next((one for one in desired.performance if one.metric_id == of.metric_id), None)
    match of.dimension:
        case OutcomeDimension.SALE:
            off, limit = _off_sale(desired, of), tolerance.sale_percent
        case OutcomeDimension.TIMELINE:
            off, limit = _off_timeline(desired, of), tolerance.days
        case OutcomeDimension.PERFORMANCE:
            off, limit = _off_performance(metric, of), tolerance.performance_percent
    if off is None:
        return None
    return Drift(
        dimension=of.dimension,
        off=off.quantize(Decimal("0.1")),
        tolerance=limit,
        beyond=off > limit,
        at=of.at,
        metric_id=of.metric_id,
        name=metric.name if metric else None,
        projected_amount=of.projected_amount,
        projected_on=of.projected_on,
        projected_value=of.projected_value,
        note=of.note,
    )


def _off_sale(desired: DesiredOutcome, of: Assessment) -> Decimal | None:
    if desired.sale is None or of.projected_amount is None or not desired.sale.amount.amount:
        return None
    target = desired.sale.amount.amount
    return (target - of.projected_amount.amount) / target * _ALL


def _off_timeline(desired: DesiredOutcome, of: Assessment) -> Decimal | None:
    if desired.by is None or of.projected_on is None:
        return None
    return Decimal((of.projected_on - desired.by).days)


def _off_performance(metric: Metric | None, of: Assessment) -> Decimal | None:
    """Return which share of the change is missing; to hold a figure, how far it moves."""
    value = of.projected_value
    if metric is None or metric.baseline is None or metric.target is None or value is None:
        return None
    change = metric.target - metric.baseline
    if change:
        return (metric.target - value) / change * _ALL
    if value == metric.target:
        return Decimal(0)
    return abs(value - metric.target) / (abs(metric.target) or Decimal(1)) * _ALL
