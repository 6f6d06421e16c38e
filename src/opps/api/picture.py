"""An opportunity as the API shows it: one fold, and everything that is worked out from it once."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from opps.domain.beliefs import NOW, Belief, History, Standing, Verdict
from opps.domain.credence import Freshness, Support, departed, support_of
from opps.domain.danger_zones.zones import Look, look
from opps.domain.facts import Fact
from opps.domain.knowledge import Known, ObjectiveState, objective_states
from opps.domain.opportunity.lenses import Lens
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.score import Score, score
from opps.domain.unknowns import Unknowns, unknowns

F = TypeVar("F", bound=Fact)


class FactState(StrEnum):
    """What became of a fact: whether it stands, and if not, why."""

    STANDS = "STANDS"
    AGREES = "AGREES"
    CONTRADICTED = "CONTRADICTED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"
    RETRACTED = "RETRACTED"
    RECLASSIFIED = "RECLASSIFIED"


class Held(NamedTuple):
    """A fact with what became of it."""

    picture: "Picture"
    belief: Belief
    state: FactState


class Stated(NamedTuple):
    """What stands under one key, with the facts behind it."""

    picture: "Picture"
    key: str
    standing: Standing

    @property
    def content(self) -> Fact | None:
        """What is believed; None while facts contradict each other."""
        belief = self.standing.belief
        return None if belief is None else belief.fact

    @property
    def contested(self) -> bool:
        """Whether facts contradict each other."""
        return self.standing.verdict is Verdict.CONTRADICTED

    @property
    def support(self) -> Support | None:
        """What it rests on; None while it is contested."""
        return self.picture.support(self.standing)

    @property
    def credence(self) -> float | None:
        """How far it is believed; None while it is contested."""
        support = self.support
        return None if support is None else support.credence

    @property
    def freshness(self) -> Freshness | None:
        """How fresh it is; None while it is contested."""
        support = self.support
        return None if support is None else support.freshness

    @property
    def facts(self) -> list[Held]:
        """The facts that stand under the key."""
        return [self.picture.held(belief) for belief in self.standing.beliefs]

    @property
    def any_content(self) -> Fact:
        """One of the facts, for what they have in common: what they are about."""
        return self.standing.beliefs[0].fact


class Picture:
    """One opportunity, as folded up to some position of the log and seen through a lens.

    `asked` is that position where somebody asked for it, and did not take what is there now.
    """

    def __init__(
        self,
        state: Opportunity,
        position: int | None = None,
        asked: int | None = None,
        lens: Lens | None = None,
    ) -> None:
        self.state = state
        self.position = state.position if position is None else position
        self.asked = asked
        self.lens = lens
        self._by_fields: dict[
            tuple[type[Fact], tuple[str, ...]], dict[tuple[Any, ...], list[Stated]]
        ] = {}

    @cached_property
    def known(self) -> Known:
        """What the score looks at."""
        return known(self.state)

    @cached_property
    def score(self) -> Score:
        """The win probability."""
        return score(self.known)

    @cached_property
    def objectives(self) -> tuple[ObjectiveState, ...]:
        """How well each objective is known."""
        return objective_states(self.known)

    @cached_property
    def danger_zones(self) -> Look:
        """What the rules of danger zones say."""
        return look(self.state)

    @cached_property
    def unknowns(self) -> Unknowns:
        """What the five questions find unanswered."""
        asked = sum(one.open for one in self.state.questions.values())
        return unknowns(self.known, asked)

    @cached_property
    def _gone(self) -> frozenset[UUID]:
        return departed(self.known.standings.values())

    @cached_property
    def _superseded(self) -> frozenset[tuple[str, UUID | None]]:
        """The facts, each with its key, that others replace which nobody took back."""
        told = self.state.histories.items()
        return frozenset(
            (key, one.supersedes)
            for key, history in told
            for one in history.beliefs
            if not one.withdrawn(NOW)
        )

    @cached_property
    def _by_kind(self) -> dict[type[Fact], list[Stated]]:
        found: dict[type[Fact], list[Stated]] = {}
        for key, standing in self.state.standings.items():
            if standing.beliefs:
                kind = type(standing.beliefs[0].fact)
                found.setdefault(kind, []).append(Stated(self, key, standing))
        return found

    def support(self, standing: Standing) -> Support | None:
        """Return what a fact that stands rests on."""
        if standing.verdict is not Verdict.STANDS:
            return None
        return support_of(standing, self.known, self._gone)

    def of(self, kind: type[Fact], **fields: Any) -> list[Stated]:
        """Return what stands for one kind of fact, where its fields are as given."""
        if not fields:
            return self._by_kind.get(kind, [])
        names = tuple(fields)
        found = self._by_fields.get((kind, names))
        if found is None:
            found = {}
            for one in self._by_kind.get(kind, ()):
                values = tuple(getattr(one.any_content, name) for name in names)
                found.setdefault(values, []).append(one)
            self._by_fields[kind, names] = found
        return found.get(tuple(fields.values()), [])

    def one(self, kind: type[Fact], **fields: Any) -> Stated | None:
        """Return the first of what stands for one kind of fact."""
        return next(iter(self.of(kind, **fields)), None)

    def held(self, belief: Belief) -> Held:
        """Return a fact with what became of it."""
        key = self.state.fact_keys[belief.fact_id]
        standing = self.state.standing(key)
        history, superseded = self.state.histories[key], (key, belief.fact_id) in self._superseded
        return Held(self, belief, fact_state(history, standing, belief, superseded))

    def facts(self) -> Iterator[Held]:
        """Yield every fact ever learned, in the order of the log."""
        beliefs = (belief for one in self.state.histories.values() for belief in one.beliefs)
        for belief in sorted(beliefs, key=lambda one: (one.position, one.fact_id)):
            yield self.held(belief)


def fact_state(history: History, standing: Standing, belief: Belief, superseded: bool) -> FactState:
    """Return what became of a fact, now; `superseded` is whether another one replaces it."""
    if belief.withdrawn(NOW):
        return FactState.RETRACTED
    if belief.passed_on(NOW):
        return FactState.RECLASSIFIED
    if superseded:
        return FactState.SUPERSEDED
    if belief not in standing.beliefs:
        rejected = any(belief.fact_id in one.rejected for one in history.resolutions)
        return FactState.REJECTED if rejected else FactState.SUPERSEDED
    if standing.verdict is Verdict.CONTRADICTED:
        return FactState.CONTRADICTED
    return FactState.STANDS if standing.beliefs[0] is belief else FactState.AGREES
