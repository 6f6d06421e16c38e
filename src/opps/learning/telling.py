"""What closed deals taught, in words of objectives and context: never of columns."""

from collections.abc import Iterator
from math import exp, log

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.events import Interval
from opps.domain.model import TOPIC_OF, Model, Nats, Signal, Topic
from opps.domain.score import MILLI_POINTS_A_NAT, logit

# What moves a score by less is not worth a line.
LEAST_POINTS = 0.5
MOST_LINES = 20
_A_LOT = 1.1
_SHOWS = 0.005


class Learned(Struct, frozen=True, kw_only=True):
    """One thing that closed deals taught: 10 points double the odds."""

    topic: Topic
    text: str
    points: float


def learned(prior: Model, model: Model) -> list[Learned]:
    """Return what a model knows better than the one it started from, the most telling first."""
    told = [*_of_objectives(prior, model), *_of_values(prior, model)]
    told = [one for one in told if abs(one.points) >= LEAST_POINTS]
    told.sort(key=lambda one: (-abs(one.points), one.topic, one.text))
    return [*_of_the_start(prior, model), *told[:MOST_LINES]]


def title(topic: Topic) -> str:
    """Return a topic as a heading."""
    return topic.value.replace("_", " ").capitalize()


def evidence_of(evidence: bool, against_base: Interval, against_average: Interval) -> str:
    """Return in words whether what is known tells more than one rate for all does."""
    differences = (
        f"Brier score against the base rate: {signed(against_base)}; against its own average: "
        f"{signed(against_average)} (90 %)."
    )
    if evidence:
        return f"There is evidence that what is known of a deal tells how it ends. {differences}"
    return (
        "There is no evidence that what is known of a deal tells more than one rate for all. "
        f"{differences}"
    )


def signed(interval: Interval) -> str:
    """Return a difference with its ends; one that rounds to nothing has no minus."""
    value, low, high = (
        f"{round(end, 4) + 0.0:+.4f}" for end in (interval.value, interval.low, interval.high)
    )
    return f"{value} [{low}, {high}]"


def _of_the_start(prior: Model, model: Model) -> Iterator[Learned]:
    before, after = (one.prior_happen * one.prior_win for one in (prior, model))
    if abs(after - before) >= _SHOWS:
        points = (logit(after) - logit(before)) * MILLI_POINTS_A_NAT / 1000
        text = f"A deal of which nothing is known starts at {after:.0%}, not at {before:.0%}"
        yield Learned(topic=Topic.MODEL, text=text, points=points)


def _of_objectives(prior: Model, model: Model) -> Iterator[Learned]:
    """Yield where what the rules make of an objective counts for more, or for less."""
    for objective, before in prior.weights.items():
        here, there = _points(model, before), _points(model, model.weights[objective])
        if not here:
            continue
        share = there / here
        if not 1 / _A_LOT < share < _A_LOT:
            text = f"What is known counts {share:.1f} times what the expert gave it"
            yield Learned(topic=TOPIC_OF[objective], text=text, points=there - here)


def _of_values(prior: Model, model: Model) -> Iterator[Learned]:
    """Yield where deals of one value ended otherwise than the expert said."""
    before = {signal.name: signal for signal in prior.signals}
    for signal in model.signals:
        expert = before.get(signal.name)
        for value, graded in signal.values.items():
            points = _points(model, _moved(signal, expert, value))
            said = graded.because or value.replace("_", " ").lower()
            often = "more" if points > 0 else "less"
            text = f"With “{said}” deals are won {often} often than the expert said"
            yield Learned(topic=signal.topic, text=text, points=points)


def _moved(signal: Signal, expert: Signal | None, value: str) -> Nats:
    """Return how far closed deals moved a value, both seen from the mean of those deals."""
    after = signal.nats(value) or Nats()
    before = None if expert is None else replace(expert, mean=signal.mean).nats(value)
    before = before or Nats()
    return Nats(after.happen - before.happen, after.win - before.win)


def _points(model: Model, nats: Nats) -> float:
    """Return how many points some nats move a deal of which nothing else is known."""
    happen, win = logit(model.prior_happen), logit(model.prior_win)
    moved = _log_odds(happen + nats.happen, win + nats.win) - _log_odds(happen, win)
    return moved * MILLI_POINTS_A_NAT / 1000


def _log_odds(happen: float, win: float) -> float:
    a, b = exp(-happen), exp(-win)
    return -log(a + b + a * b)
