"""Opportunities of 500 events in several shapes, the awkward ones among them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, cycle, islice
from typing import Any
from uuid import UUID, uuid5

from opps.domain.events import (
    Event,
    FactCorroborated,
    FactLearned,
    FactRedated,
    FactRetracted,
    RetractionReason,
    SellerActed,
    StageSet,
)
from opps.domain.facts import AnyFact
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Role, Stance
from opps.domain.times import Learned
from tests.domain import build, given

EVENTS = 500
PEOPLE = 40
BEGIN = given.MONDAY
EVERY = timedelta(hours=6)


def told_apart() -> list[Event]:
    """Return a deal that learns something new each time: 499 facts under as many keys."""
    said = chain.from_iterable(_said_of(person) for person in map(_person, range(PEOPLE)))
    return _deal(_learned(number, fact, number) for number, fact in enumerate(said))


def told_again() -> list[Event]:
    """Return a deal that ten persons tell one thing of, over and over: 499 facts under one key."""
    return _deal(
        _learned(number, given.budget(100 + number % 7), number % 10) for number in range(EVENTS)
    )


def put_right() -> list[Event]:
    """Return a deal of 150 facts under ten keys that are redated, taken back and told anew."""
    return _deal(chain.from_iterable(_told_and_put_right(number) for number in range(EVENTS)))


def agreed() -> list[Event]:
    """Return a deal of twenty facts that forty persons say again and again."""
    said = [_learned(number, _leaning(number), number) for number in range(20)]
    again = (
        FactCorroborated(
            learned=_on(number),
            fact_id=said[number % 20].fact_id,
            provenance=given.said_by(_person(number % PEOPLE)),
            repeats_first=number % 3 == 0,
        )
        for number in range(20, EVENTS)
    )
    return _deal(chain(said, again))


def lived() -> list[Event]:
    """Return a deal as most are: activity and stages between facts, some of which change."""
    said = list(islice(chain.from_iterable(_said_of(_person(one)) for one in range(8)), 80))

    def happened(number: int) -> Event:
        if number % 25 == 24:
            return StageSet(learned=_on(number), stage=f"Stage {number // 25}")
        if number % 2:
            return SellerActed(learned=_on(number), activity="call")
        return _learned(number, said[number // 2 % len(said)], number % 8)

    return _deal(map(happened, range(EVENTS)))


SHAPES = {
    "facts of 499 keys": told_apart,
    "499 facts of one key": told_again,
    "redated and retracted": put_right,
    "corroborated 479 times": agreed,
    "facts, activity, stages": lived,
}


def _deal(events: Iterator[Event]) -> list[Event]:
    opening = given.changed(given.opened, learned=Learned(latest=BEGIN))
    return [opening, *islice(events, EVENTS - 1)]


def _on(number: int) -> Learned:
    """Return when the one of that number was learned; every fifth was told a week late."""
    late = timedelta(days=7) if number % 5 == 4 else timedelta()
    return Learned(latest=max(BEGIN, BEGIN + number * EVERY - late))


def _person(number: int) -> UUID:
    return uuid5(given.DEAL, f"person {number}")


def _learned(number: int, fact: AnyFact, person: int, **more: Any) -> FactLearned:
    return FactLearned(
        learned=_on(number),
        fact_id=given.named(f"fact {number}"),
        fact=fact,
        provenance=given.said_by(_person(person % PEOPLE)),
        **more,
    )


def _leaning(number: int) -> AnyFact:
    levels = cycle(LeaningLevel)
    return build.leans(_person(number), next(islice(levels, number % len(LeaningLevel), None)))


def _said_of(person: UUID) -> Iterator[AnyFact]:
    """Yield what is known of one evaluator, and how they rate us by eight criteria."""
    yield build.an_evaluator(person, roles=(Role.USER,))
    yield build.weighs(person, InfluenceLevel.SIGNIFICANT)
    yield build.leans(person, LeaningLevel.SUPPORTER)
    yield build.would_change(person, Stance.FOR)
    yield build.prefers(person, build.US)
    for number in range(8):
        yield build.rated(
            build.US, 1, which=uuid5(given.DEAL, f"criterion {number}"), viewer=person
        )


def _told_and_put_right(number: int) -> Iterator[Event]:
    """Yield a fact, when it was learned in truth, and of every third that it was never so."""
    told = _learned(number, _leaning(number % 10), number % 4)
    yield told
    for earlier in (1, 2):
        when = Learned(latest=max(BEGIN, BEGIN + number * EVERY - earlier * EVERY))
        yield FactRedated(learned=_on(number), fact_id=told.fact_id, learned_on=when)
    if number % 3 == 0:
        yield FactRetracted(
            learned=_on(number), fact_id=told.fact_id, reason=RetractionReason.MISHEARD
        )
