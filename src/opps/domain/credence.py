"""What a fact rests on: who says so, how long ago, and how far that is to be believed.

Source: docs/knowledge.md; what it leaves open is decided in ADR 0006.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import chain
from math import prod
from typing import get_args
from uuid import UUID

from msgspec import Struct, field

from opps.domain import behaviour
from opps.domain.activity import activity_turns
from opps.domain.beliefs import NOW, Belief, Note, Standing, Verdict, View
from opps.domain.catalogue import Facet
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.facts import CompellingEvent, EvaluatorLeft, Fact, NextStep, references
from opps.domain.model import Model, SignalSource
from opps.domain.money import Money
from opps.domain.oks_1 import OKS_1
from opps.domain.personal import Personal
from opps.domain.provenance import GRADES_1, SourceKind

CREDENCE_LIMIT = 0.95
SILENCE_DAYS = 30


class Freshness(StrEnum):
    """How long ago a fact was last said, against the horizon of its kind."""

    FRESH = "FRESH"
    AGEING = "AGEING"
    STALE = "STALE"

    @property
    def factor(self) -> float:
        """What is left of a credence at this freshness."""
        return _FACTORS[self]


_FACTORS = {Freshness.FRESH: 1.0, Freshness.AGEING: 0.7, Freshness.STALE: 0.4}


class Known(Struct, frozen=True, kw_only=True):
    """Everything that the score and the states look at, for one view.

    `asked_about` are the facets of questions, until they are dropped: an answer in words alone
    leaves a facet acknowledged, for only a fact makes it known. `unanswered` are the facets that
    the buyer was asked about and has not answered, since when. `clock` is the last clock tick
    the view sees; without one everything is fresh. `view` hides the corroborations and
    reconfirmations that it does not reach. `context` was told at the opening.
    """

    us: UUID
    do_nothing: UUID
    standings: Mapping[str, Standing]
    asked_about: frozenset[Facet] = frozenset()
    not_applicable: frozenset[Facet] = frozenset()
    amount: Money | None = None
    clock: datetime | None = None
    view: View = NOW
    grades: Mapping[SourceKind, float] = field(default_factory=lambda: GRADES_1)
    model: Model = OKS_1
    context: Mapping[str, str] = field(default_factory=dict)
    unanswered: Mapping[Facet, datetime] = field(default_factory=dict)
    conduct: Conduct = NO_CONDUCT


class Support(Struct, frozen=True, gc=False):
    """What a fact rests on: its credence, from how many independent sources, how fresh."""

    credence: float
    sources: int
    freshness: Freshness


UNSUPPORTED = Support(credence=0.0, sources=0, freshness=Freshness.FRESH)


def credence(held: Standing | Belief, known: Known) -> float:
    """Return how far a fact is believed, from 0 to .95; 0 for a contradicted key.

    [1 - prod(1 - grade)] over independent sources, at most .95, times the freshness.
    """
    return support(held, known).credence


def support(held: Standing | Belief, known: Known) -> Support:
    """Return what a fact rests on; a contradicted key rests on nothing."""
    standing = held if isinstance(held, Standing) else Standing(Verdict.STANDS, (held,))
    if standing.verdict is not Verdict.STANDS:
        return UNSUPPORTED
    return support_of(standing, known, departed(known.standings.values()))


def support_of(standing: Standing, known: Known, gone: frozenset[UUID]) -> Support:
    """Return what a fact that stands rests on; `gone` are the evaluators who left."""
    backing = standing.beliefs if len(standing.beliefs) == 1 else _backing(standing)
    freshness = _freshness(backing, known, gone)
    first = backing[0]
    if len(backing) == 1 and not first.corroborated:
        certainty, sources = 1 - (1 - known.grades[first.provenance.source]), 1  # as nearly all
    else:
        grades = _grades(backing, known)
        certainty, sources = 1 - prod([1 - grade for grade in grades.values()]), len(grades)
    return Support(min(certainty, CREDENCE_LIMIT) * _FACTORS[freshness], sources, freshness)


def departed(standings: Iterable[Standing]) -> frozenset[UUID]:
    """Return the evaluators who left."""
    facts = [standing.beliefs[0].fact for standing in standings if standing.beliefs]
    return frozenset([fact.evaluator_id for fact in facts if isinstance(fact, EvaluatorLeft)])


def next_step_at(known: Known) -> datetime | None:
    """Return the first instant after the clock at which time alone can change what is known.

    That is where a fact ages or goes stale, and where a date it rests on has passed.
    """
    ours = [signal.name for signal in known.model.heard_in[SignalSource.ACTIVITY]]
    turns = chain(
        behaviour.turns(known.conduct, known.unanswered, known.clock),
        activity_turns(ours, known.conduct, known.clock),
        (turn for standing in known.standings.values() for turn in _turns(standing, known)),
    )
    return min((turn for turn in turns if known.clock is None or turn > known.clock), default=None)


def days_past(day: date, clock: datetime | None) -> int:
    """Return how many days ago a day was, by the UTC calendar of the clock; never negative."""
    return 0 if clock is None else max(0, (clock.date() - day).days)


def last_said(standing: Standing, view: View) -> datetime:
    """Return when somebody last vouched for a fact that stands."""
    return _said_at(_backing(standing), view)


def _backing(standing: Standing) -> tuple[Belief, ...]:
    """Return the belief that speaks, and those of others who say just the same."""
    first, *others = standing.beliefs
    return (first, *(other for other in others if _same_content(other.fact, first.fact)))


def _grades(backing: tuple[Belief, ...], known: Known) -> dict[UUID | None, float]:
    """Return the best grade of each person who says it; a mere repetition adds nobody."""
    grades: dict[UUID | None, float] = {}
    for belief in backing:
        said = [(belief.person, belief.provenance.source)]
        if belief.corroborated:
            said += [
                (note.provenance.person, note.provenance.source)
                for note in _independent(belief)
                if note.provenance is not None and note.held(known.view)
            ]
        for person, source in said:
            grades[person] = max(grades.get(person, 0.0), known.grades[source])
    return grades


def _independent(belief: Belief) -> list[Note]:
    return [note for note in belief.corroborated if note.independent]


def _same_content(one: Fact, other: Fact) -> bool:
    """Tell whether two facts say the same; how personal text is stored makes no difference."""
    return type(one) is type(other) and all(
        _same(getattr(one, field), getattr(other, field)) for field in one.__struct_fields__
    )


_PERSONAL = get_args(Personal)


def _same(one: object, other: object) -> bool:
    return one == other or (isinstance(one, _PERSONAL) and isinstance(other, _PERSONAL))


def _freshness(backing: tuple[Belief, ...], known: Known, gone: frozenset[UUID]) -> Freshness:
    fact = backing[0].fact
    if fact.horizon_days is None:
        return Freshness.FRESH
    if gone and (people := _rests_on(fact)) and people <= gone:
        return Freshness.STALE
    if known.clock is None:
        return Freshness.FRESH
    half, horizon = _horizon(fact.horizon_days)
    age = known.clock - _said_at(backing, known.view)
    if age < half:
        return Freshness.FRESH
    return Freshness.AGEING if age < horizon else Freshness.STALE


@cache
def _horizon(days: int) -> tuple[timedelta, timedelta]:
    """Return after how long a fact ages, and after how long it is stale."""
    return timedelta(days=days) / 2, timedelta(days=days)


def _said_at(backing: tuple[Belief, ...], view: View) -> datetime:
    """Return when somebody last vouched for a fact."""
    first = backing[0]
    if len(backing) == 1 and not (first.redated or first.reconfirmed or first.corroborated):
        return first.learned.effective(first.recorded_at)  # as nearly all are
    moments = [one.learned_for(view).effective(one.recorded_at) for one in backing]
    for one in backing:
        if one.reconfirmed or one.corroborated:
            notes = *one.reconfirmed, *_independent(one)
            moments += [
                note.learned.effective(note.recorded_at) for note in notes if note.held(view)
            ]
    return max(moments)


def _rests_on(fact: Fact) -> set[UUID]:
    """Return the evaluators that a fact is about."""
    introduced = fact.introduces()
    named = references(fact) if introduced is None else [introduced, *references(fact)]
    return {one for kind, one in named if kind == "evaluator"}


def _turns(standing: Standing, known: Known) -> Iterator[datetime]:
    belief = standing.belief
    if belief is None:
        return
    if belief.fact.horizon_days is not None:
        said_at = _said_at(_backing(standing), known.view)
        for after in _horizon(belief.fact.horizon_days):
            yield said_at + after
    match belief.fact:
        case CompellingEvent(on_date=date() as day):
            yield from _after(day, 1)
        case NextStep(on_date=day):
            yield from _after(day, 1)
            yield from _after(day, SILENCE_DAYS + 1)


def _after(day: date, days: int) -> Iterator[datetime]:
    """Return the midnight that many days later, as long as the calendar has it."""
    if day.toordinal() + days <= date.max.toordinal():
        yield datetime.combine(day + timedelta(days=days), time(), UTC)
