"""What changed between two looks at an opportunity, by fact, and what that did to the score."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.beliefs import Belief, History, stand
from opps.domain.change import Effect, change
from opps.domain.knowledge import Known
from opps.domain.opportunity.state import Opportunity, known
from opps.domain.privacy.redacted import Erasing, erased_in
from opps.domain.score import Score, score


class DiffKind(StrEnum):
    """Why a fact counts otherwise than before.

    LEARNED: we were told, or told again by somebody. WORLD_CHANGED: it replaces a fact that had
    been so. CORRECTED: it replaces a fact that had never been so, the team
    chose it, or a want turned out to be a need.
    LATE_ARRIVAL: we had learned it before the first look, and recorded it after. REDATED: it had
    been learned at another time. RETRACTED: it was taken back. NOT_YET: the second look does not
    reach it. ERASED: a person was erased in between, and what was said of them cannot be read any
    more, by either look; the score stays as it is. CONDUCT: what was asked, offered and answered,
    and what the deal is worth. CLOSING: the end froze the score, or a new beginning thawed it.
    TIME: facts aged and silence grew.
    MODEL: another scoring model.
    """

    LEARNED = "LEARNED"
    WORLD_CHANGED = "WORLD_CHANGED"
    CORRECTED = "CORRECTED"
    LATE_ARRIVAL = "LATE_ARRIVAL"
    REDATED = "REDATED"
    RETRACTED = "RETRACTED"
    NOT_YET = "NOT_YET"
    ERASED = "ERASED"
    CONDUCT = "CONDUCT"
    CLOSING = "CLOSING"
    TIME = "TIME"
    MODEL = "MODEL"


class DiffLine(Struct, frozen=True, kw_only=True):
    """One line: a fact, or what moved the score beside the facts.

    `positions` are those of the events behind it. The milli-points of all lines are those between
    both scores, exactly.
    """

    kind: DiffKind
    milli_points: int
    effects: tuple[Effect, ...]
    key: str | None = None
    fact_id: UUID | None = None
    positions: tuple[int, ...] = ()


class Look(Struct, frozen=True):
    """An opportunity as a lens shows it: told up to a position, of an instant."""

    state: Opportunity
    position: int
    at: datetime


class Diff(Struct, frozen=True, kw_only=True):
    """What changed between two looks."""

    before: Score
    after: Score
    lines: tuple[DiffLine, ...]

    @property
    def milli_points(self) -> int:
        """How far the score moved."""
        return self.after.milli_points - self.before.milli_points


def diff(before: Look, after: Look, erasures: Sequence[Erasing] = ()) -> Diff:
    """Return what changed: the facts in the order in which they were learned, then the rest.

    Each line is what the score moves when it alone is added to the lines above it. `erasures` are
    those between both looks.
    """
    now, end = known(before.state), known(after.state)
    first = then = score(now)
    lines: list[DiffLine] = []
    for line, known_then in _steps(before, after, now, end):
        moved = change(then, later := score(known_then))
        if line.fact_id is not None or moved.effects:
            lines.append(replace(line, milli_points=moved.milli_points, effects=moved.effects))
        then = later
    lines.extend(_erased(after, erasures))
    return Diff(before=first, after=then, lines=tuple(lines))


def _steps(before: Look, after: Look, now: Known, end: Known) -> Iterator[tuple[DiffLine, Known]]:
    """Yield each line, not yet weighed, with what is known once it counts."""
    histories = dict(before.state.histories)
    for line, key, history in _facts(before, after, histories):
        histories[key] = history
        now = replace(now, standings={**now.standings, key: stand(history)})
        yield line, now
    acted = replace(end, standings=now.standings, clock=now.clock, view=now.view, model=now.model)
    yield _line(DiffKind.CONDUCT), acted
    frozen = replace(acted, standings=end.standings)
    yield _line(DiffKind.CLOSING), frozen
    yield _line(DiffKind.TIME), replace(frozen, clock=end.clock, view=end.view)
    yield _line(DiffKind.MODEL), end


def _facts(
    before: Look, after: Look, histories: Mapping[str, History]
) -> Iterator[tuple[DiffLine, str, History]]:
    """Yield each fact that changed with its key's history once it has, as they were learned."""
    was, becomes = _beliefs(before.state), _beliefs(after.state)
    changed = [one for one in {**was, **becomes} if was.get(one) != becomes.get(one)]
    chosen = _chosen(before.state, after.state)

    def learned(one: UUID) -> tuple[datetime, int]:
        belief = becomes.get(one) or was[one]
        effective = belief.redated[-1].learned if belief.redated else belief.learned
        return effective.effective(belief.recorded_at), belief.position

    for fact_id in sorted({*changed, *chosen}, key=learned):
        one, other = was.get(fact_id), becomes.get(fact_id)
        key = (other or was[fact_id]).fact.key
        history = _put(histories.get(key, History()), fact_id, other)
        if fact_id in chosen:
            final = after.state.histories.get(key, History())
            history = replace(history, resolutions=final.resolutions)
        kind, positions = _why(before, one, other, chosen.get(fact_id))
        yield _line(kind, key, fact_id, positions), key, history


