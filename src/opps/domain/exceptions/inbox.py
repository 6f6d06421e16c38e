"""In which order exceptions deserve time: what is at stake, how open it is, and the time left.

urgency = value at stake * width of the 80 % interval * time left

Value at stake is the amount as a multiple of the median amount of the open opportunities of the
same currency: amounts of two currencies are never compared. Time left is the share of a quarter
that remains until the commit date: what is decided tomorrow can hardly be changed any more. Where
a part is unknown it counts as the usual one, so that a missing amount hides nothing.

What was imported and nobody has worked on here waits in this order: of each seller so many such
opportunities are in the inbox at once. A pipeline that comes in lacks the same in all of its
opportunities, and thousands of equal exceptions would be none.
"""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from opps.domain.telling.forms import percent

IMPORTED_AT_ONCE = 5
QUARTER_DAYS = 91
LEAST_TIME = 1 / QUARTER_DAYS
USUAL_VALUE = 1.0
USUAL_TIME = 0.5


class Urgency(Struct, frozen=True):
    """The parts of the order of an inbox, and their product."""

    value: float
    width: float
    time: float

    @property
    def score(self) -> float:
        """What the inbox is ordered by, the largest first."""
        return self.value * self.width * self.time


def urgency(
    amount: Decimal | None,
    usual_amount: Decimal | None,
    width: float,
    commit_date: date | None,
    today: date,
) -> Urgency:
    """Return how much an exception deserves time now.

    `width` is that of the interval of the opportunity, from 0 to 1; the amounts are of one
    currency.
    """
    value = float(amount / usual_amount) if amount is not None and usual_amount else USUAL_VALUE
    if commit_date is None:
        return Urgency(value, width, USUAL_TIME)
    days = (commit_date - today).days
    return Urgency(value, width, min(max(days, 1), QUARTER_DAYS) / QUARTER_DAYS)


def in_words(
    parts: Urgency, amount: str | None, commit_date: date | None, usual: str | None
) -> str:
    """Return why an exception stands where it stands."""
    width = f"an interval {percent(parts.width)} % wide"
    return f"{_worth(parts, amount, usual)}; {width}; {_left(parts, commit_date)}."


def _worth(parts: Urgency, amount: str | None, usual: str | None) -> str:
    if amount is None:
        return "no amount, taken as a usual one"
    if usual is None:
        return f"{amount}, taken as usual: nothing open to compare it with"
    return f"{amount}, {parts.value:.1f} times the usual {usual}"


def _left(parts: Urgency, commit_date: date | None) -> str:
    if commit_date is None:
        return "no commit date, taken as half a quarter"
    if parts.time <= LEAST_TIME:
        return f"the commit date, {commit_date.isoformat()}, is due or has passed"
    return f"{percent(parts.time)} % of a quarter left until {commit_date.isoformat()}"
