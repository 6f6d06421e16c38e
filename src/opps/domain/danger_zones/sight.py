"""What the rules look at in one opportunity, and when time alone could change what they see."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import Belief
from opps.domain.contradictions import told_at
from opps.domain.facts import DecisionDate, Engagement
from opps.domain.knowledge import Believed, FacetStates, Held
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.valence.people import People


class Firing(Struct, frozen=True):
    """Why a rule fires: the facts it rests on, in words, and since when, where that is told."""

    because: str
    facts: tuple[UUID, ...] = ()
    since: datetime | None = None


class Contact(NamedTuple):
    """Something that somebody of the buyer told us or did with us."""

    at: datetime
    evaluator_id: UUID
    fact_id: UUID


class Sight:
    """One opportunity as the rules see it.

    Rules compare the clock with an instant only by asking `reached`. Whatever they ask about in
    the future is remembered: until the first of it, every answer stays, and so do the zones.
    """

    def __init__(self, state: Opportunity) -> None:
        self.state = state
        self.rules = state.setting.rules
        self.clock = state.clock
        self.known = known(state)
        self.believed = Believed(self.known)
        self.turns: list[datetime] = []

    def threshold(self, rule: str, name: str = "days") -> float:
        """Return a threshold as the organisation set it."""
        return self.rules.threshold(rule, name)

    def days(self, rule: str, name: str = "days") -> int:
        """Return a threshold in whole days, or another whole number."""
        return int(self.rules.threshold(rule, name))

    def reached(self, instant: datetime) -> bool:
        """Tell whether the clock has reached an instant; without a clock nothing has come."""
        if self.clock is not None and instant <= self.clock:
            return True
        self.turns.append(instant)
        return False

    def within(self, days: int, day: date | None) -> datetime | None:
        """Return since when a day is so many days away or fewer, None while it is further."""
        if day is None:
            return None
        since = midnight(day, -days)
        return since if self.reached(since) else None

    def longer_than(self, days: int, since: datetime) -> bool:
        """Tell whether something is more than so many days ago, by the UTC calendar."""
        return self.reached(midnight(since.date(), days + 1))

    @cached_property
    def facets(self) -> FacetStates:
        """How well each facet is known."""
        return FacetStates(self.believed)

    @cached_property
    def people(self) -> People:
        """How much each evaluator weighs."""
        return People(self.believed)

    @cached_property
    def decision_on(self) -> date | None:
        """The day of the decision: as they say, or else as we promised."""
        told = [one.fact.on_date for one in self.believed.of(DecisionDate)]
        return told[0] if told else self.state.commit_date

    @cached_property
    def beliefs(self) -> list[Belief]:
        """Every fact that was learned and not taken back, replaced ones too."""
        return [
            one
            for history in self.state.histories.values()
            for one in history.beliefs
            if not one.retracted
        ]

    @cached_property
    def contacts(self) -> list[Contact]:
        """What people of the buyer who are still there told us or did with us."""
        gone = self.believed.gone
        return [one for one in self._contacts() if one.evaluator_id not in gone]

    def _contacts(self) -> Iterator[Contact]:
        for one in self.beliefs:
            fact = one.fact
            if isinstance(fact, Engagement):
                yield Contact(midnight(fact.engaged_on), fact.evaluator_id, one.fact_id)
            elif one.provenance.told_by is not None:
                yield Contact(told_at(one), one.provenance.told_by, one.fact_id)


def midnight(day: date, days: int = 0) -> datetime:
    """Return the UTC midnight so many days after a day, within what the calendar has."""
    ordinal = min(max(day.toordinal() + days, 1), date.max.toordinal())
    return datetime.combine(date.fromordinal(ordinal), time(), UTC)


def ids(held: Iterable[Held[Any]]) -> tuple[UUID, ...]:
    """Return the facts that are held."""
    return tuple([one.belief.fact_id for one in held])
