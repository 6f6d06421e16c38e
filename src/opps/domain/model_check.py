"""Whether a scoring model holds together: what keeps one from being run for ever."""

from collections.abc import Iterator
from math import isfinite
from unicodedata import category, is_normalized

import msgspec

from opps.domain.catalogue import Objective
from opps.domain.model import Model, Nats, Signal, SignalSource, Topic
from opps.domain.precedents import NOT_TOLD, Precedents
from opps.domain.score import prior

MOST_SIGNALS = 200
MOST_VALUES = 1_000
MOST_PRECEDENTS = 20_000
LONGEST_VALUE = 100
LONGEST_REASON = 500

LEAST_PRIOR = 1e-6
# In nats: the odds of one value alone move by no more than a factor of 10^13.
MOST_NATS = 30.0
MOST_SPREAD = 10.0
MOST_DOUBT = 100.0
MOST_REACH = 1_000.0

# Parts of an explanation that speak of no signal.
_APART = (Topic.MODEL, Topic.PRECEDENTS)

Range = tuple[str, float, float, float]


def same(one: Model, other: Model) -> bool:
    """Tell whether two models say the same, whatever their values were read from."""
    return bool(msgspec.to_builtins(one) == msgspec.to_builtins(other))


def problems(model: Model) -> Iterator[str]:
    """Yield what keeps a model from being run."""
    try:
        model = msgspec.convert(msgspec.to_builtins(model), Model)
    except msgspec.ValidationError as error:
        yield str(error)
        return
    wrong = False
    for problem in _wrong(model):
        wrong = True
        yield problem
    if wrong:
        return
    tried = prior(model)
    if not all(map(isfinite, (tried.p, tried.low, tried.high, tried.sd_happen, tried.sd_win))):
        yield "it gives no score where nothing is known"


def _wrong(model: Model) -> Iterator[str]:
    yield from _unwritable("its name", model.name)
    for objective in Objective:
        if objective not in model.weights:
            yield f"it has no weight for {objective.value}"
    if len(set(model.unheard)) < len(model.unheard):
        yield "it names an unheard objective twice"
    if len(model.signals) > MOST_SIGNALS:
        yield f"it has {len(model.signals)} signals, more than {MOST_SIGNALS}"
    heard: set[tuple[SignalSource, str]] = set()
    for signal in model.signals:
        key = signal.source, signal.name
        if key in heard:
            yield f"it hears {signal.source.value} {signal.name} twice"
        heard.add(key)
        yield from _wrong_in(signal)
    for name, number, least, most in _numbers(model):
        if not least <= number <= most:
            yield f"{name} is {number}, and not from {least:g} to {most:g}"
    if model.precedents is not None:
        yield from _wrong_among(model.precedents, heard)


def _wrong_in(signal: Signal) -> Iterator[str]:
    yield from _unwritable("the name of a signal", signal.name)
    if signal.topic in _APART:
        yield f"{signal.name} speaks of {signal.topic.value}, which no signal does"
    elif signal.source is SignalSource.ATTRIBUTE and signal.topic.objective is None:
        yield f"{signal.name} is an attribute, and speaks of no objective"
    if len(signal.values) > MOST_VALUES:
        yield f"{signal.name} has {len(signal.values)} values, more than {MOST_VALUES}"
    for value, graded in signal.values.items():
        yield from _unwritable(f"a value of {signal.name}", value)
        if not 0 < len(value) <= LONGEST_VALUE:
            yield f"a value of {signal.name} has 1 to {LONGEST_VALUE} characters"
        if len(graded.because) > LONGEST_REASON:
            yield f"the reason of {signal.name} {value} has more than {LONGEST_REASON} characters"
        if _unstorable(graded.because):
            yield f"the reason of {signal.name} {value} has a character that cannot be stored"


def _wrong_among(held: Precedents, heard: set[tuple[SignalSource, str]]) -> Iterator[str]:
    if len(held.deals) > MOST_PRECEDENTS:
        yield f"it has {len(held.deals)} precedents, more than {MOST_PRECEDENTS}"
    if not 0 < held.reach <= MOST_REACH:
        yield f"the reach of its precedents is {held.reach}, and not up to {MOST_REACH:g}"
    compared = [(one.source, one.name) for one in held.signals]
    if len(set(compared)) < len(compared):
        yield "its precedents are compared by one signal twice"
    for one in held.signals:
        if (one.source, one.name) not in heard:
            yield f"its precedents are compared by {one.name}, which it does not hear"
        if len(set(one.values)) < len(one.values):
            yield f"its precedents have one value of {one.name} twice"
    for number, deal in enumerate(held.deals):
        if len(deal.values) != len(held.signals):
            yield f"precedent {number} has {len(deal.values)} values, not {len(held.signals)}"
            return
        for one, place in zip(held.signals, deal.values, strict=True):
            if not NOT_TOLD <= place < len(one.values):
                yield f"precedent {number} has no value {place} of {one.name}"
                return


def _numbers(model: Model) -> Iterator[Range]:
    """Yield each number with the least and the most that it can be."""
    for name in ("prior_happen", "prior_win"):
        yield name, getattr(model, name), LEAST_PRIOR, 1 - LEAST_PRIOR
    for name in ("spread_unexamined", "spread_examined"):
        yield name, getattr(model, name), 0, MOST_SPREAD
    yield "doubt", model.doubt, 0, MOST_DOUBT
    for objective, weight in model.weights.items():
        yield from _each(f"the weight of {objective.value}", weight)
    for signal in model.signals:
        yield from _numbers_of(signal)
    if model.precedents is not None:
        for number, deal in enumerate(model.precedents.deals):
            yield f"the pull of precedent {number}", deal.pull, -MOST_NATS, MOST_NATS


def _numbers_of(signal: Signal) -> Iterator[Range]:
    yield f"the mean of {signal.name}", signal.mean, -1, 1
    yield from _each(f"the weight of {signal.name}", signal.weight)
    yield from _each(f"the spread of {signal.name}", signal.spread, 0, MOST_SPREAD)
    for value, graded in signal.values.items():
        yield from _each(f"the deviation of {signal.name} {value}", graded.deviation)


def _each(
    name: str, nats: Nats, least: float = -MOST_NATS, most: float = MOST_NATS
) -> Iterator[Range]:
    yield f"{name} in HAPPEN", nats.happen, least, most
    yield f"{name} in WIN", nats.win, least, most


def _unwritable(what: str, text: str) -> Iterator[str]:
    """Yield why a name would not be found again by whoever reads or writes it."""
    if _unstorable(text) or any(category(one) == "Cc" for one in text):
        yield f"{what} has a character that cannot be read: {text!r}"
    elif text != text.strip():
        yield f"{what} begins or ends with a blank: {text!r}"
    elif not is_normalized("NFC", text):
        yield f"{what} is not in the normal form of Unicode (NFC): {text!r}"


def _unstorable(text: str) -> bool:
    return "\0" in text or any("\ud800" <= one <= "\udfff" for one in text)
