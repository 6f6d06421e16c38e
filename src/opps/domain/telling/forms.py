"""How a day, an amount, a share or a long text is written in a sentence."""

from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from opps.domain.money import Money
from opps.domain.times import Learned, Precision, UnreadableTime, zone_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST = 60


def day(of: date, year: int | None = None) -> str:
    """Return a day such as 12 Mar 2026; without its year where that is the one given."""
    written = f"{of.day} {MONTHS[of.month - 1]}"
    return written if of.year == year else f"{written} {of.year}"


def when(learned: Learned, recorded_at: datetime, year: int | None = None) -> str:
    """Return when something was learned, as exactly as that is known, by the zone it names."""
    zone = _zone(learned.zone)
    first = learned.earliest
    if first is None or learned.precision is Precision.INSTANT:
        if learned.precision is Precision.UNKNOWN:
            return "on an unknown day"
        return day(learned.effective(recorded_at).astimezone(zone).date(), year)
    begun = first.astimezone(zone).date()
    match learned.precision:
        case Precision.MONTH:
            return f"{MONTHS[begun.month - 1]} {begun.year}"
        case Precision.QUARTER:
            return f"Q{(begun.month + 2) // 3} {begun.year}"
        case Precision.YEAR:
            return str(begun.year)
        case _:
            return day(begun, year)


def plain(code: str | StrEnum) -> str:
    """Return a stored name in plain words: WORKED_WITH_US is worked with us."""
    return str(code).replace("_", " ").lower()


def quoted(text: str) -> str:
    """Return a text in quotation marks, cut where it is long."""
    words = " ".join(text.split())
    return f'"{words}"' if len(words) <= LONGEST else f'"{words[: LONGEST - 1].rstrip()}…"'


def money(held: Money) -> str:
    """Return an amount with thousands apart, such as 80,000 EUR."""
    amount = held.amount
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f} {held.currency}" if whole else f"{amount:,.2f} {held.currency}"


def percent(share: float) -> str:
    """Return a share from 0 to 1 in whole percent, without the sign."""
    return f"{100 * share:.0f}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as 1 day or 8 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _zone(name: str) -> tzinfo:
    try:
        return zone_of(name)
    except UnreadableTime:
        return UTC
