"""A score in words in the schema: for, against and unknown, objectives apart from context."""

from uuid import UUID

import strawberry

from opps.api.beside import beside
from opps.api.picture import Picture
from opps.api.scores import MILLI, ScoreType, score_of
from opps.domain.catalogue import Facet
from opps.domain.explanation import Explanation, TopicExplained, explain
from opps.domain.model import Topic


@strawberry.type(description="One thing that a topic rests on.")
class ScoreReason:
    words: str = strawberry.field(description="What is known or was seen, in a few words.")
    because: str | None = strawberry.field(
        description="Why the model grades it as it does; null where a rule of the catalogue reads "
        "it together with other facts."
    )
    fact_id: UUID | None = strawberry.field(description="The fact, if it is one.")


@strawberry.type(
    description="What one objective, or a labelled context, does to a score, and what of it is "
    "unknown. Not asked, noted and asked in vain are three states."
)
class ScoreTopicExplained:
    topic: Topic = strawberry.field(description="The objective or context.")
    words: str = strawberry.field(
        description="What it does, what it rests on and what is unknown, in a sentence or two."
    )
    points: float = strawberry.field(
        description="What it adds to the base rate, in points; 10 double the odds."
    )
    milli_points: int = strawberry.field(
        description="The same in thousandths: all topics lead from the base rate to the score, "
        "exactly."
    )
    happen_milli_points: int = strawberry.field(
        description="Its part in the question whether it will happen at all."
    )
    win_milli_points: int = strawberry.field(
        description="Its part in the question whether we will win it."
    )
    happen: float = strawberry.field(
        description="What it adds to the log odds of its happening, in nats."
    )
    win: float = strawberry.field(description="What it adds to those of our winning it, in nats.")
    happen_deviation: float = strawberry.field(
        description="How far what is unknown of it could still move the first, in nats."
    )
    win_deviation: float = strawberry.field(
        description="How far what is unknown of it could still move the second, in nats."
    )
    reasons: list[ScoreReason] = strawberry.field(
        description="What it rests on, the surest fact first."
    )
    not_asked: list[Facet] = strawberry.field(
        description="Required facets that nobody looked at: no evidence, only doubt."
    )
    noted: list[Facet] = strawberry.field(
        description="Required facets that we noted as unknown and put to nobody: only doubt."
    )
    unanswered: list[Facet] = strawberry.field(
        description="Required facets that the buyer was asked about without an answer so far."
    )
    contradicted: list[Facet] = strawberry.field(
        description="Facets on which facts contradict each other: none counts until one is chosen."
    )


@strawberry.type(
    description="A score in words. It starts from the base rate, and the topics lead to it."
)
class ScoreExplanation:
    summary: str = strawberry.field(
        description="The score and the strongest of what speaks for and against."
    )
    evidence: bool = strawberry.field(
        description="Whether anything speaks for or against. If not, the base rate answers."
    )
    base_rate: float = strawberry.field(
        description="The win probability of which the model starts, with nothing known."
    )
    score: ScoreType = strawberry.field(description="The score.")
    objectives: list[ScoreTopicExplained] = strawberry.field(
        description="The nine objectives, in their order: what is known."
    )
    context: list[ScoreTopicExplained] = strawberry.field(
        description="What is no knowledge and is labelled as such, where the model looks at it."
    )


async def explanation_of(picture: Picture | None) -> ScoreExplanation | None:
    """Return the explanation of a score for the schema."""
    return None if picture is None else _shown(await beside(explain, picture.state))


def _shown(of: Explanation) -> ScoreExplanation:
    return ScoreExplanation(
        summary=of.summary,
        evidence=of.evidence,
        base_rate=of.base.p,
        score=score_of(of.score),
        objectives=[_topic(one) for one in of.topics if one.topic.objective is not None],
        context=[_topic(one) for one in of.topics if one.topic.objective is None],
    )


def _topic(of: TopicExplained) -> ScoreTopicExplained:
    return ScoreTopicExplained(
        topic=of.topic,
        words=of.words,
        points=of.milli_points / MILLI,
        milli_points=of.milli_points,
        happen_milli_points=of.happen_milli_points,
        win_milli_points=of.win_milli_points,
        happen=of.happen,
        win=of.win,
        happen_deviation=of.open_happen,
        win_deviation=of.open_win,
        reasons=[
            ScoreReason(words=one.words, because=one.because, fact_id=one.fact_id)
            for one in of.reasons
        ],
        not_asked=list(of.not_asked),
        noted=list(of.noted),
        unanswered=list(of.unanswered),
        contradicted=list(of.contradicted),
    )
