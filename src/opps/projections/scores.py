"""The score before and after an event, computed only where what it looks at has changed."""

from datetime import datetime
from functools import cached_property
from operator import eq
from typing import TypeVar
from uuid import UUID

from opps.domain.change import Change, change
from opps.domain.knowledge import Known, next_step_at
from opps.domain.model import SignalSource
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.score import Score, score
from opps.domain.setting import Setting

_REMEMBERED = 10_000

V = TypeVar("V")


class Scored:
    """The score around one event; `before` is missing at the opening."""

    def __init__(self, before: Score | None, after: Score) -> None:
        self.before = before
        self.after = after

    @cached_property
    def change(self) -> Change | None:
        """What moved, None at the opening."""
        return None if self.before is None else change(self.before, self.after)


class Moment:
    """What a score looks at in one state, worked out once for all who ask."""

    def __init__(self, state: Opportunity, looks: tuple[object, ...], scores: "Scores") -> None:
        self.state = state
        self.looks = looks
        self._scores = scores

    @cached_property
    def known(self) -> Known:
        """What is known."""
        return known(self.state)

    @cached_property
    def turns_at(self) -> datetime | None:
        """When time alone can next change what is known."""
        return next_step_at(self.known)

    @cached_property
    def score(self) -> Score:
        """The score; the last one of the opportunity where that says the same."""
        return self._scores.score_of(self)


class Scores:
    """Scores states, and remembers the last moments of each opportunity."""

    def __init__(self) -> None:
        # What surrounds all moves each from one moment to another, for one projection at a time.
        self._moments: dict[UUID, tuple[Moment, ...]] = {}
        self._scored: dict[UUID, Moment] = {}

    def at(self, state: Opportunity) -> Moment:
        """Return the moment of a state: the same one where nothing it looks at has changed."""
        lately = self._moments.get(state.opportunity_id, ())
        for one in lately:
            if one.state is state:
                return one
        looks = looked_at(state)
        for one in lately:
            if _same(one.looks, looks):
                one.state = state
                return one
        moment = Moment(state, looks, self)
        _remember(self._moments, state.opportunity_id, (moment, *lately[:1]))
        return moment

    def of(self, state: Opportunity) -> Score:
        """Return the score of a state."""
        return self.at(state).score

    def score_of(self, moment: Moment) -> Score:
        """Return the score of a moment, and remember it as the last of its opportunity."""
        last = self._scored.get(moment.state.opportunity_id)
        same = last is not None and says_same(last, moment)
        found = last.score if last is not None and same else score(moment.known)
        _remember(self._scored, moment.state.opportunity_id, moment)
        return found

    def clear(self) -> None:
        """Forget every score."""
        self._moments.clear()
        self._scored.clear()


def _remember(into: dict[UUID, V], opportunity_id: UUID, one: V) -> None:
    into.pop(opportunity_id, None)
    into[opportunity_id] = one
    if len(into) > _REMEMBERED:
        del into[next(iter(into))]


def says_same(last: Moment, moment: Moment) -> bool:
    """Tell whether a later moment of an opportunity surely has the same score as an earlier one.

    Nothing that the model in force listens to has changed, and time has changed nothing either.
    """
    one, other = last.known, moment.known
    if one is other:
        return True
    if one.standings is not other.standings or one.model is not other.model:
        return False
    return _hears(one) == _hears(other) and _no_turn_between(last, other.clock)


def _no_turn_between(last: Moment, clock: datetime | None) -> bool:
    before = last.known.clock
    if before is None or clock is None:
        return before is clock
    return before <= clock and (last.turns_at is None or clock < last.turns_at)


def _hears(of: Known) -> tuple[object, ...]:
    """Return all that a score looks at but for what stands and when."""
    activities = of.conduct if of.model.heard_in[SignalSource.ACTIVITY] else None
    conduct = (of.conduct.sent, of.conduct.withdrawn, of.conduct.responded_at, activities)
    told = (of.asked_about, of.not_applicable, of.unanswered, of.amount, of.context)
    return (*conduct, *told, of.view, of.grades)


def looked_at(state: Opportunity) -> tuple[object, ...]:
    """Return the parts of a state that a score depends on; a closed one's are frozen."""
    if state.frozen is not None:
        return (state.frozen,)
    return (
        state.histories,
        state.questions,
        state.not_applicable,
        state.amount,
        state.conduct,
        state.setting,
    )


def looks_at_same(one: Opportunity, other: Opportunity) -> bool:
    """Tell whether two open states give the same score for sure: they may be folded apart."""
    if one.frozen is not None or other.frozen is not None or one.histories is not other.histories:
        return False
    return all(map(eq, looked_at(one)[1:], looked_at(other)[1:]))


def _same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Tell whether the parts are the same: states share what did not change, read alike or not."""
    return len(some) == len(others) and all(map(_unchanged, some, others))


def _unchanged(one: object, other: object) -> bool:
    return one is other or (isinstance(one, Setting) and one == other)
