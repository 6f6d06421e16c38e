"""What closed opportunities said, as matrices: one row a moment, one column a parameter.

The terms are those of the score itself, heard by `domain.signals` with the prior model.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from opps.domain.catalogue import Objective
from opps.domain.knowledge import Believed, Known
from opps.domain.model import NO_NATS, Channel, Model, Nats, Signal
from opps.domain.signals import hear
from opps.domain.valence import speak
from opps.learning.metrics import Numbers

OBJECTIVES = tuple(Objective)
# Their columns, after that of the intercept.
OF_OBJECTIVES = slice(1, 1 + len(OBJECTIVES))
NOT_HEARD = -1
# From so many deals on, what none of them spoke of is something that the source does not tell.
MANY_DEALS = 200
_TINY = 1e-300
_FLAT = 1e-9


class Sample(Struct, frozen=True, kw_only=True):
    """What some opportunities said: of each objective by the rules, and of each graded signal.

    `spoken` is credence times valence; `value` the number of the value among the signal's, or -1.
    """

    spoken: dict[Channel, Numbers]
    value: NDArray[np.intp]
    credence: Numbers

    @property
    def size(self) -> int:
        """How many moments there are."""
        return len(self.value)

    @property
    def heard(self) -> list[int]:
        """The numbers of the signals that were heard at all."""
        return [int(number) for number in np.nonzero((self.value != NOT_HEARD).any(axis=0))[0]]

    def of(self, rows: NDArray[np.intp], signals: Sequence[int]) -> "Sample":
        """Return what some of the rows said of some of the signals."""
        cells = np.ix_(rows, np.array(signals, dtype=np.intp))
        return Sample(
            spoken={channel: spoken[rows] for channel, spoken in self.spoken.items()},
            value=self.value[cells],
            credence=self.credence[cells],
        )

    def alike(self, *more: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return one row of each kind, and the kind of every row.

        Rows are of one kind that said the same, and are the same in what else is given.
        """
        columns = [
            *self.spoken.values(),
            self.value,
            self.credence,
            *(one[:, None] for one in more),
        ]
        _, first, kind = np.unique(
            np.hstack(columns), axis=0, return_index=True, return_inverse=True
        )
        return first, kind.reshape(-1)


class Layout:
    """Which column belongs to what: the intercept, the nine weights, then signal by signal.

    `shares` is how often each value of a signal is heard, where the signal is.
    """

    def __init__(self, signals: Sequence[Signal], said: Sample, mass: Numbers) -> None:
        self.signals = signals
        self.shares = [
            _shares(said.value[:, number], mass * said.credence[:, number], len(signal.values))
            for number, signal in enumerate(signals)
        ]
        self.weights: list[int] = []
        self.values: list[slice] = []
        at = OF_OBJECTIVES.stop
        for signal in signals:
            self.weights.append(at)
            self.values.append(slice(at + 1, at + 1 + len(signal.values)))
            at = self.values[-1].stop
        self.width = at


def sample(model: Model, knowns: Sequence[Known]) -> Sample:
    """Return what opportunities said to a model at their moments."""
    rows, signals = len(knowns), len(model.signals)
    spoken = {channel: np.zeros((rows, len(OBJECTIVES))) for channel in Channel}
    value = np.full((rows, signals), NOT_HEARD, dtype=np.intp)
    credence = np.zeros((rows, signals))
    numbers = _numbers(model)
    for row, known in enumerate(knowns):
        believed = Believed(replace(known, model=model))
        for column, one in enumerate(speak(believed)):
            spoken[Channel.HAPPEN][row, column] = one.happen.credence * one.happen.valence
            spoken[Channel.WIN][row, column] = one.win.credence * one.win.valence
        for heard in hear(believed):
            if heard.value is not None:
                signal, values = numbers[id(heard.signal)]
                value[row, signal] = values[heard.value]
                credence[row, signal] = heard.credence
    return Sample(spoken=spoken, value=value, credence=credence)


