"""Leading indicators and own estimates of one seller in the schema: for coaching, no ranking."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.board import readable
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.errors import NotAcceptable
from opps.api.policies.relations import only_if_shown_of
from opps.domain.catalogue import Objective
from opps.domain.coaching.decide import Part
from opps.domain.coaching.gap import FIRST_LOOK
from opps.domain.coaching.indicators import Better, Indicator, Unit
from opps.domain.coaching.measuring import CONFIDENCE, LEAST_PEERS, Compared, Measure
from opps.domain.coaching.reliability import Reliability, reliability
from opps.domain.coaching.reporting import IndicatorReport
from opps.domain.lag import LEAST
from opps.domain.privacy.state import whoever
from opps.learning.metrics import Bin
from opps.learning.picture import picture
from opps.projections import indicators
from opps.projections.indicators import Span

for _enum in (Indicator, Unit, Better, Compared):
    enum_of(_enum)

USUAL = timedelta(days=90)
LONGEST = timedelta(days=3_660)

Since = Annotated[
    datetime | None,
    strawberry.argument(description="Only what was observed from here on; 90 days when absent."),
]
Until = Annotated[
    datetime | None,
    strawberry.argument(description="Only what was observed before this; now when absent."),
]


@strawberry.type(
    name="IndicatorMeasure",
    description="A figure with its n and an interval of 90 %; no figure where there is too little.",
)
class MeasureType:
    n: int = strawberry.field(description="How many cases it rests on.")
    enough: bool = strawberry.field(description="Whether that is enough to say anything.")
    value: float | None = strawberry.field(description="The figure, in the indicator's unit.")
    low: float | None = strawberry.field(description="Lower end of its interval.")
    high: float | None = strawberry.field(description="Upper end of its interval.")


@strawberry.type(
    name="LeadingIndicator",
    description="One leading indicator of one seller, beside the seller's own past and the median "
    "of the others. Different is only what the interval says is different.",
)
class LeadingIndicator:
    of: strawberry.Private[IndicatorReport]

    @strawberry.field(description="Which indicator it is.")
    def indicator(self) -> Indicator:
        return self.of.now.indicator

    @strawberry.field(description="What it is called.")
    def name(self) -> str:
        return self.of.about.name

    @strawberry.field(description="What it is good for.")
    def why(self) -> str:
        return self.of.about.why

    @strawberry.field(description="What its figures are.")
    def unit(self) -> Unit:
        return self.of.about.unit

    @strawberry.field(description="Which way it gets better.")
    def better(self) -> Better:
        return self.of.about.better

    @strawberry.field(description="The objective that it speaks of, where it is one alone.")
    def objective(self) -> Objective | None:
        return self.of.about.objective

    @strawberry.field(description="In the time that was asked for.")
    def now(self) -> MeasureType:
        return _measure(self.of.now)

    @strawberry.field(description="In the time of the same length just before.")
    def own_past(self) -> MeasureType:
        return _measure(self.of.past)

    @strawberry.field(description="Of how many others there is enough; no names.")
    def peers(self) -> int:
        return self.of.peers.peers

    @strawberry.field(description="Their median; null where there are fewer than three.")
    def peer_median(self) -> float | None:
        return self.of.peers.value

    @strawberry.field(description="How it stands to the seller's own past.")
    def beside_past(self) -> Compared:
        return self.of.beside_past

    @strawberry.field(description="How it stands to the median of the others.")
    def beside_peers(self) -> Compared:
        return self.of.beside_peers

    @strawberry.field(description="The same in words, for a conversation.")
    def sentence(self) -> str:
        return self.of.sentence


@strawberry.type(
    description="The leading indicators of one seller: how things become known, never amounts, "
    "bookings or how many calls there were. The seller sees them first, whoever leads the team "
    "some days later."
)
class LeadingIndicators:
    since: datetime = strawberry.field(description="The time that they are of, from here on.")
    until: datetime = strawberry.field(description="Its end.")
    least: int = strawberry.field(description="How many cases it takes for a figure.")
    least_peers: int = strawberry.field(description="How many others it takes for a median.")
    confidence: float = strawberry.field(description="How surely an interval holds.")
    indicators: list[LeadingIndicator] = strawberry.field(description="One of each.")


@strawberry.type(description="Estimates of about the same height, and what came of them.")
class EstimateFifth:
    begin: float = strawberry.field(description="The estimates from here on.")
    end: float = strawberry.field(description="Up to here.")
    n: int = strawberry.field(description="How many there are.")
    said: float = strawberry.field(description="What was said, on average.")
    came: float = strawberry.field(description="The share that was won.")
    low: float = strawberry.field(description="Lower end of an interval for it, of 90 %.")
    high: float = strawberry.field(description="Upper end of it.")


@strawberry.type(
    description="How a seller's own estimates came true, as they stood 30 days before the end."
)
class EstimateReliability:
    of: strawberry.Private[Reliability]
    n: int = strawberry.field(description="How many estimates of what has ended there are.")
    brier: float | None = strawberry.field(
        description="Their mean squared error, 0 is perfect; null with fewer than ten."
    )
    fifths: list[EstimateFifth] = strawberry.field(
        description="Said against came, from low estimates to high; empty with fewer than ten."
    )
    sentence: str = strawberry.field(description="The same in words.")

    @strawberry.field(description="The same as a picture, an SVG; null with fewer than ten.")
    def picture(self) -> str | None:
        if not self.of.fifths:
            return None
        dots = [Bin(float(one.n), one.said, one.came) for one in self.of.fifths]
        return picture(dots, "Own estimates", "Each dot is a fifth of the scale.")


async def indicators_of(
    info: Info, seller: UUID, since: datetime | None, until: datetime | None
) -> LeadingIndicators:
    """Return the leading indicators of a seller; others see those of some days ago.

    Raises:
        OutsideYourTeam: somebody else asks who does not lead the seller.
        NotAcceptable: the time ends before it begins, or is longer than ten years.
    """
    part = await part_in_coaching(info, seller)
    now = info.context.services.application.now()
    shown_until = now if part is Part.SELLER else now - FIRST_LOOK
    end = min(until or shown_until, shown_until)
    begin = since or end - USUAL
    if not timedelta() < end - begin <= LONGEST:
        raise NotAcceptable("`since` lies before `until`, and no more than ten years")
    views, tenant = info.context.services.views, info.context.viewer.tenant
    with readable():
        found = await indicators.reports(views.reading, tenant, seller, Span(begin, end))
    return LeadingIndicators(
        since=begin,
        until=end,
        least=LEAST,
        least_peers=LEAST_PEERS,
        confidence=CONFIDENCE,
        indicators=[LeadingIndicator(of=one) for one in found],
    )


async def estimates_of(info: Info, seller: UUID) -> EstimateReliability:
    """Return how a seller's own estimates came true.

    Raises:
        OutsideYourTeam: somebody else asks who does not lead the seller.
    """
    await part_in_coaching(info, seller)
    views, tenant = info.context.services.views, info.context.viewer.tenant
    with readable():
        of = reliability(await indicators.estimates(views.reading, tenant, seller))
    fifths = [
        EstimateFifth(
            begin=one.begin,
            end=one.end,
            n=one.n,
            said=one.said,
            came=one.came,
            low=one.low,
            high=one.high,
        )
        for one in of.fifths
    ]
    return EstimateReliability(of=of, n=of.n, brier=of.brier, fifths=fifths, sentence=of.sentence)


async def part_in_coaching(info: Info, seller: UUID) -> Part:
    """Return whether the seller asks, or somebody who leads the seller.

    Raises:
        OutsideYourTeam: neither of them asks.
    """
    await only_if_shown_of(info, seller)
    return Part.SELLER if whoever(info.context.viewer.actor) == seller else Part.LEAD


def _measure(of: Measure) -> MeasureType:
    return MeasureType(n=of.n, enough=of.enough, value=of.value, low=of.low, high=of.high)
