"""A forecast told apart: by seller, by month or by category."""

from collections.abc import Sequence
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from msgspec import Struct

from opps.domain.events import ForecastCategory
from opps.domain.forecasting.lines import Line


class ForecastBy(StrEnum):
    """What a forecast is told apart by."""

    OWNER = "OWNER"
    MONTH = "MONTH"
    CATEGORY = "CATEGORY"


class Group(Struct, frozen=True, kw_only=True):
    """The lines of one seller, one month or one category."""

    lines: Sequence[Line]
    owner: UUID | None = None
    month: str | None = None
    category: ForecastCategory | None = None


def grouped(lines: Sequence[Line], by: ForecastBy) -> list[Group]:
    """Return lines told apart, in the order of what tells them apart; each is in one group."""
    parts: dict[str, list[Line]] = {}
    for one in lines:
        parts.setdefault(_key(one, by), []).append(one)
    return [_group(parts[key], by) for key in sorted(parts)]


def _key(line: Line, by: ForecastBy) -> str:
    match by:
        case ForecastBy.OWNER:
            return str(line.owner)
        case ForecastBy.MONTH:
            return "" if line.due is None else f"{line.due:%Y-%m}"
        case ForecastBy.CATEGORY:
            return line.category or ""
        case _:
            assert_never(by)


def _group(lines: Sequence[Line], by: ForecastBy) -> Group:
    one = lines[0]
    match by:
        case ForecastBy.OWNER:
            return Group(lines=lines, owner=one.owner)
        case ForecastBy.MONTH:
            return Group(lines=lines, month=_key(one, by) or None)
        case ForecastBy.CATEGORY:
            return Group(lines=lines, category=one.category)
        case _:
            assert_never(by)
