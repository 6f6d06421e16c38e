"""Near-identical closed deals, and how far each of them pulls will-we-win-it its way.

What they add is one sum: each closed deal its own share. Source: docs/score.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import exp, fsum, isfinite
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from opps.domain.signal_source import SignalSource

if TYPE_CHECKING:
    from opps.domain.signals import Heard

# In a precedent the place of a value that nobody told.
NOT_TOLD = -1
_FAR = 1000.0


class Compared(Struct, frozen=True, forbid_unknown_fields=True):
    """A signal by which deals are alike, and the values it has in them."""

    source: SignalSource
    name: str
    values: tuple[str, ...]


class Precedent(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A closed deal: the place of its value in each signal, and how far it pulls, in nats.

    `won` tells which way it went.
    """

    values: tuple[int, ...]
    pull: float
    won: bool = False
    opportunity_id: UUID | None = None


class Pull(Struct, frozen=True):
    """What one closed deal adds to will-we-win-it, and in how many signals it differs."""

    precedent: Precedent
    differing: int
    win: float


class Precedents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Closed deals that a new one is compared with, signal by signal.

    A deal that differs in no signal adds all of its pull; with each `reach` signals that differ
    e times less. What is not told of either is a difference.
    """

    signals: tuple[Compared, ...]
    deals: tuple[Precedent, ...]
    reach: float = 1.0

    def win(self, heard: Iterable["Heard"]) -> float:
        """Return what the closed deals add to will-we-win-it, in nats."""
        told = self._marks(heard)
        weights = self._weights
        return fsum([pull * weights[(told & marks).bit_count()] for marks, pull in self._closed])

    def pulls(self, heard: Iterable["Heard"]) -> list[Pull]:
        """Return what each closed deal adds, the strongest first."""
        told = self._marks(heard)
        found = [
            Pull(deal, len(self.signals) - alike, pull * self._weights[alike])
            for deal, (marks, pull) in zip(self.deals, self._closed, strict=True)
            for alike in [(told & marks).bit_count()]
        ]
        return sorted(found, key=lambda one: -abs(one.win))

    def _marks(self, heard: Iterable["Heard"]) -> int:
        mark = self._mark_of
        return sum({mark.get((one.signal.source, one.signal.name, one.value), 0) for one in heard})

    @cached_property
    def _mark_of(self) -> Mapping[tuple[SignalSource, str, str | None], int]:
        """A bit for each value of each signal: two deals are alike in the bits that both have."""
        told = ((one.source, one.name, value) for one in self.signals for value in one.values)
        return {one: 1 << place for place, one in enumerate(told)}

    @cached_property
    def _closed(self) -> Sequence[tuple[int, float]]:
        return [(sum(self._bits(deal)), _pull(deal)) for deal in self.deals]

    def _bits(self, deal: Precedent) -> Iterator[int]:
        for signal, place in zip(self.signals, deal.values, strict=False):
            if 0 <= place < len(signal.values):
                yield self._mark_of[signal.source, signal.name, signal.values[place]]

    @cached_property
    def _weights(self) -> Sequence[float]:
        """How much of its pull a deal adds that is alike in so many signals."""
        number = len(self.signals)
        if not self.reach > 0:
            return [*[0.0] * number, 1.0]
        return [exp((alike - number) / self.reach) for alike in range(number + 1)]


def _pull(deal: Precedent) -> float:
    """Return how far a deal pulls, within what sums of many stay finite with."""
    return min(max(deal.pull, -_FAR), _FAR) if isfinite(deal.pull) else 0.0
