"""The scalars of the schema: how times, amounts, ids and positions read and write."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType
from uuid import UUID

import strawberry
from orjson import OPT_UTC_Z, dumps
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from opps.projections.score_trend import ScoreCursor as Cursor

Position = NewType("Position", int)
ScoreCursor = NewType("ScoreCursor", str)

LARGEST_AMOUNT = Decimal(10) ** 18
DECIMAL_PLACES = 6
LAST_POSITION = 2**63 - 1
LONGEST_CURSOR = 2 * len(str(LAST_POSITION)) + 1


def read_datetime(value: object) -> datetime:
    """Return the instant of an ISO 8601 text with a zone.

    Raises:
        ValueError: it cannot be read, or has no zone.
    """
    moment = datetime.fromisoformat(_text(value, "a date and time such as 2026-03-01T10:00:00Z"))
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no zone: add one, such as Z or +01:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{value} lies outside of the years 1 to 9999") from None


def write_datetime(value: datetime) -> str:
    """Return an instant in UTC, as ISO 8601 with Z."""
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    # As isoformat() has it, in a third of its time.
    return encoded(utc)[1:-1].decode()


def encoded(value: Any) -> bytes:
    """Return what was answered as JSON, with instants in UTC, days and UUIDs as their scalars."""
    return dumps(value, None, OPT_UTC_Z)


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_date(value: object) -> date:
    """Return the day of a text such as 2026-03-01.

    Raises:
        ValueError: it is no such text.
    """
    text = _text(value, "a date such as 2026-03-01")
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no date: write it as 2026-03-01")
    return date.fromisoformat(text)


def read_decimal(value: object) -> Decimal:
    """Return an exact number below 10^18 with at most six decimal places.

    Raises:
        ValueError: it is no such number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("write the number as text, such as '80000.50'")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number: write it as '80000.50'") from None
    # Compared before abs(), which overflows for an exponent beyond any that can be stored.
    if not number.is_finite() or not -LARGEST_AMOUNT < number < LARGEST_AMOUNT:
        raise ValueError(f"{value!r} is out of range: it must be below 10^18")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMAL_PLACES:
        raise ValueError(f"{value!r} has more than {DECIMAL_PLACES} decimal places")
    return number


def write_decimal(value: Decimal) -> str:
    """Return an exact number without an exponent."""
    return f"{value:f}"


def read_uuid(value: object) -> UUID:
    """Return the UUID of a text in its usual form.

    Raises:
        ValueError: it is no UUID.
    """
    try:
        return UUID(_text(value, "a UUID"))
    except ValueError:
        raise ValueError(
            f"{value!r} is no UUID such as 0190a8c4-7e2b-7c3d-9f10-2b3c4d5e6f70"
        ) from None


def read_position(value: object) -> Position:
    """Return a place in the log.

    Raises:
        ValueError: it is no whole number from 0 on.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LAST_POSITION:
        raise ValueError(f"{value!r} is no position: use a whole number from 0 on")
    return Position(value)


def read_cursor(value: object) -> ScoreCursor:
    """Return a place among the score changes, such as 1204.3; 0 is before the first.

    Raises:
        ValueError: it is no such place.
    """
    text = _text(value, "a score cursor such as '1204.3', or '0'")
    parts = text.split(".")
    if (
        len(text) > LONGEST_CURSOR
        or len(parts) > 2
        or not all(part.isascii() and part.isdigit() for part in parts)
    ):
        raise ValueError(f"{text!r} is no score cursor: use one that an item carried, or '0'")
    if any(int(part) > LAST_POSITION for part in parts):
        raise ValueError(f"{text!r} is no score cursor: it is out of range")
    return ScoreCursor(text)


def cursor_of(text: ScoreCursor) -> Cursor:
    """Return the place of a score cursor; a position alone is behind all that it changed."""
    position, dot, ordinal = text.partition(".")
    return Cursor(int(position), int(ordinal)) if dot else behind(int(position))


def text_of(cursor: Cursor) -> ScoreCursor:
    """Return the text of a place, as `cursor_of` reads it."""
    last = cursor.ordinal == LAST_POSITION
    return ScoreCursor(str(cursor.position) if last else str(cursor))


def behind(position: int) -> Cursor:
    """Return the place behind every score that the event at a position changed."""
    return Cursor(position, LAST_POSITION)


def _text(value: object, wanted: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not {wanted}")
    return value


def _scalar(name: str, description: str, read: Any, write: Any) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, parse_value=read, serialize=write)


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "An instant, ISO 8601 with its zone, such as 2026-03-01T10:00:00Z; without one it is "
        "refused. Answers are in UTC.",
        read_datetime,
        write_datetime,
    ),
    date: _scalar("Date", "A day, such as 2026-03-01.", read_date, date.isoformat),
    Decimal: _scalar(
        "Decimal",
        'An exact number as text, such as "80000.50": below 10^18, at most six decimal places.',
        read_decimal,
        write_decimal,
    ),
    UUID: _scalar(
        "UUID", "The id of something inside an opportunity, or of a command.", read_uuid, str
    ),
    Position: _scalar(
        "Position",
        "A place in the log: 1 is the first event of the organisation, 0 is before it.",
        read_position,
        int,
    ),
    ScoreCursor: _scalar(
        "ScoreCursor",
        'A place among the score changes, `position.ordinal`, such as "1204.3": one event may '
        'change many scores. "0" is before the first.',
        read_cursor,
        str,
    ),
    JSON: _scalar(
        "JSON", "A value whose shape depends on its kind.", lambda one: one, lambda one: one
    ),
}
