"""What can be wrong with the rows of an opportunity as a whole, and what to do then."""

from collections.abc import Sequence

from opps.domain.times import Learned
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.salesforce.gathering import Told
from opps.integrations.importing.salesforce.objects import Kind

CURRENCY_MISSING = RowRefused(
    "CURRENCY_MISSING",
    "CurrencyIsoCode is empty",
    'fill it, or say which it is: --currency EUR, or [salesforce] currency = "EUR"',
)


def doubled(versions: Sequence[tuple[Learned, Told]]) -> frozenset[int]:
    """Return the numbers of rows of one opportunity that contradict each other at one time."""
    by_time: dict[Learned, list[Told]] = {}
    for learned, told in versions:
        by_time.setdefault(learned, []).append(told)
    return frozenset(
        told.number
        for told_then in by_time.values()
        if any(told.cells != told_then[0].cells for told in told_then)
        for told in told_then
    )


def duplicate(rows: Sequence[Told]) -> RowRefused:
    """Return why rows of one id cannot be taken."""
    lines = ", ".join(f"line {told.line} of {told.file}" for told in rows)
    return RowRefused(
        "DUPLICATE_ID",
        f"several rows have this id and say different things: {lines}",
        "export LastModifiedDate, which tells the later one, or take the wrong one out",
    )


def no_opportunity(kind: Kind, opportunity: str) -> RowRefused:
    """Return why rows cannot be taken that belong to no opportunity."""
    return RowRefused(
        "NO_OPPORTUNITY",
        f"no Opportunity row has the id {opportunity!r}, and it was never imported",
        f"export {Kind.OPPORTUNITY} beside {kind}: --print-soql prints the query",
    )
