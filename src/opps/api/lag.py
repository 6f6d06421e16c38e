"""The lag report of one seller in the schema: for coaching, with its n, and never a ranking."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.beside import beside
from opps.api.context import Info
from opps.api.ids import NodeType, to_global
from opps.api.indicators import part_in_coaching
from opps.api.scalars import Position
from opps.domain.catalogue import Objective
from opps.domain.lag import CONFIDENCE, LEAST, LagReport, Lags, lag_report
from opps.domain.lateness import LATE_AFTER
from opps.domain.provenance import Channel
from opps.projections.found_wrong import noted
from opps.projections.scopes import Until

EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Since = Annotated[
    datetime | None, strawberry.argument(description="Only what was recorded from here on.")
]
Before = Annotated[
    datetime | None, strawberry.argument(description="Only what was recorded before this.")
]


@strawberry.type(
    name="Lags",
    description="How long things took from learning to recording. Below the least number there "
    "are no figures: they would say more about chance than about a habit.",
)
class LagsType:
    n: int = strawberry.field(description="How many things there are.")
    late: int = strawberry.field(description="How many were recorded late.")
    enough: bool = strawberry.field(description="Whether there are enough to say anything.")
    share_late: float | None = strawberry.field(description="The share that came late.")
    lower_quartile_seconds: float | None = strawberry.field(
        description="A quarter took at most this long."
    )
    median_seconds: float | None = strawberry.field(description="Half took at most this long.")
    upper_quartile_seconds: float | None = strawberry.field(
        description="Three quarters took at most this long."
    )
    median_low_seconds: float | None = strawberry.field(
        description="Lower end of an interval for the median."
    )
    median_high_seconds: float | None = strawberry.field(
        description="Upper end of an interval for the median."
    )
    sentence: str = strawberry.field(description="The same in words.")


@strawberry.type(description="Lags of what reached a seller in one way.")
class LagsByChannel:
    channel: Channel = strawberry.field(description="How it reached us.")
    lags: LagsType = strawberry.field(description="The lags.")


@strawberry.type(description="Lags of what a seller learned about one objective.")
class LagsByObjective:
    objective: Objective = strawberry.field(description="The objective.")
    lags: LagsType = strawberry.field(description="The lags.")


@strawberry.type(description="Lags of what a seller had recorded in one month, by UTC.")
class LagsByMonth:
    month: date = strawberry.field(description="The first day of the month.")
    lags: LagsType = strawberry.field(description="The lags.")


@strawberry.type(
    name="LagReport",
    description="How long one seller takes from learning to recording: something to talk about, "
    "not a score. Only facts with a learned time of their own count.",
)
class LagReportType:
    seller_id: strawberry.ID = strawberry.field(description="Whose it is.")
    as_of_position: Position = strawberry.field(
        description="The position of the log that it is told by."
    )
    total: LagsType = strawberry.field(description="All of them.")
    by_channel: list[LagsByChannel] = strawberry.field(description="By how it reached us.")
    by_objective: list[LagsByObjective] = strawberry.field(description="By what it is about.")
    by_month: list[LagsByMonth] = strawberry.field(
        description="By the month in which it was recorded, the oldest first."
    )
    undated: int = strawberry.field(
        description="How many facts came without a learned time: they do not count."
    )
    least: int = strawberry.field(description="How many it takes for figures.")
    late_after_seconds: float = strawberry.field(description="What takes longer is late.")
    confidence: float = strawberry.field(
        description="How surely the interval encloses the median, at least."
    )


async def lag_report_of(
    info: Info, seller: UUID, until: Until, since: datetime | None, before: datetime | None
) -> LagReportType:
    """Return the lags of what a seller had recorded in between.

    Raises:
        OutsideYourTeam: somebody else asks who does not lead the seller.
    """
    await part_in_coaching(info, seller)
    reading, tenant = info.context.services.views.reading, info.context.viewer.tenant
    begin, end = since or EVER[0], before or EVER[1]
    found = await noted(reading, tenant, seller, until.position, begin, end)
    return _report(await beside(lag_report, found), seller, until.position)


def _report(of: LagReport, seller: UUID, position: int) -> LagReportType:
    return LagReportType(
        seller_id=strawberry.ID(to_global(NodeType.PERSON, seller)),
        as_of_position=Position(position),
        total=_lags(of.total),
        by_channel=[
            LagsByChannel(channel=one, lags=_lags(lags)) for one, lags in of.by_channel.items()
        ],
        by_objective=[
            LagsByObjective(objective=one, lags=_lags(lags))
            for one, lags in of.by_objective.items()
        ],
        by_month=[LagsByMonth(month=one, lags=_lags(lags)) for one, lags in of.by_month.items()],
        undated=of.undated,
        least=LEAST,
        late_after_seconds=LATE_AFTER.total_seconds(),
        confidence=CONFIDENCE,
    )


def _lags(of: Lags) -> LagsType:
    return LagsType(
        n=of.n,
        late=of.late,
        enough=of.enough,
        share_late=of.share_late,
        lower_quartile_seconds=of.lower_quartile_s,
        median_seconds=of.median_s,
        upper_quartile_seconds=of.upper_quartile_s,
        median_low_seconds=of.low_s,
        median_high_seconds=of.high_s,
        sentence=of.sentence,
    )
