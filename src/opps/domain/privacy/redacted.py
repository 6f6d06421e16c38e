"""Where an erasure shows: the redacted values in what is believed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from opps.domain.beliefs import Belief
from opps.domain.personal import Redacted


class Erasing(Struct, frozen=True):
    """The erasure of a person, with its place in the log."""

    person_id: UUID
    at: datetime
    position: int


def redactions(value: Any) -> Iterator[Redacted]:
    """Yield the redacted values in a value, however deep they lie."""
    if isinstance(value, Redacted):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from redactions(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from redactions(one)


def erased_in(belief: Belief, erasures: Iterable[Erasing]) -> tuple[int, ...]:
    """Return the positions of the erasures that took something from a belief."""
    gone = {(one.subject, one.erased_at) for one in redactions(belief)}
    return tuple(sorted(one.position for one in erasures if (one.person_id, one.at) in gone))
