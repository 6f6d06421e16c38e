"""Danger zones of the reasons to buy: issues, needs, impact, fit and timing."""

from typing import Any

from opps.domain.catalogue import Facet
from opps.domain.danger_zones.progress import passed
from opps.domain.danger_zones.sight import Firing, Sight, ids
from opps.domain.facts import BusinessIssue, CompellingEvent, Fit, Impact, Need, Scope, Want
from opps.domain.facts.customer import ImpactMethod
from opps.domain.facts.purchase import Criticality, FitLevel
from opps.domain.knowledge import FacetState, Held, evidenced
from opps.domain.wording import quoted


def no_issue(sight: Sight) -> Firing | None:
    """DZ01: no issue is evidenced with owner and consequence, after gate 1."""
    issues = [one for one in sight.believed.of(BusinessIssue) if not one.fact.denied]
    told = [one for one in issues if one.fact.owner_id and one.fact.consequence]
    if any(evidenced(one.support) for one in told) or not passed(sight, sight.days("DZ01", "gate")):
        return None
    if not issues:
        return Firing("no business issue of theirs is known")
    return Firing("no issue is evidenced with its owner and what follows from it", ids(issues))


def want_without_need(sight: Sight) -> Firing | None:
    """DZ02: a must rests on no issue, or a scope or wish on no need at all."""
    believed = sight.believed
    issues = {one.fact.issue_id for one in believed.of(BusinessIssue) if not one.fact.denied}
    issues |= {facts[0].issue_id for facts in believed.contested(BusinessIssue)}
    needs = [one for one in believed.of(Need) if not one.fact.rejected]
    loose = [
        one
        for one in needs
        if one.fact.criticality is Criticality.MUST and one.fact.issue_id not in issues
    ]
    if loose:
        return Firing(f"they must have {quoted(loose[0].fact.text)}, for no issue", ids(loose))
    if needs or believed.contested(Need):
        return None
    wishes: list[Held[Any]] = [*believed.of(Scope), *believed.of(Want)]
    return Firing("what they want is known, and no need behind it", ids(wishes)) if wishes else None


def impact_only_ours(sight: Sight) -> Firing | None:
    """DZ03: near the decision, nobody of the buyer stands behind any impact."""
    impacts = [one for one in sight.believed.of(Impact) if not one.fact.rejected]
    if not impacts or any(_agreed(one.fact) for one in impacts):
        return None
    since = sight.within(sight.days("DZ03"), sight.decision_on)
    if since is None:
        return None
    return Firing("every impact is our own estimate", ids(impacts), since)


def _agreed(impact: Impact) -> bool:
    return bool(impact.agreed_by) or impact.method is not ImpactMethod.OUR_ESTIMATE


def no_reason_now(sight: Sight) -> Firing | None:
    """DZ15: a date is promised, and no compelling event is evidenced."""
    day = sight.state.commit_date
    if day is None or sight.facets[Facet.COMPELLING_EVENT] is FacetState.NOT_APPLICABLE:
        return None
    events = sight.believed.of(CompellingEvent)
    if any(evidenced(one.support) and not one.fact.absent for one in events):
        return None
    return Firing(f"{day} is promised, and nothing of theirs depends on it", ids(events))


def fit_gap(sight: Sight) -> Firing | None:
    """DZ18: a gap on a must, and no plan that closes it."""
    musts = {
        one.fact.need_id: one.fact.text
        for one in sight.believed.of(Need)
        if one.fact.criticality is Criticality.MUST and not one.fact.rejected
    }
    gaps = [
        one
        for one in sight.believed.of(Fit)
        if one.fact.level is FitLevel.GAP and one.fact.need_id in musts and not one.fact.gap_plan
    ]
    if not gaps:
        return None
    return Firing(f"we do not meet {quoted(musts[gaps[0].fact.need_id])}", ids(gaps))
