"""How far closed opportunities may lead away from the expert, in one place.

Source: docs/score.md, with the data that each number was measured on.
"""

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.model import Nats


class FitSettings(Struct, frozen=True, kw_only=True):
    """The spreads of the prior in nats, and how much the base rate and the precedents weigh.

    Of graded signals `slope` is the spread of what all grades of a channel have in common, and
    `deviation` that of a single value, as a share of the weight that the expert gives the signal.
    Of what the expert gives no weight it is `ungraded`, of the buyer's behaviour `behaviour`;
    there `weight` is the spread of each weight, and the deviations of neighbouring steps of a wait
    differ by a `step` at most likely 0. `pseudo_deals` is how many deals the base rate of the
    prior model counts. `precedents` is the spread of what near-identical closed deals add; 0 leaves
    them out. Their pull falls by e with each `reach` attributes that differ. The band is widened by
    what `band_rows` rows show; 0 leaves it as it is.
    """

    intercept: float = 0.3
    weight: float = 0.35
    slope: float = 0.4
    deviation: Nats = Nats(0.1, 0.267)
    ungraded: float = 0.35
    behaviour: float = 0.5
    step: float = 0.35
    pseudo_deals: float = 20.0
    precedents: float = 0.0
    reach: float = 1.0
    band_rows: int = 400


DEFAULT = FitSettings()

# With them: the amplitude that the grouped protocol of the table of B2B deals bears out.
_PRECEDENTS = 1.4


def with_precedents(settings: FitSettings) -> FitSettings:
    """Return settings with which near-identical closed deals pull; off by default."""
    return replace(settings, precedents=_PRECEDENTS)
