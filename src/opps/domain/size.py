"""How large an opportunity is, as a value that a model can grade as context.

It is labelled context, never knowledge: no model looks at it unless one of its signals is named so.
The name and the values are stored in models, and stay. Source: docs/knowledge.md.
"""

from bisect import bisect_right
from decimal import Decimal

from opps.domain.money import Money

AMOUNT_SIZE = "amount_size"

# Six sizes in each power of ten.
_FROM = tuple(Decimal(edge) for edge in ("1", "1.5", "2", "3", "5", "7.5"))


def amount_size(amount: Money) -> str:
    """Return the size of an amount in its own currency, such as `EUR_7500_OR_MORE`."""
    if amount.amount < 1:
        return f"{amount.currency}_UNDER_1"
    power = amount.amount.adjusted()
    edge = _FROM[bisect_right(_FROM, amount.amount.scaleb(-power)) - 1].scaleb(power)
    return f"{amount.currency}_{_plain(edge)}_OR_MORE"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
