"""Go on with an opportunity that had been closed; that it was stays in the history.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime

from ...operation import Operation
from ...parts import Answer
from ..enums import Status


class ReopenOpportunityOpportunityScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class ReopenOpportunityOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    status: Status
    closed_at: datetime | None
    score: ReopenOpportunityOpportunityScore


class ReopenOpportunityUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class ReopenOpportunity(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: ReopenOpportunityOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[ReopenOpportunityUserErrors]


class ReopenOpportunityMutation(Answer, frozen=True, kw_only=True):
    """Go on with an opportunity that had been closed; that it was stays in the history."""

    reopen_opportunity: ReopenOpportunity


REOPEN_OPPORTUNITY = Operation(
    "ReopenOpportunity",
    """# Go on with an opportunity that had been closed; that it was stays in the history.
mutation ReopenOpportunity($input: ReopenOpportunityInput!) {
  reopenOpportunity(input: $input) {
    opportunity { id title status closedAt score { p low high } }
    version
    position
    replayed
    userErrors { code message path }
  }
}
""",
    ReopenOpportunityMutation,
)
