"""The win probability in the schema: the point, its interval, what it rests on, what moved it."""

from collections.abc import Awaitable, Callable, Iterable

import strawberry

from opps.api.derive import enum_of
from opps.domain.catalogue import Objective
from opps.domain.change import Change, Effect
from opps.domain.model import Channel, Topic
from opps.domain.score import Contribution as Added
from opps.domain.score import Score
from opps.projections.score_trend import ScoreRow

enum_of(Channel)
enum_of(Objective)
enum_of(Topic)

MILLI = 1000


@strawberry.type(
    description="What one objective, or a labelled context, adds to the log odds of each channel, "
    "in nats; nothing known adds nothing."
)
class Contribution:
    topic: Topic = strawberry.field(description="The objective or context.")
    happen: float = strawberry.field(description="To the question whether it will happen at all.")
    win: float = strawberry.field(description="To the question whether we will win it.")


@strawberry.type(
    description="One of the two questions behind a win: will it happen at all, and will we win it."
)
class ChannelOdds:
    channel: Channel = strawberry.field(description="The question.")
    log_odds: float = strawberry.field(description="Its log odds, in nats.")
    deviation: float = strawberry.field(
        description="How much the unknown could still move them: a standard deviation, in nats."
    )


@strawberry.type(
    name="Score",
    description="The win probability with its 80 % interval. What is unknown widens the interval; "
    "by itself it never lowers the point.",
)
class ScoreType:
    whole: strawberry.Private[Callable[[], Awaitable[Score]]]
    p: float = strawberry.field(description="The win probability, from 0.01 to 0.99.")
    low: float = strawberry.field(description="Lower end of the 80 % interval.")
    high: float = strawberry.field(description="Upper end of the 80 % interval.")
    decidability: float = strawberry.field(
        description="How far the opportunity can be judged: 1 minus the width of the interval."
    )
    points: float = strawberry.field(
        description="The odds in points: 0 is even, and each 10 points double them."
    )
    model: str = strawberry.field(description="The version of the score.")

    @strawberry.field(description="What each objective adds, in the order of the objectives.")
    async def contributions(self) -> list[Contribution]:
        return contributions_of((await self.whole()).contributions)

    @strawberry.field(description="The two channels whose product is the win probability.")
    async def channels(self) -> list[ChannelOdds]:
        of = await self.whole()
        return [
            ChannelOdds(
                channel=Channel.HAPPEN, log_odds=of.log_odds_happen, deviation=of.sd_happen
            ),
            ChannelOdds(channel=Channel.WIN, log_odds=of.log_odds_win, deviation=of.sd_win),
        ]


def score_of(
    score: Score | ScoreRow, whole: Callable[[], Awaitable[Score]] | None = None
) -> ScoreType:
    """Return a score for the schema; `whole` works out what a row of the board leaves out."""

    async def itself() -> Score:
        assert isinstance(score, Score), "a row comes with a way to the whole score"
        return score

    return ScoreType(
        whole=whole or itself,
        p=score.p,
        low=score.low,
        high=score.high,
        decidability=score.decidability,
        points=score.milli_points / MILLI,
        model=score.model,
    )


@strawberry.type(description="What one objective, or a labelled context, moved in one channel.")
class ScoreEffect:
    topic: Topic = strawberry.field(
        description="The objective or context; MODEL where another model came into force."
    )
    channel: Channel = strawberry.field(description="The channel.")
    milli_points: int = strawberry.field(description="Thousandths of a point.")


def contributions_of(contributions: Iterable[Added]) -> list[Contribution]:
    """Return what each topic adds, for the schema."""
    return [Contribution(topic=one.topic, happen=one.happen, win=one.win) for one in contributions]


def effects_of(effects: Iterable[Effect]) -> list[ScoreEffect]:
    """Return what moved a score, for the schema."""
    return [
        ScoreEffect(topic=one.topic, channel=one.channel, milli_points=one.milli_points)
        for one in effects
    ]


@strawberry.type(
    description="How a score moved. The effects add up to the points, and the points of "
    "consecutive changes add up as well, exactly."
)
class ScoreChange:
    before: ScoreType = strawberry.field(description="The score before.")
    after: ScoreType = strawberry.field(description="The score after.")
    delta_p: float = strawberry.field(description="The change of the win probability.")
    points: float = strawberry.field(description="The change in points: 10 points double the odds.")
    milli_points: int = strawberry.field(description="The change in thousandths of a point, exact.")
    effects: list[ScoreEffect] = strawberry.field(description="What moved it.")


def change_of(change: Change) -> ScoreChange:
    """Return a change of score for the schema."""
    return ScoreChange(
        before=score_of(change.before),
        after=score_of(change.after),
        delta_p=change.delta_p,
        points=change.milli_points / MILLI,
        milli_points=change.milli_points,
        effects=effects_of(change.effects),
    )
