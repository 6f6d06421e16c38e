"""Money: an exact amount with its currency."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from opps.domain.describe import doc

Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class Money(Struct, frozen=True):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Annotated[Decimal, doc("The amount, exact, in units of the currency.")]
    currency: Annotated[Currency, doc("ISO 4217 code, such as EUR.")]
