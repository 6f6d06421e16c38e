"""Timelines of accounts, evaluators and sellers: no line is lost, whichever way one looks."""

from collections.abc import AsyncIterator
from itertools import chain
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.times import Reading
from opps.eventstore import Log
from opps.projections.projector import catch_up
from opps.projections.scopes import (
    LineFilter,
    Said,
    Until,
    of_evaluator,
    of_seller,
)
from opps.projections.timelines import (
    Asked,
    GroupBy,
    count,
    groups,
    lines,
    lines_of_groups,
)
from opps.projections.views import Axis, Views
from tests.domain.given import (
    CFO,
    COLLEAGUE,
    DEAL,
    FRIDAY,
    OTHER_DEAL,
    SELLER,
    THURSDAY,
    TUESDAY,
    named,
)
from tests.projections.support import Teller, settings
from tests.projections.two_deals import (
    SCOPES,
    asked,
    tell_two_deals,
)

GROUPINGS = [*GroupBy]


@pytest_asyncio.fixture
async def views(database: str) -> AsyncIterator[Views]:
    """Yield the read side of the test's database."""
    async with Views(database, connections=2) as opened_views:
        yield opened_views


@pytest.fixture
def told(database: str, log: Log, teller: Teller) -> Teller:
    """Tell two deals of one account, and show them."""
    tell_two_deals(teller)
    catch_up(log, settings(database))
    return teller


async def paged(views: Views, tenant: UUID, of: Asked, size: int = 3) -> list[int]:
    """Return the positions of all lines, read in small pages."""
    found: list[int] = []
    after = None
    while rows := await lines(views.reading, tenant, of, after, size):
        found += [one.position for one in rows]
        after = found[-1]
    return found


async def grouped(views: Views, tenant: UUID, of: Asked, by: GroupBy) -> list[list[int]]:
    """Return the positions of all lines of each group, both read in small pages."""
    found: list[list[int]] = []
    after = None
    while some := await groups(views.reading, tenant, of, by, after, 2):
        first = await lines_of_groups(views.reading, tenant, of, by, some, None, 2)
        for group in some:
            rows = first[group.key]
            while len(rows) < group.lines:
                last = rows[-1].position
                more = await lines_of_groups(views.reading, tenant, of, by, [group], last, 2)
                assert more[group.key]
                rows += more[group.key]
            assert sum(one.milli_points or 0 for one in rows) == group.milli_points
            assert sum(one.late for one in rows) == group.late
            found.append([one.position for one in rows])
        after = some[-1].place
    return found


@pytest.mark.parametrize("axis", Axis)
@pytest.mark.parametrize("whose", SCOPES)
async def test_grouping_shows_every_line_once_in_its_order(
    views: Views, tenant: UUID, told: Teller, whose: str, axis: Axis
) -> None:
    of = asked(SCOPES[whose], axis)
    every = await paged(views, tenant, of)
    for by in GROUPINGS:
        shown = await grouped(views, tenant, of, by)

        assert sorted(chain.from_iterable(shown)) == sorted(every)
        assert all(group == [one for one in every if one in group] for group in shown)
    assert len(set(every)) == len(every) == await count(views.reading, tenant, of)


@pytest.mark.parametrize("whose", SCOPES)
async def test_both_axes_show_the_same_lines(
    views: Views, tenant: UUID, told: Teller, whose: str
) -> None:
    recorded, known = [
        await paged(views, tenant, asked(SCOPES[whose], axis))
        for axis in (Axis.RECORDED, Axis.LEARNED)
    ]

    assert recorded == sorted(known)
    assert recorded != known or whose == "evaluator"


async def test_the_learned_axis_follows_the_learned_times(
    views: Views, tenant: UUID, told: Teller
) -> None:
    of = asked(SCOPES["account"], Axis.LEARNED)
    times = [one.learned_at for one in await lines(views.reading, tenant, of, None, 100)]

    assert times == sorted(times)


