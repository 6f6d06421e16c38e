"""How often it helped to be told of a danger zone, with what so few judgements leave open."""

from math import sqrt

from msgspec import Struct

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
        n, share = self.judged, self.useful / self.judged
        middle = share + _Z * _Z / (2 * n)
        width = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
        whole = 1 + _Z * _Z / n
        return max(0.0, (middle - width) / whole), min(1.0, (middle + width) / whole)
