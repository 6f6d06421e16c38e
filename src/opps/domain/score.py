"""The win probability with its interval, and what each objective contributes to it.

Two channels, because no decision and a lost decision have different remedies:
L = prior + sum of credence x weight x valence, and p = sigmoid(L happen) x sigmoid(L win).
Source: docs/knowledge.md, score oks-1; what it leaves open is decided in ADR 0006.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import exp, fsum, log, sqrt

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.interval import Doubt, interval80
from opps.domain.knowledge import Known
from opps.domain.valence import Spoken, listen

LOWEST = 0.01
HIGHEST = 0.99

# Ten points double the odds.
MILLI_POINTS_A_NAT = 10_000 / log(2)


class Channel(StrEnum):
    """The two questions behind a win: will it happen at all, and will we win it."""

    HAPPEN = "HAPPEN"
    WIN = "WIN"


class Weight(Struct, frozen=True):
    """How much an objective moves each channel: nats at full credence and valence."""

    happen: float
    win: float


class Model(Struct, frozen=True, kw_only=True):
    """A version of the score: priors, weights, and the spread of what is unknown.

    The spread is the standard deviation of the valence of what nobody looked at, and of what is
    at least acknowledged.
    """

    name: str
    prior_happen: float
    prior_win: float
    weights: Mapping[Objective, Weight]
    spread_unexamined: float = 1.0
    spread_examined: float = 0.8


OKS_1 = Model(
    name="oks-1",
    prior_happen=0.55,
    prior_win=0.45,
    weights={
        Objective.BUSINESS_ISSUES: Weight(0.70, 0.30),
        Objective.DESIRED_IMPACT: Weight(0.50, 0.40),
        Objective.EVALUATORS: Weight(0.50, 1.00),
        Objective.REQUIRED_SOLUTION: Weight(0.20, 0.60),
        Objective.FUNDING: Weight(0.60, 0.20),
        Objective.TIMING: Weight(0.80, 0.10),
        Objective.ALTERNATIVES: Weight(0.50, 0.80),
        Objective.DECISION_CRITERIA: Weight(0.10, 0.90),
        Objective.DECISION_PROCESS: Weight(0.50, 0.30),
    },
)


class Contribution(Struct, frozen=True):
    """What an objective adds to the log odds of each channel, in nats."""

    objective: Objective
    happen: float
    win: float


class Score(Struct, frozen=True, kw_only=True):
    """A win probability from .01 to .99 with its 80 % interval, and what it rests on.

    The log odds of a channel are its prior plus the sum of its contributions. The standard
    deviations say how much the unknown could still move them.
    """

    p: float
    low: float
    high: float
    log_odds_happen: float
    log_odds_win: float
    sd_happen: float
    sd_win: float
    contributions: tuple[Contribution, ...]
    model: str

    @property
    def prior_happen(self) -> float:
        """The log odds of will it happen, with nothing known."""
        return self.log_odds_happen - fsum(one.happen for one in self.contributions)

    @property
    def prior_win(self) -> float:
        """The log odds of will we win it, with nothing known."""
        return self.log_odds_win - fsum(one.win for one in self.contributions)

    @property
    def decidability(self) -> float:
        """How much of the interval is closed: 1 minus its width."""
        return 1 - (self.high - self.low)

    @property
    def milli_points(self) -> int:
        """The odds in thousandths of a point: 10 points double them, 0 is even."""
        return round(MILLI_POINTS_A_NAT * logit(self.p))


def score(known: Known, model: Model = OKS_1) -> Score:
    """Return the win probability of what is known."""
    return weigh(listen(known), model)


def weigh(spoken: Iterable[Spoken], model: Model = OKS_1) -> Score:
    """Return the win probability of what each objective says."""
    spoken = tuple(spoken)
    contributions = tuple(_contribution(one, model.weights[one.objective]) for one in spoken)
    happen = fsum((logit(model.prior_happen), *(one.happen for one in contributions)))
    win = fsum((logit(model.prior_win), *(one.win for one in contributions)))
    doubt = _doubt(happen, win, spoken, model)
    low, high = interval80(doubt)
    return Score(
        p=_clamped(1 / ((1 + exp(-happen)) * (1 + exp(-win)))),
        low=_clamped(low),
        high=_clamped(high),
        log_odds_happen=happen,
        log_odds_win=win,
        sd_happen=sqrt(doubt.variance_happen),
        sd_win=sqrt(doubt.variance_win),
        contributions=contributions,
        model=model.name,
    )


def prior(model: Model = OKS_1) -> Score:
    """Return the score of an opportunity of which nothing is known."""
    return weigh((Spoken(objective) for objective in Objective), model)


def logit(probability: float) -> float:
    """Return the log odds of a probability, in nats."""
    return log(probability / (1 - probability))


def _contribution(spoken: Spoken, weight: Weight) -> Contribution:
    return Contribution(
        objective=spoken.objective,
        happen=weight.happen * spoken.happen.credence * spoken.happen.valence,
        win=weight.win * spoken.win.credence * spoken.win.valence,
    )


def _doubt(happen: float, win: float, spoken: tuple[Spoken, ...], model: Model) -> Doubt:
    """Return both log odds with the variance that the unresolved share of each objective leaves."""
    open_happen, open_win = [], []
    for one in spoken:
        weight = model.weights[one.objective]
        spread = model.spread_examined if one.examined else model.spread_unexamined
        open_happen.append(weight.happen * (1 - one.happen.credence) * spread)
        open_win.append(weight.win * (1 - one.win.credence) * spread)
    return Doubt(
        happen=happen,
        win=win,
        variance_happen=fsum(part * part for part in open_happen),
        variance_win=fsum(part * part for part in open_win),
        covariance=fsum(map(float.__mul__, open_happen, open_win)),
    )


def _clamped(probability: float) -> float:
    return min(max(probability, LOWEST), HIGHEST)


NOTHING_KNOWN = prior()
