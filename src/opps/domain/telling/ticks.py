"""What time alone moved: facts that age, dates that pass, and answers that do not come."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from math import fsum
from typing import NamedTuple, cast
from uuid import UUID

from opps.domain.behaviour import (
    PROPOSAL_ANSWER,
    QUESTION_ANSWER,
    Wait,
    behaviours,
    proposal_wait,
)
from opps.domain.beliefs import Standing
from opps.domain.credence import SILENCE_DAYS, days_past, departed, last_said, support_of
from opps.domain.facts import AnyFact, CompellingEvent, NextStep
from opps.domain.knowledge import Freshness, Known
from opps.domain.model import NO_NATS, TOPIC_OF, SignalSource, Topic
from opps.domain.score import Score
from opps.domain.telling.causes import CauseKind
from opps.domain.telling.facts import in_words
from opps.domain.telling.forms import counted, plain
from opps.domain.telling.names import Names

_SPELLED_OUT = 2


class Moment(NamedTuple):
    """What is known at a moment, and the score of it."""

    known: Known
    score: Score


class Passing(NamedTuple):
    """One thing that time changed: which kind of line it makes, and how far it moved the score."""

    kind: CauseKind
    words: str
    fact_ids: tuple[UUID, ...]
    nats: float


def passed(earlier: Moment, later: Moment, names: Names) -> list[Passing]:
    """Return what time changed in what is known, what moved the score most first."""
    was, now = earlier.known, later.known
    behaved = _behaved(now)
    for topic, (happen, win) in _behaved(was).items():
        behaved[topic] = behaved[topic][0] - happen, behaved[topic][1] - win
    knowledge = {
        one.topic: _size(
            one.happen - before.happen - behaved[one.topic][0],
            one.win - before.win - behaved[one.topic][1],
        )
        for before, one in zip(earlier.score.contributions, later.score.contributions, strict=True)
    }
    found = [
        *_silences(was, now, fsum(_size(*moved) for moved in behaved.values())),
        *_dates(now, was.clock, names, knowledge),
        *_aged(was, now, names, knowledge),
    ]
    return sorted(found, key=lambda one: -one.nats)


def spelled(found: list[Passing]) -> str:
    """Return what time changed in words: the most important things, and how many more."""
    if not found:
        return "time"
    words = "; ".join(one.words for one in found[:_SPELLED_OUT])
    more = len(found) - _SPELLED_OUT
    return f"time: {words}; and {more} more" if more > 0 else f"time: {words}"


def _behaved(looked_at: Known) -> defaultdict[Topic, tuple[float, float]]:
    """Return what the buyer's conduct adds to each topic and channel, in nats."""
    said = behaviours(looked_at.conduct, looked_at.unanswered, looked_at.clock)
    added: defaultdict[Topic, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for signal in looked_at.model.heard_in[SignalSource.BEHAVIOUR]:
        nats = signal.nats.get(said.get(signal.name, ""), NO_NATS)
        happen, win = added[signal.topic]
        added[signal.topic] = happen + nats.happen, win + nats.win
    return added


def _size(happen: float, win: float) -> float:
    return abs(happen) + abs(win)


def _silences(earlier: Known, later: Known, nats: float) -> Iterator[Passing]:
    """Yield what the buyer still owes us, where that is another observation that counts."""
    was, now = (
        behaviours(one.conduct, one.unanswered, one.clock).items() for one in (earlier, later)
    )
    if not nats or not now - was:
        return
    words = "; ".join(waited_for(name, later) for name, _ in sorted(now - was)[:_SPELLED_OUT])
    yield Passing(CauseKind.SILENCE, words, (), nats)


def waited_for(name: str, looked_at: Known) -> str:
    """Return what a signal of the buyer's conduct says, in words."""
    kind, _, objective = name.partition(":")
    proposal = proposal_wait(looked_at.conduct)
    if kind == PROPOSAL_ANSWER and proposal is not None:
        wait, begun = proposal
        if wait is Wait.ANSWERED:
            return f"the buyer's last answer is {_days(begun, looked_at.clock)} old"
        return f"no answer to the proposal for {_days(begun, looked_at.clock)}"
    waits = [
        (since, facet)
        for facet, since in looked_at.unanswered.items()
        if kind == QUESTION_ANSWER and facet.objective.value == objective
    ]
    if waits:
        since, facet = min(waits)
        return f"no answer about the {plain(facet)} for {_days(since, looked_at.clock)}"
    return plain(kind)


def _dates(
    later: Known, before: datetime | None, names: Names, moved: dict[Topic, float]
) -> Iterator[Passing]:
    """Yield the dates that passed without what was to happen."""
    for fact_id, fact in _standing(later):
        match fact:
            case CompellingEvent(on_date=date() as on) if _turned(on, 0, before, later.clock):
                words = f"the date of the {in_words(fact, names)} has passed"
                nats = moved.get(TOPIC_OF[fact.objective], 0.0)
                yield Passing(CauseKind.DEADLINE, words, (fact_id,), nats)
            case NextStep(on_date=on) if _turned(on, 0, before, later.clock) or _turned(
                on, SILENCE_DAYS, before, later.clock
            ):
                late = counted(days_past(on, later.clock), "day")
                words = f"{late} late: {in_words(fact, names)}"
                nats = moved.get(TOPIC_OF[fact.objective], 0.0)
                yield Passing(CauseKind.SILENCE, words, (fact_id,), nats)


def _turned(on: date, days: int, before: datetime | None, now: datetime | None) -> bool:
    return days_past(on, before) <= days < days_past(on, now)


def _aged(
    earlier: Known, later: Known, names: Names, moved: dict[Topic, float]
) -> Iterator[Passing]:
    """Yield the facts that are less fresh than they were."""
    gone = departed(later.standings.values())
    for standing in later.standings.values():
        if standing.belief is None:
            continue
        was, now = (support_of(standing, one, gone).freshness for one in (earlier, later))
        if was is not now:
            yield _old(standing, now, later, names, moved)


def _old(
    standing: Standing, now: Freshness, later: Known, names: Names, moved: dict[Topic, float]
) -> Passing:
    first = standing.beliefs[0]
    fact = cast(AnyFact, first.fact)
    age = _days(last_said(standing, later.view), later.clock)
    words = f"{in_words(fact, names)}, last heard {age} ago, is {plain(now)}"
    nats = moved.get(TOPIC_OF[fact.objective], 0.0)
    return Passing(CauseKind.STALENESS, words, (first.fact_id,), nats)


def _standing(looked_at: Known) -> Iterator[tuple[UUID, AnyFact]]:
    for standing in looked_at.standings.values():
        if standing.belief is not None:
            yield standing.belief.fact_id, cast(AnyFact, standing.belief.fact)


def _days(since: datetime, clock: datetime | None) -> str:
    days = max(0, (clock - since).days) if clock else 0
    return counted(days, "day") if days else "less than a day"
