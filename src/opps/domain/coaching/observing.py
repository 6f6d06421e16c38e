"""Observations: what an event says of a seller's leading indicators, one value each."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import Belief
from opps.domain.catalogue import Facet
from opps.domain.coaching.indicators import Indicator
from opps.domain.danger_zones.sight import Sight
from opps.domain.events import (
    Event,
    FactLearned,
    FactRetracted,
    ProposalSent,
    QuestionAnswered,
    QuestionDropped,
    RetractionReason,
)
from opps.domain.facts import Criterion, Preference
from opps.domain.knowledge import FacetState
from opps.domain.opportunity.state import Opportunity, Question, QuestionStatus, Status
from opps.domain.provenance import SourceKind
from opps.domain.recorded import Recorded, Via

LATE = timedelta(days=30)
ONE_THREAD = 1
FROM_THE_BUYER = frozenset({SourceKind.BUYER_IN_WRITING, SourceKind.BUYER_SAID})
# Nobody of ours is to blame for a source that changed its mind, nor for a wrong import.
OUR_MISTAKES = frozenset(
    {
        RetractionReason.MISHEARD,
        RetractionReason.WRONG_OPPORTUNITY,
        RetractionReason.DUPLICATE,
        RetractionReason.ENTRY_ERROR,
    }
)
_DECIDED = frozenset({Status.WON, Status.LOST, Status.NO_DECISION})
_UNTOLD = frozenset({FacetState.UNEXAMINED, FacetState.ACKNOWLEDGED})
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Observation(Struct, frozen=True):
    """One value of an indicator of a seller; without `counts` it adds to the value, not to n."""

    seller: UUID
    indicator: Indicator
    value: float
    counts: bool = True


def observations(
    before: Opportunity | None, recorded: Recorded[Event], after: Opportunity
) -> Iterator[Observation]:
    """Yield what an event of an opportunity says; nothing of what another system told."""
    if before is None or recorded.metadata.actor.via is Via.IMPORT:
        return
    match recorded.event:
        case FactLearned() as event if not event.after_close:
            yield from _of_fact(event, recorded)
        case FactRetracted(fact_id=fact_id, reason=reason) if reason in OUR_MISTAKES:
            belief = before.belief(fact_id)
            if belief is not None and not belief.retracted and _by_hand(belief):
                yield Observation(_learner(belief), Indicator.RETRACTIONS, 1, counts=False)
        case QuestionAnswered(question_id=question_id):
            yield from _of_answer(before.questions.get(question_id), before.owner, after)
        case QuestionDropped(question_id=question_id):
            yield from _without_answer(before.questions.get(question_id), before.owner)
        case ProposalSent() if before.proposal_sent_at is None:
            yield from _of_proposal(before)
    if before.open and after.status in _DECIDED:
        yield from _of_end(before, after)


def _of_fact(event: FactLearned, recorded: Recorded[Event]) -> Iterator[Observation]:
    if event.provenance.source is SourceKind.IMPORTED:
        return
    seller = event.provenance.learned_by or recorded.metadata.actor.principal
    said = event.provenance.source in FROM_THE_BUYER
    yield Observation(seller, Indicator.BUYER_SHARE, float(said))
    yield Observation(seller, Indicator.RETRACTIONS, 0)
    if not event.learned.defaulted:
        lag = recorded.recorded_at - event.learned.effective(recorded.recorded_at)
        yield Observation(seller, Indicator.RECORDING_LAG, max(lag / _HOUR, 0))


def _of_answer(question: Question | None, owner: UUID, after: Opportunity) -> Iterator[Observation]:
    if question is None or question.asked_at is None or not question.open:
        return
    yield Observation(owner, Indicator.QUESTIONS_ANSWERED, 1)
    answered_at = after.questions[question.question_id].closed_at
    if answered_at is not None:
        days = (answered_at - question.asked_at) / _DAY
        yield Observation(owner, Indicator.QUESTION_AGE, max(days, 0))


def _without_answer(question: Question | None, owner: UUID) -> Iterator[Observation]:
    if question is not None and question.status is QuestionStatus.ASKED:
        yield Observation(owner, Indicator.QUESTIONS_ANSWERED, 0)


def _of_proposal(state: Opportunity) -> Iterator[Observation]:
    sight = Sight(state)
    heard = {one.evaluator_id for one in sight.contacts}
    criteria = any(True for _ in sight.believed.of(Criterion))
    idle = any(
        one.fact.alternative_id == sight.known.do_nothing for one in sight.believed.of(Preference)
    )
    assessed = idle or sight.facets[Facet.DO_NOTHING] not in _UNTOLD
    yield Observation(state.owner, Indicator.SINGLE_THREAD, float(len(heard) <= ONE_THREAD))
    yield Observation(state.owner, Indicator.CRITERIA_BEFORE_PROPOSAL, float(criteria))
    yield Observation(state.owner, Indicator.DO_NOTHING_ASSESSED, float(assessed))


def _of_end(before: Opportunity, after: Opportunity) -> Iterator[Observation]:
    for question in before.questions.values():
        yield from _without_answer(question, before.owner)
    ended_at = after.closed_at
    if ended_at is None or ended_at - before.opened_at <= LATE:
        return  # everything came up in the last 30 days of something so short
    for belief in _known_at_the_end(before):
        late = _first_known(belief) > ended_at - LATE
        yield Observation(_learner(belief), Indicator.LATE_DISCOVERY, float(late))


def _known_at_the_end(state: Opportunity) -> Iterator[Belief]:
    """Yield the first fact of each key that somebody of ours learned and nobody took back."""
    for history in state.histories.values():
        learned = (one for one in history.beliefs if not one.retracted and _by_hand(one))
        first = min(learned, key=_first_known, default=None)
        if first is not None:
            yield first


def _first_known(belief: Belief) -> datetime:
    return belief.learned.effective(belief.recorded_at)


def _by_hand(belief: Belief) -> bool:
    told = belief.provenance
    return told.source is not SourceKind.IMPORTED and told.learned_by is not None


def _learner(belief: Belief) -> UUID:
    learner = belief.provenance.learned_by
    assert learner is not None, "what is recorded says who learned it"
    return learner
