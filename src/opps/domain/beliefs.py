"""Which facts stand for a view `(k, r)`: the one rule that everyone calls.

`k` is the instant of knowledge, `r` the position in the log (docs/knowledge.md).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.facts import Fact
from opps.domain.provenance import Provenance
from opps.domain.times import Learned, Reading

FOREVER = datetime.max.replace(tzinfo=UTC)
HEAD = 2**63 - 1


class View(Struct, frozen=True):
    """What is looked at: everything learned by `known_at`, recorded up to `position`."""

    known_at: datetime = FOREVER
    position: int = HEAD
    reading: Reading = Reading.CERTAIN


NOW = View()


class Note(Struct, frozen=True, gc=False):
    """A later record about a fact: when it was learned, and where it stands in the log."""

    learned: Learned
    recorded_at: datetime
    position: int
    provenance: Provenance | None = None
    independent: bool = False

    def held(self, view: View) -> bool:
        """Tell whether the view sees this record and it had been learned by then."""
        return (
            self.position <= view.position
            and self.learned.read(view.reading, self.recorded_at) <= view.known_at
        )


class Belief(Struct, frozen=True, gc=False):
    """A fact that was learned, with everything recorded about it since.

    `corrects` says that what it supersedes had never been so: we learned better.
    """

    fact_id: UUID
    fact: Fact
    provenance: Provenance
    learned: Learned
    recorded_at: datetime
    position: int
    person: UUID | None
    supersedes: UUID | None = None
    after_close: bool = False
    corrects: bool = False
    true_from: date | None = None
    true_until: date | None = None
    redated: tuple[Note, ...] = ()
    retracted: tuple[Note, ...] = ()
    reconfirmed: tuple[Note, ...] = ()
    corroborated: tuple[Note, ...] = ()
    reclassified: tuple[Note, ...] = ()

    def learned_for(self, view: View) -> Learned:
        """Return when it was learned, as the latest redating that the view sees says."""
        for note in reversed(self.redated):
            if note.position <= view.position:
                return note.learned
        return self.learned

    def reached(self, view: View) -> bool:
        """Tell whether the view sees the fact and it had been learned by then."""
        return (
            self.position <= view.position
            and self.learned_for(view).read(view.reading, self.recorded_at) <= view.known_at
        )

    def withdrawn(self, view: View) -> bool:
        """Tell whether a retraction had been learned by then."""
        return any(note.held(view) for note in self.retracted)

    def passed_on(self, view: View) -> bool:
        """Tell whether it had become something else by then: a want that is a need."""
        return any(note.held(view) for note in self.reclassified)

    def rank(self, view: View) -> tuple[datetime, int]:
        """Return what decides between facts of one person: the later learned, then recorded."""
        return self.learned_for(view).effective(self.recorded_at), self.position


class Resolution(Struct, frozen=True):
    """The team's choice between facts that cannot both hold."""

    note: Note
    chosen: UUID
    rejected: tuple[UUID, ...]
    rationale: str = ""


class Verdict(StrEnum):
    """What a view says about one key."""

    NOTHING = "NOTHING"
    STANDS = "STANDS"
    CONTRADICTED = "CONTRADICTED"


class Standing(Struct, frozen=True, gc=False):
    """What stands for one key: the fact believed, or all facts that contradict each other."""

    verdict: Verdict
    beliefs: tuple[Belief, ...] = ()

    @property
    def belief(self) -> Belief | None:
        """The one belief that stands, if one does."""
        return self.beliefs[0] if self.verdict is Verdict.STANDS else None


NOTHING = Standing(Verdict.NOTHING)


class History(Struct, frozen=True, gc=False):
    """All that was ever recorded about one key, in the order of the log."""

    beliefs: tuple[Belief, ...] = ()
    resolutions: tuple[Resolution, ...] = ()

    def learn(self, belief: Belief) -> "History":
        """Return the history with one more fact."""
        return replace(self, beliefs=(*self.beliefs, belief))

    def annotate(self, fact_id: UUID, field: str, note: Note) -> "History":
        """Return the history with a note added to one field of a fact."""
        places = (at for at, belief in enumerate(self.beliefs) if belief.fact_id == fact_id)
        at = next(places, None)
        if at is None:
            return self
        noted = _with_note(self.beliefs[at], field, note)
        return replace(self, beliefs=(*self.beliefs[:at], noted, *self.beliefs[at + 1 :]))

    def reclassify(self, note: Note) -> "History":
        """Return the history with everything said so far become something else."""
        noted = (_with_note(belief, "reclassified", note) for belief in self.beliefs)
        return replace(self, beliefs=tuple(noted))

    def resolve(self, resolution: Resolution) -> "History":
        """Return the history with a contradiction resolved."""
        return replace(self, resolutions=(*self.resolutions, resolution))


