"""States that stay in memory between commands, within a bound."""

from collections import OrderedDict
from typing import Any, Generic
from uuid import UUID

from msgspec import Struct

from opps.application.aggregates import S
from opps.domain.setting import Setting

# About 500 MB of opportunities: what a state holds grows with the events behind it.
HELD_EVENTS = 200_000


class Loaded(Struct, Generic[S], frozen=True):
    """A state with what surrounds it, and the position of the last event that either knows of."""

    state: S | None
    setting: Setting
    position: int


class Memory:
    """The states last used, by tenant and stream."""

    def __init__(self, held_events: int = HELD_EVENTS) -> None:
        self._limit = held_events
        self._held: OrderedDict[tuple[UUID, UUID], Loaded[Any]] = OrderedDict()
        self._held_events = 0

    def get(self, tenant: UUID, stream: UUID) -> Loaded[Any] | None:
        """Return what is held of a stream."""
        return self._held.get((tenant, stream))

    def keep(self, tenant: UUID, stream: UUID, loaded: Loaded[Any]) -> None:
        """Hold a state, and let go of those used longest ago beyond the bound."""
        self.drop(tenant, stream)
        self._held[tenant, stream] = loaded
        self._held_events += _weight(loaded)
        while self._held_events > self._limit:
            self._held_events -= _weight(self._held.popitem(last=False)[1])

    def drop(self, tenant: UUID, stream: UUID) -> None:
        """Let go of a stream."""
        held = self._held.pop((tenant, stream), None)
        if held is not None:
            self._held_events -= _weight(held)

    def forget(self, tenant: UUID) -> None:
        """Let go of all that is held of a tenant."""
        for one, stream in list(self._held):
            if one == tenant:
                self.drop(one, stream)


def _weight(loaded: Loaded[Any]) -> int:
    assert loaded.state is not None
    return int(loaded.state.version) + 1
