"""Where a score starts: what is known moves it from the base rate, and not knowing leaves it there.

Both channels curve: with every signal at its mean a deal is better than the mean of all deals. What
a signal adds therefore starts a little lower or higher than its grade says. Source: docs/score.md.
"""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from opps.domain.model import Channel, Nats, Signal
from opps.learning.design import NOT_HEARD, Sample
from opps.learning.design import terms as terms_of
from opps.learning.metrics import Numbers
from opps.learning.optimiser import sigmoid

# What nearly every deal told: nobody has seen what becomes of deals that do not tell it.
NEARLY_ALL = 0.9
_FAR = 8.0
_HALVINGS = 60
_NOTHING = 1e-12

LogOdds = dict[Channel, Numbers]


def smoothed(won: float, deals: float, prior: float, pseudo_deals: float) -> float:
    """Return how often deals are won, the rate of the prior counting as so many deals."""
    return (won + pseudo_deals * prior) / (deals + pseudo_deals)


def lift(said: LogOdds, mass: Numbers, rate: float) -> float:
    """Return what to add to both log odds for the mean probability to be a rate."""
    low, high = -_FAR, _FAR
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        p = sigmoid(said[Channel.HAPPEN] + middle) * sigmoid(said[Channel.WIN] + middle)
        if mass @ p < rate * mass.sum():
            low = middle
        else:
            high = middle
    return (low + high) / 2


def settled(
    signals: Sequence[Signal], said: Sample, mass: Numbers, besides: LogOdds, rate: float
) -> tuple[float, list[Signal]]:
    """Return what to add to the start of both channels, and the signals that make up for it.

    With it the mean probability is the rate where nothing is told of what nearly every deal tells.
    What the start gains these signals lose, by how much they tell apart: where all of them are told
    the score stays as it was. `besides` is what is said besides the signals.
    """
    terms = {channel: terms_of(channel, signals, said) for channel in Channel}
    heard = said.value != NOT_HEARD
    told = mass @ heard / mass.sum()
    always = told >= NEARLY_ALL
    varies = {channel: (mass @ terms[channel] ** 2) * always for channel in Channel}
    totals = {channel: float(varies[channel] @ told) for channel in Channel}
    if min(totals.values()) < _NOTHING:
        return 0.0, list(signals)
    left = {one: besides[one] + terms[one][:, ~always].sum(axis=1) for one in Channel}
    gained = lift(left, mass, rate)
    lost = [-gained * varies[channel] / totals[channel] for channel in Channel]
    credence = mass @ said.credence / np.maximum(mass @ heard, _NOTHING)
    return gained, [
        _moved(one, *(float(part[number] / credence[number]) for part in lost))
        if always[number]
        else one
        for number, one in enumerate(signals)
    ]


def _moved(signal: Signal, happen: float, win: float) -> Signal:
    values = {
        value: replace(one, deviation=Nats(one.deviation.happen + happen, one.deviation.win + win))
        for value, one in signal.values.items()
    }
    return replace(signal, values=values)
