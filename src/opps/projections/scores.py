"""The score before and after an event, computed only where what it looks at has changed."""

from functools import cached_property
from operator import eq
from uuid import UUID

from opps.domain.change import Change, change
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.score import Score, score
from opps.domain.setting import Setting

_REMEMBERED = 10_000


class Scored:
    """The score around one event; `before` is missing at the opening."""

    def __init__(self, before: Score | None, after: Score) -> None:
        self.before = before
        self.after = after

    @cached_property
    def change(self) -> Change | None:
        """What moved, None at the opening."""
        return None if self.before is None else change(self.before, self.after)


class Scores:
    """Scores states, and remembers the last score of each opportunity."""

    def __init__(self) -> None:
        self._last: dict[UUID, tuple[tuple[object, ...], Score]] = {}

    def around(self, before: Opportunity | None, after: Opportunity) -> Scored | None:
        """Return the score before and after, None where nothing it looks at has changed."""
        if before is None:
            return Scored(None, self.of(after))
        if _same(looked_at(before), looked_at(after)):
            return None
        return Scored(self.of(before), self.of(after))

    def of(self, state: Opportunity) -> Score:
        """Return the score of a state."""
        looks = looked_at(state)
        remembered = self._last.get(state.opportunity_id)
        if remembered is not None and _same(remembered[0], looks):
            return remembered[1]
        scored = score(known(state))
        self._remember(state.opportunity_id, looks, scored)
        return scored

    def clear(self) -> None:
        """Forget every score."""
        self._last.clear()

    def _remember(self, opportunity_id: UUID, looks: tuple[object, ...], scored: Score) -> None:
        self._last.pop(opportunity_id, None)
        self._last[opportunity_id] = looks, scored
        if len(self._last) > _REMEMBERED:
            del self._last[next(iter(self._last))]


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
