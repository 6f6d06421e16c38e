"""Which facts a decision rests on, whatever event it was recorded by, and what became of them."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import Belief, History, View, stand
from opps.domain.events import Event
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
