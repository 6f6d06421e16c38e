"""One step of a fold: an event of a stream, with the state before and after it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from msgspec import Struct

from opps.domain import account, events, imports, person
from opps.domain.coaching import evolve as coaching
from opps.domain.events import Event
from opps.domain.exceptions import lifecycle as exception
from opps.domain.opportunity import evolve as opportunity
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Recorded
from opps.domain.score import Score
from opps.projections.known_lines import KnownLines, Told
from opps.projections.scores import Moment, Scored, Scores, looks_at_same


class Kind(Struct, frozen=True, eq=False):
    """A kind of stream: the column of its id, which tags it holds, and how its state changes."""

    column: str
    tags: frozenset[str]
    evolve: Callable[[Any, Recorded[Event]], Any]


def _tags(union: object) -> frozenset[str]:
    return frozenset(event.__name__ for event in get_args(union))


OPPORTUNITY = Kind("opportunity_id", _tags(events.AnyOpportunityEvent), opportunity.evolve)
ACCOUNT = Kind("account_id", _tags(events.AccountEvent), account.evolve)
PERSON = Kind("person_id", _tags(events.PersonEvent), person.evolve)
EXCEPTION = Kind("exception_id", _tags(events.ExceptionEvent), exception.evolve)
GAP = Kind("gap_id", _tags(events.CoachingEvent), coaching.evolve)
IMPORT = Kind("import_id", _tags(events.ImportEvent), imports.evolve)

KIND_OF: dict[str, Kind] = {
    tag: one for one in (OPPORTUNITY, ACCOUNT, PERSON, EXCEPTION, GAP, IMPORT) for tag in one.tags
}


class Step:
    """An event with what it changed in one stream.

    A tick is a step of each stream it concerns, in order of their ids: `ordinal` numbers them.
    """

    __slots__ = (
        "_lines",
        "_now",
        "_scored",
        "_told",
        "_was",
        "after",
        "before",
        "kind",
        "ordinal",
        "recorded",
        "stream",
    )

    def __init__(
        self,
        kind: Kind,
        stream: UUID,
        recorded: Recorded[Event],
        before: Any,
        after: Any,
        scores: Scores,
        lines: KnownLines,
        ordinal: int = 0,
    ) -> None:
        self.kind = kind
        self.stream = stream
        self.recorded = recorded
        self.before = before
        self.after = after
        self.ordinal = ordinal
        self._was: Moment | None = None
        self._now: Moment | None = None
        if kind is OPPORTUNITY:
            self._was = scores.at(before) if before is not None else None
            self._now = scores.at(after)
        self._scored: Scored | None = None
        self._lines = lines
        self._told: list[Told] | None = None

    @property
    def now(self) -> Moment:
        """What the score looks at after the event."""
        assert self._now is not None, "only opportunities have a score"
        return self._now

    @property
    def scored(self) -> Scored | None:
        """The score of the opportunity around the event, where it can have moved."""
        if self._scored is None and self._was is not self._now:
            before = None if self._was is None else self._was.score
            self._scored = Scored(before, self.now.score)
        return self._scored

    @property
    def next_step_at(self) -> datetime | None:
        """When time alone can next move the score of the opportunity after the event."""
        return self.now.turns_at if self.after.open else None

    def told(self) -> list[Told]:
        """Return what the event changes in what was known of the opportunity, told once."""
        if self._told is None:
            self._told = list(self._lines.told(self.recorded, self.before, self.after))
        return self._told

    def score_of(self, known: Opportunity) -> Score:
        """Return the score of what was known, remembered while it looks at the same."""
        same = looks_at_same(known, self.after)
        return self.now.score if same else self._lines.scores.of(known)

    @property
    def exact_until(self) -> datetime | None:
        """Until when the last of what was known holds by itself, once it was told."""
        return self._lines.exact_until(self.stream)
