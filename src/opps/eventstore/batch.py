"""Which waiting appends share one call of the append function."""

from collections import deque
from uuid import UUID

from opps.eventstore.appends import MAX_EVENTS, Append
from opps.eventstore.waiting import Waiting

_MAX_BYTES = 32 * 1024 * 1024
# How far a batch looks past appends that wait for one before them, so that one busy stream
# costs a bounded scan.
_MAX_LOOKED_AT = 2 * MAX_EVENTS


class _Filling:
    """What a batch holds so far, and what has to wait for the next one."""

    def __init__(self) -> None:
        self.events = 0
        self.bytes = 0
        self.taken: set[tuple[UUID, UUID]] = set()

    def admits(self, append: Append) -> bool:
        """Tell whether the append goes into the batch; either way its streams are taken now.

        The streams of an append that has to wait are taken too: nobody overtakes it on them.
        """
        tenant = append.tenant
        names = {(tenant, append.command_id), *[(tenant, stream) for stream in append.expected]}
        free = self.taken.isdisjoint(names)
        self.taken |= names
        weight = len(append.events) or 1  # a command without events has its price too
        size = sum([len(event.payload) + len(event.metadata) for event in append.events])
        fits = self.events + weight <= MAX_EVENTS and self.bytes + size <= _MAX_BYTES
        if not (free and (fits or not self.events)):
            return False
        self.events += weight
        self.bytes += size
        return True


def take_batch(queue: deque[Waiting]) -> list[Waiting]:
    """Remove and return the next batch: at most 1,000 events, one append a stream and command."""
    if len(queue) == 1:
        return [queue.popleft()]
    filling = _Filling()
    batch: list[Waiting] = []
    passed: list[Waiting] = []
    for _ in range(min(len(queue), _MAX_LOOKED_AT)):
        if filling.events >= MAX_EVENTS:
            break
        waiting = queue.popleft()
        (batch if filling.admits(waiting.append) else passed).append(waiting)
    queue.extendleft(reversed(passed))
    return batch
