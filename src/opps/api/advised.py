"""What an opportunity tells of what to do next: questions, blind spots, what does not fit."""

from typing import Annotated

import strawberry

from opps.api.advice import FirstQuestions, NextBestQuestion, next_best_questions
from opps.api.blind_spots import BlindSpotType, Suspicions, spots
from opps.api.context import Context, Info
from opps.api.contradictions import Contradiction, Tension, contradictions, tensions
from opps.api.picture import Picture
from opps.api.reading import Key, Moment
from opps.domain.opportunity.state import Opportunity as State
from opps.projections.board import BoardRow, row
from opps.projections.closings import Until

Settled = Annotated[
    bool | None,
    strawberry.argument(
        description="Those that the team settled instead of those that are open; null for both."
    ),
]


@strawberry.type(description="How much is known, asked and disputed, for a list.")
class Counts:
    facts: int = strawberry.field(description="Facts ever learned.")
    contradictions: int = strawberry.field(description="Keys whose facts cannot all hold.")
    open_questions: int = strawberry.field(
        description="Questions that wait for an answer, put to the buyer or not."
    )
    unanswered: int = strawberry.field(
        description="Of those, the questions that were put to the buyer."
    )


@strawberry.type(description="What to do next about an opportunity.")
class Advised:
    headline: strawberry.Private[State | BoardRow]
    moment: strawberry.Private[Moment]

    async def picture(self, info: Info) -> Picture:
        """Return everything that is known about it, folded once a request."""
        return await self.picture_in(info.context)

    async def picture_in(self, context: Context) -> Picture:
        """Return what `picture` does, of the context of a request."""
        key = Key(self.headline.opportunity_id, self.moment)
        picture = await context.reading.pictures.load(key)
        assert picture is not None, "an opportunity that was read is there"
        return picture

    @strawberry.field(description="How much is known, asked and disputed.")
    def counts(self) -> Counts:
        of = self.headline
        if isinstance(of, State):
            of = row(of, of.recorded_at)
        return Counts(
            facts=of.facts,
            contradictions=of.contradictions,
            open_questions=of.open_questions,
            unanswered=of.unanswered,
        )

    @strawberry.field(
        description="Facts that cannot all hold: none is believed until the team chooses."
    )
    async def contradictions(self, info: Info, settled: Settled = False) -> list[Contradiction]:
        return contradictions(await self.picture(info), settled)

    @strawberry.field(
        description="Facts of different keys that do not fit together, such as a budget below the "
        "price: they leave the score alone."
    )
    async def tensions(self, info: Info) -> list[Tension]:
        return tensions(await self.picture(info))

    @strawberry.field(description="The questions worth asking now, the best first.")
    async def next_best_questions(
        self, info: Info, first: FirstQuestions = 3
    ) -> list[NextBestQuestion]:
        return await next_best_questions((await self.picture(info)).state, first)

    @strawberry.field(description="What nobody has looked at, the most telling reasons first.")
    async def blind_spots(self, info: Info, suspicions: Suspicions = None) -> list[BlindSpotType]:
        state, until = (await self.picture(info)).state, Until(self.moment.position)
        return await spots(state, until, info.context.closings, suspicions)
