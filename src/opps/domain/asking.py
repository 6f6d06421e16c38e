"""Whether the buyer was asked: not asked, asked without an answer, and known are three states.

Nobody enters which one holds: it follows from facts and questions. Source: docs/knowledge.md.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from opps.domain.beliefs import Verdict
from opps.domain.catalogue import FACETS, Facet, Objective
from opps.domain.facts import Attribute
from opps.domain.knowledge import FacetState, Known, facet_states


class Asking(StrEnum):
    """Whether the buyer was asked.

    NOT_ASKED: nobody put it to the buyer, even if our side wrote the question down; it is no
    evidence. ASKED_UNANSWERED: it was put to the buyer and is still open, which is dated and grows
    with silence. KNOWN: there is content; how well it is known, the state of the facet says.
    """

    NOT_ASKED = "NOT_ASKED"
    ASKED_UNANSWERED = "ASKED_UNANSWERED"
    KNOWN = "KNOWN"


_UNKNOWN = frozenset({FacetState.UNEXAMINED, FacetState.ACKNOWLEDGED})


class Asked(Struct, frozen=True):
    """Whether the buyer was asked about a facet, None where it does not apply.

    `waiting_since` is when the buyer was first asked what is still open, content or not.
    """

    asking: Asking | None
    waiting_since: datetime | None = None


class ObjectiveAsked(Struct, frozen=True):
    """Whether the buyer was asked about an objective: as of its worst required facet.

    The counts are of all of its facets that apply.
    """

    asking: Asking | None
    not_asked: int
    unanswered: int
    known: int


def asked(known: Known, states: Mapping[Facet, FacetState] | None = None) -> Mapping[Facet, Asked]:
    """Return for each facet whether the buyer was asked; `states` where they are at hand."""
    states = facet_states(known) if states is None else states
    waiting = _waiting(known)
    return {
        facet: Asked(_asking(state, facet in waiting), waiting.get(facet))
        for facet, state in states.items()
    }


def objective_asked(objective: Objective, of: Mapping[Facet, Asked]) -> ObjectiveAsked:
    """Return whether the buyer was asked about an objective."""
    every = [of[facet].asking for facet in FACETS[objective]]
    required = {of[facet].asking for facet in FACETS[objective] if facet.required}
    return ObjectiveAsked(
        asking=_least(required),
        not_asked=every.count(Asking.NOT_ASKED),
        unanswered=every.count(Asking.ASKED_UNANSWERED),
        known=every.count(Asking.KNOWN),
    )


def _least(states: Iterable[Asking | None]) -> Asking | None:
    held = set(states)
    return next((one for one in Asking if one in held), None)


def _asking(state: FacetState, waiting: bool) -> Asking | None:
    if state is FacetState.NOT_APPLICABLE:
        return None
    if state not in _UNKNOWN:
        return Asking.KNOWN
    return Asking.ASKED_UNANSWERED if waiting else Asking.NOT_ASKED


def _waiting(known: Known) -> Mapping[Facet, datetime]:
    """Return the facets that the buyer was asked about without an answer, since when."""
    since = dict(known.unanswered)
    for standing in known.standings.values():
        belief = standing.beliefs[0] if standing.verdict is Verdict.STANDS else None
        if belief is not None and isinstance(belief.fact, Attribute) and belief.fact.value is None:
            told = belief.learned_for(known.view).effective(belief.recorded_at)
            facet = belief.fact.facet
            since[facet] = min(told, since.get(facet, told))
    return since
