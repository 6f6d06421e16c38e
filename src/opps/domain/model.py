"""A scoring model: what each signal weighs, its grades, and how far the unknown may lie.

A model is one value, stored whole: an old one can be run for ever. A field that is not known here
is refused, so a server never scores by a part of a newer model. Source: docs/score.md.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from math import isnan, sqrt
from typing import Annotated

from msgspec import Meta, Struct

from opps.domain.catalogue import Objective
from opps.domain.describe import Code
from opps.domain.precedents import Precedents
from opps.domain.signal_source import SignalSource as SignalSource

# The value of an attribute that the buyer was asked about and did not tell.
UNANSWERED = "UNANSWERED"

Grade = Annotated[float, Meta(ge=-1, le=1)]
Probability = Annotated[float, Meta(gt=0, lt=1)]
Size = Annotated[float, Meta(ge=0)]


class Channel(StrEnum):
    """The two questions behind a win: will it happen at all, and will we win it."""

    HAPPEN = "HAPPEN"
    WIN = "WIN"


class Topic(StrEnum):
    """What an explanation speaks of: the nine objectives, then what is labelled apart from them."""

    BUSINESS_ISSUES = "BUSINESS_ISSUES"
    DESIRED_IMPACT = "DESIRED_IMPACT"
    EVALUATORS = "EVALUATORS"
    REQUIRED_SOLUTION = "REQUIRED_SOLUTION"
    FUNDING = "FUNDING"
    TIMING = "TIMING"
    ALTERNATIVES = "ALTERNATIVES"
    DECISION_CRITERIA = "DECISION_CRITERIA"
    DECISION_PROCESS = "DECISION_PROCESS"
    CONTEXT = "CONTEXT"
    ACTIVITY = "ACTIVITY"
    PRODUCT_AND_SELLER = "PRODUCT_AND_SELLER"
    PRECEDENTS = "PRECEDENTS"
    MODEL = "MODEL"

    @property
    def objective(self) -> Objective | None:
        """The information objective, None for what is no knowledge."""
        return _OBJECTIVES.get(self)


TOPIC_OF: dict[Objective, Topic] = {objective: Topic(objective.value) for objective in Objective}
_OBJECTIVES = {topic: objective for objective, topic in TOPIC_OF.items()}


class Nats(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A number of nats for each channel, at full credence."""

    happen: float = 0.0
    win: float = 0.0


NO_NATS = Nats()
# A model may lie in a log that nobody checked: beyond this a number says no more.
_FAR = 1000.0


def bounded(number: float) -> float:
    """Return a number that sums and products of many like it stay finite with."""
    return min(max(number, -_FAR), _FAR) if not isnan(number) else 0.0


def _bounded(nats: Nats) -> Nats:
    return Nats(bounded(nats.happen), bounded(nats.win))


class Graded(Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """One value of a signal: the expert's grade and its reason, and what closed deals added."""

    grade: Grade = 0.0
    because: str = ""
    deviation: Nats = NO_NATS


class Signal(Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """How one signal counts: credence x (weight x (grade - mean) + deviation) in each channel.

    `spread` is the standard deviation of that term, in nats, over deals of which it is not known.
    """

    name: Code
    source: SignalSource
    topic: Topic
    weight: Nats
    values: dict[str, Graded]
    mean: float = 0.0
    spread: Nats = NO_NATS

    def nats(self, value: str) -> Nats | None:
        """Return what a value adds at full credence; None for one that the model never saw."""
        graded = self.values.get(value)
        if graded is None:
            return None
        centred = graded.grade - self.mean
        return Nats(
            self.weight.happen * centred + graded.deviation.happen,
            self.weight.win * centred + graded.deviation.win,
        )


class Model(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, dict=True
):
    """A version of the score: priors, weights, and the spread of what is unknown.

    `weights` are for what the rules of the catalogue make of each objective, `signals` for what
    is graded value by value. The spread is the standard deviation of the valence of what nobody
    looked at, and of what is at least acknowledged. Of the objectives in `unheard` the unknown is
    left out of the interval: the source does not tell of them. An expert says so, or many closed
    opportunities of which none spoke of them. `doubt` widens the variance of the graded signals for
    what they have in common. `precedents` are closed deals that pull those like them; day one has
    none.
    """

    name: Code
    prior_happen: Probability
    prior_win: Probability
    weights: Mapping[Objective, Nats]
    spread_unexamined: Size = 1.0
    spread_examined: Size = 0.8
    unheard: tuple[Objective, ...] = ()
    signals: tuple[Signal, ...] = ()
    doubt: Size = 1.0
    precedents: Precedents | None = None

    def spread_of(self, *, examined: bool) -> float:
        """Return how far what is not known of a signal may lie, in its own spreads."""
        return bounded(self.spread_examined if examined else self.spread_unexamined)

    @cached_property
    def weighs(self) -> Mapping[Objective, Nats]:
        """The weight of each objective; nothing where the model names none."""
        return {one: _bounded(self.weights.get(one, NO_NATS)) for one in Objective}

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """What an explanation by this model speaks of, in order."""
        spoken = {signal.topic for signal in self.signals} | set(TOPIC_OF.values())
        if self.precedents is not None:
            spoken.add(Topic.PRECEDENTS)
        return tuple(topic for topic in Topic if topic in spoken)

    @cached_property
    def heard_in(self) -> Mapping[SignalSource, tuple["HeardSignal", ...]]:
        """The signals of each source, with the nats of each value worked out once."""
        return {
            source: tuple(
                HeardSignal(one, self.doubt) for one in self.signals if one.source is source
            )
            for source in SignalSource
        }


class HeardSignal:
    """A signal made ready for scoring."""

    __slots__ = ("name", "nats", "source", "spread", "topic")

    def __init__(self, signal: Signal, doubt: float) -> None:
        shared = sqrt(bounded(doubt))
        self.name = signal.name
        self.source = signal.source
        self.topic = signal.topic
        self.spread = _bounded(Nats(shared * signal.spread.happen, shared * signal.spread.win))
        self.nats: Mapping[str | None, Nats] = {
            value: _bounded(signal.nats(value) or NO_NATS) for value in signal.values
        }
