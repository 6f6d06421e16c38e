"""From the source's texts to the types of a command's fields: numbers, dates, money, codes."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import msgspec
from msgspec import Struct

from opps.domain.money import Money
from opps.integrations.importing.errors import RowRefused
from opps.integrations.importing.templates import Scope

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Formats(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the source writes values: dates as for strptime, the marks in its numbers."""

    date: str | None = None
    decimal: str = "."
    thousands: str = ""


Converter = Callable[[Any, Scope], Any]


def converter(kind: Any, formats: Formats) -> Converter:
    """Return how to make a value of a field's type from what a template gives.

    The converter raises `RowRefused` for what is no such value.
    """
    adapt = _adapter(plain_types(kind), formats)

    def convert(given: Any, scope: Scope) -> Any:
        try:
            return msgspec.convert(adapt(given, scope), kind, strict=False)
        except (msgspec.ValidationError, ValueError) as error:
            raise RowRefused("VALUE_UNFIT", f"{_shown(given)}: {error}") from None

    return convert


def _adapter(kinds: set[Any], formats: Formats) -> Converter:
    if Money in kinds:
        return lambda given, scope: (
            {"amount": _number(given, formats), "currency": scope.currency}
            if isinstance(given, str)
            else given
        )
    if date in kinds:
        return lambda given, scope: _date(given, formats) if isinstance(given, str) else given
    if kinds & {Decimal, float, int}:
        return lambda given, scope: _number(given, formats) if isinstance(given, str) else given
    return lambda given, scope: given


def _number(text: str, formats: Formats) -> str:
    plain = text.strip()
    if formats.thousands:
        plain = plain.replace(formats.thousands, "")
    plain = plain.replace(formats.decimal, ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(
            f"no number with {formats.decimal!r} before its decimals; "
            '[formats] decimal = "," and thousands = "." say how the source writes them'
        )
    return plain


def _date(text: str, formats: Formats) -> date:
    if formats.date is None:
        return date.fromisoformat(text)
    return datetime.strptime(text, formats.date).date()


def plain_types(kind: Any) -> set[Any]:
    """Return a type and all those that it is made of."""
    inner = [part for part in get_args(kind) if not isinstance(part, msgspec.Meta)]
    return {kind}.union(*(plain_types(part) for part in inner))


def _shown(given: Any) -> str:
    return repr(given) if len(repr(given)) <= 80 else repr(given)[:77] + "..."
