"""The lines of a forecast: one opportunity each, worth something with three probabilities."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import ForecastCategory
from opps.domain.forecasting.errors import MixedCurrencies, RateNotPositive

ZERO = Decimal(0)
# Probabilities count with as many digits as they are shown with, and what a line is worth is
# rounded to a hundredth by itself, so that sums of lines add up exactly to what is shown.
SHOWN = Decimal("0.0001")
CENT = Decimal("0.01")


class Line(Struct, frozen=True, kw_only=True):
    """An opportunity in a forecast: won, or open with a probability of being won.

    `low` and `high` are the ends of the 80 % interval of `p`. Whatever has no amount is worth
    nothing yet, and is counted. `pushes` is how often its commit date was put off.
    """

    opportunity_id: UUID
    owner: UUID
    currency: str
    category: ForecastCategory | None
    commit_date: date | None
    amount: Decimal | None
    won: bool
    p: float
    low: float
    high: float
    stage_default: float | None = None
    seller_estimate: float | None = None
    pushes: int = 0
    closed_on: date | None = None

    @property
    def due(self) -> date | None:
        """The day that it counts for: when it was won, or is promised for."""
        return self.closed_on if self.won else self.commit_date


class Worth(Struct, frozen=True):
    """What opportunities are worth by each of the three opinions, won ones in full.

    Where the seller or the stage says nothing, the opportunity counts in neither: `gut_of` and
    `stage_of` say how many said something. `amount` is the whole amount of all of them, `pushed`
    how many open ones were put off before.
    """

    opportunities: int
    without_amount: int
    amount: Decimal
    won: Decimal
    knowledge: Decimal
    gut: Decimal
    gut_of: int
    stage: Decimal
    stage_of: int
    pushed: int


def in_one_currency(lines: Sequence[Line], into: str, rates: Mapping[str, Decimal]) -> list[Line]:
    """Return the lines with all amounts in one currency, to a hundredth of its unit.

    `rates` say how many units of `into` one unit of another currency is worth.

    Raises:
        MixedCurrencies: a line is in a currency without a rate: nothing is added up silently.
        RateNotPositive: a rate is 0 or below.
    """
    for currency, rate in rates.items():
        if not rate.is_finite() or rate <= 0:
            raise RateNotPositive(currency=currency, rate=str(rate))
    known = {**rates, into: Decimal(1)}
    if any(one.currency not in known for one in lines):
        met = sorted({one.currency for one in lines})
        raise MixedCurrencies(currencies=", ".join(met), into=into)
    return [_converted(one, into, known[one.currency]) for one in lines]


def _converted(line: Line, into: str, rate: Decimal) -> Line:
    if line.amount is None or line.currency == into:
        return replace(line, currency=into)
    return replace(line, currency=into, amount=(line.amount * rate).quantize(CENT))


def weighted(line: Line, probability: float | None) -> Decimal:
    """Return what a line is worth with a probability of being won; a won one in full."""
    if line.amount is None:
        return ZERO
    if line.won:
        return line.amount
    return ZERO if probability is None else (line.amount * shown(probability)).quantize(CENT)


def shown(probability: float) -> Decimal:
    """Return a probability with the digits that it is shown with."""
    return Decimal(repr(probability)).quantize(SHOWN)


def worth(lines: Sequence[Line]) -> Worth:
    """Return what lines of one currency are worth together."""
    return Worth(
        opportunities=len(lines),
        without_amount=sum(one.amount is None for one in lines),
        amount=sum((one.amount or ZERO for one in lines), ZERO),
        won=sum((one.amount or ZERO for one in lines if one.won), ZERO),
        knowledge=sum((weighted(one, one.p) for one in lines), ZERO),
        gut=sum((weighted(one, one.seller_estimate) for one in lines), ZERO),
        gut_of=sum(one.won or one.seller_estimate is not None for one in lines),
        stage=sum((weighted(one, one.stage_default) for one in lines), ZERO),
        stage_of=sum(one.won or one.stage_default is not None for one in lines),
        pushed=sum(not one.won and one.pushes > 0 for one in lines),
    )


class Difference(Struct, frozen=True, kw_only=True):
    """How far two opinions about one opportunity are apart, in money: the first less the second."""

    opportunity_id: UUID
    knowledge: Decimal
    gut: Decimal | None
    stage: Decimal | None

    @property
    def less_gut(self) -> Decimal:
        """Knowledge less the seller's gut; 0 where the seller said nothing."""
        return ZERO if self.gut is None else self.knowledge - self.gut

    @property
    def less_stage(self) -> Decimal:
        """Knowledge less the stage's default; 0 where the stage says nothing."""
        return ZERO if self.stage is None else self.knowledge - self.stage


def differences(lines: Sequence[Line]) -> list[Difference]:
    """Return what makes knowledge differ from gut and stage, the largest difference first."""
    every = [
        Difference(
            opportunity_id=one.opportunity_id,
            knowledge=weighted(one, one.p),
            gut=None if one.seller_estimate is None else weighted(one, one.seller_estimate),
            stage=None if one.stage_default is None else weighted(one, one.stage_default),
        )
        for one in lines
        if not one.won
    ]
    differing = [one for one in every if one.less_gut or one.less_stage]
    return sorted(
        differing,
        key=lambda one: (-max(abs(one.less_gut), abs(one.less_stage)), one.opportunity_id),
    )
