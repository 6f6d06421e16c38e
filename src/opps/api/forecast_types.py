"""What a forecast looks like in the schema."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from opps.api.beside import beside
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.opportunity import Opportunity, opportunity_of
from opps.api.parties import node_id
from opps.api.reading import Key, Moment
from opps.domain.events import ForecastCategory
from opps.domain.forecasting.groups import ForecastBy, Group
from opps.domain.forecasting.lines import Difference, Line, worth
from opps.domain.forecasting.scope import DateMove
from opps.domain.forecasting.waterfall import ForecastStepKind, WaterfallStep
from opps.learning.totals import Range, total_of

for _enum in (ForecastBy, ForecastStepKind):
    enum_of(_enum)


@strawberry.type(description="The middle of 4,000 draws, and an interval that holds 80 % of them.")
class ForecastRange:
    low: float = strawberry.field(description="One in ten draws is lower.")
    median: float = strawberry.field(description="The middle.")
    high: float = strawberry.field(description="One in ten draws is higher.")


@strawberry.type(
    description="What opportunities may come to together, drawn independently of each other with "
    "a fixed seed; what moves all of them at once makes the true intervals wider."
)
class ForecastTotal:
    expected: ForecastRange = strawberry.field(
        description="The sum of amount times probability, drawn over what is not known of each "
        "probability: knowing more narrows it."
    )
    outcome: ForecastRange = strawberry.field(
        description="What comes in once each is won or not: wider, and chance."
    )


@strawberry.type(
    description="What opportunities are worth by three opinions, what was won in full."
)
class ForecastWorth:
    lines: strawberry.Private[Sequence[Line]]

    opportunities: int = strawberry.field(description="How many they are.")
    without_amount: int = strawberry.field(
        description="How many have no amount: they are worth nothing yet."
    )
    pushed: int = strawberry.field(description="How many open ones were put off before.")
    amount: Decimal = strawberry.field(description="The whole of their amounts.")
    won: Decimal = strawberry.field(description="The amounts of those that were won.")
    knowledge: Decimal = strawberry.field(
        description="By what is known: amount times win probability."
    )
    gut: Decimal = strawberry.field(description="By the sellers' own estimates.")
    gut_of: int = strawberry.field(
        description="Of how many the seller said something, or which were won; others add nothing."
    )
    stage: Decimal = strawberry.field(description="By the default of each one's stage.")
    stage_of: int = strawberry.field(
        description="Of how many a stage says something, or which were won; others add nothing."
    )

    @strawberry.field(description="What they may come to; simulated only when asked for.")
    async def total(self) -> ForecastTotal:
        total = await beside(total_of, self.lines)
        return ForecastTotal(expected=_range(total.expected), outcome=_range(total.outcome))


def worth_of(lines: Sequence[Line]) -> ForecastWorth:
    """Return what lines of one currency are worth, for the schema."""
    of = worth(lines)
    return ForecastWorth(
        lines=lines,
        opportunities=of.opportunities,
        without_amount=of.without_amount,
        pushed=of.pushed,
        amount=of.amount,
        won=of.won,
        knowledge=of.knowledge,
        gut=of.gut,
        gut_of=of.gut_of,
        stage=of.stage,
        stage_of=of.stage_of,
    )


def _range(of: Range) -> ForecastRange:
    return ForecastRange(low=round(of.low, 2), median=round(of.median, 2), high=round(of.high, 2))


@strawberry.type(description="A part of a forecast: of one seller, one month or one category.")
class ForecastGroup:
    owner_id: strawberry.ID | None = strawberry.field(
        description="The seller, if told apart by it."
    )
    month: str | None = strawberry.field(
        description="The month, such as 2026-03, if told apart by it."
    )
    category: ForecastCategory | None = strawberry.field(
        description="The forecast category, if told apart by it; null too where none is given."
    )
    worth: ForecastWorth = strawberry.field(description="What it is worth.")


def group_of(of: Group) -> ForecastGroup:
    """Return a part of a forecast for the schema."""
    return ForecastGroup(
        owner_id=None if of.owner is None else node_id(NodeType.PERSON, of.owner),
        month=of.month,
        category=of.category,
        worth=worth_of(of.lines),
    )


@strawberry.type(description="What a forecast says of one opportunity.")
class OfOneOpportunity:
    of: strawberry.Private[UUID]
    moment: strawberry.Private[Moment]

    @strawberry.field(description="The opportunity's id.")
    def opportunity_id(self) -> strawberry.ID:
        return node_id(NodeType.OPPORTUNITY, self.of)

    @strawberry.field(description="The opportunity, as of the forecast.")
    async def opportunity(self, info: Info) -> Opportunity | None:
        picture = await info.context.reading.pictures.load(Key(self.of, self.moment))
        return None if picture is None else opportunity_of(picture.state, self.moment)


@strawberry.type(description="How far three opinions about one open opportunity are apart.")
class ForecastDifference(OfOneOpportunity):
    knowledge: Decimal = strawberry.field(description="What it is worth by what is known.")
    gut: Decimal | None = strawberry.field(
        description="By the seller; null where the seller says nothing."
    )
    stage: Decimal | None = strawberry.field(
        description="By its stage; null where the stage says nothing."
    )
    less_gut: Decimal = strawberry.field(
        description="Knowledge less the seller; 0 where the seller says nothing."
    )
    less_stage: Decimal = strawberry.field(
        description="Knowledge less the stage; 0 where the stage says nothing."
    )


def difference_of(of: Difference, moment: Moment) -> ForecastDifference:
    """Return a difference for the schema."""
    return ForecastDifference(
        of=of.opportunity_id,
        moment=moment,
        knowledge=of.knowledge,
        gut=of.gut,
        stage=of.stage,
        less_gut=of.less_gut,
        less_stage=of.less_stage,
    )


@strawberry.type(description="What one opportunity did to a forecast, for one reason.")
class ForecastStep(OfOneOpportunity):
    kind: ForecastStepKind = strawberry.field(description="Why the forecast changed.")
    change: Decimal = strawberry.field(description="By how much.")


def step_of(of: WaterfallStep, moment: Moment) -> ForecastStep:
    """Return a step for the schema."""
    return ForecastStep(of=of.opportunity_id, moment=moment, kind=of.kind, change=of.change)


@strawberry.type(description="All steps of one kind together.")
class ForecastStepSum:
    kind: ForecastStepKind = strawberry.field(description="Why the forecast changed.")
    opportunities: int = strawberry.field(description="How many opportunities did it.")
    change: Decimal = strawberry.field(description="By how much.")


@strawberry.type(description="An open opportunity whose commit date moved.")
class CommitDateMove(OfOneOpportunity):
    was: date = strawberry.field(description="What was promised before.")
    now: date = strawberry.field(description="What is promised now.")
    days: int = strawberry.field(description="How many days later; below 0 earlier.")
    amount: Decimal | None = strawberry.field(description="What it is worth.")


def move_of(of: DateMove, moment: Moment) -> CommitDateMove:
    """Return a move for the schema."""
    return CommitDateMove(
        of=of.opportunity_id,
        moment=moment,
        was=of.was,
        now=of.now,
        days=of.days,
        amount=of.amount,
    )


@strawberry.type(description="Open opportunities whose commit date moved one way.")
class CommitDateMoves:
    opportunities: int = strawberry.field(description="How many they are.")
    amount: Decimal = strawberry.field(description="The whole of their amounts.")
