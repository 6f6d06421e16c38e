"""What each signal adds to the log odds, and what it leaves open: the terms of the score."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from opps.domain.activity import activities
from opps.domain.behaviour import behaviours
from opps.domain.facts import Attribute
from opps.domain.knowledge import Believed, Known
from opps.domain.model import NO_NATS, TOPIC_OF, UNANSWERED, HeardSignal, Model, SignalSource, Topic
from opps.domain.size import AMOUNT_SIZE, amount_size
from opps.domain.valence import Spoken, speak

# What we saw ourselves, or were told at the opening, is no claim of anybody's.
OBSERVED = 1.0


class Term(Struct, frozen=True, gc=False):
    """What one signal adds in each channel, and the deviation of what it leaves open, in nats."""

    topic: Topic
    happen: float
    win: float
    open_happen: float
    open_win: float


class Heard(Struct, frozen=True, gc=False):
    """What one graded signal says: a value it knows, or None, believed how far.

    `left` is how much stays open, in spreads of the signal.
    """

    signal: HeardSignal
    value: str | None
    credence: float
    left: float


def terms(believed: Believed) -> list[Term]:
    """Return the terms of everything that the model in force listens to."""
    model = believed.known.model
    said = list(spoken_terms(speak(believed), model))
    heard = list(hear(believed))
    said.extend(map(_term, heard))
    if model.precedents is not None:
        said.append(Term(Topic.PRECEDENTS, 0.0, model.precedents.win(heard), 0.0, 0.0))
    return said


def spoken_terms(spoken: Iterable[Spoken], model: Model) -> Iterator[Term]:
    """Yield the terms of what the objectives say by the rules of the catalogue."""
    for one in spoken:
        weight, happen, win = model.weighs[one.objective], one.happen, one.win
        spread = model.spread_of(examined=one.examined)
        if one.objective in model.unheard:
            spread = 0.0
        yield Term(
            TOPIC_OF[one.objective],
            weight.happen * happen.credence * happen.valence,
            weight.win * win.credence * win.valence,
            weight.happen * (1 - happen.credence) * spread,
            weight.win * (1 - win.credence) * spread,
        )


def hear(believed: Believed) -> Iterator[Heard]:
    """Yield what each graded signal of the model in force says."""
    known = believed.known
    model = known.model
    if signals := model.heard_in[SignalSource.ATTRIBUTE]:
        yield from _attributes(believed, signals)
    if signals := model.heard_in[SignalSource.CONTEXT]:
        yield from _seen(signals, _context(known), model)
    if signals := model.heard_in[SignalSource.BEHAVIOUR]:
        seen = behaviours(known.conduct, known.unanswered, known.clock)
        # Where the buyer owes us nothing, there is nothing that we do not know.
        yield from _seen([signal for signal in signals if signal.name in seen], seen, model)
    if signals := model.heard_in[SignalSource.ACTIVITY]:
        names = [signal.name for signal in signals]
        yield from _seen(signals, activities(names, known.conduct, known.clock), model)


def _context(known: Known) -> Mapping[str, str]:
    """Return what was told at the opening, and how large it is."""
    if known.amount is None:
        return known.context
    return {**known.context, AMOUNT_SIZE: amount_size(known.amount)}


def _attributes(believed: Believed, signals: Iterable[HeardSignal]) -> Iterator[Heard]:
    model = believed.known.model
    unexamined, examined = model.spread_of(examined=False), model.spread_of(examined=True)
    held = {one.fact.attribute: one for one in believed.of(Attribute)}
    for signal in signals:
        one = held.get(signal.name)
        if one is None:
            yield Heard(signal, None, 0.0, unexamined)
            continue
        value, credence = one.fact.value, one.support.credence
        if value is None and UNANSWERED in signal.nats:
            # That the buyer did not tell is seen, not claimed; what they know stays open.
            yield Heard(signal, UNANSWERED, OBSERVED, examined)
        elif value in signal.nats:
            yield Heard(signal, value, credence, (1 - credence) * examined)
        else:
            yield Heard(signal, None, 0.0, examined)


def _seen(signals: Iterable[HeardSignal], said: Mapping[str, str], model: Model) -> Iterator[Heard]:
    for signal in signals:
        value = said.get(signal.name)
        if value in signal.nats:
            yield Heard(signal, value, OBSERVED, 0.0)
        else:
            yield Heard(signal, None, 0.0, model.spread_of(examined=value is not None))


def _term(heard: Heard) -> Term:
    signal, credence, left = heard.signal, heard.credence, heard.left
    nats, spread = signal.nats.get(heard.value, NO_NATS), signal.spread
    return Term(
        signal.topic,
        credence * nats.happen,
        credence * nats.win,
        left * spread.happen,
        left * spread.win,
    )
