"""What takes an import back out of an opportunity: decided on its history alone."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from opps.domain.account_map.state import Estimate
from opps.domain.events import (
    AmountEstimated,
    AnyOpportunityEvent,
    Event,
    FactLearned,
    FactRetracted,
    ImportTakenBack,
    OpportunityOpened,
    OpportunityRenamed,
    OpportunityWithdrawn,
    OwnershipTransferred,
    QuestionDropped,
    QuestionRaised,
    RetractionReason,
    TeamMemberJoined,
    TeamMemberLeft,
)
from opps.domain.money import Money
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.placing import VALUES
from opps.domain.opportunity.putting_back import values_before
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.recorded import Recorded, Via
from opps.domain.times import Learned

# What a revert undoes. Anything else states what somebody did: it stays, and changes no value.
_UNDONE = (OpportunityOpened, *VALUES, FactLearned, QuestionRaised)
TAKES_BACK = (ImportTakenBack, OpportunityWithdrawn)
_NO_IMPORT = UUID(int=0)


def brought_by(recorded: Recorded[Event], import_id: UUID) -> bool:
    """Tell whether an import brought an event."""
    metadata = recorded.metadata
    return metadata.correlation_id == import_id and metadata.actor.via == Via.IMPORT


def still_brought(history: Sequence[Recorded[Event]]) -> list[Recorded[Event]]:
    """Return a history without what imports brought that were taken back afterwards."""
    until = {
        one.event.import_id: one.position for one in history if isinstance(one.event, TAKES_BACK)
    }
    if not until:
        return list(history)
    return [
        one
        for one in history
        if one.metadata.actor.via != Via.IMPORT
        or one.position > until.get(one.metadata.correlation_id or _NO_IMPORT, 0)
    ]


def take_back(
    history: Sequence[Recorded[Event]], import_id: UUID, reason: str, learned: Learned
) -> list[AnyOpportunityEvent]:
    """Return the events that take an import back out of an opportunity; none where it is out.

    The history is that of the opportunity alone, and nobody has built on what the import brought.
    """
    added = _standing(history, import_id)
    now = fold(history)
    if not added or now is None or now.status is Status.WITHDRAWN:
        return []
    if any(isinstance(one.event, OpportunityOpened) for one in added):
        return [OpportunityWithdrawn(learned=learned, import_id=import_id, reason=reason)]
    first = added[0].position
    before = fold(one for one in history if one.position < first)
    assert before is not None, "it was there before the import"
    return [
        *_facts_retracted(before, now, added, reason, learned),
        *_questions_dropped(now, added, reason, learned),
        *_named_as_before(before, now, learned),
        *_team_as_before(before, now, learned),
        ImportTakenBack(
            learned=learned, import_id=import_id, reason=reason, before=values_before(before)
        ),
    ]


def stays(history: Sequence[Recorded[Event]], import_id: UUID) -> Counter[str]:
    """Return how many events of each kind say what was done, and stay in an opportunity."""
    added = _standing(history, import_id)
    return Counter(type(one.event).__name__ for one in added if not isinstance(one.event, _UNDONE))


def _standing(history: Sequence[Recorded[Event]], import_id: UUID) -> list[Recorded[Event]]:
    """Return what an import brought since it was last taken back."""
    added: list[Recorded[Event]] = []
    for one in history:
        if isinstance(one.event, TAKES_BACK) and one.event.import_id == import_id:
            added = []
        elif brought_by(one, import_id):
            added.append(one)
    return added


def _facts_retracted(
    before: Opportunity,
    now: Opportunity,
    added: Sequence[Recorded[Event]],
    reason: str,
    learned: Learned,
) -> list[AnyOpportunityEvent]:
    """Return the retractions, the newest fact first: what it had replaced stands again."""
    learned_here = [one.event.fact_id for one in added if isinstance(one.event, FactLearned)]
    beliefs = [belief for id_ in reversed(learned_here) if (belief := now.belief(id_))]
    return [
        FactRetracted(
            learned=learned,
            fact_id=one.fact_id,
            reason=RetractionReason.IMPORT_REVERTED,
            note=reason,
        )
        for one in beliefs
        if not one.retracted and one.fact_id not in before.fact_keys
    ]


def _questions_dropped(
    now: Opportunity, added: Sequence[Recorded[Event]], reason: str, learned: Learned
) -> list[AnyOpportunityEvent]:
    raised = [one.event.question_id for one in added if isinstance(one.event, QuestionRaised)]
    return [
        QuestionDropped(learned=learned, question_id=id_, reason=reason)
        for id_ in raised
        if (question := now.questions.get(id_)) is not None and question.open
    ]


def _named_as_before(
    before: Opportunity, now: Opportunity, learned: Learned
) -> list[AnyOpportunityEvent]:
    events: list[AnyOpportunityEvent] = []
    if now.title != before.title:
        events.append(OpportunityRenamed(learned=learned, title=before.title))
    if now.owner != before.owner:
        back = OwnershipTransferred(learned=learned, from_owner=now.owner, to_owner=before.owner)
        events.append(back)
    if now.amount != before.amount and before.amount is not None:
        events.append(_estimated(before.amount, before.map.estimate, learned))
    return events


def _estimated(amount: Money, estimate: Estimate | None, learned: Learned) -> AmountEstimated:
    """Return the amount from before the import, worked out as it was."""
    if estimate is None or estimate.amount != amount:
        return AmountEstimated(learned=learned, amount=amount)
    return AmountEstimated(
        learned=learned,
        amount=amount,
        quantity=estimate.quantity,
        unit_price=estimate.unit_price,
        basis=estimate.basis,
    )


def _team_as_before(
    before: Opportunity, now: Opportunity, learned: Learned
) -> list[AnyOpportunityEvent]:
    left = [one for one in now.team if one not in before.team]
    joined = [(one, does) for one, does in before.team.items() if now.team.get(one) is not does]
    return [
        *[TeamMemberLeft(learned=learned, member=one) for one in left],
        *[TeamMemberJoined(learned=learned, member=one, function=does) for one, does in joined],
    ]
