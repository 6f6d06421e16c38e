"""Close an opportunity as lost, and say to which alternative if we know.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import LossKind, Status


class LoseOpportunityOpportunityScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class LoseOpportunityOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    status: Status
    closed_at: datetime | None
    loss_kind: LossKind | None
    lost_to: UUID | None
    score: LoseOpportunityOpportunityScore


class LoseOpportunityUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class LoseOpportunity(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: LoseOpportunityOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[LoseOpportunityUserErrors]


class LoseOpportunityMutation(Answer, frozen=True, kw_only=True):
    """Close an opportunity as lost, and say to which alternative if we know."""

    lose_opportunity: LoseOpportunity


LOSE_OPPORTUNITY = Operation(
    "LoseOpportunity",
    """# Close an opportunity as lost, and say to which alternative if we know.
mutation LoseOpportunity($input: LoseOpportunityInput!) {
  loseOpportunity(input: $input) {
    opportunity { id title status closedAt lossKind lostTo score { p low high } }
    version
    position
    replayed
    userErrors { code message path }
  }
}
""",
    LoseOpportunityMutation,
)
