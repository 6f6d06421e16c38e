"""The board as it was, in pages, and what it was worth: as a screen showed it, or as was known.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from decimal import Decimal

from ...operation import Operation
from ...parts import Answer
from ..enums import ForecastCategory, LensKind, Status


class OpportunitiesValue(Answer, frozen=True, kw_only=True):
    """What opportunities of one currency are worth; amounts are not converted."""

    category: ForecastCategory | None
    currency: str
    count: int
    without_amount: int
    amount: Decimal
    expected: Decimal


class OpportunitiesNodesAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class OpportunitiesNodesScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float
    points: float
    model: str


class OpportunitiesNodes(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    status: Status
    amount: OpportunitiesNodesAmount | None
    commit_date: date | None
    category: ForecastCategory | None
    lens: LensKind
    score: OpportunitiesNodesScore


class OpportunitiesPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class Opportunities(Answer, frozen=True, kw_only=True):
    """One page of opportunities."""

    as_of_position: int | None
    total_count: int
    value: list[OpportunitiesValue]
    nodes: list[OpportunitiesNodes]
    page_info: OpportunitiesPageInfo


class BoardAsOfQuery(Answer, frozen=True, kw_only=True):
    """The board as it was, in pages, and what it was worth: as a screen showed it, or as was
    known.
    """

    opportunities: Opportunities


BOARD_AS_OF = Operation(
    "BoardAsOf",
    """# The board as it was, in pages, and what it was worth: as a screen showed it, or as was known.
query BoardAsOf($asOf: AsOf!, $filter: OpportunityFilter, $orderBy: OpportunityOrder, $after: String) {
  opportunities(asOf: $asOf, filter: $filter, orderBy: $orderBy, first: 20, after: $after) {
    asOfPosition
    totalCount
    value(by: [CATEGORY]) { category currency count withoutAmount amount expected }
    nodes {
      id
      title
      status
      amount { amount currency }
      commitDate
      category
      lens
      score { p low high points model }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    BoardAsOfQuery,
)