def stand(history: History, view: View = NOW) -> Standing:
    """Return what stands for one key in a view.

    Held is what was learned by then and neither retracted nor superseded by then. Of each
    person the greatest (learned, position) stands; across persons the kind's conflict rule decides.
    """
    reached = [belief for belief in history.beliefs if belief.reached(view)]
    believed = [one for one in reached if not (one.retracted and one.withdrawn(view))]
    superseded = {belief.supersedes for belief in believed if belief.supersedes is not None}
    superseded.update(belief.fact_id for belief in believed if belief.passed_on(view))
    held = [one for one in believed if not (superseded and one.fact_id in superseded)]
    if len(held) < 2:
        return Standing(Verdict.STANDS, tuple(held)) if held else NOTHING
    oldest_first = sorted(held, key=lambda one: one.rank(view))
    latest = {belief.person: belief for belief in oldest_first}.values()
    rejected = _rejected(history, held, view)
    # Putting aside what somebody said last does not bring back what they had said before.
    chosen = [belief for belief in latest if belief.fact_id not in rejected] or latest
    standing = sorted(chosen, key=lambda one: one.rank(view), reverse=True)
    if any(_contradict(one, other) for one, other in combinations(standing, 2)):
        return Standing(Verdict.CONTRADICTED, tuple(standing))
    return Standing(Verdict.STANDS, tuple(standing))


class Histories(dict[str, History]):
    """What was recorded under each key, and what stands there: worked out once somebody looks.

    A fold passes hundreds of events and asks at its end. Nobody changes one that others hold.
    """

    __slots__ = ("_standings",)

    def __init__(self, histories: Mapping[str, History] = MappingProxyType({})) -> None:
        super().__init__(histories)
        self._standings: dict[str, Standing] = {}

    def revised(self, key: str, history: History) -> "Histories":
        """Return these with another history under one key."""
        after = Histories(self)
        after[key] = history
        if self._standings:
            after._standings = self._standings.copy()
            after._standings.pop(key, None)
        return after

    @property
    def standings(self) -> Mapping[str, Standing]:
        """What stands now under each key, in their order."""
        if len(self._standings) < len(self):
            before = self._standings
            self._standings = {
                key: before.get(key) or stand(history) for key, history in self.items()
            }
        return self._standings


NO_HISTORIES = Histories()


_NOTES = ("redated", "retracted", "reconfirmed", "corroborated", "reclassified")


def visible(history: History, view: View) -> History:
    """Return the history as a view sees it: what stands in it is what stands in the view."""
    return History(
        beliefs=tuple(_visible(one, view) for one in history.beliefs if one.reached(view)),
        resolutions=tuple(one for one in history.resolutions if one.note.held(view)),
    )


def _visible(belief: Belief, view: View) -> Belief:
    """Return a fact with the notes that a view sees; a redating counts once it is recorded."""
    if not any(getattr(belief, notes) for notes in _NOTES):
        return belief  # as nearly all are
    return replace(
        belief,
        redated=tuple(one for one in belief.redated if one.position <= view.position),
        retracted=tuple(one for one in belief.retracted if one.held(view)),
        reconfirmed=tuple(one for one in belief.reconfirmed if one.held(view)),
        corroborated=tuple(one for one in belief.corroborated if one.held(view)),
        reclassified=tuple(one for one in belief.reclassified if one.held(view)),
    )


def _rejected(history: History, held: list[Belief], view: View) -> set[UUID]:
    """Return the facts that the team put aside, as long as the fact it chose is held.

    A later choice wins over an earlier one.
    """
    ids = {belief.fact_id for belief in held}
    rejected: set[UUID] = set()
    for resolution in history.resolutions:
        if resolution.chosen in ids and resolution.note.held(view):
            rejected.update(resolution.rejected)
            rejected.discard(resolution.chosen)
    return rejected


def _contradict(one: Belief, other: Belief) -> bool:
    return one.fact.contradicts(other.fact)


def _with_note(belief: Belief, field: str, note: Note) -> Belief:
    changed: dict[str, Any] = {field: (*getattr(belief, field), note)}
    return replace(belief, **changed)