async def test_the_days_of_the_two_axes_are_days_of_a_zone(
    views: Views, tenant: UUID, told: Teller
) -> None:
    async def days(zone: str) -> list[str]:
        of = asked(SCOPES["opportunity"], Axis.LEARNED, zone=zone)
        return [one.key for one in await groups(views.reading, tenant, of, GroupBy.DAY, None, 9)]

    assert await days("UTC") == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert (await days("Pacific/Kiritimati"))[0] == "2026-03-02"
    assert (await days("Etc/GMT+12"))[0] == "2026-03-01"


async def test_an_account_has_its_own_events_and_those_of_all_its_deals(
    views: Views, tenant: UUID, told: Teller
) -> None:
    found = await lines(views.reading, tenant, asked(SCOPES["account"]), None, 100)

    assert {one.opportunity_id for one in found} == {
        None,
        DEAL,
        OTHER_DEAL,
        named("third deal"),
    }
    assert [one.tag for one in found if one.opportunity_id is None] == [
        "AccountRegistered",
        "AccountRenamed",
    ]
    assert [one.late for one in found if one.opportunity_id is None] == [False, False]


async def test_an_evaluator_said_something_is_spoken_of_or_is_contradicted(
    views: Views, tenant: UUID, told: Teller
) -> None:
    async def shown(*parts: Said) -> list[str | UUID | None]:
        of = asked(of_evaluator(DEAL, CFO, parts))
        return [one.fact_id for one in await lines(views.reading, tenant, of, None, 100)]

    assert await shown(Said.SAID) == [named("approved")]
    assert await shown(Said.ABOUT) == [named("cfo fact"), named("leaning")]
    assert await shown(Said.THEIR_FACTS) == [named("denied"), named("denied")]
    assert len(await shown()) == 5


async def test_a_colleague_learned_it_and_the_seller_wrote_it_down(
    views: Views, tenant: UUID, told: Teller
) -> None:
    async def position(seller: UUID) -> list[int]:
        found = await lines(views.reading, tenant, asked(of_seller(seller)), None, 100)
        return [one.position for one in found if one.fact_id == named("denied")]

    [of_colleague] = await position(COLLEAGUE)

    assert of_colleague in await position(SELLER)
    assert not await position(named("a stranger"))


async def test_a_timeline_can_be_narrowed_down(views: Views, tenant: UUID, told: Teller) -> None:
    async def keys(**wanted: Any) -> list[str | None]:
        of = asked(SCOPES["account"], Axis.LEARNED, wanted=LineFilter(**wanted))
        return [one.key or one.tag for one in await lines(views.reading, tenant, of, None, 100)]

    assert await keys(kinds=["leaning"]) == [f"leaning:{CFO}"]
    assert await keys(tags=["DecisionTaken"]) == ["DecisionTaken"]
    assert set(await keys(objectives=[Objective.FUNDING])) == {"QuestionRaised", "funding"}
    assert set(await keys(since=THURSDAY, before=FRIDAY)) == {"funding", "DecisionTaken"}
    assert set(await keys(late=False)) == {
        "AccountRegistered",
        "AccountRenamed",
        "OpportunityOpened",
    }


async def test_a_timeline_ends_where_the_log_is_read_to_and_at_what_was_known(
    views: Views, tenant: UUID, told: Teller
) -> None:
    of = asked(SCOPES["opportunity"])
    every = await lines(views.reading, tenant, of, None, 100)
    ends = [
        Until(position=every[3].position),
        Until(position=every[-1].position, known_at=TUESDAY),
        Until(position=every[-1].position, known_at=TUESDAY, reading=Reading.POSSIBLE),
        Until(
            position=every[-1].position,
            known_at=TUESDAY,
            redated={named("approved"): False, named("denied"): True},
        ),
    ]
    for until in ends:
        shown = await lines(views.reading, tenant, replace(of, until=until), None, 100)

        assert shown == [one for one in every if until.lets_through(one)]
        assert len(shown) < len(every)
    assert named("denied") in [one.fact_id for one in shown]
