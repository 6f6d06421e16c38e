"""The win probability with its interval, and what each objective contributes to it.

Two channels, because no decision and a lost decision have different remedies:
L = prior + sum of credence x (weight x valence), and p = sigmoid(L happen) x sigmoid(L win).
Source: docs/knowledge.md, score oks-1; what it leaves open is decided in ADR 0006.
"""

from collections.abc import Iterable, Sequence
from math import exp, fsum, log, sqrt
from operator import mul
from uuid import UUID

from msgspec import Struct

from opps.domain.interval import Doubt, interval80
from opps.domain.knowledge import Believed, Known
from opps.domain.model import Model, Topic
from opps.domain.oks_1 import OKS_1
from opps.domain.signals import Term, spoken_terms, terms
from opps.domain.valence import Spoken

LOWEST = 0.01
HIGHEST = 0.99
_FURTHEST = 300.0

# Ten points double the odds.
MILLI_POINTS_A_NAT = 10_000 / log(2)


class Contribution(Struct, frozen=True, gc=False):
    """What an objective, or a context, adds to the log odds of each channel, in nats."""

    topic: Topic
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


def score(known: Known) -> Score:
    """Return the win probability of what is known, by the model in force."""
    return weighed(terms(Believed(known)), known.model)


def weigh(spoken: Iterable[Spoken], model: Model = OKS_1) -> Score:
    """Return the win probability of what each objective says by the rules of the catalogue."""
    return weighed(list(spoken_terms(spoken, model)), model)


def weighed(said: Sequence[Term], model: Model) -> Score:
    """Return the win probability of the terms of what is known."""
    contributions = _contributions(said, model)
    happen = _saturated((logit(model.prior_happen), *(one.happen for one in contributions)))
    win = _saturated((logit(model.prior_win), *(one.win for one in contributions)))
    doubt = _doubt(happen, win, said)
    low, high = interval80(doubt)
    p = 1 / ((1 + exp(-happen)) * (1 + exp(-win)))
    return Score(
        p=_clamped(p),
        # Without any doubt both ends are p, but for rounding.
        low=_clamped(min(low, p)),
        high=_clamped(max(high, p)),
        log_odds_happen=happen,
        log_odds_win=win,
        sd_happen=sqrt(doubt.variance_happen),
        sd_win=sqrt(doubt.variance_win),
        contributions=contributions,
        model=model.name,
    )


def prior(model: Model = OKS_1) -> Score:
    """Return the score of an opportunity of which nothing is known."""
    nobody = UUID(int=0)
    return score(Known(us=nobody, do_nothing=nobody, standings={}, model=model))


def logit(probability: float) -> float:
    """Return the log odds of a probability, in nats."""
    return log(probability / (1 - probability))


def _saturated(nats: Iterable[float]) -> float:
    """Return the log odds of a channel, so far from even at most that no exponential overflows."""
    return min(max(fsum(nats), -_FURTHEST), _FURTHEST)


def _contributions(terms: Iterable[Term], model: Model) -> tuple[Contribution, ...]:
    """Return one contribution a topic: what its signals add, summed exactly."""
    said: dict[Topic, list[Term]] = {topic: [] for topic in model.topics}
    for term in terms:
        said[term.topic].append(term)
    return tuple([_added(topic, parts) for topic, parts in said.items()])


def _added(topic: Topic, parts: list[Term]) -> Contribution:
    if len(parts) == 1:
        return Contribution(topic, 0.0 + parts[0].happen, 0.0 + parts[0].win)  # never -0.0
    happen, win = fsum([one.happen for one in parts]), fsum([one.win for one in parts])
    return Contribution(topic, happen, win)


def _doubt(happen: float, win: float, terms: Iterable[Term]) -> Doubt:
    """Return both log odds with the variance that the unresolved share of each signal leaves."""
    open_happen = [term.open_happen for term in terms]
    open_win = [term.open_win for term in terms]
    return Doubt(
        happen=happen,
        win=win,
        variance_happen=fsum(map(mul, open_happen, open_happen)),
        variance_win=fsum(map(mul, open_win, open_win)),
        covariance=fsum(map(mul, open_happen, open_win)),
    )


def _clamped(probability: float) -> float:
    return min(max(probability, LOWEST), HIGHEST)


NOTHING_KNOWN = prior()
