"""A score in words: what speaks for and against, in objectives and context, and what is unknown."""

from collections.abc import Iterator
from math import sqrt
from typing import cast
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import FACETS, Facet, Objective
from opps.domain.change import change
from opps.domain.facts import AnyFact, Attribute
from opps.domain.knowledge import Believed, FacetState, Known, facet_states
from opps.domain.model import (
    NO_NATS,
    TOPIC_OF,
    UNANSWERED,
    Channel,
    HeardSignal,
    Model,
    Signal,
    SignalSource,
    Topic,
)
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.precedents import Precedents
from opps.domain.score import Score, prior, score
from opps.domain.signals import hear, terms
from opps.domain.telling.facts import in_words
from opps.domain.telling.forms import percent, plain
from opps.domain.telling.names import Names
from opps.domain.telling.ticks import waited_for

# What is written as 0.0 points speaks neither for nor against.
_HEARD_MILLI_POINTS = 50
_SPELLED_OUT = 3
# In how many signals a closed deal may differ that is still worth telling of.
_ALIKE = 2


class Reason(Struct, frozen=True, kw_only=True):
    """What a topic rests on, in words, with the expert's or the model's reason for its grade."""

    words: str
    because: str | None = None
    fact_id: UUID | None = None


class TopicExplained(Struct, frozen=True, kw_only=True):
    """What one objective, or a context, does to the score: of all topics it adds up exactly.

    Milli-points are counted from the base rate. `happen` and `win` are its contributions in nats;
    `open_happen` and `open_win` how much the unknown of it could still move each channel, as
    standard deviations. The facets are those an objective requires: nobody looked at, noted as
    unknown, asked of the buyer without an answer, contradicted.
    """

    topic: Topic
    happen: float
    win: float
    happen_milli_points: int
    win_milli_points: int
    open_happen: float
    open_win: float
    reasons: tuple[Reason, ...]
    not_asked: tuple[Facet, ...] = ()
    noted: tuple[Facet, ...] = ()
    unanswered: tuple[Facet, ...] = ()
    contradicted: tuple[Facet, ...] = ()

    @property
    def heard(self) -> bool:
        """Whether it speaks for or against at all."""
        heard = abs(self.happen_milli_points), abs(self.win_milli_points)
        return max(heard) >= _HEARD_MILLI_POINTS

    @property
    def milli_points(self) -> int:
        """What it does to the score."""
        return self.happen_milli_points + self.win_milli_points

    @property
    def words(self) -> str:
        """What it does, what it rests on, and what is unknown, in a sentence or two."""
        said = f"{name_of(self.topic)}: {' and '.join(self._bearings()) or self._silence()}"
        if self.reasons:
            shown = "; ".join(one.words for one in self.reasons[:_SPELLED_OUT])
            more = len(self.reasons) - _SPELLED_OUT
            said = f"{said}: {shown}" + (f"; and {more} more" if more > 0 else "")
        return ". ".join([said, *self._unknown()]) + "."

    def _silence(self) -> str:
        if self.reasons:
            return "speaks neither for nor against"
        return "nothing believed" if self.contradicted else "nothing known"

    def _bearings(self) -> Iterator[str]:
        for milli_points, about in (
            (self.happen_milli_points, "a decision"),
            (self.win_milli_points, "us"),
        ):
            if abs(milli_points) >= _HEARD_MILLI_POINTS:
                way = "for" if milli_points > 0 else "against"
                yield f"speaks {way} {about} ({milli_points / 1000:+.1f} points)"

    def _unknown(self) -> Iterator[str]:
        for words, facets in (
            ("Contradicted, so it does not count", self.contradicted),
            ("Asked, without an answer so far", self.unanswered),
            ("Noted as unknown", self.noted),
            ("Not asked", self.not_asked),
        ):
            if facets:
                yield f"{words}: {', '.join(map(plain, facets))}"


class Explanation(Struct, frozen=True, kw_only=True):
    """A score, the base rate that it starts from, and what leads from one to the other.

    Without `evidence` nothing speaks for or against, and the base rate answers.
    """

    score: Score
    base: Score
    topics: tuple[TopicExplained, ...]
    listens: bool

    @property
    def evidence(self) -> bool:
        """Whether anything speaks for or against."""
        return any(one.heard for one in self.topics)

    @property
    def summary(self) -> str:
        """The score and the strongest of what speaks for and against, in one sentence."""
        base = f"the base rate of {self.score.model} is {percent(self.base.p)} %"
        if not self.evidence:
            why = (
                "nothing is known that speaks for or against"
                if self.listens
                else "this model found nothing that tells wins from losses"
            )
            return f"There is no evidence: {why}. It answers with the base rate: {base}."
        strongest = sorted(self.topics, key=lambda one: -abs(one.milli_points))
        sides = [
            f"{side}: {', '.join(map(_counted, found))}"
            for side, found in (
                ("for", [one for one in strongest if one.heard and one.milli_points > 0]),
                ("against", [one for one in strongest if one.heard and one.milli_points < 0]),
            )
            if found
        ]
        return f"{percent(self.score.p)} %, where {base}; {'; '.join(sides)}."


