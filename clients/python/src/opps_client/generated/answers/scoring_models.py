"""Every version of the score: what each objective and signal weighs, and which one is in force.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import datetime

from ...operation import Operation
from ...parts import Answer
from ..enums import Gate, Objective, ScoreTopic, SignalSource


class ScoringModelsPeriods(Answer, frozen=True, kw_only=True):
    """A time in which a model scored every open opportunity."""

    since: datetime | None
    until: datetime | None
    reason: str | None
    gate: Gate


class ScoringModelsBacktestBrier(Answer, frozen=True, kw_only=True):
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


class ScoringModelsBacktestDifference(Answer, frozen=True, kw_only=True):
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


class ScoringModelsBacktest(Answer, frozen=True, kw_only=True):
    """How a model did on later opportunities than it had learned from, beside the model in
    force then.
    """

    against: str
    opportunities: int
    brier: ScoringModelsBacktestBrier
    difference: ScoringModelsBacktestDifference
    passed: bool


class ScoringModelsWeightsWeight(Answer, frozen=True, kw_only=True):
    """A number of nats for each of the two questions behind a win, at full credence."""

    happen: float
    win: float


class ScoringModelsWeights(Answer, frozen=True, kw_only=True):
    """What an objective weighs."""

    objective: Objective
    weight: ScoringModelsWeightsWeight


class ScoringModelsSignalsWeight(Answer, frozen=True, kw_only=True):
    """A number of nats for each of the two questions behind a win, at full credence."""

    happen: float
    win: float


class ScoringModelsSignals(Answer, frozen=True, kw_only=True):
    """How one signal counts: credence x (weight x (grade - mean) + deviation)."""

    name: str
    source: SignalSource
    topic: ScoreTopic
    weight: ScoringModelsSignalsWeight


class ScoringModels(Answer, frozen=True, kw_only=True):
    """A version of the score, whole: its name stands for its content for ever."""

    name: str
    origin: str
    defined_at: datetime | None
    learned_from: int
    in_force: bool
    periods: list[ScoringModelsPeriods]
    backtest: ScoringModelsBacktest | None
    prior_happen: float
    prior_win: float
    weights: list[ScoringModelsWeights]
    signals: list[ScoringModelsSignals]
    precedents: int


class ScoringModelsQuery(Answer, frozen=True, kw_only=True):
    """Every version of the score: what each objective and signal weighs, and which one is in
    force.
    """

    scoring_models: list[ScoringModels]


SCORING_MODELS = Operation(
    "ScoringModels",
    """# Every version of the score: what each objective and signal weighs, and which one is in force.
query ScoringModels {
  scoringModels {
    name
    origin
    definedAt
    learnedFrom
    inForce
    periods { since until reason gate }
    backtest { against opportunities brier { value low high } difference { value low high } passed }
    priorHappen
    priorWin
    weights { objective weight { happen win } }
    signals { name source topic weight { happen win } }
    precedents
  }
}
""",
    ScoringModelsQuery,
)
