"""What is known, the seller and the stage side by side, and what to ask where they disagree.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime

from ...operation import Operation
from ...parts import Answer
from ..enums import Whose


class OpportunityOpinionsHeld(Answer, frozen=True, kw_only=True):
    """One opinion of the win probability."""

    whose: Whose
    p: float
    since: datetime | None
    because: str | None


class OpportunityOpinionsDisagreementsHigher(Answer, frozen=True, kw_only=True):
    """One opinion of the win probability."""

    whose: Whose
    p: float


class OpportunityOpinionsDisagreementsLower(Answer, frozen=True, kw_only=True):
    """One opinion of the win probability."""

    whose: Whose
    p: float


class OpportunityOpinionsDisagreements(Answer, frozen=True, kw_only=True):
    """Two opinions more than 20 percentage points apart: a question for coaching, not an error
    of anybody.
    """

    higher: OpportunityOpinionsDisagreementsHigher
    lower: OpportunityOpinionsDisagreementsLower
    points: float
    question: str


class OpportunityOpinions(Answer, frozen=True, kw_only=True):
    """The opinions of one opportunity side by side. None of them moves another."""

    held: list[OpportunityOpinionsHeld]
    disagreements: list[OpportunityOpinionsDisagreements]


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str
    opinions: OpportunityOpinions


class OpinionsQuery(Answer, frozen=True, kw_only=True):
    """What is known, the seller and the stage side by side, and what to ask where they
    disagree.
    """

    opportunity: Opportunity | None


OPINIONS = Operation(
    "Opinions",
    """# What is known, the seller and the stage side by side, and what to ask where they disagree.
query Opinions($id: ID!) {
  opportunity(id: $id) {
    id
    title
    opinions {
      held { whose p since because }
      disagreements { higher { whose p } lower { whose p } points question }
    }
  }
}
""",
    OpinionsQuery,
)
