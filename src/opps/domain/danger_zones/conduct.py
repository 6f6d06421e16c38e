"""Danger zones of time and conduct: dates, money, staleness, contradictions, silence, words."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from opps.domain.catalogue import Facet
from opps.domain.contradictions import contradictions
from opps.domain.danger_zones.progress import passed, passed_at
from opps.domain.danger_zones.sight import Firing, Sight, ids, midnight
from opps.domain.events import ForecastCategory
from opps.domain.facts import Funding, NextStep
from opps.domain.facts.base import ROUNDING
from opps.domain.facts.purchase import FundingStatus
from opps.domain.knowledge import FacetState, Freshness
from opps.domain.opportunity.state import QuestionStatus
from opps.domain.score import score
from opps.domain.telling.forms import plain
from opps.domain.tensions import funded_too_little

_NOT_YET = frozenset({FundingStatus.NONE, FundingStatus.IDENTIFIED})


def sliding_date(sight: Sight) -> Firing | None:
    """DZ16: the commit date was pushed twice, or once by more than thirty days."""
    state = sight.state
    if state.pushes >= sight.days("DZ16", "pushes"):
        return Firing(f"the commit date was pushed {state.pushes} times")
    if state.longest_push_days > sight.days("DZ16"):
        return Firing(f"the commit date was pushed by {state.longest_push_days} days at once")
    return None


def unfunded(sight: Sight) -> Firing | None:
    """DZ17: no money near the decision, or less than the price takes."""
    share = Decimal(str(sight.threshold("DZ17", "share")))
    for short in funded_too_little(sight.believed, share):
        return Firing(short.because, tuple(one.fact_id for one in short.beliefs), short.since)
    poor = [one for one in sight.believed.of(Funding) if one.fact.status in _NOT_YET]
    if not poor:
        return None
    since = sight.within(sight.days("DZ17"), sight.decision_on)
    if since is None:
        return None
    status = poor[0].fact.status.lower()
    return Firing(f"the decision is near, and the money is: {status}", ids(poor), since)


def stale_near_the_end(sight: Sight) -> Firing | None:
    """DZ19: near the commit date, what must be known is stale."""
    if sight.within(sight.days("DZ19"), sight.state.commit_date) is None:
        return None
    old = [one for one in sight.believed.held() if one.support.freshness is Freshness.STALE]
    if not old:
        return None
    filled = {facet for one in old for facet in one.fact.fills(sight.known.us)}
    stale = [
        facet
        for facet in Facet
        if facet in filled and facet.required and sight.facets[facet] is FacetState.STALE
    ]
    if not stale:
        return None
    objectives = dict.fromkeys(plain(facet.objective) for facet in stale)
    old = [one for one in old if one.fact.fills(sight.known.us).intersection(stale)]
    return Firing(f"stale near the end: {', '.join(objectives)}", ids(old))


def contradiction_open(sight: Sight) -> Firing | None:
    """DZ20: a contradiction that nobody settled in a week."""
    if not any(sight.believed.in_contest()):
        return None
    days = sight.days("DZ20")
    long = [one for one in contradictions(sight.state) if sight.longer_than(days, one.since)]
    if not long:
        return None
    facts = tuple(belief.fact_id for one in long for belief in one.beliefs)
    since = min(midnight(one.since.date(), days + 1) for one in long)
    return Firing(f"contradicted for more than {days} days", facts, since)


def gone_quiet(sight: Sight) -> Firing | None:
    """DZ21: the buyer did nothing for long, and promised no next step."""
    days = sight.days("DZ21", _phase(sight))
    since = max(_acts(sight))
    if not sight.longer_than(days, since):
        return None
    steps = sight.believed.of(NextStep)
    for step in steps:
        if step.fact.buyer_committed and not sight.reached(midnight(step.fact.on_date, 1)):
            return None
    last = [one.fact_id for one in sight.contacts if one.at == since]
    because = f"nothing from the buyer for more than {days} days, and no next step promised"
    return Firing(because, (*last, *ids(steps)), midnight(since.date(), days + 1))


def _phase(sight: Sight) -> str:
    if passed_at(sight, 3) is not None:
        return "late_days"
    return "middle_days" if passed(sight, 1) else "early_days"


def _acts(sight: Sight) -> Iterator[datetime]:
    """Yield when somebody of the buyer did something; at the opening, somebody was interested."""
    state = sight.state
    yield state.opened_at
    if state.buyer_responded_at is not None:
        yield state.buyer_responded_at
    yield from (one.at for one in sight.contacts)
    for question in state.questions.values():
        if question.status is QuestionStatus.ANSWERED and question.closed_at is not None:
            yield question.closed_at


def words_without_knowledge(sight: Sight) -> Firing | None:
    """DZ26: forecast as COMMIT, with an interval that reaches far down."""
    if sight.state.category is not ForecastCategory.COMMIT:
        return None
    low, least = score(sight.known).low, sight.threshold("DZ26", "low")
    if low >= least - ROUNDING:
        return None
    return Firing(f"forecast as COMMIT, and the interval begins at {low:.0%}")
