"""What each signal adds to the log odds, and what it leaves open: the terms of the score."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from opps.domain.behaviour import activities, behaviours
from opps.domain.facts import Attribute
from opps.domain.knowledge import Believed
from opps.domain.model import NO_NATS, TOPIC_OF, UNANSWERED, HeardSignal, Model, SignalSource, Topic
from opps.domain.valence import Spoken, speak

# What we saw ourselves, or were told at the opening, is no claim of anybody's.
OBSERVED = 1.0


class Term(NamedTuple):
    """What one signal adds in each channel, and the deviation of what it leaves open, in nats."""

    topic: Topic
    happen: float
    win: float
    open_happen: float
    open_win: float


def terms(believed: Believed) -> list[Term]:
    """Return the terms of everything that the model in force listens to."""
    known = believed.known
    heard_in = known.model.heard_in
    said = list(spoken_terms(speak(believed), known.model))
    if signals := heard_in[SignalSource.ATTRIBUTE]:
        said.extend(_attributes(believed, signals))
    if signals := heard_in[SignalSource.CONTEXT]:
        said.extend(_seen(signals, known.context, known.model))
    if signals := heard_in[SignalSource.BEHAVIOUR]:
        seen = behaviours(known.conduct, known.unanswered, known.clock)
        # Where the buyer owes us nothing, there is nothing that we do not know.
        owed = [signal for signal in signals if signal.name in seen]
        said.extend(_seen(owed, seen, known.model))
    if signals := heard_in[SignalSource.ACTIVITY]:
        said.extend(_seen(signals, activities(known.conduct, known.clock), known.model))
    return said


def spoken_terms(spoken: Iterable[Spoken], model: Model) -> Iterator[Term]:
    """Yield the terms of what the objectives say by the rules of the catalogue."""
    for one in spoken:
        weight = model.weights[one.objective]
        spread = model.spread_of(examined=one.examined)
        if one.objective in model.unheard:
            spread = 0.0
        yield Term(
            TOPIC_OF[one.objective],
            weight.happen * one.happen.credence * one.happen.valence,
            weight.win * one.win.credence * one.win.valence,
            weight.happen * (1 - one.happen.credence) * spread,
            weight.win * (1 - one.win.credence) * spread,
        )


def _attributes(believed: Believed, signals: Iterable[HeardSignal]) -> Iterator[Term]:
    model = believed.known.model
    held = {one.fact.attribute: one for one in believed.of(Attribute)}
    for signal in signals:
        one = held.get(signal.name)
        if one is None:
            yield _silent(signal, model, examined=False)
        elif one.fact.value is None:
            # That the buyer did not tell is seen, not claimed; what they know stays open.
            yield _term(signal, UNANSWERED, OBSERVED, model.spread_of(examined=True))
        elif one.fact.value in signal.nats:
            left = (1 - one.credence) * model.spread_of(examined=True)
            yield _term(signal, one.fact.value, one.credence, left)
        else:
            yield _silent(signal, model, examined=True)


def _seen(signals: Iterable[HeardSignal], said: Mapping[str, str], model: Model) -> Iterator[Term]:
    for signal in signals:
        value = said.get(signal.name)
        if value in signal.nats:
            yield _term(signal, value, OBSERVED, 0.0)
        else:
            yield _silent(signal, model, examined=value is not None)


def _silent(signal: HeardSignal, model: Model, *, examined: bool) -> Term:
    left = model.spread_of(examined=examined)
    return Term(signal.topic, 0.0, 0.0, left * signal.spread.happen, left * signal.spread.win)


def _term(signal: HeardSignal, value: str, credence: float, left: float) -> Term:
    nats = signal.nats.get(value, NO_NATS)
    return Term(
        signal.topic,
        credence * nats.happen,
        credence * nats.win,
        left * signal.spread.happen,
        left * signal.spread.win,
    )
