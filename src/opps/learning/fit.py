"""A scoring model from closed opportunities: it starts at an expert's and moves as far as they say.

Maximum a posteriori: weights lie around those of the prior model, deviations of single values
around its deviations, both with the spreads of the settings. Source: docs/score.md.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from opps.domain.behaviour import Wait
from opps.domain.catalogue import Objective
from opps.domain.knowledge import Known
from opps.domain.model import Channel, Model, Nats, Signal, SignalSource
from opps.domain.score import logit
from opps.learning.design import (
    OBJECTIVES,
    OF_OBJECTIVES,
    Layout,
    Sample,
    matrix,
    means,
    sample,
    spread,
)
from opps.learning.metrics import Numbers
from opps.learning.moments import TrainingRow
from opps.learning.optimiser import Outcomes, Prior, most_likely, sigmoid

_FLAT = 1e-9
# The chances of a model lie strictly between 0 and 1.
_LEAST = 1e-6


class FitSettings(Struct, frozen=True, kw_only=True):
    """How far closed opportunities may lead away from the expert: standard deviations in nats.

    A deviation is what one value of a signal adds beside its grade; those of neighbouring steps of
    a wait differ by a step at most likely 0.
    """

    intercept: float = 1.0
    weight: float = 0.35
    deviation: float = 0.35
    deviation_of: Mapping[SignalSource, float] = field(
        default_factory=lambda: {SignalSource.BEHAVIOUR: 0.5}
    )
    step: float = 0.35


DEFAULT = FitSettings()


def fit(
    prior: Model, rows: Sequence[TrainingRow], *, name: str, settings: FitSettings = DEFAULT
) -> Model:
    """Return the model that closed opportunities make of the prior one; deterministic.

    Without rows it is the prior model under another name.
    """
    if not rows:
        return replace(prior, name=name)
    mass = np.array([one.weight for one in rows])
    said = sample(prior, [one.known for one in rows])
    signals = _centred(prior.signals, said, mass)
    happen, win = _most_likely(prior, signals, said, _outcomes(rows, mass), settings)
    return replace(
        prior,
        name=name,
        prior_happen=_chance(happen[:1]),
        prior_win=_chance(win[:1]),
        weights={
            objective: Nats(float(one), float(other))
            for objective, one, other in zip(
                OBJECTIVES, happen[OF_OBJECTIVES], win[OF_OBJECTIVES], strict=True
            )
        },
        unheard=_unheard(said),
        signals=tuple(_spread(_learned(signals, said.heard, happen, win), said, mass)),
    )


def _most_likely(
    prior: Model,
    signals: Sequence[Signal],
    said: Sample,
    ended: Outcomes,
    settings: FitSettings,
) -> tuple[Numbers, Numbers]:
    """Return the parameters of both channels; of the signals only those of what was heard."""
    heard = said.heard
    first, kind = said.alike(ended.won, ended.decided, ended.known)
    few = said.of(first, heard)
    layout = Layout([signals[number] for number in heard])
    precision = _precision(layout, settings)
    happen, win = (
        (matrix(channel, few, layout), Prior(_expert(channel, prior, layout), precision))
        for channel in Channel
    )
    return most_likely(
        happen[0],
        win[0],
        Outcomes(
            won=ended.won[first],
            decided=ended.decided[first],
            known=ended.known[first],
            mass=np.bincount(kind, ended.mass).astype(np.float64),
        ),
        (happen[1], win[1]),
    )


def centred(prior: Model, knowns: Sequence[Known]) -> Model:
    """Return the prior model with the means and spreads of its signals over some opportunities.

    How those ended is not needed.
    """
    if not knowns:
        return prior
    mass = np.ones(len(knowns))
    said = sample(prior, knowns)
    return replace(prior, signals=tuple(_spread(_centred(prior.signals, said, mass), said, mass)))


def _centred(signals: Sequence[Signal], said: Sample, mass: Numbers) -> list[Signal]:
    found = means(signals, said, mass)
    return [replace(one, mean=mean) for one, mean in zip(signals, found, strict=True)]


def _spread(signals: Sequence[Signal], said: Sample, mass: Numbers) -> list[Signal]:
    """Return the signals with how far each term lies over the opportunities that it is heard of."""
    spreading = []
    for number, signal in enumerate(signals):
        nats = [signal.nats(value) or Nats() for value in signal.values]
        value = said.value[:, number]
        happen = spread([one.happen for one in nats], value, mass)
        win = spread([one.win for one in nats], value, mass)
        if happen is not None and win is not None:
            signal = replace(signal, spread=Nats(happen, win))
        spreading.append(signal)
    return spreading


def _outcomes(rows: Sequence[TrainingRow], mass: Numbers) -> Outcomes:
    won = np.array([one.won for one in rows])
    return Outcomes(
        won=won,
        decided=won | np.array([one.decided is True for one in rows]),
        known=won | np.array([one.decided is not None for one in rows]),
        mass=mass,
    )


def _expert(channel: Channel, prior: Model, layout: Layout) -> Numbers:
    """Return the parameters of the prior model."""
    happening = channel is Channel.HAPPEN
    expert = np.zeros(layout.width)
    expert[0] = logit(prior.prior_happen if happening else prior.prior_win)
    expert[OF_OBJECTIVES] = [_of(channel, prior.weights[one]) for one in OBJECTIVES]
    for number, signal in enumerate(layout.signals):
        expert[layout.weights[number]] = _of(channel, signal.weight)
        deviations = [_of(channel, one.deviation) for one in signal.values.values()]
        expert[layout.values[number]] = deviations
    return expert


def _precision(layout: Layout, settings: FitSettings) -> Numbers:
    """Return how firmly the expert's parameters hold."""
    diagonal = np.full(layout.width, settings.weight**-2)
    diagonal[0] = settings.intercept**-2
    for number, signal in enumerate(layout.signals):
        deviation = settings.deviation_of.get(signal.source, settings.deviation)
        diagonal[layout.values[number]] = deviation**-2
    precision = np.diag(diagonal)
    for number, signal in enumerate(layout.signals):
        if signal.source is SignalSource.BEHAVIOUR:
            _bind(precision, signal, layout.values[number].start, settings.step**-2)
    return precision


