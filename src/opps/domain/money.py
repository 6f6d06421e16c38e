"""Money: an exact amount with its currency."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from opps.domain.describe import doc
from opps.domain.exact import Digits

AMOUNT = Digits("an amount", before=15, after=9)
Currency = Annotated[str, Meta(pattern=r"\A[A-Z]{3}\Z")]


class Money(Struct, frozen=True, gc=False):
    """An amount of money; amounts of two currencies are never compared or added."""

    amount: Annotated[Decimal, doc("The amount, exact, in units of the currency.")]
    currency: Annotated[Currency, doc("ISO 4217 code, such as EUR.")]

    def __post_init__(self) -> None:
        """Keep one form of each amount, so that equal large amounts are stored as equal bytes.

        Raises:
            ValueError: the amount is not finite, or beyond 15 digits before or 9 after the point.
        """
        force_setattr(self, "amount", AMOUNT.of(self.amount))
