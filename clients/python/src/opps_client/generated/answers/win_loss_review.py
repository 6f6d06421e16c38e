"""What the end of a deal teaches: what came late, what was wrong, and by when it was needed.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import FacetState, LossKind, NoDecisionReason, Status, Surprising, WrongHow


class OpportunityWinLossReviewReviews(Answer, frozen=True, kw_only=True):
    """What somebody wrote down looking back."""

    at: datetime
    person_id: str
    summary: str
    surprises: list[str]


class OpportunityWinLossReviewSurprisesFact(Answer, frozen=True, kw_only=True):
    """A fact in words, with where it comes from and how well it is known."""

    fact_id: UUID
    kind: str
    words: str
    how_well: FacetState
    source: str
    learned_when: str


class OpportunityWinLossReviewSurprises(Answer, frozen=True, kw_only=True):
    """A fact that came late, and by when it should have been there."""

    fact: OpportunityWinLossReviewSurprisesFact
    surprise: Surprising
    days_before_close: int
    should_have_been_known_by: date | None
    needed_for: str | None


class OpportunityWinLossReviewMisbeliefsFact(Answer, frozen=True, kw_only=True):
    """A fact in words, with where it comes from and how well it is known."""

    fact_id: UUID
    words: str


class OpportunityWinLossReviewMisbeliefs(Answer, frozen=True, kw_only=True):
    """Something that we had believed and turned out wrong."""

    fact: OpportunityWinLossReviewMisbeliefsFact
    how: WrongHow
    found_at: datetime
    held_days: int


class OpportunityWinLossReviewDangers(Answer, frozen=True, kw_only=True):
    """A danger zone that the deal is in, and what to do first."""

    zone: str
    name: str
    because: str
    move: str


class OpportunityWinLossReviewChancesBelieved(Answer, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: float
    low: float
    high: float


class OpportunityWinLossReviewChancesShouldHaveBeen(Answer, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: float
    low: float
    high: float


class OpportunityWinLossReviewChances(Answer, frozen=True, kw_only=True):
    """A win probability at one place of the way, as believed then and as it should have been."""

    what: str
    at: datetime
    believed: OpportunityWinLossReviewChancesBelieved | None
    should_have_been: OpportunityWinLossReviewChancesShouldHaveBeen | None


class OpportunityWinLossReview(Answer, frozen=True, kw_only=True):
    """What the end of an opportunity teaches."""

    title: str
    status: Status
    closed_at: datetime
    loss_kind: LossKind | None
    no_decision: NoDecisionReason | None
    reviews: list[OpportunityWinLossReviewReviews]
    surprises: list[OpportunityWinLossReviewSurprises]
    misbeliefs: list[OpportunityWinLossReviewMisbeliefs]
    dangers: list[OpportunityWinLossReviewDangers]
    chances: list[OpportunityWinLossReviewChances]
    markdown: str


class Opportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    win_loss_review: OpportunityWinLossReview | None


class WinLossReviewQuery(Answer, frozen=True, kw_only=True):
    """What the end of a deal teaches: what came late, what was wrong, and by when it was
    needed.
    """

    opportunity: Opportunity | None


WIN_LOSS_REVIEW = Operation(
    "WinLossReview",
    """# What the end of a deal teaches: what came late, what was wrong, and by when it was needed.
query WinLossReview($id: ID!, $asOf: AsOf) {
  opportunity(id: $id, asOf: $asOf) {
    id
    winLossReview {
      title status closedAt lossKind noDecision
      reviews { at personId summary surprises }
      surprises {
        fact { factId kind words howWell source learnedWhen }
        surprise daysBeforeClose shouldHaveBeenKnownBy neededFor
      }
      misbeliefs { fact { factId words } how foundAt heldDays }
      dangers { zone name because move }
      chances { what at believed { p low high } shouldHaveBeen { p low high } }
      markdown
    }
  }
}
""",
    WinLossReviewQuery,
)
