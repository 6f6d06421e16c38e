"""Appends on their way to the log, several thousand events at a time."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from time import sleep
from typing import Generic, TypeVar

from opps.eventstore import Append, Appended, Log, Overloaded, VersionConflict

T = TypeVar("T")

# Enough for several full batches of the log; a bound on what memory holds.
_EVENTS_IN_FLIGHT = 8_000
_PAUSE_S = 0.02


class Sender(Generic[T]):
    """Sends appends, and says of each, in their order, whether it was stored just now.

    It was not where it had been stored before, or where its stream has moved on.

    Raises, from its methods:
        AppendRefused, LogFault: the log says no, or is away.
    """

    def __init__(self, log: Log, settled: Callable[[Append, T, bool], None]) -> None:
        self._log = log
        self._settled = settled
        self._in_flight: deque[tuple[Future[Appended], Append, T]] = deque()
        self._events = 0

    def send(self, append: Append, of: T) -> None:
        """Send an append; `of` is what it is told of with when it has settled."""
        while self._in_flight and self._events > _EVENTS_IN_FLIGHT:
            self._settle_oldest()
        while True:
            try:
                future = self._log.submit(append)
                break
            except Overloaded:
                if self._in_flight:
                    self._settle_oldest()
                else:
                    sleep(_PAUSE_S)
        self._in_flight.append((future, append, of))
        self._events += len(append.events)

    def settle(self) -> None:
        """Wait for all that was sent."""
        while self._in_flight:
            self._settle_oldest()

    def _settle_oldest(self) -> None:
        future, append, of = self._in_flight.popleft()
        self._events -= len(append.events)
        try:
            stored = not future.result().replayed
        except VersionConflict:
            stored = False
        self._settled(append, of, stored)
