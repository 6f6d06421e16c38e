"""Reading what a forecast counts: of now or through a lens, in one currency, never too much."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from opps.api.board import readable, seen
from opps.api.context import Info
from opps.api.errors import NotAcceptable
from opps.api.past import PastList
from opps.api.reading import Moment
from opps.api.scalars import Position
from opps.domain.forecasting.lines import Line, in_one_currency
from opps.domain.forecasting.scope import Scope, Seen, in_scope
from opps.domain.times import UnreadableTime, midnight, zone_of
from opps.projections import forecasting
from opps.projections.forecasting import ForecastRows, ForecastWanted
from opps.projections.listing import BoardFilter

MOST_LINES = 10_000


class Asked(Struct, frozen=True, kw_only=True):
    """What a forecast is about, and in which zone days begin."""

    scope: Scope
    zone: ZoneInfo
    wanted: ForecastWanted


class Found(Struct, frozen=True):
    """What a look at a period found."""

    lines: Sequence[Line]
    without_commit_date: int


def asked_for(first: date, last: date, zone: str, owners: Sequence[UUID] | None) -> Asked:
    """Return what a forecast is about.

    Raises:
        NotAcceptable: the period has no day, or the zone is unknown.
    """
    if last < first:
        raise NotAcceptable(f"to is {last}, before from, {first}: no day lies between them")
    try:
        where = zone_of(zone)
        begins, ends = midnight(first, where), midnight(last + timedelta(days=1), where)
    except UnreadableTime as error:
        raise NotAcceptable(str(error)) from None
    except OverflowError:
        raise NotAcceptable("a day lies outside of the years 1 to 9999") from None
    return Asked(
        scope=Scope(first=first, last=last, owners=None if owners is None else frozenset(owners)),
        zone=where,
        wanted=ForecastWanted(first=first, last=last, begins=begins, ends=ends, owners=owners),
    )


async def found_at(info: Info, asked: Asked, moment: Moment) -> Found:
    """Return the lines of a forecast: of now, or at a moment of the past.

    Raises:
        NotAcceptable: there are too many.
    """
    rows = await _rows(info, asked.wanted, moment)
    if len(rows.rows) > MOST_LINES:
        message = (
            f"More than {MOST_LINES:,} opportunities lie in this period: ask for a shorter one, or "
            "for fewer sellers."
        )
        raise NotAcceptable(message, "TOO_MANY_LINES")
    lines = in_scope(asked.scope, _seen(asked, rows))
    return Found(lines, rows.without_commit_date)


async def found_by_id(
    info: Info, asked: Asked, moment: Moment, ids: Iterable[UUID]
) -> Sequence[Seen]:
    """Return opportunities wherever they stood at a moment."""
    wanted = replace(asked.wanted, ids=sorted(ids), only_ids=True)
    return _seen(asked, await _rows(info, wanted, moment)) if wanted.ids else []


async def _rows(info: Info, wanted: ForecastWanted, moment: Moment) -> ForecastRows:
    with readable():
        if moment.position is None:
            views = info.context.services.views.past(info.context.viewer.tenant)
            return await views.forecast(None, wanted, MOST_LINES + 1)
        await seen(info, Position(moment.position))
        return await PastList(info, moment, BoardFilter()).forecast(wanted, MOST_LINES + 1)


def _seen(asked: Asked, rows: ForecastRows) -> list[Seen]:
    return [forecasting.seen(one, asked.zone) for one in rows.rows]


def currency_of(lines: Sequence[Line], asked: str | None) -> str | None:
    """Return the currency to answer in: the one asked for, or the most frequent; None of none."""
    if asked is not None:
        return asked
    met = Counter(one.currency for one in lines)
    return min(met, key=lambda one: (-met[one], one), default=None)


def in_currency(
    lines: Sequence[Line], into: str | None, rates: Mapping[str, Decimal]
) -> Sequence[Line]:
    """Return lines with all amounts in one currency.

    Raises:
        MixedCurrencies: a rate is missing.
        RateNotPositive: a rate is 0 or below.
    """
    return lines if into is None else in_one_currency(lines, into, rates)
