"""What the system showed, what our side knew and what was true: each at its own instant.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from decimal import Decimal
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import FactState, FundingStatus, LensKind


class ScreenScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    model: str


class ScreenFundingFundingContentAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class ScreenFundingFundingContent(Answer, frozen=True, kw_only=True):
    """Where the money comes from, how much it is, and who can release it."""

    status: FundingStatus
    amount: ScreenFundingFundingContentAmount | None


class ScreenFundingFundingFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    state: FactState


class ScreenFundingFunding(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where the money comes from, how much it is, and who can
    release it.
    """

    content: ScreenFundingFundingContent | None
    facts: list[ScreenFundingFundingFacts]


class ScreenFunding(Answer, frozen=True, kw_only=True):
    """With whose money: funding and the price expected."""

    funding: ScreenFundingFunding | None


class Screen(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    lens: LensKind
    as_of_position: int
    score: ScreenScore
    funding: ScreenFunding


class KnownScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    model: str


class KnownFundingFundingContentAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class KnownFundingFundingContent(Answer, frozen=True, kw_only=True):
    """Where the money comes from, how much it is, and who can release it."""

    status: FundingStatus
    amount: KnownFundingFundingContentAmount | None


class KnownFundingFundingFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    state: FactState


class KnownFundingFunding(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where the money comes from, how much it is, and who can
    release it.
    """

    content: KnownFundingFundingContent | None
    facts: list[KnownFundingFundingFacts]


class KnownFunding(Answer, frozen=True, kw_only=True):
    """With whose money: funding and the price expected."""

    funding: KnownFundingFunding | None


class Known(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    lens: LensKind
    as_of_position: int
    score: KnownScore
    funding: KnownFunding


class HindsightScore(Answer, frozen=True, kw_only=True):
    """The win probability with its 80 % interval. What is unknown widens the interval; by
    itself it never lowers the point.
    """

    p: float
    model: str


class HindsightFundingFundingContentAmount(Answer, frozen=True, kw_only=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Decimal
    currency: str


class HindsightFundingFundingContent(Answer, frozen=True, kw_only=True):
    """Where the money comes from, how much it is, and who can release it."""

    status: FundingStatus
    amount: HindsightFundingFundingContentAmount | None


class HindsightFundingFundingFacts(Answer, frozen=True, kw_only=True):
    """One statement about an opportunity: who made it, when we learned it, when it was
    recorded, and what became of it. Nothing is ever deleted.
    """

    fact_id: UUID
    state: FactState


class HindsightFundingFunding(Answer, frozen=True, kw_only=True):
    """What stands for one key, and why. Where the money comes from, how much it is, and who can
    release it.
    """

    content: HindsightFundingFundingContent | None
    facts: list[HindsightFundingFundingFacts]


class HindsightFunding(Answer, frozen=True, kw_only=True):
    """With whose money: funding and the price expected."""

    funding: HindsightFundingFunding | None


class Hindsight(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    lens: LensKind
    as_of_position: int
    score: HindsightScore
    funding: HindsightFunding


class LensesQuery(Answer, frozen=True, kw_only=True):
    """What the system showed, what our side knew and what was true: each at its own instant."""

    screen: Screen | None
    known: Known | None
    hindsight: Hindsight | None


LENSES = Operation(
    "Lenses",
    """# What the system showed, what our side knew and what was true: each at its own instant.
query Lenses($id: ID!, $screen: AsOf!, $known: AsOf!, $hindsight: AsOf!) {
  screen: opportunity(id: $id, asOf: $screen) {
    ...Seen
  }
  known: opportunity(id: $id, asOf: $known) {
    ...Seen
  }
  hindsight: opportunity(id: $id, asOf: $hindsight) {
    ...Seen
  }
}

fragment Seen on Opportunity {
  lens
  asOfPosition
  score {
    p
    model
  }
  funding {
    funding {
      content {
        status
        amount {
          amount
          currency
        }
      }
      facts {
        factId
        state
      }
    }
  }
}
""",
    LensesQuery,
)
