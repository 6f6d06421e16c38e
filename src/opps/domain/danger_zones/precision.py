"""How often it helped to be told of a danger zone, with what so few judgements leave open."""

from msgspec import Struct

from opps.domain.shares import wilson

# Four in five: as wide as the interval of a win probability.
_Z = 1.2815515594600038


class Precision(Struct, frozen=True, kw_only=True):
    """Of how many danger zones that somebody judged were how many useful."""

    useful: int = 0
    judged: int = 0

    @property
    def share(self) -> float | None:
        """The share that was useful; None while nobody has judged any."""
        return self.useful / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 80 % interval of that share, after Wilson; from 0 to 1 while nothing is judged."""
        if not self.judged:
            return 0.0, 1.0
        return wilson(self.useful, self.judged, _Z)
