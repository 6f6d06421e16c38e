"""A page of the board, for any filter and in any order.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from decimal import Decimal

from ...operation import Operation
from ...parts import Answer
from ..enums import Status


class OpportunitiesNodesAccount(Answer, frozen=True, kw_only=True):
    """A buying organisation."""

    id: str
    name: str


class OpportunitiesNodesOwnerName(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None


class OpportunitiesNodesOwner(Answer, frozen=True, kw_only=True):
    """A person, of the buyer or on our side."""

    id: str
    name: OpportunitiesNodesOwnerName


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
    decidability: float
    points: float


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
    account: OpportunitiesNodesAccount | None
    owner: OpportunitiesNodesOwner | None
    amount: OpportunitiesNodesAmount | None
    commit_date: date | None
    score: OpportunitiesNodesScore
    counts: OpportunitiesNodesCounts


class OpportunitiesPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class Opportunities(Answer, frozen=True, kw_only=True):
    """One page of opportunities."""

    total_count: int
    nodes: list[OpportunitiesNodes]
    page_info: OpportunitiesPageInfo


class BoardQuery(Answer, frozen=True, kw_only=True):
    """A page of the board, for any filter and in any order."""

    opportunities: Opportunities


BOARD = Operation(
    "Board",
    """# A page of the board, for any filter and in any order.
query Board($filter: OpportunityFilter, $orderBy: OpportunityOrder, $after: String) {
  opportunities(filter: $filter, orderBy: $orderBy, first: 20, after: $after) {
    totalCount
    nodes {
      id
      title
      status
      version
      account { id name }
      owner { id name { text } }
      amount { amount currency }
      commitDate
      score { p low high decidability points }
      counts { facts contradictions openQuestions unanswered }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    BoardQuery,
)