def _erased(after: Look, erasures: Sequence[Erasing]) -> Iterator[DiffLine]:
    for belief in _beliefs(after.state).values() if erasures else ():
        if positions := erased_in(belief, erasures):
            yield _line(DiffKind.ERASED, belief.fact.key, belief.fact_id, positions)


def _put(history: History, fact_id: UUID, belief: Belief | None) -> History:
    others = [one for one in history.beliefs if one.fact_id != fact_id]
    beliefs = others if belief is None else [*others, belief]
    return replace(history, beliefs=tuple(sorted(beliefs, key=lambda one: one.position)))


def _why(
    before: Look, was: Belief | None, becomes: Belief | None, chosen: int | None
) -> tuple[DiffKind, tuple[int, ...]]:
    """Return why a fact counts otherwise, and the positions of the events behind that."""
    if becomes is None:
        assert was is not None, "one of both looks shows it"
        return DiffKind.NOT_YET, (was.position,)
    if was is None:
        events = (becomes.position, *_notes(becomes))
        return _learned(before, becomes), events
    new = tuple(sorted({*_notes(becomes)} - {*_notes(was)}))
    if len(becomes.retracted) > len(was.retracted):
        return DiffKind.RETRACTED, new
    if len(becomes.redated) > len(was.redated):
        return DiffKind.REDATED, new
    if len(becomes.reclassified) > len(was.reclassified):
        return DiffKind.CORRECTED, new
    if chosen is not None:
        return DiffKind.CORRECTED, (*new, chosen)
    if new:
        return DiffKind.LEARNED, new
    return DiffKind.NOT_YET, tuple(sorted({*_notes(was)} - {*_notes(becomes)}))


def _learned(before: Look, belief: Belief) -> DiffKind:
    if belief.retracted:
        return DiffKind.RETRACTED
    told_late = belief.position > before.position
    if told_late and belief.learned.effective(belief.recorded_at) <= before.at:
        return DiffKind.LATE_ARRIVAL
    if belief.supersedes is None:
        return DiffKind.LEARNED
    return DiffKind.CORRECTED if belief.corrects else DiffKind.WORLD_CHANGED


def _notes(belief: Belief) -> tuple[int, ...]:
    notes = (*belief.corroborated, *belief.reconfirmed, *belief.redated, *belief.retracted)
    return tuple(sorted(note.position for note in (*notes, *belief.reclassified)))


def _beliefs(state: Opportunity) -> dict[UUID, Belief]:
    return {one.fact_id: one for of in state.histories.values() for one in of.beliefs}


def _chosen(before: Opportunity, after: Opportunity) -> dict[UUID, int]:
    """Return the facts that the team chose in between, with the position of the choice."""
    return {
        one.chosen: one.note.position
        for key, of in after.histories.items()
        for one in of.resolutions
        if one not in before.histories.get(key, History()).resolutions
        and any(belief.fact_id == one.chosen for belief in of.beliefs)
    }


def _line(
    kind: DiffKind,
    key: str | None = None,
    fact_id: UUID | None = None,
    positions: tuple[int, ...] = (),
) -> DiffLine:
    return DiffLine(
        kind=kind, milli_points=0, effects=(), key=key, fact_id=fact_id, positions=positions
    )
