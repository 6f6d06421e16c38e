"""Numbers that are kept exactly: finite, bounded on both sides of the point, one form of each."""

from decimal import Decimal
from typing import NamedTuple


class Digits(NamedTuple):
    """What a number is called, and how many digits it has at most before and after the point."""

    called: str
    before: int
    after: int

    def of(self, number: Decimal) -> Decimal:
        """Return a number in its one form, so that equal large ones are stored as equal bytes.

        Raises:
            ValueError: it is not finite, or has more digits.
        """
        limit = Decimal(10) ** self.before
        # Compared before anything is worked out with it: that fails for an exponent beyond all.
        if not number.is_finite() or not -limit < number < limit:
            raise ValueError(str(self))
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)
        if exponent < -self.after:
            raise ValueError(str(self))
        return number.quantize(Decimal(1)) if exponent > 0 else number

    def __str__(self) -> str:
        """Say the limits in words."""
        return (
            f"{self.called} has at most {self.before} digits before the point and {self.after} "
            "behind it"
        )
