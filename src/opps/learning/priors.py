"""What a fit believes before any deal has closed: the expert's parameters, and how firmly."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from opps.domain.behaviour import Wait
from opps.domain.model import Channel, Model, Nats, Signal, SignalSource
from opps.domain.score import logit
from opps.learning.design import OBJECTIVES, OF_OBJECTIVES, Layout, of_channel
from opps.learning.metrics import Numbers
from opps.learning.optimiser import Prior
from opps.learning.settings import FitSettings

# What moves by so little does not move: a spread of 0 would have no precision.
_FIRM = 1e-3


def prior_of(channel: Channel, model: Model, layout: Layout, settings: FitSettings) -> Prior:
    """Return the parameters of the prior model in a channel, and how firmly they hold."""
    return Prior(_expert(channel, model, layout), _precision(channel, layout, settings))


def _expert(channel: Channel, model: Model, layout: Layout) -> Numbers:
    expert = np.zeros(layout.width)
    expert[0] = logit(model.prior_happen if channel is Channel.HAPPEN else model.prior_win)
    expert[OF_OBJECTIVES] = [of_channel(channel, model.weights[one]) for one in OBJECTIVES]
    for number, signal in enumerate(layout.signals):
        expert[layout.weights[number]] = of_channel(channel, signal.weight)
        deviations = [of_channel(channel, one.deviation) for one in signal.values.values()]
        expert[layout.values[number]] = deviations
    return expert


def _precision(channel: Channel, layout: Layout, settings: FitSettings) -> Numbers:
    diagonal = np.full(layout.width, settings.weight**-2)
    diagonal[0] = settings.intercept**-2
    for number, signal in enumerate(layout.signals):
        spread = max(_deviation(channel, signal, settings), _FIRM)
        diagonal[layout.values[number]] = spread**-2
    precision = np.diag(diagonal)
    _hang_together(precision, channel, layout, settings)
    for number, signal in enumerate(layout.signals):
        if signal.source is SignalSource.BEHAVIOUR:
            _bind(precision, signal, layout.values[number].start, settings.step**-2)
    return precision


def _deviation(channel: Channel, signal: Signal, settings: FitSettings) -> float:
    """Return how far a value may lie from where its grade puts it."""
    if signal.source is SignalSource.BEHAVIOUR:
        return settings.behaviour
    if signal.weight == Nats():
        return settings.ungraded
    share = of_channel(channel, settings.deviation)
    return share * abs(of_channel(channel, signal.weight))


def _hang_together(
    precision: Numbers, channel: Channel, layout: Layout, settings: FitSettings
) -> None:
    """Let the weights of graded signals move as one: grades come from one hand."""
    graded = {
        layout.weights[number]: of_channel(channel, signal.weight)
        for number, signal in enumerate(layout.signals)
        if signal.source is not SignalSource.BEHAVIOUR
    }
    if not graded:
        return
    places, weights = list(graded), np.array(list(graded.values()))
    covariance = settings.slope**2 * np.outer(weights, weights) + _FIRM**2 * np.eye(len(weights))
    precision[np.ix_(places, places)] = np.linalg.inv(covariance)


def _bind(precision: Numbers, signal: Signal, start: int, strength: float) -> None:
    """Hold the deviations of neighbouring steps of a wait together."""
    place: Mapping[str, int] = {value: start + number for number, value in enumerate(signal.values)}
    for wait in Wait:
        for one, other in pairwise(value for value in wait.values if value in place):
            here, there = place[one], place[other]
            precision[[here, there], [here, there]] += strength
            precision[[here, there], [there, here]] -= strength