def means(signals: Sequence[Signal], said: Sample, mass: Numbers) -> list[float]:
    """Return the mean grade of each signal where it was heard; its own where it never was."""
    found = []
    for number, signal in enumerate(signals):
        weight = mass * said.credence[:, number]
        total = weight.sum()
        grades = _of_values([one.grade for one in signal.values.values()], said.value[:, number])
        found.append(float(weight @ grades / total) if total > 0 else signal.mean)
    return found


def matrix(channel: Channel, said: Sample, layout: Layout) -> Numbers:
    """Return the columns of a channel: times the parameters they are its log odds.

    What a value adds is counted from the mean over those that are heard, as its grade is: so what
    is not heard counts as the mean, and not as any value.
    """
    columns = np.zeros((said.size, layout.width))
    columns[:, 0] = 1.0
    columns[:, OF_OBJECTIVES] = said.spoken[channel]
    for number, signal in enumerate(layout.signals):
        value, credence = said.value[:, number], said.credence[:, number]
        grades = [one.grade - signal.mean for one in signal.values.values()]
        columns[:, layout.weights[number]] = credence * _of_values(grades, value)
        (heard,) = np.nonzero(value != NOT_HEARD)
        columns[:, layout.values[number]] = -np.outer(credence, layout.shares[number])
        columns[heard, layout.values[number].start + value[heard]] += credence[heard]
    return columns


def spread(nats: Sequence[float], value: NDArray[np.intp], mass: Numbers) -> float | None:
    """Return the standard deviation of a term over where it was heard; None where it never was."""
    heard = mass * (value != NOT_HEARD)
    total = heard.sum()
    if total <= 0:
        return None
    terms = _of_values(nats, value)
    mean = heard @ terms / total
    return float(np.sqrt(heard @ (terms - mean) ** 2 / total))


def terms(channel: Channel, signals: Sequence[Signal], said: Sample) -> Numbers:
    """Return what each signal adds to a channel in each row."""
    columns = np.zeros((said.size, len(signals)))
    for number, signal in enumerate(signals):
        nats = [of_channel(channel, signal.nats(value) or NO_NATS) for value in signal.values]
        columns[:, number] = said.credence[:, number] * _of_values(nats, said.value[:, number])
    return columns


def unspoken(said: Sample) -> tuple[Objective, ...]:
    """Return the objectives of which none of the opportunities spoke."""
    spoken = sum(np.abs(said.spoken[channel]).sum(axis=0) for channel in Channel)
    return tuple(one for one, much in zip(OBJECTIVES, spoken, strict=True) if much < _FLAT)


def unheard(prior: Model, said: Sample, deals: int) -> tuple[Objective, ...]:
    """Return the objectives whose unknown leaves the interval: the source does not tell of them.

    A few deals that happen not to speak of one do not show that: of those the expert must say so.
    """
    return tuple(one for one in unspoken(said) if one in prior.unheard or deals >= MANY_DEALS)


def of_channel(channel: Channel, nats: Nats) -> float:
    """Return what some nats are in one channel."""
    return nats.happen if channel is Channel.HAPPEN else nats.win


def _shares(value: NDArray[np.intp], mass: Numbers, values: int) -> Numbers:
    heard = value != NOT_HEARD
    often: Numbers = np.bincount(value[heard], mass[heard], values).astype(np.float64)
    return often / max(float(often.sum()), _TINY)


def _of_values(numbers: Sequence[float], value: NDArray[np.intp]) -> Numbers:
    """Return the number that belongs to each value, 0 where none was heard."""
    return np.array([*numbers, 0.0])[value]


def _numbers(model: Model) -> dict[int, tuple[int, dict[str, int]]]:
    """Return the number of each signal that the model hears with, and of its values."""
    found = {}
    for source, heard in model.heard_in.items():
        there = [n for n, one in enumerate(model.signals) if one.source is source]
        for signal, number in zip(heard, there, strict=True):
            values = {name: place for place, name in enumerate(model.signals[number].values)}
            found[id(signal)] = number, values
    return found
