"""What was open at the end of each day, how many of it to expect as won, and what that is worth by currency.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from decimal import Decimal

from ...operation import Operation
from ...parts import Answer


class PortfolioTrendDaysWorth(Answer, frozen=True, kw_only=True):
    """What the open opportunities of one currency are worth; amounts are not converted."""

    currency: str
    open: int
    without_amount: int
    amount: Decimal
    expected: Decimal


class PortfolioTrendDays(Answer, frozen=True, kw_only=True):
    """What was open at the end of one day, and what was believed of it."""

    day: date
    open: int
    mean_p: float | None
    sum_p: float
    worth: list[PortfolioTrendDaysWorth]


class PortfolioTrend(Answer, frozen=True, kw_only=True):
    """How a portfolio developed."""

    days: list[PortfolioTrendDays]


class PortfolioTrendQuery(Answer, frozen=True, kw_only=True):
    """What was open at the end of each day, how many of it to expect as won, and what that is
    worth by currency.
    """

    portfolio_trend: PortfolioTrend


PORTFOLIO_TREND = Operation(
    "PortfolioTrend",
    """# What was open at the end of each day, how many of it to expect as won, and what that is worth by currency.
query PortfolioTrend($from: Date!, $to: Date!, $step: Int! = 1, $filter: OpportunityFilter) {
  portfolioTrend(from: $from, to: $to, step: $step, filter: $filter) {
    days {
      day
      open
      meanP
      sumP
      worth { currency open withoutAmount amount expected }
    }
  }
}
""",
    PortfolioTrendQuery,
)
