"""An indicator of one seller beside the same seller's past and the median of the others."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from opps.domain.coaching.indicators import INDICATORS, About, Indicator, Unit
from opps.domain.coaching.measuring import (
    LEAST_PEERS,
    Compared,
    Measure,
    Observed,
    PeerMedian,
    compared,
    measure,
    peer_median,
)
from opps.domain.lag import LEAST
from opps.domain.telling.forms import counted

# How far from the others somebody has to be for it to matter; of hours and days, a quarter and one.
_FAR_SHARE = 0.1
_FAR_IN_TIME, _FAR_AT_LEAST = 0.25, 1.0
_FAR_BRIER = 0.05


class IndicatorReport(Struct, frozen=True, kw_only=True):
    """An indicator now, over the time before of the same length, and of the others now."""

    now: Measure
    past: Measure
    peers: PeerMedian

    @property
    def about(self) -> About:
        """What the indicator is."""
        return INDICATORS[self.now.indicator]

    @property
    def beside_past(self) -> Compared:
        """How it stands to the seller's own past."""
        return compared(self.now, self.past.value)

    @property
    def beside_peers(self) -> Compared:
        """How it stands to the median of the others."""
        return compared(self.now, self.peers.value)

    @property
    def is_gap(self) -> bool:
        """Whether it is worse than the others' for longer, or worse than theirs and than it was.

        One look alone would name a gap by chance in one indicator of twenty; and of many cases the
        interval tells differences apart that matter to nobody.
        """
        if self.beside_peers is not Compared.WORSE or not self._matters:
            return False
        for_longer = compared(self.past, self.peers.value)
        return Compared.WORSE in (for_longer, self.beside_past)

    @property
    def _matters(self) -> bool:
        """Whether it is far enough from the median of the others for anybody to mind."""
        mine, theirs = self.now.value, self.peers.value
        if mine is None or theirs is None:
            return False
        match self.about.unit:
            case Unit.HOURS | Unit.DAYS:
                return abs(mine - theirs) >= max(_FAR_IN_TIME * theirs, _FAR_AT_LEAST)
            case Unit.SHARE:
                return abs(mine - theirs) >= _FAR_SHARE
            case Unit.BRIER:
                return abs(mine - theirs) >= _FAR_BRIER

    @property
    def sentence(self) -> str:
        """What it says, in words for a conversation."""
        now, of = self.now, self.about
        if now.value is None or now.low is None or now.high is None:
            return f"Not enough data: {counted(now.n, 'case')}, and it takes {LEAST}."
        unit = of.unit
        said = (
            f"{_figure(now.value, unit)} of {counted(now.n, 'case')}"
            f" (between {_figure(now.low, unit)} and {_figure(now.high, unit)})"
        )
        return f"{said}; {self._past_in_words()}; {self._peers_in_words()}."

    def _past_in_words(self) -> str:
        if self.past.value is None:
            return "not enough data of the time before"
        figure = _figure(self.past.value, self.about.unit)
        return f"{_IN_WORDS[self.beside_past]} {figure} before"

    def _peers_in_words(self) -> str:
        if self.peers.value is None:
            return f"fewer than {LEAST_PEERS} others to stand beside"
        figure = _figure(self.peers.value, self.about.unit)
        return f"{_IN_WORDS[self.beside_peers]} {figure}, the median of {self.peers.peers} others"


_IN_WORDS = {
    Compared.BETTER: "better than",
    Compared.WORSE: "worse than",
    Compared.NO_DIFFERENCE: "not to be told from",
}


def report(
    indicator: Indicator,
    now: Sequence[Observed],
    past: Sequence[Observed],
    peers: Iterable[float],
) -> IndicatorReport:
    """Return an indicator of a seller; `peers` are the figures of others with enough data."""
    return IndicatorReport(
        now=measure(indicator, now), past=measure(indicator, past), peers=peer_median(peers)
    )


def _figure(value: float, unit: Unit) -> str:
    match unit:
        case Unit.SHARE:
            return f"{value * 100:.0f} %"
        case Unit.HOURS:
            return f"{value:.1f} hours"
        case Unit.DAYS:
            return f"{value:.1f} days"
        case Unit.BRIER:
            return f"Brier {value:.3f}"
