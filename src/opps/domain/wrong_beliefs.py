"""Beliefs that turned out wrong: what shows it, since when we had held them, and what undoes it.

A world that changed makes no belief wrong, and saying the same twice is no error either.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import NOW, Belief, History
from opps.domain.events import (
    ContradictionResolved,
    Event,
    FactLearned,
    FactRedated,
    FactRetracted,
    RetractionReason,
    Supersession,
)
from opps.domain.opportunity.state import Opportunity


class WrongHow(StrEnum):
    """How a belief turned out wrong.

    CORRECTED: we learned better. RETRACTED: it never was knowledge. REDATED: its content is
    right, but we had come to know it at another time. DECIDED_AGAINST: the team chose another
    fact that it contradicted.
    """

    CORRECTED = "CORRECTED"
    RETRACTED = "RETRACTED"
    REDATED = "REDATED"
    DECIDED_AGAINST = "DECIDED_AGAINST"


class Finding(Struct, frozen=True, kw_only=True):
    """That a belief is wrong, or, with `undoes`, that an earlier finding no longer holds.

    `by` is the fact that took its place. `undoes` is the position of the earlier finding.
    """

    belief: Belief
    how: WrongHow
    reason: RetractionReason | None = None
    by: UUID | None = None
    undoes: int | None = None


def findings(before: Opportunity | None, event: Event) -> list[Finding]:
    """Return what an event shows of the beliefs held before it, in the order of the log.

    A belief that was already found wrong is not found wrong again, but for its date.
    """
    return [] if before is None else list(_found(before, event))


def held_s(learned_at: datetime, found_at: datetime) -> float:
    """Return how long a belief was held, in seconds; none where it was found before it was."""
    return max(0.0, (found_at - learned_at).total_seconds())


def believed_since(belief: Belief) -> datetime:
    """Return when a belief was learned, as its last redating says."""
    return belief.learned_for(NOW).effective(belief.recorded_at)


def _found(before: Opportunity, event: Event) -> Iterator[Finding]:
    match event:
        case FactLearned(supersedes=replaced) if replaced is not None:
            if replaced.because is Supersession.WE_LEARNED_BETTER:
                yield from _wrong(before, replaced.fact_id, WrongHow.CORRECTED, by=event.fact_id)
        case FactRetracted(fact_id=fact_id, reason=reason):
            yield from _revived(before, fact_id)
            if reason is not RetractionReason.DUPLICATE:
                yield from _wrong(before, fact_id, WrongHow.RETRACTED, reason=reason)
        case FactRedated(fact_id=fact_id):
            if (belief := before.belief(fact_id)) is not None:
                yield Finding(belief=belief, how=WrongHow.REDATED)
        case ContradictionResolved(chosen=chosen, rejected=rejected):
            belief = before.belief(chosen)
            if belief is None or belief.retracted:
                return
            yield from _chosen_after_all(before, belief)
            for fact_id in rejected:
                if fact_id != chosen:
                    yield from _wrong(before, fact_id, WrongHow.DECIDED_AGAINST, by=chosen)


def _wrong(
    before: Opportunity,
    fact_id: UUID,
    how: WrongHow,
    *,
    by: UUID | None = None,
    reason: RetractionReason | None = None,
) -> Iterator[Finding]:
    belief = before.belief(fact_id)
    if belief is None or belief.retracted:
        return
    history = _history(before, belief)
    if not (_corrections(history, fact_id) or _rejections(history, fact_id)):
        yield Finding(belief=belief, how=how, by=by, reason=reason)


def _revived(before: Opportunity, taken_back: UUID) -> Iterator[Finding]:
    """Yield the beliefs that the retraction of what stood against them brings back."""
    better = before.belief(taken_back)
    if better is None or better.retracted:
        return
    history = _history(before, better)
    for belief in history.beliefs:
        corrections = _corrections(history, belief.fact_id)
        rejections = _rejections(history, belief.fact_id)
        against = {*corrections, *(chosen for chosen, _ in rejections)}
        if belief.retracted or against != {taken_back}:
            continue
        # The earliest is the finding: the others were found once it was known.
        if corrections:
            how, at = WrongHow.CORRECTED, min(corrections.values())
        else:
            how, at = WrongHow.DECIDED_AGAINST, min(position for _, position in rejections)
        yield Finding(belief=belief, how=how, by=taken_back, undoes=at)


def _chosen_after_all(before: Opportunity, chosen: Belief) -> Iterator[Finding]:
    history = _history(before, chosen)
    if _corrections(history, chosen.fact_id):
        return
    for by, position in _rejections(history, chosen.fact_id)[:1]:
        how = WrongHow.DECIDED_AGAINST
        yield Finding(belief=chosen, how=how, by=by, undoes=position)


def _history(of: Opportunity, belief: Belief) -> History:
    return of.histories[belief.fact.key]


def _corrections(history: History, fact_id: UUID) -> dict[UUID, int]:
    """Return the facts that correct another and were not taken back, with their positions."""
    return {
        one.fact_id: one.position
        for one in history.beliefs
        if one.corrects and one.supersedes == fact_id and not one.retracted
    }


def _rejections(history: History, fact_id: UUID) -> list[tuple[UUID, int]]:
    """Return the choices against a fact that still hold: what was chosen, and where in the log.

    A choice holds as long as what it chose was not taken back, or until the other is chosen.
    """
    withdrawn = {one.fact_id for one in history.beliefs if one.retracted}
    against: list[tuple[UUID, int]] = []
    for one in history.resolutions:
        if one.chosen == fact_id:
            against = []
        elif fact_id in one.rejected and one.chosen not in withdrawn:
            against.append((one.chosen, one.note.position))
    return against
