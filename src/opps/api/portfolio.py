"""The portfolio in the schema: what was open on each day, and what was believed of it then."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

import strawberry

from opps.api.board import OpportunityFilter, readable, wanted_of
from opps.api.context import Info
from opps.api.errors import NotAcceptable
from opps.domain.times import UnreadableTime, midnight, zone_of
from opps.projections.portfolio import PortfolioDay, Worth

MOST_DAYS = 1000

From = Annotated[date, strawberry.argument(name="from", description="The first day to show.")]
To = Annotated[date, strawberry.argument(description="The last day to show, if a step hits it.")]
Days = Annotated[
    int, strawberry.argument(description="How many days lie between two that are shown.")
]
Zone = Annotated[
    str, strawberry.argument(description="The zone in which days end, such as Europe/Madrid.")
]


@strawberry.type(
    description="What the open opportunities of one currency are worth; amounts are not converted."
)
class PortfolioWorth:
    currency: str = strawberry.field(description="ISO 4217 code of the amounts.")
    open: int = strawberry.field(description="How many were open.")
    without_amount: int = strawberry.field(
        description="How many of these had no amount: they add nothing to the sums."
    )
    amount: Decimal = strawberry.field(description="The sum of their amounts.")
    expected: Decimal = strawberry.field(
        description="The sum of their amounts times their win probabilities."
    )


@strawberry.type(description="What was open at the end of one day, and what was believed of it.")
class PortfolioPoint:
    day: date = strawberry.field(description="The day.")
    open: int = strawberry.field(description="How many were open.")
    mean_p: float | None = strawberry.field(
        description="Their mean win probability; null when none was open."
    )
    sum_p: float = strawberry.field(
        description="The sum of their win probabilities: how many of them to expect as won."
    )
    worth: list[PortfolioWorth] = strawberry.field(description="What they are worth, by currency.")


@strawberry.type(description="How a portfolio developed.")
class PortfolioTrend:
    days: list[PortfolioPoint] = strawberry.field(
        description="Each day, told by its end. What came from a source system counts from when "
        "that system recorded it."
    )


async def portfolio_trend(
    info: Info, filter_: OpportunityFilter | None, first: date, last: date, step: int, zone: str
) -> PortfolioTrend:
    """Return how the opportunities that a filter lets through now developed.

    Raises:
        NotAcceptable: no day, or more than a thousand, would be shown; the zone is unknown.
    """
    ends = _ends(first, last, step, zone)
    wanted = await wanted_of(info, filter_ or OpportunityFilter())
    with readable():
        days = await info.context.services.views.portfolio(info.context.viewer.tenant, wanted, ends)
    return PortfolioTrend(days=[_point(one) for one in days])


def _ends(first: date, last: date, step: int, zone: str) -> Mapping[date, datetime]:
    """Return each day with the instant at which it ends."""
    if step < 1:
        raise NotAcceptable(f"step is {step}: days go forward, at least 1 at a time")
    if last < first:
        raise NotAcceptable(f"to is {last}, before from, {first}: no day lies between them")
    count = (last - first).days // step + 1
    if count > MOST_DAYS:
        raise NotAcceptable(f"{count} days are more than {MOST_DAYS}: take longer steps")
    days = [first + timedelta(days=step * number) for number in range(count)]
    try:
        where = zone_of(zone)
        return {day: midnight(day + timedelta(days=1), where) for day in days}
    except UnreadableTime as error:
        raise NotAcceptable(str(error)) from None
    except OverflowError:
        raise NotAcceptable("a day lies outside of the years 1 to 9999") from None


def _point(of: PortfolioDay) -> PortfolioPoint:
    return PortfolioPoint(
        day=of.day,
        open=of.open,
        mean_p=float(of.sum_p / of.open) if of.open else None,
        sum_p=float(of.sum_p),
        worth=[_worth(one) for one in of.worth],
    )


def _worth(of: Worth) -> PortfolioWorth:
    return PortfolioWorth(
        currency=of.currency,
        open=of.open,
        without_amount=of.without_amount,
        amount=of.amount,
        expected=round(of.expected, 2),
    )
