"""Whether a scoring model holds together: what keeps one from being run for ever."""

from collections.abc import Iterator
from math import isfinite

import msgspec

from opps.domain.catalogue import Objective
from opps.domain.model import Model, Nats, Signal


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
    for objective in Objective:
        if objective not in model.weights:
            yield f"it has no weight for {objective.value}"
    for name, number in _numbers(model):
        if not isfinite(number):
            yield f"{name} is {number}"
    heard: set[tuple[str, str]] = set()
    for signal in model.signals:
        key = (signal.source.value, signal.name)
        if key in heard:
            yield f"it hears {signal.source.value} {signal.name} twice"
        heard.add(key)


def _numbers(model: Model) -> Iterator[tuple[str, float]]:
    for name in ("prior_happen", "prior_win", "spread_unexamined", "spread_examined", "doubt"):
        yield name, getattr(model, name)
    for objective, weight in model.weights.items():
        yield from _each(f"the weight of {objective.value}", weight)
    for signal in model.signals:
        yield from _numbers_of(signal)
    if model.precedents is not None:
        for number, deal in enumerate(model.precedents.deals):
            yield f"the pull of precedent {number}", deal.pull


def _numbers_of(signal: Signal) -> Iterator[tuple[str, float]]:
    yield f"the mean of {signal.name}", signal.mean
    yield from _each(f"the weight of {signal.name}", signal.weight)
    yield from _each(f"the spread of {signal.name}", signal.spread)
    for value, graded in signal.values.items():
        yield f"the grade of {signal.name} {value}", graded.grade
        yield from _each(f"the deviation of {signal.name} {value}", graded.deviation)


def _each(name: str, nats: Nats) -> Iterator[tuple[str, float]]:
    yield f"{name} in HAPPEN", nats.happen
    yield f"{name} in WIN", nats.win
