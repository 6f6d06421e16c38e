"""What a period may bring by three opinions, what they rest on, and what changed since a lens, in steps that add up.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from decimal import Decimal

from ...operation import Operation
from ...parts import Answer
from ..enums import ForecastCategory, ForecastStepKind


class ForecastWorthTotalExpected(Answer, frozen=True, kw_only=True):
    """The middle of 4,000 draws, and an interval that holds 80 % of them."""

    low: float
    median: float
    high: float


class ForecastWorthTotalOutcome(Answer, frozen=True, kw_only=True):
    """The middle of 4,000 draws, and an interval that holds 80 % of them."""

    low: float
    median: float
    high: float


class ForecastWorthTotal(Answer, frozen=True, kw_only=True):
    """What opportunities may come to together, drawn independently of each other with a fixed
    seed; what moves all of them at once makes the true intervals wider.
    """

    expected: ForecastWorthTotalExpected
    outcome: ForecastWorthTotalOutcome


class ForecastWorth(Answer, frozen=True, kw_only=True):
    """What opportunities are worth by three opinions, what was won in full."""

    opportunities: int
    without_amount: int
    pushed: int
    amount: Decimal
    won: Decimal
    knowledge: Decimal
    gut: Decimal
    gut_of: int
    stage: Decimal
    stage_of: int
    total: ForecastWorthTotal


class ForecastGroupsWorth(Answer, frozen=True, kw_only=True):
    """What opportunities are worth by three opinions, what was won in full."""

    opportunities: int
    without_amount: int
    pushed: int
    amount: Decimal
    won: Decimal
    knowledge: Decimal
    gut: Decimal
    gut_of: int
    stage: Decimal
    stage_of: int


class ForecastGroups(Answer, frozen=True, kw_only=True):
    """A part of a forecast: of one seller, one month or one category."""

    owner_id: str | None
    month: str | None
    category: ForecastCategory | None
    worth: ForecastGroupsWorth


class ForecastDifferencesOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str


class ForecastDifferences(Answer, frozen=True, kw_only=True):
    """How far three opinions about one open opportunity are apart."""

    opportunity_id: str
    opportunity: ForecastDifferencesOpportunity | None
    knowledge: Decimal
    gut: Decimal | None
    stage: Decimal | None
    less_gut: Decimal
    less_stage: Decimal


class ForecastChangesKinds(Answer, frozen=True, kw_only=True):
    """All steps of one kind together."""

    kind: ForecastStepKind
    opportunities: int
    change: Decimal


class ForecastChangesStepsOpportunity(Answer, frozen=True, kw_only=True):
    """One potential decision of one customer, with what is known about it, what is not, and
    what that makes of our chances.
    """

    id: str
    title: str


class ForecastChangesSteps(Answer, frozen=True, kw_only=True):
    """What one opportunity did to a forecast, for one reason."""

    kind: ForecastStepKind
    opportunity_id: str
    opportunity: ForecastChangesStepsOpportunity | None
    change: Decimal


class ForecastChangesSlipped(Answer, frozen=True, kw_only=True):
    """Open opportunities whose commit date moved one way."""

    opportunities: int
    amount: Decimal


class ForecastChangesPulledIn(Answer, frozen=True, kw_only=True):
    """Open opportunities whose commit date moved one way."""

    opportunities: int
    amount: Decimal


class ForecastChangesMoves(Answer, frozen=True, kw_only=True):
    """An open opportunity whose commit date moved."""

    opportunity_id: str
    was: date
    now: date
    days: int
    amount: Decimal | None


class ForecastChanges(Answer, frozen=True, kw_only=True):
    """What changed a forecast, from one look at it to another."""

    before: Decimal
    after: Decimal
    change: Decimal
    kinds: list[ForecastChangesKinds]
    steps: list[ForecastChangesSteps]
    slipped: ForecastChangesSlipped
    pulled_in: ForecastChangesPulledIn
    moves: list[ForecastChangesMoves]


class Forecast(Answer, frozen=True, kw_only=True):
    """What the opportunities of a period may bring: open ones that are promised for a day in
    it, and those that were won in it.
    """

    currency: str | None
    without_commit_date: int
    worth: ForecastWorth
    groups: list[ForecastGroups]
    differences: list[ForecastDifferences]
    changes: ForecastChanges | None


class ForecastQuery(Answer, frozen=True, kw_only=True):
    """What a period may bring by three opinions, what they rest on, and what changed since a
    lens, in steps that add up.
    """

    forecast: Forecast


FORECAST = Operation(
    "Forecast",
    """# What a period may bring by three opinions, what they rest on, and what changed since a lens, in steps that add up.
query Forecast($from: Date!, $to: Date!, $by: ForecastBy, $ownerIds: [ID!], $currency: String, $rates: [ExchangeRate!], $since: AsOf) {
  forecast(from: $from, to: $to, by: $by, ownerIds: $ownerIds, currency: $currency, rates: $rates, since: $since) {
    currency
    withoutCommitDate
    worth { ...Worth total { expected { low median high } outcome { low median high } } }
    groups { ownerId month category worth { ...Worth } }
    differences(first: 10) { opportunityId opportunity { id title } knowledge gut stage lessGut lessStage }
    changes {
      before
      after
      change
      kinds { kind opportunities change }
      steps(first: 10) { kind opportunityId opportunity { id title } change }
      slipped { opportunities amount }
      pulledIn { opportunities amount }
      moves(first: 10) { opportunityId was now days amount }
    }
  }
}

fragment Worth on ForecastWorth {
  opportunities
  withoutAmount
  pushed
  amount
  won
  knowledge
  gut
  gutOf
  stage
  stageOf
}
""",
    ForecastQuery,
)
