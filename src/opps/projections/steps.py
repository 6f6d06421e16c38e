"""One step of a fold: an event of a stream, with the state before and after it."""

from collections.abc import Callable
from typing import Any, get_args
from uuid import UUID

from msgspec import Struct

from opps.domain import account, events, person
from opps.domain.events import Event
from opps.domain.exceptions import lifecycle as exception
from opps.domain.opportunity import evolve as opportunity
from opps.domain.recorded import Recorded
from opps.projections.scores import Scored, Scores


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

KIND_OF: dict[str, Kind] = {
    tag: one for one in (OPPORTUNITY, ACCOUNT, PERSON, EXCEPTION) for tag in one.tags
}


class Step:
    """An event with what it changed in one stream.

    A tick is a step of each stream it concerns, in order of their ids: `ordinal` numbers them.
    """

    __slots__ = ("_scored", "_scores", "after", "before", "kind", "ordinal", "recorded", "stream")

    def __init__(
        self,
        kind: Kind,
        stream: UUID,
        recorded: Recorded[Event],
        before: Any,
        after: Any,
        scores: Scores,
        ordinal: int = 0,
    ) -> None:
        self.kind = kind
        self.stream = stream
        self.recorded = recorded
        self.before = before
        self.after = after
        self.ordinal = ordinal
        self._scores: Scores | None = scores
        self._scored: Scored | None = None

    @property
    def scored(self) -> Scored | None:
        """The score of the opportunity around the event, where it can have moved."""
        if self._scores is not None:
            self._scored = self._scores.around(self.before, self.after)
            self._scores = None  # worked out once, for every projection that asks
        return self._scored
