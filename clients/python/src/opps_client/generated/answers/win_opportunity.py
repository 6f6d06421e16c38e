"""Close an opportunity as won.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime
from decimal import Decimal

from ...operation import Operation
from ...parts import Answer
from ..enums import Status


class WinOpportunityOpportunityAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class WinOpportunityOpportunityScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class WinOpportunityOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    status: Status
    closed_at: datetime | None
    amount: WinOpportunityOpportunityAmount | None
    score: WinOpportunityOpportunityScore


class WinOpportunityUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class WinOpportunity(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: WinOpportunityOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[WinOpportunityUserErrors]


class WinOpportunityMutation(Answer, frozen=True, kw_only=True):
    """Close an opportunity as won."""

    win_opportunity: WinOpportunity


WIN_OPPORTUNITY = Operation(
    "WinOpportunity",
    """# Close an opportunity as won.
mutation WinOpportunity($input: WinOpportunityInput!) {
  winOpportunity(input: $input) {
    opportunity { id title status closedAt amount { amount currency } score { p low high } }
    version
    position
    replayed
    userErrors { code message path }
  }
}
""",
    WinOpportunityMutation,
)
