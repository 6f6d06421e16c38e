"""Which facts a decision rests on, whatever event it was recorded by, and what became of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import NOW, Belief, History, Note, Standing, Verdict, View, stand
from opps.domain.contradictions import told_at
from opps.domain.events import Event, Supersession
from opps.domain.personal import Redacted


def rests_on(event: Event) -> tuple[UUID, ...]:
    """Return the facts that our side relied on, each once, in the order given; often none.

    That is what an event names in `based_on`, as a decision does, or in the `facts` of its
    `evidence`, as the passing of a gate does.
    """
    return tuple(dict.fromkeys(_named(event)))


def stood_at(history: History, fact_id: UUID, position: int) -> bool:
    """Tell whether a fact was among those that stood when the log ended at a position."""
    standing = stand(history, View(position=position))
    return any(belief.fact_id == fact_id for belief in standing.beliefs)


class Ended(Struct, frozen=True, kw_only=True):
    """Why a fact stands alone no more: since when, what stands against it, and what was said."""

    since: datetime
    by: UUID | None = None
    because: str | None = None


def ended(history: History, fact_id: UUID) -> Ended | None:
    """Return why a fact of a key stands no more, or is contradicted; None while it stands.

    A retraction comes first, then what replaced it, then the team's choice against it, then what
    somebody else says.
    """
    belief = next(one for one in history.beliefs if one.fact_id == fact_id)
    for note in (*belief.retracted, *belief.reclassified):
        return Ended(since=_learned(note))
    for one in history.beliefs:
        if one.supersedes == fact_id and not one.retracted:
            why = Supersession.WE_LEARNED_BETTER if one.corrects else Supersession.WORLD_CHANGED
            return Ended(since=told_at(one), by=one.fact_id, because=_WHY[why])
    standing = stand(history)
    if belief in standing.beliefs:
        return _contradicted(belief, standing)
    for choice in reversed(history.resolutions):
        if fact_id in choice.rejected:
            return Ended(
                since=_learned(choice.note), by=choice.chosen, because=choice.rationale or None
            )
    return _said_again(history, belief)


_WHY = {
    Supersession.WE_LEARNED_BETTER: "we learned better",
    Supersession.WORLD_CHANGED: "the world changed",
}


def _contradicted(belief: Belief, standing: Standing) -> Ended | None:
    against = [one for one in standing.beliefs if one.fact.contradicts(belief.fact)]
    if standing.verdict is not Verdict.CONTRADICTED or not against:
        return None
    first = min(against, key=told_at)
    since = max(told_at(first), told_at(belief))
    return Ended(since=since, by=first.fact_id, because="somebody says otherwise")


def _said_again(history: History, belief: Belief) -> Ended | None:
    """Return that the same person said something else later."""
    later = [
        one
        for one in history.beliefs
        if one.person == belief.person and one.rank(NOW) > belief.rank(NOW) and not one.retracted
    ]
    if not later:
        return None
    last = min(later, key=lambda one: one.rank(NOW))
    return Ended(since=told_at(last), by=last.fact_id, because="the same source said it anew")


def _learned(note: Note) -> datetime:
    return note.learned.effective(note.recorded_at)


def is_erased(belief: Belief) -> bool:
    """Tell whether something that a fact said can be read no more: its person was erased."""
    return _redacted(belief.fact) or _redacted(belief.provenance)


def _named(event: Event) -> Iterator[UUID]:
    yield from getattr(event, "based_on", ())
    evidence: object = getattr(event, "evidence", ())
    if isinstance(evidence, Iterable):
        for one in evidence:
            yield from getattr(one, "facts", ())


def _redacted(value: Any) -> bool:
    if isinstance(value, Redacted):
        return True
    if isinstance(value, Struct):
        return any(_redacted(getattr(value, name)) for name in value.__struct_fields__)
    return isinstance(value, tuple) and any(map(_redacted, value))