def explain(state: Opportunity) -> Explanation:
    """Return the score of an opportunity in words, by objective and context."""
    looked_at = known(state)
    model, now = looked_at.model, score(looked_at)
    base = prior(model)
    effects = {(one.topic, one.channel): one.milli_points for one in change(base, now).effects}
    left = _left_open(looked_at)
    reasons = _reasons(looked_at, Names(state))
    states = facet_states(looked_at)
    topics = tuple(
        TopicExplained(
            topic=one.topic,
            happen=one.happen,
            win=one.win,
            happen_milli_points=effects.get((one.topic, Channel.HAPPEN), 0),
            win_milli_points=effects.get((one.topic, Channel.WIN), 0),
            open_happen=left[one.topic][0],
            open_win=left[one.topic][1],
            reasons=tuple(reasons.get(one.topic, ())),
            **_facets(one.topic.objective, states, looked_at),
        )
        for one in now.contributions
    )
    return Explanation(score=now, base=base, topics=topics, listens=listens(model))


def listens(model: Model) -> bool:
    """Tell whether a model gives weight to anything that its opportunities have spoken of."""
    return any(
        weight != NO_NATS
        for objective, weight in model.weights.items()
        if objective not in model.unheard
    ) or any(signal.nats(value) != NO_NATS for signal in model.signals for value in signal.values)


def name_of(topic: Topic) -> str:
    """Return what a topic is called in a sentence."""
    return plain(topic).capitalize()


def _counted(topic: TopicExplained) -> str:
    return f"{plain(topic.topic)} ({topic.milli_points / 1000:+.1f} points)"


def _left_open(looked_at: Known) -> dict[Topic, tuple[float, float]]:
    happen = dict.fromkeys(looked_at.model.topics, 0.0)
    win = dict(happen)
    for term in terms(Believed(looked_at)):
        happen[term.topic] += term.open_happen**2
        win[term.topic] += term.open_win**2
    return {topic: (sqrt(happen[topic]), sqrt(win[topic])) for topic in happen}


def _reasons(looked_at: Known, names: Names) -> dict[Topic, list[Reason]]:
    """Return what each topic rests on: the facts believed most first, then what else was seen."""
    model, believed = looked_at.model, Believed(looked_at)
    signals = {(one.source, one.name): one for one in model.signals}
    found: dict[Topic, list[Reason]] = {}
    for held in sorted(believed.held(), key=lambda one: -one.credence):
        fact = cast(AnyFact, held.fact)
        topic, because = TOPIC_OF[fact.objective], None
        if isinstance(fact, Attribute):
            signal = signals.get((SignalSource.ATTRIBUTE, fact.attribute))
            topic = signal.topic if signal else topic
            because = _because(signal, UNANSWERED if fact.value is None else fact.value)
        words = in_words(fact, names)
        found.setdefault(topic, []).append(
            Reason(words=words, because=because, fact_id=held.belief.fact_id)
        )
    for source, value, one in _seen(believed):
        signal = signals[source, one.name]
        words = _in_words(source, one.name, value, looked_at)
        reason = Reason(words=words, because=_because(signal, value))
        found.setdefault(one.topic, []).append(reason)
    if model.precedents is not None:
        found[Topic.PRECEDENTS] = [Reason(words=one) for one in _alike(believed, model.precedents)]
    return found


def _alike(believed: Believed, precedents: Precedents) -> Iterator[str]:
    """Yield how the closed deals ended that differ in little, the most alike first."""
    pulls = precedents.pulls(list(hear(believed)))
    for differing in range(_ALIKE + 1):
        alike = [one.precedent for one in pulls if one.differing == differing]
        if alike:
            deals = f"{len(alike)} closed deal{'s' if len(alike) > 1 else ''}"
            much = f"that differ{'s' if len(alike) == 1 else ''} in {differing}"
            won = sum(one.won for one in alike)
            yield f"{deals} {much if differing else 'just like it'}, {won} won"


def _seen(believed: Believed) -> Iterator[tuple[SignalSource, str, HeardSignal]]:
    """Yield what was seen or told at the opening, where the model gives it any weight."""
    graded = believed.known.model.heard_in
    sources = {
        id(signal): source
        for source, signals in graded.items()
        for signal in signals
        if source is not SignalSource.ATTRIBUTE
    }
    for heard in hear(believed):
        signal, value, source = heard.signal, heard.value, sources.get(id(heard.signal))
        if source is not None and value is not None and signal.nats[value] != NO_NATS:
            yield source, value, signal


def _in_words(source: SignalSource, name: str, value: str, looked_at: Known) -> str:
    if source is SignalSource.BEHAVIOUR:
        return waited_for(name, looked_at)
    return f"{plain(name).replace(':', ' ')}, {plain(value)}"


def _because(signal: Signal | None, value: str) -> str | None:
    graded = signal.values.get(value) if signal is not None else None
    return graded.because or None if graded is not None else None


def _facets(
    objective: Objective | None, states: dict[Facet, FacetState], looked_at: Known
) -> dict[str, tuple[Facet, ...]]:
    if objective is None:
        return {}
    required = [facet for facet in FACETS[objective] if facet.required]
    noted = [facet for facet in required if states[facet] is FacetState.ACKNOWLEDGED]
    return {
        "not_asked": tuple(one for one in required if states[one] is FacetState.UNEXAMINED),
        "noted": tuple(one for one in noted if one not in looked_at.unanswered),
        "unanswered": tuple(one for one in noted if one in looked_at.unanswered),
        "contradicted": tuple(one for one in required if states[one] is FacetState.CONTRADICTED),
    }