def _bind(precision: Numbers, signal: Signal, start: int, strength: float) -> None:
    """Hold the deviations of neighbouring steps of a wait together."""
    place = {value: start + number for number, value in enumerate(signal.values)}
    for wait in Wait:
        for one, other in pairwise(value for value in wait.values if value in place):
            here, there = place[one], place[other]
            precision[[here, there], [here, there]] += strength
            precision[[here, there], [there, here]] -= strength


def _learned(
    signals: Sequence[Signal], heard: Sequence[int], happen: Numbers, win: Numbers
) -> list[Signal]:
    """Return the signals with what was learned of those that were heard."""
    layout = Layout([signals[number] for number in heard])
    learned = list(signals)
    for place, number in enumerate(heard):
        signal, weight, values = signals[number], layout.weights[place], layout.values[place]
        deviations = zip(signal.values.items(), happen[values], win[values], strict=True)
        learned[number] = replace(
            signal,
            weight=Nats(float(happen[weight]), float(win[weight])),
            values={
                value: replace(graded, deviation=Nats(float(one), float(other)))
                for (value, graded), one, other in deviations
            },
        )
    return learned


def _unheard(said: Sample) -> tuple[Objective, ...]:
    """Return the objectives of which none of the opportunities spoke."""
    spoken = sum(np.abs(said.spoken[channel]).sum(axis=0) for channel in Channel)
    return tuple(one for one, much in zip(OBJECTIVES, spoken, strict=True) if much < _FLAT)


def _chance(log_odds: Numbers) -> float:
    return float(np.clip(sigmoid(log_odds)[0], _LEAST, 1 - _LEAST))


def _of(channel: Channel, nats: Nats) -> float:
    return nats.happen if channel is Channel.HAPPEN else nats.win
