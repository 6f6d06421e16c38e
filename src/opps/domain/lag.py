"""How long one seller takes from learning to recording: a matter for coaching, never for ranking.

Only what was said with its own learned time counts; everything is shown with its n.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from math import exp, lgamma, log
from statistics import quantiles
from typing import TypeVar

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.lateness import is_late, lag_in_words
from opps.domain.provenance import Channel
from opps.domain.telling.forms import counted

# With fewer the figures say more about chance than about a habit.
LEAST = 10
CONFIDENCE = 0.9

K = TypeVar("K")


class Noted(Struct, frozen=True):
    """One thing that somebody told us: how, about what, when it was written down, how late.

    Without `lag_s` nobody said when it was learned.
    """

    channel: Channel
    objective: Objective | None
    noted_at: datetime
    lag_s: float | None


class Lags(Struct, frozen=True, kw_only=True):
    """The lags of some of what was learned, in seconds; figures are None below `LEAST`.

    `low_s` to `high_s` is an interval of at least 90 % for the median.
    """

    n: int
    late: int
    lower_quartile_s: float | None = None
    median_s: float | None = None
    upper_quartile_s: float | None = None
    low_s: float | None = None
    high_s: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there are enough of them to say anything."""
        return self.n >= LEAST

    @property
    def share_late(self) -> float | None:
        """The share that was written down late; None without enough."""
        return self.late / self.n if self.enough else None

    @property
    def sentence(self) -> str:
        """What it says, in words for a conversation."""
        said = f"{counted(self.n, 'thing')} learned"
        if self.median_s is None:
            return f"Not enough data: {said}, and it takes {LEAST} to say anything."
        return (
            f"Of {said}, half were written down {lag_in_words(self.median_s)} or sooner, "
            f"and {self.late} late."
        )


class LagReport(Struct, frozen=True, kw_only=True):
    """The lags of one seller; months are those in which something was written down, by UTC.

    What was learned lately and is not written down yet is in no month: by the month of learning
    the last ones would look too good. `undated` is what came without a time: it does not count.
    """

    total: Lags
    by_channel: Mapping[Channel, Lags]
    by_objective: Mapping[Objective, Lags]
    by_month: Mapping[date, Lags]
    undated: int


def lag_report(noted: Iterable[Noted]) -> LagReport:
    """Return the lags of what one seller learned, in all and by channel, objective and month."""
    every = list(noted)
    dated = [one for one in every if one.lag_s is not None]
    return LagReport(
        total=lags(dated),
        by_channel=_by(dated, lambda one: one.channel, list(Channel)),
        by_objective=_by(dated, lambda one: one.objective, list(Objective)),
        by_month=_by(dated, _month, sorted({_month(one) for one in dated})),
        undated=len(every) - len(dated),
    )


def lags(noted: Sequence[Noted]) -> Lags:
    """Return what some lags say; a lag below zero is none."""
    seconds = sorted(max(0.0, one.lag_s) for one in noted if one.lag_s is not None)
    n, late = len(seconds), sum(map(is_late, seconds))
    if n < LEAST:
        return Lags(n=n, late=late)
    lower, median, upper = quantiles(seconds, n=4, method="inclusive")
    first, last = median_ranks(n)
    return Lags(
        n=n,
        late=late,
        lower_quartile_s=lower,
        median_s=median,
        upper_quartile_s=upper,
        low_s=seconds[first - 1],
        high_s=seconds[last - 1],
    )


@lru_cache(maxsize=1024)
def median_ranks(n: int) -> tuple[int, int]:
    """Return the ranks, from 1, between which the median lies with at least 90 %.

    The narrowest symmetric pair of order statistics X(l) and X(n+1-l): whatever the distribution,
    they enclose the median with the probability that a fair coin falls heads l to n-l times of n.
    Both ends are the outermost ranks where fewer than five do not allow as much. Source:
    W. R. Thompson, On confidence ranges for the median, Annals of Mathematical Statistics 7
    (1936), 122-128.
    """
    lower = (n + 1) // 2
    covered = 0.0
    for rank in range(n // 2, 0, -1):
        chance = _heads(rank, n)
        covered += chance if 2 * rank == n else 2 * chance
        lower = rank
        if covered >= CONFIDENCE:
            break
    return lower, n + 1 - lower


def _heads(heads: int, n: int) -> float:
    """Return the probability that a fair coin falls heads so many times of n."""
    ways = lgamma(n + 1) - lgamma(heads + 1) - lgamma(n - heads + 1)
    return exp(ways - n * log(2))


def _by(
    noted: Sequence[Noted], key: Callable[[Noted], K | None], order: Sequence[K]
) -> dict[K, Lags]:
    """Return the lags of each group that there is, in order."""
    groups: dict[K, list[Noted]] = defaultdict(list)
    for one in noted:
        if (of := key(one)) is not None:
            groups[of].append(one)
    return {of: lags(groups[of]) for of in order if of in groups}


def _month(noted: Noted) -> date:
    return noted.noted_at.astimezone(UTC).date().replace(day=1)
