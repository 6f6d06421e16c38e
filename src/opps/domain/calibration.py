"""How well opinions of closed opportunities came true: the Brier score, never without its n."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import product

from msgspec import Struct

from opps.domain.opinions import Whose

# With fewer closed opportunities the figures say more about chance than about anybody.
LEAST = 10


class Moment(StrEnum):
    """When an opinion is looked at: as it stood then, by what had been told by then.

    MID_LIFE: halfway from the opening to the close. DAYS_30_BEFORE: 30 days before the close.
    """

    MID_LIFE = "MID_LIFE"
    DAYS_30_BEFORE = "DAYS_30_BEFORE"


class Calibrated(Struct, frozen=True, kw_only=True):
    """Whose opinions at one moment, against how the opportunities ended; each counts once.

    `squares` is the sum of the squared errors.
    """

    whose: Whose
    moment: Moment
    n: int
    won: int
    squares: float

    @property
    def enough(self) -> bool:
        """Whether there are enough of them to say anything."""
        return self.n >= LEAST

    @property
    def base_rate(self) -> float | None:
        """The share that was won; None without enough."""
        return self.won / self.n if self.enough else None

    @property
    def brier(self) -> float | None:
        """The mean squared error: 0 is perfect, smaller is better; None without enough."""
        return self.squares / self.n if self.enough else None

    @property
    def skill(self) -> float | None:
        """The share of the base rate's error that the opinions take away, at most 1.

        None without enough, and where all ended alike: then the base rate makes no error.
        """
        rate, brier = self.base_rate, self.brier
        if rate is None or brier is None or rate in (0, 1):
            return None
        return 1 - brier / (rate * (1 - rate))

    @property
    def sentence(self) -> str:
        """What it says, in words for a conversation."""
        closed = f"{self.n} closed {'opportunity' if self.n == 1 else 'opportunities'}"
        brier, skill = self.brier, self.skill
        if brier is None:
            return f"Not enough data: {closed}, and it takes {LEAST} to say anything."
        if skill is None:
            return f"Brier {brier:.3f} over {closed}, which all ended alike."
        told = "more" if skill > 0 else "no more"
        return f"Brier {brier:.3f} over {closed}: it says {told} than the share of wins alone."


def overall(found: Iterable[Calibrated]) -> list[Calibrated]:
    """Return whose opinions came true how well at each moment, those of nobody with n = 0."""
    held = {(one.whose, one.moment): one for one in found}
    return [
        held.get((whose, moment)) or Calibrated(whose=whose, moment=moment, n=0, won=0, squares=0.0)
        for whose, moment in product(Whose, Moment)
    ]
