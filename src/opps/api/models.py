"""The scoring models in the schema: each weight and grade with its reason, and which one scores."""

from datetime import datetime

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.parties import node_id
from opps.api.scalars import Position
from opps.domain import events, model
from opps.domain.catalogue import Objective
from opps.domain.model import SignalSource, Topic
from opps.domain.scoring_model import InForce, Models, ScoringModel

for _enum in (Objective, SignalSource, Topic, events.Gate):
    enum_of(_enum)


@strawberry.type(
    description="A number of nats for each of the two questions behind a win, at full credence."
)
class ChannelNats:
    happen: float = strawberry.field(description="For the question whether it will happen at all.")
    win: float = strawberry.field(description="For the question whether we will win it.")


@strawberry.type(description="What an objective weighs.")
class ObjectiveWeight:
    objective: Objective = strawberry.field(description="The objective.")
    weight: ChannelNats = strawberry.field(description="Its weight.")


@strawberry.type(
    description="One value of a signal: what an expert makes of it, and what closed opportunities "
    "added."
)
class GradedValue:
    value: str = strawberry.field(description="The value.")
    grade: float = strawberry.field(description="The expert's grade, from -1 to 1.")
    because: str = strawberry.field(description="Why the expert gives that grade.")
    deviation: ChannelNats = strawberry.field(
        description="How far closed opportunities moved it from the grade."
    )


@strawberry.type(
    description="How one signal counts: credence x (weight x (grade - mean) + deviation)."
)
class ModelSignal:
    name: str = strawberry.field(description="What it is called where it comes from.")
    source: SignalSource = strawberry.field(description="Where it is heard.")
    topic: Topic = strawberry.field(description="The objective or context that it speaks for.")
    weight: ChannelNats = strawberry.field(description="What it weighs.")
    mean: float = strawberry.field(description="The average grade, which moves nothing.")
    spread: ChannelNats = strawberry.field(
        description="The standard deviation of what it adds, where it is not known."
    )
    values: list[GradedValue] = strawberry.field(description="Its values with their grades.")


@strawberry.type(description="A figure with the ends of its interval.")
class FigureInterval:
    value: float = strawberry.field(description="The figure.")
    low: float = strawberry.field(description="Lower end of the interval.")
    high: float = strawberry.field(description="Upper end of the interval.")


@strawberry.type(
    description="How a model did on later opportunities than it had learned from, beside the model "
    "in force then."
)
class Backtest:
    against: str = strawberry.field(description="The model in force then.")
    recorded_at: datetime = strawberry.field(description="When it was recorded.")
    opportunities: int = strawberry.field(description="How many closed opportunities it judged.")
    folds: int = strawberry.field(description="At how many instants it was tried.")
    base_rate: float = strawberry.field(description="The share of them that was won.")
    training_base_rate: float = strawberry.field(
        description="The share that was won of those it learned from, on average over the instants."
    )
    brier: FigureInterval = strawberry.field(
        description="Mean squared error of the probabilities: smaller is better."
    )
    difference: FigureInterval = strawberry.field(
        description="Its Brier score less that of the model in force: below 0 is better."
    )
    skill: float = strawberry.field(
        description="The share of the base rate's error that it takes away."
    )
    passed: bool = strawberry.field(description="It is good enough to come into force.")


@strawberry.type(description="A time in which a model scored every open opportunity.")
class ModelInForce:
    since: datetime | None = strawberry.field(
        description="Since when; null from the start of the log on."
    )
    until: datetime | None = strawberry.field(description="Until when; null for still.")
    position: Position = strawberry.field(description="Place in the log of its activation.")
    approver_id: strawberry.ID | None = strawberry.field(description="Who approved it.")
    reason: str | None = strawberry.field(description="Why it came into force.")
    gate: events.Gate = strawberry.field(description="Why it could come into force.")


