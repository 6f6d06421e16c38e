"""The exit evidence of a gate: what opps itself finds in what is known."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct

from opps.domain.account_map.state import Gate
from opps.domain.catalogue import FACETS, Facet
from opps.domain.events import ExitEvidence
from opps.domain.facet_state import FacetState
from opps.domain.knowledge import Believed, Known, objective_states


class Found(Struct, frozen=True, kw_only=True):
    """How well something is known that a gate asks for, and by which facts."""

    asked: ExitEvidence
    found: FacetState
    facts: tuple[UUID, ...] = ()

    @property
    def met(self) -> bool:
        """Whether it is known well enough."""
        return self.asked.minimum.met_by(self.found)

    @property
    def about(self) -> str:
        """What it is about, in a word: the facet, or all of an objective that is required."""
        return self.asked.facet or self.asked.objective


def search(known: Known, asked: Iterable[ExitEvidence]) -> tuple[Found, ...]:
    """Return what is found of each thing asked for, in their order."""
    asked = tuple(asked)
    if not asked:
        return ()
    states = {one.objective: one for one in objective_states(known)}
    believed = Believed(known)
    found = []
    for one in asked:
        objective = states[one.objective]
        state = objective.state if one.facet is None else dict(objective.facets)[one.facet]
        found.append(Found(asked=one, found=state, facts=_facts(believed, _facets(one))))
    return tuple(found)


def next_gate(gates: Sequence[Gate]) -> Gate | None:
    """Return the first gate that was not passed: gates are passed in their order."""
    return next((one for one in gates if one.passed is None), None)


def _facets(asked: ExitEvidence) -> frozenset[Facet]:
    if asked.facet is not None:
        return frozenset({asked.facet})
    return frozenset(one for one in FACETS[asked.objective] if one.required)


def _facts(believed: Believed, facets: frozenset[Facet]) -> tuple[UUID, ...]:
    """Return the facts that stand and fill one of the facets, in the order of the log."""
    us = believed.known.us
    held = (one.belief for one in believed.held() if one.fact.fills(us) & facets)
    return tuple(one.fact_id for one in sorted(held, key=lambda one: (one.position, one.fact_id)))
