"""The forecast in the schema: what a period may bring, what that rests on, and what changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.board import AtLeast, seen
from opps.api.connections import First, page_size
from opps.api.context import Info
from opps.api.errors import NotAcceptable, node_argument
from opps.api.forecast_read import (
    Asked,
    asked_for,
    currency_of,
    found_at,
    found_by_id,
    in_currency,
)
from opps.api.forecast_types import (
    CommitDateMove,
    CommitDateMoves,
    ForecastDifference,
    ForecastGroup,
    ForecastStep,
    ForecastStepSum,
    ForecastWorth,
    difference_of,
    group_of,
    move_of,
    step_of,
    worth_of,
)
from opps.api.ids import NodeType
from opps.api.moments import AsOf, At, moment_of
from opps.api.reading import Moment
from opps.api.scalars import Position
from opps.api.teams import TEAM_ID, of_team
from opps.domain.forecasting.groups import ForecastBy, grouped
from opps.domain.forecasting.lines import Line, differences, worth
from opps.domain.forecasting.scope import DateMove, Seen, date_moves, moved, standings
from opps.domain.forecasting.waterfall import WaterfallStep, kinds, waterfall

From = Annotated[date, strawberry.argument(name="from", description="The first day of it.")]
To = Annotated[date, strawberry.argument(description="The last day of it.")]
Owners = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description="Only what these sellers own. All when absent."),
]
OfTeam = Annotated[UUID | None, strawberry.argument(description=TEAM_ID)]
GroupedBy = Annotated[
    ForecastBy | None, strawberry.argument(description="What to tell `groups` apart by.")
]
Currency = Annotated[
    str | None,
    strawberry.argument(
        description="ISO 4217 code of the amounts to answer; the one that all share when absent."
    ),
]
ChangedSince = Annotated[
    AsOf | None, strawberry.argument(description="Show what changed since then, as `changes`.")
]
DayZone = Annotated[
    str, strawberry.argument(description="The zone in which a won one's last day is told.")
]


@strawberry.input(description="What one unit of a currency is worth in the currency asked for.")
class ExchangeRate:
    currency: str = strawberry.field(description="ISO 4217 code.")
    rate: Decimal = strawberry.field(description="Above 0, such as 0.92.")


Rates = Annotated[
    list[ExchangeRate] | None,
    strawberry.argument(
        description="A rate for each other currency: without, several currencies are refused with "
        "MIXED_CURRENCIES."
    ),
]


@strawberry.type(description="What changed a forecast, from one look at it to another.")
class ForecastChanges:
    moment: strawberry.Private[Moment]
    every_step: strawberry.Private[Sequence[WaterfallStep]]
    every_move: strawberry.Private[Sequence[DateMove]]

    before: Decimal = strawberry.field(description="What was known to be worth then.")
    after: Decimal = strawberry.field(description="What it is worth in this forecast.")
    change: Decimal = strawberry.field(description="The difference: the sum of all steps.")

    @strawberry.field(description="All steps by kind; they add up to `change`.")
    def kinds(self) -> list[ForecastStepSum]:
        return [
            ForecastStepSum(kind=one.kind, opportunities=one.opportunities, change=one.change)
            for one in kinds(self.every_step)
        ]

    @strawberry.field(description="The largest steps; an opportunity may take two.")
    def steps(self, first: First = None) -> list[ForecastStep]:
        return [step_of(one, self.moment) for one in self.every_step[: page_size(first)]]

    @strawberry.field(description="Commit dates that moved to a later day, out of it or within.")
    def slipped(self) -> CommitDateMoves:
        return _moves(one for one in self.every_move if one.days > 0)

    @strawberry.field(description="Commit dates that moved to an earlier day, into it or within.")
    def pulled_in(self) -> CommitDateMoves:
        return _moves(one for one in self.every_move if one.days < 0)

    @strawberry.field(description="Those whose commit date moved, the largest amounts first.")
    def moves(self, first: First = None) -> list[CommitDateMove]:
        return [move_of(one, self.moment) for one in self.every_move[: page_size(first)]]


def _moves(of: Iterable[DateMove]) -> CommitDateMoves:
    found = moved(of)
    return CommitDateMoves(opportunities=found.opportunities, amount=found.amount)


@strawberry.type(
    description="What the opportunities of a period may bring: open ones that are promised for a "
    "day in it, and those that were won in it."
)
class Forecast:
    lines: strawberry.Private[Sequence[Line]]
    parts: strawberry.Private[ForecastBy | None]
    moment: strawberry.Private[Moment]

    currency: str | None = strawberry.field(
        description="ISO 4217 code of every amount; null where there is no opportunity."
    )
    as_of_position: Position | None = strawberry.field(
        description="The position of the log that it is told by; null of now."
    )
    without_commit_date: int = strawberry.field(
        description="How many open ones are promised for no day: they are in no period's forecast."
    )
    changes: ForecastChanges | None = strawberry.field(
        description="What changed since `since`; null without."
    )

    @strawberry.field(description="What all of them are worth.")
    def worth(self) -> ForecastWorth:
        return worth_of(self.lines)

    @strawberry.field(description="The same told apart; empty unless `by` is given.")
    def groups(self) -> list[ForecastGroup]:
        if self.parts is None:
            return []
        return [group_of(one) for one in grouped(self.lines, self.parts)]

    @strawberry.field(
        description="Which open opportunities make what is known differ from seller and stage, the "
        "largest difference first."
    )
    def differences(self, first: First = None) -> list[ForecastDifference]:
        found = differences(self.lines)[: page_size(first)]
        return [difference_of(one, self.moment) for one in found]


async def read_forecast(
    info: Info,
    asked: Asked,
    by: ForecastBy | None,
    currency: str | None,
    rates: Mapping[str, Decimal],
    as_of: AsOf | None,
    since: AsOf | None,
) -> Forecast:
    """Return what a period may bring, of now or of the past, and what changed.

    Raises:
        NotAcceptable: it cannot be read as it is asked for.
        MixedCurrencies: a rate is missing.
        RateNotPositive: a rate is 0 or below.
    """
    moment = await moment_of(info, as_of)
    found = await found_at(info, asked, moment)
    if since is None:
        into = currency_of(found.lines, currency)
        lines, changes = in_currency(found.lines, into, rates), None
    else:
        then = await moment_of(info, since)
        earlier = (await found_at(info, asked, then)).lines
        into = currency_of([*found.lines, *earlier], currency)
        lines = in_currency(found.lines, into, rates)
        before = in_currency(earlier, into, rates)
        changes = await _changes(info, asked, (then, before), (moment, lines))
    return Forecast(
        lines=lines,
        parts=by,
        moment=moment,
        currency=into,
        as_of_position=None if moment.position is None else Position(moment.position),
        without_commit_date=found.without_commit_date,
        changes=changes,
    )


async def _changes(
    info: Info,
    asked: Asked,
    before: tuple[Moment, Sequence[Line]],
    after: tuple[Moment, Sequence[Line]],
) -> ForecastChanges:
    """Return what led from one look to another; whatever is in one only is looked up in both."""
    (then, old), (now, new) = before, after
    was, is_ = {one.opportunity_id for one in old}, {one.opportunity_id for one in new}
    stood = await found_by_id(info, asked, then, is_ - was)
    stands = await found_by_id(info, asked, now, was - is_)
    steps = waterfall(
        old,
        new,
        standings(asked.scope, is_ - was, stood),
        standings(asked.scope, was - is_, stands),
    )
    earlier, later = worth(old).knowledge, worth(new).knowledge
    return ForecastChanges(
        moment=now,
        every_step=steps,
        every_move=date_moves(_open(old, stood), _open(new, stands)),
        before=earlier,
        after=later,
        change=later - earlier,
    )


def _open(lines: Sequence[Line], elsewhere: Sequence[Seen]) -> dict[UUID, Line]:
    seen = [*lines, *(one.line for one in elsewhere if one.open)]
    return {one.opportunity_id: one for one in seen}


def _owners(ids: list[strawberry.ID] | None) -> list[UUID] | None:
    return None if ids is None else [node_argument(NodeType.PERSON, one) for one in ids]


def _rates(given: list[ExchangeRate] | None) -> Mapping[str, Decimal]:
    rates = {one.currency: one.rate for one in given or ()}
    if len(rates) < len(given or ()):
        raise NotAcceptable("a currency has two rates: give one for each")
    return rates


@strawberry.type
class ForecastAsked:
    @strawberry.field(
        description="What the opportunities of a period may bring, by what is known, by the "
        "sellers and by the stages, and what changed since."
    )
    async def forecast(
        self,
        info: Info,
        from_: From,
        to: To,
        zone: DayZone = "UTC",
        by: GroupedBy = None,
        owner_ids: Owners = None,
        team_id: OfTeam = None,
        currency: Currency = None,
        rates: Rates = None,
        as_of: At = None,
        since: ChangedSince = None,
        at_least: AtLeast = None,
    ) -> Forecast:
        await seen(info, at_least)
        owners = await of_team(info, team_id, _owners(owner_ids))
        asked = asked_for(from_, to, zone, owners)
        return await read_forecast(info, asked, by, currency, _rates(rates), as_of, since)
