"""The inbox: what deviates and deserves time, the most urgent first, with why it stands where it stands.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import ExceptionCause, ExceptionStatus, FactKind, FactState


class ExceptionsNodesOpportunityOwnerName(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None


class ExceptionsNodesOpportunityOwner(Answer, frozen=True, kw_only=True):
    """A person, of the buyer or on our side."""

    id: str
    name: ExceptionsNodesOpportunityOwnerName


class ExceptionsNodesOpportunityAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class ExceptionsNodesOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    owner: ExceptionsNodesOpportunityOwner | None
    amount: ExceptionsNodesOpportunityAmount | None
    commit_date: date | None


class ExceptionsNodesFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    kind: FactKind
    state: FactState


class ExceptionsNodesUrgency(Answer, frozen=True, kw_only=True):
    """Why an exception stands where it stands: value at stake, times the width of the interval,
    times the time left.
    """

    value: float
    width: float
    time_left: float
    score: float
    in_words: str


class ExceptionsNodesMoney(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class ExceptionsNodes(Answer, frozen=True, kw_only=True):
    """A deviation of an opportunity that calls for time or resources."""

    exception_id: UUID
    cause: ExceptionCause
    about: str | None
    summary: str
    status: ExceptionStatus
    open: bool
    again: UUID | None
    opportunity: ExceptionsNodesOpportunity | None
    facts: list[ExceptionsNodesFacts]
    urgency: ExceptionsNodesUrgency | None
    plan: str | None
    people: list[str]
    hours: float
    money: ExceptionsNodesMoney | None
    conclusion: str | None
    version: int


class ExceptionsPageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class Exceptions(Answer, frozen=True, kw_only=True):
    """One page of exceptions, the most urgent first."""

    total_count: int
    nodes: list[ExceptionsNodes]
    page_info: ExceptionsPageInfo


class ExceptionsQuery(Answer, frozen=True, kw_only=True):
    """The inbox: what deviates and deserves time, the most urgent first, with why it stands
    where it stands.
    """

    exceptions: Exceptions


EXCEPTIONS = Operation(
    "Exceptions",
    """# The inbox: what deviates and deserves time, the most urgent first, with why it stands where it stands.
query Exceptions($filter: ExceptionFilter, $after: String, $atLeast: Position) {
  exceptions(filter: $filter, first: 20, after: $after, atLeast: $atLeast) {
    totalCount
    nodes {
      exceptionId
      cause
      about
      summary
      status
      open
      again
      opportunity { id title owner { id name { text } } amount { amount currency } commitDate }
      facts { factId kind state }
      urgency { value width timeLeft score inWords }
      plan
      people
      hours
      money { amount currency }
      conclusion
      version
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    ExceptionsQuery,
)
