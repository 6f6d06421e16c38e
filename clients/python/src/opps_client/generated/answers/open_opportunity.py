"""Open an opportunity. The same command id again gives the same answer and opens nothing twice.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from ...operation import Operation
from ...parts import Answer
from ..enums import AlternativeKind


class OpenOpportunityOpportunityAlternatives(Answer, frozen=True, kw_only=True):
    """A course open to the customer. US and DO_NOTHING are there from the start."""

    kind: AlternativeKind
    name: str


class OpenOpportunityOpportunityScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    low: float
    high: float


class OpenOpportunityOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    alternatives: list[OpenOpportunityOpportunityAlternatives]
    score: OpenOpportunityOpportunityScore


class OpenOpportunityUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    code: str
    message: str
    path: list[str]


class OpenOpportunity(Answer, frozen=True, kw_only=True):
    """What a command on an opportunity answers."""

    opportunity: OpenOpportunityOpportunity | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[OpenOpportunityUserErrors]


class OpenOpportunityMutation(Answer, frozen=True, kw_only=True):
    """Open an opportunity. The same command id again gives the same answer and opens nothing
    twice.
    """

    open_opportunity: OpenOpportunity


OPEN_OPPORTUNITY = Operation(
    "OpenOpportunity",
    """# Open an opportunity. The same command id again gives the same answer and opens nothing twice.
mutation OpenOpportunity($input: OpenOpportunityInput!) {
  openOpportunity(input: $input) {
    opportunity { id title alternatives { kind name } score { p low high } }
    version
    position
    replayed
    userErrors { code message path }
  }
}
""",
    OpenOpportunityMutation,
)
