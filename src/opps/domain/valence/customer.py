"""Valence of the customer's objectives: business issues, desired impact, evaluators.

Source: docs/knowledge.md, objectives 1 to 3; what it leaves open is decided in ADR 0006.
"""

from opps.domain.catalogue import Facet
from opps.domain.facts import BusinessIssue, Impact, Leaning, StanceOnChange
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.knowledge import Believed, Held
from opps.domain.money import Money
from opps.domain.valence import grades
from opps.domain.valence.people import People
from opps.domain.valence.voice import SILENT, Piece, Voice, combine


def business_issues(believed: Believed) -> tuple[Voice, Voice]:
    """Return how pressing the issues are, and what we can do about them; severe ones weigh more."""
    issues = believed.of(BusinessIssue)
    contested = sum(max(map(_severity, facts)) for facts in believed.contested(BusinessIssue))
    pressing = [
        Piece(valence, issue.credence, _severity(issue.fact))
        for issue in issues
        if (valence := _pressure(issue.fact)) is not None
    ]
    ours = [
        Piece(grades.OUR_EFFECT[issue.fact.our_effect].win, issue.credence, _severity(issue.fact))
        for issue in issues
        if issue.fact.our_effect is not None and not issue.fact.denied
    ]
    return combine(pressing, contested), combine(ours, contested)


def desired_impact(believed: Believed) -> tuple[Voice, Voice]:
    """Return what the impact is worth to them, and whether it is ours to bring."""
    impacts = believed.of(Impact)
    contested = len(believed.contested(Impact))
    issues = {issue.fact.issue_id: issue for issue in believed.of(BusinessIssue)}
    worth = [Piece(_worth(impact.fact, believed), impact.credence) for impact in impacts]
    ours = [
        _advantage(impact, issues[impact.fact.issue_id])
        for impact in impacts
        if impact.fact.issue_id in issues
    ]
    return combine(worth, contested), combine((one for one in ours if one is not None), contested)


def evaluators(believed: Believed, people: People) -> tuple[Voice, Voice]:
    """Return whether the decisive want change, and where the influence leans."""
    leanings = [one for one in believed.of(Leaning) if one.fact.evaluator_id not in people.gone]
    unseen = people.unseen(leaning.fact.evaluator_id for leaning in leanings)
    ours = [
        Piece(leaning_of(leaning.fact), leaning.credence, people.mass(leaning.fact.evaluator_id))
        for leaning in leanings
    ]
    return _will_to_change(believed, people), combine(ours, unseen)


def _severity(issue: BusinessIssue) -> int:
    return issue.severity or grades.UNSTATED_SEVERITY


def _pressure(issue: BusinessIssue) -> float | None:
    if issue.denied:
        return grades.ISSUE["denied"].happen
    if issue.severity is None:
        return None
    rank = issue.priority_rank
    if issue.severity >= grades.CRITICAL and rank is not None and rank <= grades.FIRST_PRIORITIES:
        return grades.ISSUE["critical, a priority"].happen
    return grades.ISSUE["severe" if issue.severity >= grades.SEVERE else "minor"].happen


def _worth(impact: Impact, believed: Believed) -> float:
    return grades.IMPACT[_priced(impact, believed)].happen


def _priced(impact: Impact, believed: Believed) -> str:
    if impact.rejected:
        return "rejected"
    if Facet.IMPACT_AGREEMENT not in impact.fills(believed.known.us):
        return "our own estimate"
    times = _times(impact.value_per_year, believed.known.amount)
    if times is None:
        return "agreed, price not comparable"
    if times >= grades.GOOD_WORTH:
        return "agreed, three times the price"
    return "agreed, more than the price" if times > 1 else "agreed, not worth the price"


def _times(value: Money | None, price: Money | None) -> float | None:
    """Return how many times its price something is worth a year, where both can be compared."""
    if value is None or price is None or value.currency != price.currency or price.amount <= 0:
        return None
    return float(value.amount / price.amount)


def _advantage(impact: Held[Impact], issue: Held[BusinessIssue]) -> Piece | None:
    """Return our advantage on an impact: what we can do about the issue that it relieves."""
    if issue.fact.our_effect is None or impact.fact.rejected:
        return None
    ours = grades.OUR_ADVANTAGE[issue.fact.our_effect].win
    return Piece(ours, min(impact.credence, issue.credence))


def leaning_of(leaning: Leaning) -> float:
    """Return a leaning; a champion whom nobody saw act is a supporter."""
    if leaning.level is LeaningLevel.CHAMPION and leaning.behaviour is None:
        return grades.LEANING[LeaningLevel.SUPPORTER].win
    return grades.LEANING[leaning.level].win


def _will_to_change(believed: Believed, people: People) -> Voice:
    """Return the best stance on change among the decisive, as far as it is believed."""
    stances = [
        Voice(grades.STANCE[held.fact.stance].happen, held.credence)
        for held in believed.of(StanceOnChange)
        if held.fact.evaluator_id not in people.gone and people.decisive(held.fact.evaluator_id)
    ]
    return max(stances, key=lambda one: (one.valence, one.credence), default=SILENT)
