"""How far closed opportunities may lead away from the expert, in one place.

Source: docs/score.md. The same for all data. Chosen on what the example mappings are for: the B2B
deals of salvirt.toml, by cross-validation, and the loan applications of bpic2012.toml, learned from
October and tried on November and December.
"""

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.model import Nats


class FitSettings(Struct, frozen=True, kw_only=True):
    """The spreads of the prior in nats, and how much the base rate and the precedents weigh.

    `intercept`: of the start of each channel, around what gives the base rate. `pseudo_deals`: how
    many deals the base rate of the prior model counts; `pseudo_deals_alone` the same where the base
    rate is all that is learned. `slope`: of what all grades of a channel have in common, around 1.
    `deviation`: of a value from its grade, as a share of the weight of its signal. `ungraded`: of a
    value whose signal the expert gives no weight.

    Of the buyer's behaviour, and of what the rules of the catalogue say, `weight` is the spread of
    each weight. `behaviour`: of a step of a wait; neighbouring steps differ by a `step`.

    `precedents`: of what near-identical closed deals add; 0 leaves them out. Their pull falls by e
    with each `reach` attributes that differ. `band_rows`: how many rows the width of the band is
    found on; 0 leaves it as it is.
    """

    # On the B2B deals. With 1.0 the Brier score is .005 worse after ten deals, and after 400 .0003
    # better.
    intercept: float = 0.3
    # On the B2B deals. With 4 ten deals make the Brier score .012 worse than the prior's, with 20
    # .004.
    pseudo_deals: float = 20.0
    # Expert: it answers alone from 200 deals on, where 20 could leave it .01 off their own rate.
    pseudo_deals_alone: float = 4.0
    slope: float = 0.4
    # Three quarters of this, or half as much again, change the Brier score by less than .001.
    deviation: Nats = Nats(0.1, 0.267)
    # On the loan applications; sellers and products of the B2B deals would bear 0.5.
    ungraded: float = 0.35
    weight: float = 0.35
    behaviour: float = 0.5
    step: float = 0.35
    # On the B2B deals.
    precedents: float = 0.0
    reach: float = 1.0
    band_rows: int = 400


DEFAULT = FitSettings()
# What the B2B deals bear out, twins apart: 1.8 is no better.
_PRECEDENTS = 1.4


def with_precedents(settings: FitSettings) -> FitSettings:
    """Return settings with which near-identical closed deals pull; off by default."""
    return replace(settings, precedents=_PRECEDENTS)
