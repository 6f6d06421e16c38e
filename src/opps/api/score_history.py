"""What an opportunity tells of its score: its curves, its ledger, and the reasons behind it."""

import strawberry

from opps.api.connections import After, Connection, First
from opps.api.context import Info
from opps.api.curves import Curve, ScoreCurve, ScoreTrendPoint, ledger_page, trend_page
from opps.api.explanation import ScoreExplanation, explanation_of
from opps.api.moments import At, moment_of
from opps.api.reading import Key, Moment
from opps.api.trend import ScoreChanged
from opps.domain.opportunity.state import Opportunity as State
from opps.projections.board import BoardRow


@strawberry.type(description="What moved a score, and why it is what it is.")
class ScoreHistory:
    headline: strawberry.Private[State | BoardRow]
    moment: strawberry.Private[Moment]

    @strawberry.field(
        description="How the score developed, oldest first, up to now: as believed then, or as it "
        "should have been."
    )
    async def score_trend(
        self,
        info: Info,
        curve: Curve = ScoreCurve.RECORDED,
        first: First = None,
        after: After = None,
    ) -> Connection[ScoreTrendPoint]:
        return await trend_page(info, self.headline.opportunity_id, curve, first, after)

    @strawberry.field(
        description="What moved the score, line by line, oldest first, up to now: the points of "
        "all lines add up exactly."
    )
    async def score_ledger(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[ScoreChanged]:
        return await ledger_page(info, self.headline.opportunity_id, first, after)

    @strawberry.field(
        description="The score in words: what speaks for it, what against, and what is unknown; "
        "null before the opening."
    )
    async def score_explanation(self, info: Info, as_of: At = None) -> ScoreExplanation | None:
        key = Key(self.headline.opportunity_id, await moment_of(info, as_of, self.moment))
        return await explanation_of(await info.context.reading.pictures.load(key))
