"""The kinds of stream that take commands: how each decides and evolves, and how it is folded."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from msgspec import Struct

from opps.domain import account as accounts
from opps.domain import person as persons
from opps.domain.account import Account
from opps.domain.events import Event
from opps.domain.opportunity.decide import decide
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity
from opps.domain.person import Person
from opps.domain.recorded import Context, Recorded

S = TypeVar("S", Opportunity, Account, Person)


class Aggregate(Struct, Generic[S], frozen=True):
    """How one kind of stream decides and evolves."""

    decide: Callable[[S | None, Any, Context], Sequence[Event]]
    evolve: Callable[[S | None, Recorded[Event]], S | None]


OPPORTUNITY = Aggregate[Opportunity](decide, evolve)
ACCOUNT = Aggregate[Account](
    lambda state, command, _: accounts.decide(state, command), accounts.evolve
)
PERSON = Aggregate[Person](lambda state, command, _: persons.decide(state, command), persons.evolve)


def folded(
    aggregate: Aggregate[S], history: Iterable[Recorded[Event]], position: int | None
) -> S | None:
    """Return what a history folds to, up to a position."""
    state: S | None = None
    for recorded in history:
        if position is not None and recorded.position > position:
            break
        state = aggregate.evolve(state, recorded)
    return state
