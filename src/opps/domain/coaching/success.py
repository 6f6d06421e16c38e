"""What was measured when a gap was named, and by what it will be seen that learning helped."""

from typing import Annotated

from msgspec import Meta, Struct

from opps.domain.coaching.indicators import Indicator, Unit
from opps.domain.describe import Code, Count, doc

# As many hours as there are since the year 1, and more: somebody may write down an old date.
Measured = Annotated[float, Meta(ge=0, le=100_000_000)]


class GapMeasure(Struct, frozen=True, kw_only=True):
    """An indicator of one seller when a gap was named: with its n and interval, never a rank."""

    value: Annotated[Measured, doc("What it was.")]
    n: Annotated[Count, doc("Of how many.")]
    low: Annotated[Measured, doc("Lower end of its interval.")]
    high: Annotated[Measured, doc("Upper end of its interval.")]
    own_past: Annotated[Measured | None, doc("The same seller's before.")] = None
    peer_median: Annotated[Measured | None, doc("The median of the others.")] = None
    peers: Annotated[Count, doc("How many others.")] = 0


class SuccessMeasure(Struct, frozen=True, kw_only=True):
    """By which leading indicator it will be seen that learning helped, and what it should reach."""

    indicator: Annotated[
        Code, doc("A leading indicator; never an amount, a booking or a number of calls.")
    ]
    target: Annotated[Measured, doc("What it should reach, in the unit of the indicator.")]


def indicator_of(code: str) -> Indicator | None:
    """Return the leading indicator of a code; None where that is a quota, or nothing at all."""
    return Indicator(code) if code in Indicator.__members__ else None


def reachable(target: float, unit: Unit) -> bool:
    """Tell whether a target lies within what a figure of this unit can be."""
    return target > 0 if unit in (Unit.HOURS, Unit.DAYS) else 0 <= target <= 1