@strawberry.type(
    name="ScoringModel",
    description="A version of the score, whole: its name stands for its content for ever.",
)
class ScoringModelType:
    name: str = strawberry.field(description="Its name.")
    origin: str = strawberry.field(description="Who made it, and how.")
    defined_at: datetime | None = strawberry.field(
        description="When it was defined; null for the model of day one."
    )
    learned_from: int = strawberry.field(
        description="How many closed opportunities it learned from; 0 for an expert's."
    )
    up_to: Position = strawberry.field(
        description="The last place in the log that it learned from."
    )
    in_force: bool = strawberry.field(description="It scores every open opportunity now.")
    periods: list[ModelInForce] = strawberry.field(description="When it was in force.")
    backtest: Backtest | None = strawberry.field(description="How it did last on later ones.")
    prior_happen: float = strawberry.field(
        description="The probability that it happens at all, with nothing known."
    )
    prior_win: float = strawberry.field(
        description="The probability that we win what happens, with nothing known."
    )
    weights: list[ObjectiveWeight] = strawberry.field(
        description="What each objective weighs, in their order."
    )
    signals: list[ModelSignal] = strawberry.field(
        description="What is graded value by value, each signal with the topic it speaks for."
    )
    spread_unexamined: float = strawberry.field(
        description="How far what nobody looked at may lie: a standard deviation of its valence."
    )
    spread_examined: float = strawberry.field(
        description="The same for what is at least acknowledged."
    )
    unheard: list[Objective] = strawberry.field(
        description="Objectives of which no opportunity that it learned from spoke."
    )
    doubt: float = strawberry.field(
        description="How much wider the signals spread for what they have in common."
    )
    precedents: int = strawberry.field(
        description="How many closed opportunities pull those like them; 0 where none do."
    )


def model_of(models: Models, held: ScoringModel) -> ScoringModelType:
    """Return a scoring model for the schema."""
    of = held.model
    return ScoringModelType(
        name=of.name,
        origin=held.origin,
        defined_at=held.defined_at,
        learned_from=held.learned_from,
        up_to=Position(held.up_to),
        in_force=models.in_force.name == of.name,
        periods=[_period(one) for one in models.periods_of(of.name)],
        backtest=_backtest(held),
        prior_happen=of.prior_happen,
        prior_win=of.prior_win,
        weights=[
            ObjectiveWeight(objective=one, weight=_nats(of.weights.get(one, model.NO_NATS)))
            for one in Objective
        ],
        signals=[_signal(one) for one in of.signals],
        spread_unexamined=of.spread_unexamined,
        spread_examined=of.spread_examined,
        unheard=list(of.unheard),
        doubt=of.doubt,
        precedents=0 if of.precedents is None else len(of.precedents.deals),
    )


def _period(of: InForce) -> ModelInForce:
    return ModelInForce(
        since=of.since,
        until=of.until,
        position=Position(of.position),
        approver_id=node_id(NodeType.PERSON, of.approver) if of.approver else None,
        reason=of.reason,
        gate=of.gate,
    )


def _nats(of: model.Nats) -> ChannelNats:
    return ChannelNats(happen=of.happen, win=of.win)


def _signal(of: model.Signal) -> ModelSignal:
    return ModelSignal(
        name=of.name,
        source=of.source,
        topic=of.topic,
        weight=_nats(of.weight),
        mean=of.mean,
        spread=_nats(of.spread),
        values=[
            GradedValue(
                value=value,
                grade=graded.grade,
                because=graded.because,
                deviation=_nats(graded.deviation),
            )
            for value, graded in of.values.items()
        ],
    )


def _backtest(held: ScoringModel) -> Backtest | None:
    if held.tried is None:
        return None
    of = held.tried.backtest
    return Backtest(
        against=held.tried.against,
        recorded_at=held.tried.recorded_at,
        opportunities=of.opportunities,
        folds=of.folds,
        base_rate=of.base_rate,
        training_base_rate=of.training_base_rate,
        brier=_interval(of.brier),
        difference=_interval(of.difference),
        skill=of.skill,
        passed=of.passed,
    )


def _interval(of: events.Interval) -> FigureInterval:
    return FigureInterval(value=of.value, low=of.low, high=of.high)


async def scoring_models(info: Info) -> list[ScoringModelType]:
    """Return every model: the one in force first, then the latest."""
    models = await info.context.services.application.scoring_models(info.context.viewer.tenant)
    ordered = sorted(
        models.models.values(),
        key=lambda one: (one.name != models.in_force.name, -one.position),
    )
    return [model_of(models, one) for one in ordered]
