"""Beliefs that turned out wrong: what shows it, since when we had held them, and what undoes it.

A world that changed makes no belief wrong, and saying the same twice is no error either.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import NOW, Belief, History, Note
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

# Nobody believed it by mistake: it was there twice, or should not have been brought in.
_NO_MISTAKE = (RetractionReason.DUPLICATE, RetractionReason.IMPORT_REVERTED)


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
            if reason not in _NO_MISTAKE:
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
    if _finding(_against(_history(before, belief), fact_id)) is None:
        yield Finding(belief=belief, how=how, by=by, reason=reason)


def _revived(before: Opportunity, taken_back: UUID) -> Iterator[Finding]:
    """Yield the beliefs that the retraction of what stood against them brings back."""
    better = before.belief(taken_back)
    if better is None or better.retracted:
        return
    history = _history(before, better)
    for belief in history.beliefs:
        against = _against(history, belief.fact_id)
        found = _finding(against)
        by = {one.by for one in against if one.until is None}
        if found is not None and not belief.retracted and by == {taken_back}:
            yield Finding(belief=belief, how=found.how, by=taken_back, undoes=found.since)


def _chosen_after_all(before: Opportunity, chosen: Belief) -> Iterator[Finding]:
    against = _against(_history(before, chosen), chosen.fact_id)
    found = _finding(against)
    standing = [one for one in against if one.until is None]
    if found is not None and all(one.how is WrongHow.DECIDED_AGAINST for one in standing):
        yield Finding(belief=chosen, how=found.how, by=standing[0].by, undoes=found.since)


def _history(of: Opportunity, belief: Belief) -> History:
    return of.histories[belief.fact.key]


class _Against(NamedTuple):
    """What spoke against a fact, from one position of the log up to another, or still."""

    since: int
    until: int | None
    how: WrongHow
    by: UUID


def _against(history: History, fact_id: UUID) -> list[_Against]:
    """Return what corrected a fact and what was chosen against it, the earliest first.

    A correction holds as long as it was not taken back. So does a choice, or until the fact is
    chosen itself.
    """
    taken_back = {
        one.fact_id: min(_positions(one.retracted), default=None) for one in history.beliefs
    }
    corrections = [
        _Against(one.position, taken_back[one.fact_id], WrongHow.CORRECTED, one.fact_id)
        for one in history.beliefs
        if one.corrects and one.supersedes == fact_id
    ]
    chosen = _positions(one.note for one in history.resolutions if one.chosen == fact_id)
    choices = [
        _Against(
            at,
            _first(at, (taken_back.get(one.chosen), *chosen)),
            WrongHow.DECIDED_AGAINST,
            one.chosen,
        )
        for one in history.resolutions
        if one.chosen != fact_id and fact_id in one.rejected and (at := one.note.position)
    ]
    return sorted([*corrections, *choices])


def _finding(against: Iterable[_Against]) -> _Against | None:
    """Return by what a fact was found wrong that is wrong still: it was never right since."""
    found: _Against | None = None
    until: int | None = None
    for one in against:
        if found is None or (until is not None and until < one.since):
            found, until = one, one.until
        else:
            until = None if until is None or one.until is None else max(until, one.until)
    return found if until is None else None


def _positions(notes: Iterable[Note]) -> list[int]:
    return [one.position for one in notes]


def _first(after: int, positions: Iterable[int | None]) -> int | None:
    """Return the first position behind another."""
    return min((one for one in positions if one is not None and one > after), default=None)
