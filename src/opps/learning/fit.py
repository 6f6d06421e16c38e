"""A scoring model from closed opportunities: it starts at an expert's and moves as far as they say.

Maximum a posteriori: weights lie around those of the prior model, deviations of single values
around its deviations, both with the spreads of the settings. Source: docs/score.md.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from opps.domain.knowledge import Known
from opps.domain.model import NO_NATS, Channel, Model, Nats, Signal, SignalSource
from opps.domain.score import logit
from opps.learning.band import doubt
from opps.learning.base_rate import LogOdds, lift, settled, smoothed
from opps.learning.design import (
    OBJECTIVES,
    OF_OBJECTIVES,
    Layout,
    Sample,
    matrix,
    means,
    of_channel,
    sample,
    spread,
    terms,
    unheard,
)
from opps.learning.metrics import Numbers
from opps.learning.moments import TrainingRow
from opps.learning.optimiser import Outcomes, most_likely, sigmoid
from opps.learning.precedents import precedents
from opps.learning.priors import prior_of
from opps.learning.settings import DEFAULT, FitSettings

__all__ = ["DEFAULT", "FitSettings", "centred", "fit"]

# What deals can be alike in: how long one waits changes every day.
_LASTING = (SignalSource.ATTRIBUTE, SignalSource.CONTEXT)
# The chances of a model lie strictly between 0 and 1.
_LEAST = 1e-6


class _Heard(NamedTuple):
    """What opportunities said, those that said and ended alike put together.

    `mass` counts them all, that of `ended` those that have ended; `kind` is the row of each.
    """

    said: Sample
    mass: Numbers
    ended: Outcomes
    kind: NDArray[np.intp]


def fit(
    prior: Model,
    rows: Sequence[TrainingRow],
    *,
    name: str,
    settings: FitSettings = DEFAULT,
    unlabelled: Sequence[Known] = (),
) -> Model:
    """Return the model that closed opportunities make of the prior one; deterministic.

    Those `unlabelled`, of which nobody knows the end, tell what is usual. Without any opportunity
    it is the prior model under another name.
    """
    prior = replace(prior, name=name, precedents=None)
    if not rows and not unlabelled:
        return prior
    heard = _heard(prior, rows, unlabelled)
    rate = smoothed(
        float(heard.ended.mass @ heard.ended.won),
        float(heard.ended.mass.sum()),
        prior.prior_happen * prior.prior_win,
        settings.pseudo_deals,
    )
    learned = _at_the_base_rate(_most_likely(prior, heard, rate, settings), heard, rate)
    deals = [one.opportunity_id for one in rows]
    spreading = replace(
        learned,
        signals=_spread(learned.signals, heard),
        unheard=unheard(prior, heard.said, deals=len(set(deals)) + len(unlabelled)),
    )
    widened = _widened(spreading, heard, settings)
    if not settings.precedents or not rows:
        return _rounded(widened)
    return _rounded(_with_precedents(widened, heard, deals, settings))


def centred(prior: Model, knowns: Sequence[Known], settings: FitSettings = DEFAULT) -> Model:
    """Return the prior model as it is for some opportunities of which nobody knows the end.

    What is usual among them adds nothing, and with nothing known it answers with its base rate.
    """
    return fit(prior, [], name=prior.name, settings=settings, unlabelled=knowns)


def _rounded(model: Model) -> Model:
    """Return a model with 9 digits of each number: two machines differ in those behind them."""

    def shortened(held: Any) -> Any:
        if isinstance(held, float):
            return float(f"{held:.9g}")
        if isinstance(held, dict):
            return {name: shortened(one) for name, one in held.items()}
        return [shortened(one) for one in held] if isinstance(held, list | tuple) else held

    return msgspec.convert(shortened(msgspec.to_builtins(model)), Model)


def _heard(prior: Model, rows: Sequence[TrainingRow], unlabelled: Sequence[Known]) -> _Heard:
    said = sample(prior, [*(one.known for one in rows), *unlabelled])
    mass = np.array([*(one.weight for one in rows), *(1.0 for _ in unlabelled)])
    unknown = [False for _ in unlabelled]
    won = np.array([*(one.won for one in rows), *unknown], dtype=np.bool_)
    decided = won | np.array([*(one.decided is True for one in rows), *unknown])
    known = won | np.array([*(one.decided is not None for one in rows), *unknown])
    ended = np.arange(said.size) < len(rows)
    first, kind = said.alike(won, decided, known, ended)
    return _Heard(
        said=said.of(first, range(len(prior.signals))),
        mass=np.bincount(kind, mass).astype(np.float64),
        ended=Outcomes(
            won=won[first],
            decided=decided[first],
            known=known[first],
            mass=np.bincount(kind, mass * ended).astype(np.float64),
        ),
        kind=kind,
    )


def _most_likely(prior: Model, heard: _Heard, rate: float, settings: FitSettings) -> Model:
    """Return the model of the likeliest parameters; of the signals only what was heard moves."""
    said, mass = heard.said, heard.mass
    found = means(prior.signals, said, mass)
    signals = [replace(one, mean=mean) for one, mean in zip(prior.signals, found, strict=True)]
    numbers = said.heard
    layout = Layout(
        [signals[number] for number in numbers], said.of(np.arange(said.size), numbers), mass
    )
    few = said.of(np.arange(said.size), numbers)
    happen, win = (matrix(channel, few, layout) for channel in Channel)
    experts = [prior_of(channel, prior, layout, settings) for channel in Channel]
    lifted = lift(
        dict(zip(Channel, (happen @ experts[0].mean, win @ experts[1].mean), strict=True)),
        mass,
        rate,
    )
    for one in experts:
        one.mean[0] += lifted
    if heard.ended.mass.any():
        at = most_likely(happen, win, heard.ended, (experts[0], experts[1]))
    else:
        at = experts[0].mean, experts[1].mean
    return replace(
        prior,
        prior_happen=_chance(at[0][0]),
        prior_win=_chance(at[1][0]),
        weights={
            objective: Nats(float(one), float(other))
            for objective, one, other in zip(
                OBJECTIVES, at[0][OF_OBJECTIVES], at[1][OF_OBJECTIVES], strict=True
            )
        },
        signals=tuple(_learned(signals, numbers, layout, *at)),
    )


def _learned(
    signals: Sequence[Signal], heard: Sequence[int], layout: Layout, happen: Numbers, win: Numbers
) -> list[Signal]:
    """Return the signals with what was learned of those that were heard."""
    learned = list(signals)
    for place, number in enumerate(heard):
        signal, weight, values = signals[number], layout.weights[place], layout.values[place]
        mean = [float(layout.shares[place] @ one[values]) for one in (happen, win)]
        deviations = zip(signal.values.items(), happen[values], win[values], strict=True)
        learned[number] = replace(
            signal,
            weight=Nats(float(happen[weight]), float(win[weight])),
            values={
                value: replace(graded, deviation=Nats(float(one) - mean[0], float(other) - mean[1]))
                for (value, graded), one, other in deviations
            },
        )
    return learned


def _at_the_base_rate(model: Model, heard: _Heard, rate: float) -> Model:
    start, signals = settled(model.signals, heard.said, heard.mass, _start(model, heard.said), rate)
    return replace(
        model,
        prior_happen=_chance(logit(model.prior_happen) + start),
        prior_win=_chance(logit(model.prior_win) + start),
        signals=tuple(signals),
    )


def _spread(signals: Sequence[Signal], heard: _Heard) -> tuple[Signal, ...]:
    """Return the signals with how far each term lies over the opportunities that it is heard of."""
    spreading = []
    for number, signal in enumerate(signals):
        nats = [signal.nats(value) or NO_NATS for value in signal.values]
        value = heard.said.value[:, number]
        happen = spread([one.happen for one in nats], value, heard.mass)
        win = spread([one.win for one in nats], value, heard.mass)
        if happen is not None and win is not None:
            signal = replace(signal, spread=Nats(happen, win))
        spreading.append(signal)
    return tuple(spreading)


def _widened(model: Model, heard: _Heard, settings: FitSettings) -> Model:
    left = model.spread_of(examined=False), model.spread_of(examined=True)
    start = _start(model, heard.said)
    found = doubt(model.signals, heard.said, start, left, settings.band_rows)
    return model if found is None else replace(model, doubt=found)


def _with_precedents(
    model: Model, heard: _Heard, deals: Sequence[UUID], settings: FitSettings
) -> Model:
    """Return the model with the closed deals themselves, each as it was at its last moment."""
    last = dict(zip(deals, heard.kind[: len(deals)], strict=True))
    rows = np.array(list(last.values()))
    start = _start(model, heard.said)
    said = {
        channel: start[channel] + terms(channel, model.signals, heard.said).sum(axis=1)
        for channel in Channel
    }
    ended = Outcomes(
        won=heard.ended.won[rows],
        decided=heard.ended.decided[rows],
        known=heard.ended.known[rows],
        mass=np.ones(len(rows)),
    )
    alike = [number for number in heard.said.heard if model.signals[number].source in _LASTING]
    found = precedents(
        [model.signals[number] for number in alike],
        heard.said.value[np.ix_(rows, np.array(alike, dtype=np.intp))],
        ended,
        {channel: one[rows] for channel, one in said.items()},
        list(last),
        settings,
    )
    return replace(model, precedents=found)


def _start(model: Model, said: Sample) -> LogOdds:
    """Return the log odds of each row without the graded signals."""
    chances = {Channel.HAPPEN: model.prior_happen, Channel.WIN: model.prior_win}
    return {
        channel: logit(chance)
        + said.spoken[channel] @ [of_channel(channel, model.weights[one]) for one in OBJECTIVES]
        for channel, chance in chances.items()
    }


def _chance(log_odds: float) -> float:
    return float(np.clip(sigmoid(np.array(log_odds)), _LEAST, 1 - _LEAST))
