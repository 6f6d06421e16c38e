"""How much of its minute's points everybody has left, in this process."""

from collections.abc import Callable, Hashable
from math import ceil
from time import monotonic
from typing import NamedTuple

_MINUTE_S = 60.0
# Whoever has not asked for a minute has a full bucket, and need not be remembered.
_SWEPT_AT = 10_000


class Taken(NamedTuple):
    """Whether points were taken: how many are left, or after how many seconds there are enough."""

    left: int
    again_in_s: int | None = None


class Throttle:
    """A bucket of points for each caller, filled evenly, with a minute's worth at most.

    Nothing dearer than a whole bucket waits for ever: a full one gives what is asked, and is in
    debt for as long as it takes. With 0 a minute nobody is throttled.
    """

    def __init__(self, per_minute: int, now: Callable[[], float] = monotonic) -> None:
        self.per_minute = per_minute
        self._now = now
        self._buckets: dict[Hashable, tuple[float, float]] = {}
        self._sweep_at = _SWEPT_AT

    def take(self, who: Hashable, points: int) -> Taken | None:
        """Take points out of somebody's bucket, if it holds them; None where nobody has one."""
        if not self.per_minute:
            return None
        now_s = self._now()
        left = self._left(who, now_s)
        missing = min(points, self.per_minute) - left
        if missing > 0:
            # Never less than a second: whoever comes back at once has asked for nothing.
            return Taken(max(0, int(left)), max(1, ceil(missing * _MINUTE_S / self.per_minute)))
        self._buckets[who] = (left - points, now_s)
        if len(self._buckets) > self._sweep_at:
            self._sweep(now_s)
        return Taken(max(0, int(left - points)))

    def _left(self, who: Hashable, now_s: float) -> float:
        left, at_s = self._buckets.get(who, (float(self.per_minute), now_s))
        return min(self.per_minute, left + (now_s - at_s) * self.per_minute / _MINUTE_S)

    def _sweep(self, now_s: float) -> None:
        full = [who for who in self._buckets if self._left(who, now_s) >= self.per_minute]
        for who in full:
            del self._buckets[who]
        # Where most are still in use, not again with each of them.
        self._sweep_at = max(_SWEPT_AT, 2 * len(self._buckets))
