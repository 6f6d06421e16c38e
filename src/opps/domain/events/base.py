"""What every event is."""

from typing import ClassVar

from msgspec import Struct

from opps.domain.times import Learned


class Event(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Something that happened. Its class name is its stored tag."""

    schema: ClassVar[int] = 1


class OpportunityEvent(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to an opportunity, and when our side came to know of it."""

    learned: Learned
