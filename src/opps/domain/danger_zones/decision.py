"""Danger zones of the decision: alternatives, criteria, and the way to a signature."""

from opps.domain.catalogue import Facet
from opps.domain.danger_zones.progress import passed
from opps.domain.danger_zones.sight import Firing, Sight, ids
from opps.domain.facts import Criterion, CriterionWeight, Preference, Standing
from opps.domain.facts.base import ROUNDING
from opps.domain.facts.decision import CriterionOrigin
from opps.domain.facts.evaluators import InfluenceLevel
from opps.domain.knowledge import FacetState
from opps.domain.valence.grades import MASS
from opps.domain.wording import quoted

_NO_FACT = frozenset({FacetState.UNEXAMINED, FacetState.ACKNOWLEDGED})


def blind_to_alternatives(sight: Sight) -> Firing | None:
    """DZ09: only we are known, and nobody looked at doing nothing."""
    facets, gone = sight.facets, sight.believed.gone
    favoured = [
        one
        for one in sight.believed.of(Preference)
        if one.fact.alternative_id not in (None, sight.known.us)
        and one.fact.evaluator_id not in gone
    ]
    known = facets[Facet.CONSIDERED_SET] not in _NO_FACT or favoured
    if known or facets[Facet.DO_NOTHING] is not FacetState.UNEXAMINED:
        return None
    return Firing("no alternative but us is known, and doing nothing was not looked at")


def doing_nothing_wins(sight: Sight) -> Firing | None:
    """DZ10: somebody of significant influence would rather do nothing."""
    people, nothing = sight.people, sight.known.do_nothing
    idle = [
        one
        for one in sight.believed.of(Preference)
        if one.fact.alternative_id == nothing
        and people.mass(one.fact.evaluator_id) >= MASS[InfluenceLevel.SIGNIFICANT]
    ]
    return Firing("somebody of influence would rather do nothing", ids(idle)) if idle else None


def unweighted_criteria(sight: Sight) -> Firing | None:
    """DZ11: a criterion without a weight, once gate 2 is passed."""
    weighed = {one.fact.criterion_id for one in sight.believed.of(CriterionWeight)}
    weighed |= {facts[0].criterion_id for facts in sight.believed.contested(CriterionWeight)}
    bare = [one for one in sight.believed.of(Criterion) if one.fact.criterion_id not in weighed]
    if not bare or not passed(sight, sight.days("DZ11", "gate")):
        return None
    return Firing(f"how much {quoted(bare[0].fact.text)} weighs is not known", ids(bare))


def failing_mandatory(sight: Sight) -> Firing | None:
    """DZ12: we stand below zero on what must be met."""
    must = {
        one.fact.criterion_id: one.fact.text
        for one in sight.believed.of(Criterion)
        if one.fact.mandatory
    }
    gone, us = sight.believed.gone, sight.known.us
    failing = [
        one
        for one in sight.believed.of(Standing)
        if one.fact.alternative_id == us
        and one.fact.rating < 0
        and one.fact.criterion_id in must
        and one.fact.evaluator_id not in gone
    ]
    if not failing:
        return None
    return Firing(f"we fail {quoted(must[failing[0].fact.criterion_id])}", ids(failing))


def rival_shaped(sight: Sight) -> Firing | None:
    """DZ13: a rival's criterion weighs much."""
    least = sight.threshold("DZ13", "weight") - ROUNDING
    weights = {one.fact.criterion_id: one for one in sight.believed.of(CriterionWeight)}
    heavy = [
        (one, weights[one.fact.criterion_id])
        for one in sight.believed.of(Criterion)
        if one.fact.origin is CriterionOrigin.RIVAL
        and one.fact.criterion_id in weights
        and weights[one.fact.criterion_id].fact.weight >= least
    ]
    if not heavy:
        return None
    facts = ids([held for pair in heavy for held in pair])
    return Firing(f"{quoted(heavy[0][0].fact.text)} was a rival's idea, and weighs much", facts)


def paper_trap(sight: Sight) -> Firing | None:
    """DZ14: near the commit date, nobody looked at legal, security or procurement."""
    if sight.facets[Facet.PAPER_PROCESS] is not FacetState.UNEXAMINED:
        return None
    promised = sight.state.commit_date
    since = sight.within(sight.days("DZ14"), promised)
    because = f"nobody looked at legal, security and procurement, and {promised} is promised"
    return None if since is None else Firing(because, (), since)
