"""How a seller's own estimates came true: what was said against what came, in fifths."""

from collections.abc import Iterable
from statistics import fmean

from msgspec import Struct

from opps.domain.coaching.measuring import share_interval
from opps.domain.lag import LEAST
from opps.domain.telling.forms import counted

FIFTHS = 5


class Estimate(Struct, frozen=True):
    """What a seller said of the win probability 30 days before the end, and whether it was won."""

    p: float
    won: bool


class Fifth(Struct, frozen=True, kw_only=True):
    """The estimates from `begin` to `end`: what was said on average, and what came of them.

    `low` to `high` is the interval of 90 % of the share that was won.
    """

    begin: float
    end: float
    n: int
    said: float
    came: float
    low: float
    high: float


class Reliability(Struct, frozen=True, kw_only=True):
    """The estimates of one seller against what came; without enough there are no figures."""

    n: int
    brier: float | None = None
    fifths: tuple[Fifth, ...] = ()

    @property
    def sentence(self) -> str:
        """What it says, in words for a conversation."""
        said = f"{counted(self.n, 'estimate')} of what has ended"
        if self.brier is None:
            return f"Not enough data: {said}, and it takes {LEAST} to say anything."
        off = [one for one in self.fifths if not one.low <= one.said <= one.high]
        if not off:
            return f"Brier {self.brier:.3f} over {said}: they came true as far as they can tell."
        told = " and ".join(f"{one.said:.0%} said, {one.came:.0%} came" for one in off)
        return f"Brier {self.brier:.3f} over {said}: {told}."


def reliability(estimates: Iterable[Estimate]) -> Reliability:
    """Return how estimates came true."""
    held = list(estimates)
    if len(held) < LEAST:
        return Reliability(n=len(held))
    groups: list[list[Estimate]] = [[] for _ in range(FIFTHS)]
    for one in held:
        groups[min(int(one.p * FIFTHS), FIFTHS - 1)].append(one)
    return Reliability(
        n=len(held),
        brier=fmean((one.p - one.won) ** 2 for one in held),
        fifths=tuple(_fifth(number, of) for number, of in enumerate(groups) if of),
    )


def _fifth(number: int, of: list[Estimate]) -> Fifth:
    hits = sum(one.won for one in of)
    low, high = share_interval(hits, len(of))
    return Fifth(
        begin=number / FIFTHS,
        end=(number + 1) / FIFTHS,
        n=len(of),
        said=fmean(one.p for one in of),
        came=hits / len(of),
        low=low,
        high=high,
    )
