"""What is known in one view: the facts believed, and the state of each facet and objective.

Source: docs/knowledge.md; what it leaves open is decided in ADR 0006.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Generic, TypeVar

from msgspec import Struct

from opps.domain.beliefs import Belief, Verdict
from opps.domain.catalogue import FACETS, Facet, Objective
from opps.domain.credence import (
    Freshness,
    Known,
    Support,
    credence,
    departed,
    next_step_at,
    support,
    support_of,
)
from opps.domain.facet_state import KNOWN_WELL, WORST_FIRST, FacetState
from opps.domain.facts import Attribute, Fact

__all__ = [
    "KNOWN_WELL",
    "Believed",
    "FacetState",
    "FacetStates",
    "Freshness",
    "Held",
    "Known",
    "ObjectiveState",
    "Support",
    "credence",
    "evidenced",
    "facet_state",
    "facet_states",
    "how_well",
    "next_step_at",
    "objective_states",
    "support",
]

F = TypeVar("F", bound=Fact)


class Held(Struct, Generic[F], frozen=True, gc=False):
    """A fact that stands, with what it rests on."""

    fact: F
    support: Support
    belief: Belief

    @property
    def credence(self) -> float:
        """How far it is believed, from 0 to .95."""
        return self.support.credence


class Believed:
    """What stands and what is contested in one view, by kind of fact."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.gone = departed(known.standings.values())
        self._held: dict[type[Fact], list[Held[Any]]] = {}
        self._contested: dict[type[Fact], list[tuple[Any, ...]]] = {}
        for standing in known.standings.values():
            if standing.verdict is Verdict.STANDS:
                first = standing.beliefs[0]
                held = Held(first.fact, support_of(standing, known, self.gone), first)
                self._held.setdefault(type(first.fact), []).append(held)
            elif standing.verdict is Verdict.CONTRADICTED:
                facts = tuple(belief.fact for belief in standing.beliefs)
                self._contested.setdefault(type(facts[0]), []).append(facts)

    def of(self, kind: type[F]) -> list[Held[F]]:
        """Return the facts of one kind that stand, one for each key."""
        return self._held.get(kind, [])

    def contested(self, kind: type[F]) -> list[tuple[F, ...]]:
        """Return, for each contradicted key of one kind, the facts that contradict each other."""
        return self._contested.get(kind, [])

    def contested_keys(self) -> int:
        """Return how many keys are contradicted."""
        return sum(map(len, self._contested.values()))

    def held(self) -> Iterator[Held[Any]]:
        """Return every fact that stands."""
        return chain.from_iterable(self._held.values())

    def in_contest(self) -> Iterator[Fact]:
        """Return every fact of a contradicted key."""
        return chain.from_iterable(chain.from_iterable(self._contested.values()))

    def untold(self) -> frozenset[Facet]:
        """Return the facets of attributes that the buyer was asked about and did not tell."""
        return frozenset(one.fact.facet for one in self.of(Attribute) if one.fact.value is None)

    def examined(self) -> frozenset[Objective]:
        """Return the objectives somebody looked at: a fact, a question, or a facet set aside."""
        looked_at = self.known.asked_about | self.known.not_applicable
        named = {facet.objective for facet in looked_at}
        for kind in self._held.keys() | self._contested.keys():
            if kind.group is not None:
                named.add(kind.group)
            else:
                named.update({fact.objective for fact in self._facts(kind)})
        return frozenset(named)

    def _facts(self, kind: type[F]) -> Iterator[F]:
        """Return every fact of a kind, contradicted or not."""
        yield from [held.fact for held in self.of(kind)]
        yield from chain.from_iterable(self.contested(kind))


def facet_state(known: Known, facet: Facet) -> FacetState:
    """Return how well one facet is known."""
    return facet_states(known)[facet]


def facet_states(known: Known) -> dict[Facet, FacetState]:
    """Return how well each facet of the catalogue is known."""
    states = FacetStates(Believed(known))
    return {facet: states[facet] for facet in Facet}


class FacetStates(dict[Facet, FacetState]):
    """How well facets are known, each worked out once somebody asks."""

    def __init__(self, believed: Believed) -> None:
        super().__init__()
        self._known = known = believed.known
        self._contested = {
            facet for fact in believed.in_contest() for facet in fact.fills(known.us)
        }
        self._best = _best(believed)
        self._asked = known.asked_about | believed.untold()

    def __missing__(self, facet: Facet) -> FacetState:
        """Work a state out, and keep it."""
        if facet in self._known.not_applicable:
            state = FacetState.NOT_APPLICABLE
        else:
            best = self._best.get(facet)
            state = _facet_state(facet in self._asked, facet in self._contested, best)
        self[facet] = state
        return state


def evidenced(support: Support) -> bool:
    """Tell whether what a fact rests on makes it evidenced, or better."""
    return support.freshness is not Freshness.STALE and support.credence >= 0.60


def how_well(support: Support) -> FacetState:
    """Return how well something is known by what it rests on."""
    if support.freshness is Freshness.STALE:
        return FacetState.STALE
    if support.sources >= 2 and support.credence >= 0.80:
        return FacetState.CORROBORATED
    return FacetState.EVIDENCED if evidenced(support) else FacetState.CLAIMED


class ObjectiveState(Struct, frozen=True):
    """How well one objective is known: as its worst required facet.

    `coverage` is the share of the required facets that apply which are EVIDENCED or better.
    """

    objective: Objective
    state: FacetState
    coverage: float
    facets: tuple[tuple[Facet, FacetState], ...]


def objective_states(known: Known) -> tuple[ObjectiveState, ...]:
    """Return how well each of the nine objectives is known, in their order."""
    states = facet_states(known)
    return tuple(_objective_state(objective, states) for objective in Objective)


def _best(believed: Believed) -> dict[Facet, Support]:
    best: dict[Facet, Support] = {}
    for held in believed.held():
        for facet in held.fact.fills(believed.known.us):
            if facet not in best or _strength(held.support) > _strength(best[facet]):
                best[facet] = held.support
    return best


def _strength(support: Support) -> tuple[float, int, float]:
    return support.credence, support.sources, support.freshness.factor


def _facet_state(asked: bool, contested: bool, best: Support | None) -> FacetState:
    if contested:
        return FacetState.CONTRADICTED
    if best is None:
        return FacetState.ACKNOWLEDGED if asked else FacetState.UNEXAMINED
    return how_well(best)


def _objective_state(objective: Objective, states: dict[Facet, FacetState]) -> ObjectiveState:
    required = [states[facet] for facet in FACETS[objective] if facet.required]
    apply = [state for state in required if state is not FacetState.NOT_APPLICABLE]
    known_well = sum(state in KNOWN_WELL for state in apply)
    return ObjectiveState(
        objective=objective,
        state=min(required, key=WORST_FIRST.index),
        coverage=known_well / len(apply) if apply else 1.0,
        facets=tuple((facet, states[facet]) for facet in FACETS[objective]),
    )
