"""A page of the deals with their scores and nothing personal: for programs, in the role INTEGRATOR too.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from decimal import Decimal

from ...operation import Operation
from ...parts import Answer
from ..enums import ForecastCategory, Status


class OpportunitiesNodesAccount(Answer, frozen=True, kw_only=True):
    """A buying organisation."""

    id: str
    name: str


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


class OpportunitiesNodesCounts(Answer, frozen=True, kw_only=True):
    """How much is known, asked and disputed, for a list."""

    facts: int
    contradictions: int
    open_questions: int
    unanswered: int


class OpportunitiesNodes(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    status: Status
    version: int
    position: int
    account: OpportunitiesNodesAccount | None
    amount: OpportunitiesNodesAmount | None
    commit_date: date | None
    category: ForecastCategory | None
    score: OpportunitiesNodesScore
    counts: OpportunitiesNodesCounts


class OpportunitiesPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class Opportunities(Answer, frozen=True, kw_only=True):
    """One page of opportunities."""

    nodes: list[OpportunitiesNodes]
    page_info: OpportunitiesPageInfo


class PipelineQuery(Answer, frozen=True, kw_only=True):
    """A page of the deals with their scores and nothing personal: for programs, in the role
    INTEGRATOR too.
    """

    opportunities: Opportunities


PIPELINE = Operation(
    "Pipeline",
    """# A page of the deals with their scores and nothing personal: for programs, in the role INTEGRATOR too.
query Pipeline($filter: OpportunityFilter, $orderBy: OpportunityOrder, $first: Int, $after: String, $atLeast: Position) {
  opportunities(filter: $filter, orderBy: $orderBy, first: $first, after: $after, atLeast: $atLeast) {
    nodes {
      id
      title
      status
      version
      position
      account { id name }
      amount { amount currency }
      commitDate
      category
      score { p low high points model }
      counts { facts contradictions openQuestions unanswered }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    PipelineQuery,
)
