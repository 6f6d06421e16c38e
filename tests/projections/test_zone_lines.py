"""What time did to the danger zones of an opportunity stands on its timeline, like an event."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import chain
from uuid import UUID, uuid4

import pytest_asyncio

from opps.eventstore import Log
from opps.projections.projector import catch_up
from opps.projections.scopes import Until, of_opportunity
from opps.projections.timeline_row import TimelineRow
from opps.projections.timelines import Asked, GroupBy, count, groups, lines, lines_of_groups
from opps.projections.views import Axis, Views
from tests.domain.build import JUNE_1
from tests.domain.danger import promised_for
from tests.domain.given import DEAL, OTHER_DEAL, opened
from tests.projections.support import Teller, rows, settings

# DZ15 opens 90 days before the date without a reason to act now.
TICKS = [JUNE_1 - timedelta(days=days) for days in (95, 80, 3)]


@pytest_asyncio.fixture
async def views(database: str, log: Log, teller: Teller) -> AsyncIterator[Views]:
    """Yield the read side of two deals that were promised for one day, and of days that turned."""
    for deal in (DEAL, OTHER_DEAL):
        teller.tell(deal, opened, promised_for(JUNE_1))
    for day in TICKS:
        teller.turn(day)
    catch_up(log, settings(database))
    async with Views(database, connections=2) as opened_views:
        yield opened_views


def asked(axis: Axis) -> Asked:
    return Asked(scope=of_opportunity(DEAL), axis=axis, until=Until(position=99))


async def paged(views: Views, tenant: UUID, axis: Axis) -> list[TimelineRow]:
    """Return all lines, read one by one."""
    found: list[TimelineRow] = []
    after = None
    while some := await lines(views.reading, tenant, asked(axis), after, 1):
        found += some
        after = some[-1].position
    return found


async def test_a_day_that_moved_a_zone_is_a_line_and_others_are_none(
    views: Views, database: str, tenant: UUID
) -> None:
    moved = {
        one["position"]: one
        for one in rows(database, "danger_zones", tenant)
        if one["opportunity_id"] == DEAL and one["cause"] == "DayTurned"
    }
    found = [one for one in await paged(views, tenant, Axis.RECORDED) if one.tag == "DayTurned"]

    assert moved
    assert [one.position for one in found] == sorted(moved)
    assert {one.opportunity_id for one in found} == {DEAL}
    assert all("opened" in one.summary or "closed" in one.summary for one in found if one.summary)
    assert [one.learned_at for one in found] == [
        moved[one.position]["happened_at"] for one in found
    ]


async def test_no_line_is_lost_on_either_axis_nor_in_groups(views: Views, tenant: UUID) -> None:
    for axis in Axis:
        every = [one.position for one in await paged(views, tenant, axis)]
        assert len(every) == await count(views.reading, tenant, asked(axis))
        for by in GroupBy:
            found = await groups(views.reading, tenant, asked(axis), by, None, 99)
            held = await lines_of_groups(views.reading, tenant, asked(axis), by, found, None, 99)
            assert sorted(one.position for one in chain(*held.values())) == sorted(every)


async def test_an_opportunity_that_no_day_moved_has_no_such_line(
    views: Views, tenant: UUID
) -> None:
    other = Asked(scope=of_opportunity(uuid4()), axis=Axis.RECORDED, until=Until(position=99))

    assert await lines(views.reading, tenant, other, None, 99) == []
