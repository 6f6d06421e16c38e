"""Why a forecast was refused."""

from dataclasses import dataclass

from opps.domain.errors import Refusal


@dataclass
class MixedCurrencies(Refusal):
    """These opportunities are in {currencies}: give a rate to {into} for each of the others."""

    currencies: str
    into: str


@dataclass
class RateNotPositive(Refusal):
    """The rate of {currency} is {rate}: a rate is above 0."""

    currency: str
    rate: str
