"""Which facts a decision rests on, whatever event it was recorded by."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from opps.domain.events import Event


def rests_on(event: Event) -> tuple[UUID, ...]:
    """Return the facts that our side relied on, each once, in the order given; often none.

    That is what an event names in `based_on`, as a decision does, or in the `facts` of its
    `evidence`, as the passing of a gate does.
    """
    return tuple(dict.fromkeys(_named(event)))


def _named(event: Event) -> Iterator[UUID]:
    yield from getattr(event, "based_on", ())
    evidence: object = getattr(event, "evidence", ())
    if isinstance(evidence, Iterable):
        for one in evidence:
            yield from getattr(one, "facts", ())
