"""What a closed opportunity leaves for the next ones: what was there, and what came out late."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import chain

from msgspec import Struct

from opps.domain.beliefs import NOW, Belief
from opps.domain.catalogue import Facet
from opps.domain.contradictions import told_at
from opps.domain.facts import Alternative, DecisionStep, Evaluator
from opps.domain.facts.decision import AlternativeKind, StepKind, StepStatus
from opps.domain.facts.evaluators import Role
from opps.domain.knowledge import Known
from opps.domain.opportunity.state import Opportunity, known, us
from opps.domain.times import Precision

# What was first learned so shortly before the end came too late to do anything about.
LATE_DAYS = 30


class Present(Struct, frozen=True):
    """What is known to be there: roles, kinds of alternatives and of steps, each once, in order."""

    roles: tuple[Role, ...]
    alternative_kinds: tuple[AlternativeKind, ...]
    step_kinds: tuple[StepKind, ...]
    facets: tuple[Facet, ...]


def present(looked_at: Known) -> Present:
    """Return what is there, by facts that stand or contradict each other."""
    told = chain.from_iterable(one.beliefs for one in looked_at.standings.values())
    facts = [one.fact for one in told]
    steps = [one for one in facts if isinstance(one, DecisionStep)]
    alternatives = {one.alternative_kind for one in facts if isinstance(one, Alternative)}
    roles = {role for one in facts if isinstance(one, Evaluator) for role in one.roles}
    kinds = {one.step_kind for one in steps if one.status is not StepStatus.DROPPED}
    filled = {facet for one in facts for facet in one.fills(looked_at.us)}
    return Present(
        roles=tuple(one for one in Role if one in roles),
        alternative_kinds=tuple(
            one for one in AlternativeKind if one in alternatives and one is not AlternativeKind.US
        ),
        step_kinds=tuple(one for one in StepKind if one in kinds),
        facets=tuple(one for one in Facet if one in filled),
    )


def late_facets(state: Opportunity) -> tuple[Facet, ...] | None:
    """Return the facets first learned in the last 30 days before the close.

    None for an opportunity that was not open for longer: everything about it came late.
    """
    if state.closed_at is None or state.closed_at - state.opened_at <= timedelta(days=LATE_DAYS):
        return None
    begin = state.closed_at - timedelta(days=LATE_DAYS)
    first = _first_learned(state)
    return tuple(
        facet for facet in Facet if facet in first and begin < first[facet] <= state.closed_at
    )


def present_at_close(state: Opportunity) -> Present:
    """Return what was there when the opportunity closed; what came later does not count."""
    return present(known(state))


def _first_learned(state: Opportunity) -> Mapping[Facet, datetime]:
    """Return when each facet was first filled, by what was not taken back."""
    first: dict[Facet, datetime] = {}
    ours = us(state.opportunity_id)
    for history in state.histories.values():
        for belief in history.beliefs:
            if _dated(belief):
                learned = told_at(belief)
                for facet in belief.fact.fills(ours):
                    first[facet] = min(learned, first.get(facet, learned))
    return first


def _dated(belief: Belief) -> bool:
    """Tell whether it is known when a fact came in, before the end."""
    unknown = belief.learned_for(NOW).precision is Precision.UNKNOWN
    return not (unknown or belief.after_close or belief.withdrawn(NOW))
