"""The win/loss review: what came late, what was wrong, and by when it should have been known."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct, field

from opps.domain.beliefs import NOW, Belief
from opps.domain.briefs.handover import danger
from opps.domain.briefs.lookback import (
    Chance,
    ChanceThen,
    Misbelief,
    PastReview,
    Surprise,
    Surprising,
    WinLossReview,
)
from opps.domain.briefs.told import Teller
from opps.domain.catalogue import Facet
from opps.domain.closing import LATE_DAYS
from opps.domain.contradictions import told_at
from opps.domain.danger_zones.sight import midnight
from opps.domain.danger_zones.zones import Zone, zones
from opps.domain.events import Event, ExitEvidence, OpportunityEvent, WinLossReviewed
from opps.domain.facet_state import FacetState
from opps.domain.facts import Alternative, Evaluator, Fact
from opps.domain.knowledge import facet_states
from opps.domain.opportunity.evolve import evolve, fold, under
from opps.domain.opportunity.lenses import AsKnown, through
from opps.domain.opportunity.state import Opportunity, known, us
from opps.domain.recorded import Recorded
from opps.domain.score import score
from opps.domain.setting import DAY_ONE, surround
from opps.domain.times import Precision
from opps.domain.wrong_beliefs import Finding, believed_since, findings, held_s

PROPOSAL = "PROPOSAL"
CLOSE = "CLOSE"
_NOT_KNOWN = (FacetState.UNEXAMINED, FacetState.ACKNOWLEDGED)
_NEW: dict[type[Fact], Surprising] = {
    Evaluator: Surprising.NEW_EVALUATOR,
    Alternative: Surprising.NEW_ALTERNATIVE,
}

History = Sequence[Recorded[Event]]


class Needed(NamedTuple):
    """A place on the way at which something was needed; a proposal needs everything."""

    what: str
    day: date
    at: datetime
    evidence: tuple[ExitEvidence, ...] | None


class _Walked(Struct):
    """What came up on the way through the log."""

    zones: tuple[Zone, ...] = ()
    wrong: dict[tuple[int, UUID], tuple[Finding, datetime]] = field(default_factory=dict)
    reviews: list[PastReview] = field(default_factory=list)


def win_loss_review(history: History) -> WinLossReview | None:
    """Return what the end of an opportunity teaches; None while it is open, or before it is.

    The history holds the ticks and activations of the tenant too.
    """
    state = fold(history)
    if state is None or state.closed_at is None or state.open:
        return None
    walked, teller, needed = _walk(history), Teller(state), _needed(state, state.closed_at)
    return WinLossReview(
        opportunity_id=state.opportunity_id,
        title=state.title,
        status=state.status,
        closed_at=state.closed_at,
        loss_kind=state.loss_kind,
        no_decision=state.no_decision,
        reviews=tuple(walked.reviews),
        surprises=tuple(_surprises(state, history, teller, needed)),
        misbeliefs=tuple(_misbelief(*one, teller) for one in walked.wrong.values()),
        dangers=tuple(danger(one) for one in walked.zones),
        chances=tuple(_chances(state, history, needed)),
    )


def _walk(history: History) -> _Walked:
    walked, setting = _Walked(), DAY_ONE
    state: Opportunity | None = None
    for recorded in history:
        setting = surround(setting, recorded.event)
        after = evolve(state, recorded, setting)
        if state is not None and after is not None and state.open and not after.open:
            walked.zones = zones(under(state, setting))
        _find(walked, state, recorded)
        state = after
    return walked


def _find(walked: _Walked, before: Opportunity | None, recorded: Recorded[Event]) -> None:
    event = recorded.event
    if not isinstance(event, OpportunityEvent):
        return
    at = event.learned.effective(recorded.recorded_at)
    for one in findings(before, event):
        if one.undoes is None:
            walked.wrong[recorded.position, one.belief.fact_id] = one, at
        else:
            walked.wrong.pop((one.undoes, one.belief.fact_id), None)
    if isinstance(event, WinLossReviewed):
        walked.reviews.append(
            PastReview(
                at=at,
                person_id=recorded.metadata.actor.principal,
                summary=event.summary,
                surprises=event.surprises,
            )
        )


def _misbelief(found: Finding, at: datetime, teller: Teller) -> Misbelief:
    held = timedelta(seconds=held_s(believed_since(found.belief), at))
    return Misbelief(
        fact=teller.alone(found.belief), how=found.how, found_at=at, held_days=held.days
    )


def _needed(state: Opportunity, closed_at: datetime) -> list[Needed]:
    """Return the places before the end at which something was needed, in their order."""
    found: list[Needed] = []
    for gate in state.map.gates:
        days = [gate.due] if gate.due else []
        if gate.passed is not None:
            days.append(gate.passed.at.astimezone(UTC).date())
        if days:
            day = min(days)
            found.append(Needed(gate.gate, day, midnight(day, 1), gate.evidence))
    first = state.conduct.first_proposal_at
    if first is not None:
        found.append(Needed(PROPOSAL, first.astimezone(UTC).date(), first, None))
    return sorted((one for one in found if one.at <= closed_at), key=lambda one: one.at)


def _surprises(
    state: Opportunity, history: History, teller: Teller, needed: Sequence[Needed]
) -> Iterator[Surprise]:
    closed_at = state.closed_at
    assert closed_at is not None, "only what has ended is looked back at"

    @cache
    def then(at: datetime) -> dict[Facet, FacetState]:
        shown = through(AsKnown(at), history, state)
        return {} if shown is None else facet_states(known(shown))

    for belief in sorted(_news(state), key=told_at):
        learned = told_at(belief)
        why = _why(state, belief, learned, closed_at)
        if why is None:
            continue
        facets = belief.fact.fills(us(state.opportunity_id))
        missed = next(
            (
                one
                for one in needed
                if one.at < learned and _asks_for(one, belief.fact, facets)
                if (one.evidence is None and why in _NEW.values())
                or not facets
                or any(then(one.at).get(facet) in _NOT_KNOWN for facet in facets)
            ),
            None,
        )
        yield Surprise(
            fact=teller.alone(belief),
            surprise=why,
            days_before_close=(closed_at.date() - learned.date()).days,
            should_have_been_known_by=None if missed is None else missed.day,
            needed_for=None if missed is None else missed.what,
        )


def _news(state: Opportunity) -> Iterator[Belief]:
    """Yield what said something that nobody had said before, and was not taken back."""
    for history in state.histories.values():
        said: list[Fact] = []
        for belief in sorted(history.beliefs, key=lambda one: one.rank(NOW)):
            dated = belief.learned_for(NOW).precision is not Precision.UNKNOWN
            if dated and not belief.withdrawn(NOW) and belief.fact not in said:
                yield belief
            said.append(belief.fact)


def _why(
    state: Opportunity, belief: Belief, learned: datetime, closed_at: datetime
) -> Surprising | None:
    if belief.after_close or learned > closed_at:
        return Surprising.AFTER_CLOSE
    proposed, new = state.conduct.first_proposal_at, _NEW.get(type(belief.fact))
    first = min(told_at(one) for one in state.histories[belief.fact.key].beliefs)
    if new is not None and proposed is not None and first == learned > proposed:
        return new
    last_days = closed_at - timedelta(days=LATE_DAYS)
    return Surprising.LATE if learned > last_days > state.opened_at else None


def _asks_for(needed: Needed, fact: Fact, facets: frozenset[Facet]) -> bool:
    return needed.evidence is None or any(
        one.objective is fact.objective if one.facet is None else one.facet in facets
        for one in needed.evidence
    )


def _chances(
    state: Opportunity, history: History, needed: Sequence[Needed]
) -> Iterator[ChanceThen]:
    closed_at = state.closed_at
    assert closed_at is not None, "only what has ended is looked back at"
    for what, at in [*((one.what, one.at) for one in needed), (CLOSE, closed_at)]:
        shown = fold([event for event in history if event.recorded_at <= at])
        yield ChanceThen(
            what=what,
            at=at,
            believed=_chance(state if what == CLOSE else shown),
            should_have_been=_chance(through(AsKnown(at), history, state)),
        )


def _chance(of: Opportunity | None) -> Chance | None:
    if of is None:
        return None
    now = score(known(of))
    return Chance(p=now.p, low=now.low, high=now.high)
